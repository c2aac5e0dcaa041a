"""Vergleich: what partner files would change in a region's network, row by row and cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from network.columns import TABLES
from network.faults import Fault, PartnerFault
from network.model import Region, Service
from network.partner_files import region_of
from network.partner_rows import Rows, key_of, rows_of, sheets_of
from network.sheets import Row, Sheet
from network.uploads import Upload
from store import tables as t
from store.faults import Missing
from store.queries.network import by_keys
from store.rows import ReadRows
from workflows.partners.columns import dated_rows, groups_of
from workflows.partners.from_store import region_as_handed_in

MOST_DATES_A_ROW = 1_500
MOST_DATES = 100_000
"""Dates of all services of a region: each is a row, and an import is one transaction."""

_PARENTS = {
    "offerings": (("actor", "actors"),),
    "groups": (("offering", "offerings"),),
    "services": (("offering", "offerings"),),
    "stock": (("offering", "offerings"),),
    "cooperation": (("from", "actors"), ("to", "actors")),
}


class Change(StrEnum):
    """Art der Änderung."""

    ADDED = "added"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True)
class Comparison:
    """Vergleich: what is, what would be, and what stands against it.

    Parameters
    ----------
    before : Region
        The network as it stands.
    after : Region or None
        As it would be; None where the files cannot be read.
    problems : tuple of Fault
        Why it cannot be imported.
    """

    before: Region
    after: Region | None
    problems: tuple[Fault, ...]

    @property
    def differences(self) -> list[dict[str, Any]]:
        """See `differences_between`; empty where the files cannot be read."""
        return [] if self.after is None else differences_between(rows_of(self.before), rows_of(self.after))


def compare(unit: ReadRows, region_id: str, upload: Upload, organisation_key: str | None) -> Comparison:
    """Compare files that were handed in with the network as it stands.

    Parameters
    ----------
    unit : ReadRows
        Reads.
    region_id : str
        Into which region.
    upload : Upload
        Tables that were not handed in stay as they are.
    organisation_key : str or None
        The organisation whose files they are: only its rows may stand there, those of others stay. None:
        they are the files of the whole region.

    Raises
    ------
    Missing
        Where there is no such region.
    """
    before = region_as_handed_in(unit, region_id)
    stored = rows_of(before)
    foreign = _foreign(upload, stored, organisation_key) + _wrong_region(upload, region_id)
    sheets = _merged(upload, stored, organisation_key)
    try:
        after = region_of(sheets)
    except PartnerFault as fault:
        return Comparison(before, None, (*upload.faults, *foreign, *fault.faults))
    problems = (*upload.faults, *foreign, *_too_many_dates(after, sheets["services"]))
    if not problems:
        problems = tuple(below_taken(unit, before, after, sheets))
    return Comparison(before, after, problems)


def differences_between(before: Rows, after: Rows) -> list[dict[str, Any]]:
    """Return every row that differs.

    Returns
    -------
    list of dict
        `table`, `key`, `change` (added, changed, gone) and `cells`: for each column that differs
        ``[old, new]``; in the order of the tables, then of the keys.
    """
    found = []
    for table in TABLES:
        old, new = before.get(table.name, {}), after.get(table.name, {})
        for key in sorted(old.keys() | new.keys()):
            cells = {
                column.name: [old.get(key, {}).get(column.name, ""), new.get(key, {}).get(column.name, "")]
                for column in table.columns
                if old.get(key, {}).get(column.name, "") != new.get(key, {}).get(column.name, "")
            }
            if cells:
                change = Change.ADDED if key not in old else Change.GONE if key not in new else Change.CHANGED
                found.append({"table": table.name, "key": key, "change": change.value, "cells": cells})
    return found


def below_taken(
    unit: ReadRows, before: Region, after: Region, sheets: Mapping[str, Sheet]
) -> Iterator[Fault]:
    """Find the groups that would get fewer seats than referrals hold."""
    old = {row.id: row for row in dated_rows(before)}
    changed = {row.id: row for row in dated_rows(after) if old.get(row.id) != row}
    present: dict[str, dict[str, Any]] = {}
    for group in by_keys(unit, t.slot_group, after.id, changed.keys() & old.keys(), "row_key"):
        if group["taken"]:
            present[group["key"]] = group
    for id in {group["row_key"] for group in present.values()}:
        row = changed[id]
        offering = after.offerings[row.offering_id]
        for key, wanted in groups_of(row, offering, after.home_of(offering.id), "").items():
            if key not in present:
                continue
            group = present[key]
            given = wanted.booked_elsewhere
            elsewhere = group["booked_elsewhere"] if given is None else given
            if group["taken"] + elsewhere > wanted.seats:
                numbers = {"taken": group["taken"], "seats": wanted.seats, "elsewhere": elsewhere}
                yield _at_row(sheets, id, "below_taken", {"value": key, **numbers})


def owner_of(rows: Rows, table: str, key: str) -> str | None:
    """Return the organisation to which a row belongs; None for the region and its towns."""
    cells = rows[table][key]
    if table == "actors":
        return key
    if table in ("offerings", "cooperation"):
        return cells["actor" if table == "offerings" else "from"]
    if table in ("groups", "services", "stock"):
        return rows["offerings"][cells["offering"]]["actor"]
    return None


def _at_row(sheets: Mapping[str, Sheet], id: str, code: str, values: Mapping[str, object]) -> Fault:
    for name in ("groups", "services", "stock"):
        for row in sheets[name].rows:
            if row.raw.get("id") == id:
                column = "number" if name == "stock" else "seats"
                heading = sheets[name].headings.get(column, column)
                texts = {key: str(value) for key, value in values.items()}
                return Fault(sheets[name].file, row.line, heading, code, texts)
    raise Missing("missing", table="slot_group", id=id)


def _wrong_region(upload: Upload, region_id: str) -> list[Fault]:
    sheet = upload.sheets.get("region")
    found: list[Fault] = []
    for row in sheet.rows if sheet else ():
        if row.has("id") and row.cells["id"] != region_id:
            heading = sheet.headings.get("id", "id") if sheet else "id"
            values = {"value": row.cells["id"], "region": region_id}
            found.append(Fault(sheet.file if sheet else "", row.line, heading, "other_region", values))
    return found


def _foreign(upload: Upload, stored: Rows, organisation_key: str | None) -> list[Fault]:
    """Rows that are not of the organisation whose files they are."""
    if organisation_key is None:
        return []
    found = []
    for name, sheet in upload.sheets.items():
        for row in sheet.rows:
            if not _is_own(name, row, upload, stored, organisation_key):
                found.append(Fault(sheet.file, row.line, None, "not_yours", {"value": organisation_key}))
    return found


def _is_own(table: str, row: Row, upload: Upload, stored: Rows, own: str) -> bool:
    key = key_of(table, row.raw)
    if table in ("region", "towns"):
        return False
    if key in stored[table] and owner_of(stored, table, key) != own:
        return False
    if table == "actors":
        return key == own
    if table in ("offerings", "cooperation"):
        return row.raw.get("actor" if table == "offerings" else "from") == own
    return row.raw.get("offering") in _own_offerings(upload, stored, own)


def _own_offerings(upload: Upload, stored: Rows, own: str) -> set[str]:
    sheet = upload.sheets.get("offerings")
    if sheet is None:
        return {key for key, cells in stored["offerings"].items() if cells["actor"] == own}
    return {row.raw["id"] for row in sheet.rows if row.raw.get("actor") == own and row.raw.get("id")}


def _merged(upload: Upload, stored: Rows, organisation_key: str | None) -> dict[str, Sheet]:
    """The tables that came, the others as they stand; what hangs on a row that went goes with it."""
    merged, ids = {}, dict[str, set[str]]()
    for name, kept in sheets_of(stored).items():
        sheet = upload.sheets.get(name)
        others = [
            row
            for row in kept.rows
            if (sheet is None or _is_kept(name, row, stored, organisation_key))
            and all(row.raw.get(column) in ids[parent] for column, parent in _PARENTS.get(name, ()))
        ]
        if sheet is None:
            kept.rows[:] = others
            merged[name] = kept
        else:
            own = [
                row
                for row in sheet.rows
                if organisation_key is None or _is_own(name, row, upload, stored, organisation_key)
            ]
            rows = [*own, *others]
            merged[name] = Sheet(sheet.table, sheet.file, rows, list(sheet.faults), sheet.headings)
        ids[name] = {row.raw.get("id", "") for row in merged[name].rows}
        if not stored["actors"] and sheet is None and not kept.table.optional:
            kept.fault(None, None, "missing_file", columns=kept.table.header())
    return merged


def _is_kept(table: str, row: Row, stored: Rows, organisation_key: str | None) -> bool:
    """Whether a row stays although its table was handed in: it is another organisation's."""
    if organisation_key is None:
        return False
    return owner_of(stored, table, key_of(table, row.raw)) != organisation_key


def _too_many_dates(region: Region, sheet: Sheet) -> list[Fault]:
    found, total = [], 0
    for row in sheet.rows:
        dates = _count_dates(region.services[row.cells["id"]])
        total += dates
        if dates > MOST_DATES_A_ROW or total > MOST_DATES:
            limit = MOST_DATES_A_ROW if dates > MOST_DATES_A_ROW else max(0, MOST_DATES - total + dates)
            values = {"found": str(dates), "limit": str(limit)}
            heading = sheet.headings.get("last", "last")
            found.append(Fault(sheet.file, row.line, heading, "too_many_dates", values))
    return found


def _count_dates(service: Service) -> int:
    return (service.last_on - service.first_on).days // service.interval_days + 1
