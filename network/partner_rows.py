"""A region as the rows of its partner files (Partnerzeilen), every cell in the one spelling that we write.

Read back, the rows give the same region; so two regions are alike where their rows are, and what differs
between them can be shown cell by cell.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from network.columns import TABLE, TABLES, Table
from network.model import Actor, Cooperation, Group, Offering, Place, Region, Service, Stock, Town
from network.region_builder import DERIVED
from network.sheets import Sheet, read_sheet

Cells = Mapping[str, str]
"""Text of every cell of a row, by the English name of its column."""

Rows = Mapping[str, Mapping[str, Cells]]
"""Rows by table and, within it, by key; a cell that is not stated is empty."""

PLACE = ("place", "lat", "lon")


def rows_of(region: Region) -> dict[str, dict[str, Cells]]:
    """Return every row of a region, sorted by key.

    Returns
    -------
    dict
        By table of `network.columns.TABLES`; towns that no file names are left out.
    """
    found: dict[str, Iterable[Cells]] = {
        "region": [_cells("region", _region_values(region))],
        "towns": [_cells("towns", _town_values(town)) for town in _named_towns(region)],
        "actors": [_dated_cells("actors", row, _actor_values(row)) for row in region.actors.values()],
        "offerings": [
            _dated_cells("offerings", row, _offering_values(row)) for row in region.offerings.values()
        ],
        "groups": [_dated_cells("groups", row, _group_values(row)) for row in region.groups.values()],
        "services": [_dated_cells("services", row, _service_values(row)) for row in region.services.values()],
        "stock": [_dated_cells("stock", row, _stock_values(row)) for row in region.stock.values()],
        "cooperation": [_cells("cooperation", _cooperation_values(row)) for row in region.cooperations],
    }
    return {
        table: dict(sorted((key_of(table, cells), cells) for cells in rows)) for table, rows in found.items()
    }


def key_of(table: str, cells: Cells) -> str:
    """Return what names a row within its table: its id, the name of a town, or both ends of a cooperation."""
    if table == "cooperation":
        return f"{cells.get('from', '')} {cells.get('kind', '')} {cells.get('to', '')}"
    return cells.get("place" if table == "towns" else "id", "")


def csv_text(table: Table, rows: Iterable[Cells]) -> str:
    """Write rows as a partner file: English headings, commas, one line a row."""
    text = io.StringIO()
    names = [column.name for column in table.columns]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([cells.get(name, "") for name in names] for cells in rows)
    return text.getvalue()


def files_of(region: Region) -> dict[str, str]:
    """Return the partner files of a region: text by file name; read back they give the same region."""
    return {
        TABLE[name].file: csv_text(TABLE[name], rows.values())
        for name, rows in rows_of(region).items()
        if rows or not TABLE[name].optional
    }


def sheets_of(rows: Rows) -> dict[str, Sheet]:
    """Read rows like partner files.

    Returns
    -------
    dict of str to Sheet
        One for each table; a line number is that of `csv_text`.
    """
    sheets = {}
    for table in TABLES:
        own = rows.get(table.name, {})
        if own or not table.optional:
            text = csv_text(table, own.values())
            sheet = read_sheet(text.encode(), table, table.file)
            if not own:
                sheet.faults.clear()  # a network may be empty, what is handed in may not
            sheets[table.name] = sheet
        else:
            sheets[table.name] = Sheet(table, table.file)
    return sheets


def _cells(table: str, values: Mapping[str, Any], unstated: Iterable[str] = ()) -> Cells:
    empty = frozenset(unstated)
    return {
        column.name: "" if column.name in empty else _text(values[column.name])
        for column in TABLE[table].columns
    }


def _dated_cells(
    table: str, row: Actor | Offering | Group | Service | Stock, values: Mapping[str, Any]
) -> Cells:
    origin = {"source": row.source, "illustrative": row.illustrative, "as_of": row.as_of}
    return _cells(table, {**values, **origin}, row.unstated)


def _text(value: Any) -> str:
    """Write a value so that the reader of its column gives it back."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, frozenset):
        return "|".join(sorted(value)) or "-"
    if isinstance(value, tuple):
        return "|".join(map(str, value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _place_values(place: Place | None) -> dict[str, Any]:
    return dict(zip(PLACE, (place.name, place.lat, place.lon) if place else (None,) * 3, strict=True))


def _named(row: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _region_values(region: Region) -> dict[str, Any]:
    names = ("id", "name_de", "name_en", "population", "ags", "today", "licence", "fictional", "source")
    return {**_named(region, *names), "illustrative": not region.source or None}


def _named_towns(region: Region) -> list[Town]:
    return [town for town in region.towns if town.source != DERIVED]


def _town_values(town: Town) -> dict[str, Any]:
    return {**_place_values(town.place), **_named(town, "population", "source", "illustrative")}


def _actor_values(actor: Actor) -> dict[str, Any]:
    names = ("id", "name", "type", "languages", "phone", "email", "website")
    return {**_named(actor, *names), **_place_values(actor.place)}


def _offering_values(offering: Offering) -> dict[str, Any]:
    names = ("id", "name", "kind", "level_in", "level_out", "requires", "features", "languages", "online")
    return {**_named(offering, *names), "actor": offering.actor_id}


def _conditions(row: Group | Service | Stock) -> dict[str, Any]:
    return {
        **_named(row, "id", "requires", "features"),
        **_place_values(row.place),
        "offering": row.offering_id,
    }


def _group_values(group: Group) -> dict[str, Any]:
    names = ("modules", "module_days", "entry_modules", "seats", "booked", "minimum", "times", "online")
    return {**_conditions(group), **_named(group, *names), "start": group.start_on}


def _service_values(service: Service) -> dict[str, Any]:
    days = {"first": service.first_on, "last": service.last_on, "every_days": service.interval_days}
    return {**_conditions(service), **_named(service, "seats", "duration_days", "times", "online"), **days}


def _stock_values(stock: Stock) -> dict[str, Any]:
    return {**_conditions(stock), **_named(stock, "number", "duration_days"), "free_from": stock.free_on}


def _cooperation_values(row: Cooperation) -> dict[str, Any]:
    ends = {"from": row.from_actor, "to": row.to_actor, "since": row.since_on}
    return {**ends, **_named(row, "kind", "agreement", "source", "illustrative")}
