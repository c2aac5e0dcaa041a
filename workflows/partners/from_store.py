"""Netzwerk aus dem Gedächtnis: a region of the store, as the network room reads it from partner files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from network.model import (
    Actor,
    Cooperation,
    Group,
    Offering,
    Place,
    Region,
    Service,
    Stock,
    Town,
)
from network.region_builder import cooperations_in_order, towns_of
from store import tables as t
from store.rows import ReadRows
from store.tables import GroupShape

Row = Mapping[str, Any]
"""One row, as the store gives it."""


def region_from_store(unit: ReadRows, region_id: str) -> Region:
    """Return a region's network with the seats that are free now.

    Parameters
    ----------
    unit : ReadRows
        Reads.
    region_id : str
        Which.

    Returns
    -------
    Region
        Ids are the keys of the partner files. `booked` counts seats given away by the partner and by
        referrals; services and stock name what is free.

    Raises
    ------
    Missing
        Where there is no such region.
    """
    return _region(unit, region_id, counts_referrals=True)


def region_as_handed_in(unit: ReadRows, region_id: str) -> Region:
    """Return a region's network with the figures that its partners gave: referrals are not counted.

    Raises
    ------
    Missing
        Where there is no such region.
    """
    return _region(unit, region_id, counts_referrals=False)


def organisation_from_store(unit: ReadRows, organisation: Row, *, counts_referrals: bool) -> Region:
    """Return what one organisation offers, as a region in which it is alone, without its cooperation.

    Parameters
    ----------
    unit : ReadRows
        Reads.
    organisation : mapping
        Its row.
    counts_referrals : bool
        Whether seats that referrals hold count as booked; else the figures are as they were handed in.
    """
    return _region(unit, organisation["region_id"], counts_referrals=counts_referrals, only=organisation)


def _region(unit: ReadRows, region_id: str, *, counts_referrals: bool, only: Row | None = None) -> Region:
    row = unit.get(t.region, region_id)
    organisations = [only] if only else _present(unit, t.organisation, region_id)
    offerings = _present(unit, t.offering, region_id, **({"organisation_id": only["id"]} if only else {}))
    within = {"offering_id": [one["id"] for one in offerings]} if only else {}
    key_of_actor = {one["id"]: one["key"] for one in organisations}
    key_of_offering = {one["id"]: one["key"] for one in offerings}
    actors = {one["key"]: _actor(one) for one in organisations}
    shapes: dict[GroupShape, list[Row]] = defaultdict(list)
    for group in _groups(unit, region_id, with_dates=counts_referrals, within=within):
        shapes[group["shape"]].append(group)
    others = _other_seats(shapes[GroupShape.SERVICE])
    return Region(
        id=row["id"],
        **{name: row[name] for name in ("name_de", "name_en", "population", "ags", "licence", "source")},
        fictional=row["fictional"],
        today=row["today_on"],
        towns=_towns(row["towns"]) or towns_of(actors.values()),
        actors=MappingProxyType(actors),
        offerings=MappingProxyType(
            {one["key"]: _offering(one, key_of_actor[one["organisation_id"]]) for one in offerings}
        ),
        groups=MappingProxyType(
            {
                one["key"]: _group(one, key_of_offering[one["offering_id"]], counts_referrals)
                for one in shapes[GroupShape.GROUP]
            }
        ),
        services=MappingProxyType(
            {
                one["key"]: _service(one, key_of_offering[one["offering_id"]], others.get(one["key"], {}))
                for one in _present(unit, t.service, region_id, **within)
            }
        ),
        stock=MappingProxyType(
            {
                one["key"]: _stock(one, key_of_offering[one["offering_id"]], counts_referrals)
                for one in shapes[GroupShape.STOCK]
            }
        ),
        cooperations=cooperations_in_order(
            _cooperation(one, key_of_actor)
            for one in (() if only else _present(unit, t.cooperation, region_id))
        ),
    )


def _present(unit: ReadRows, table: t.Table, region_id: str, **equal: Any) -> list[dict[str, Any]]:
    """Rows that are offered; a list of values is any of them."""
    any_of = [table.c[name].in_(equal.pop(name)) for name in list(equal) if isinstance(equal[name], list)]
    return unit.find(table, *any_of, region_id=region_id, gone_on=None, **equal)


def _groups(
    unit: ReadRows, region_id: str, *, with_dates: bool, within: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Groups that are offered; the many dates of services only where they are needed."""
    shapes = GroupShape if with_dates else (GroupShape.GROUP, GroupShape.STOCK)
    return [row for shape in shapes for row in _present(unit, t.slot_group, region_id, shape=shape, **within)]


def _other_seats(dates: Iterable[Row]) -> dict[str, dict[date, int]]:
    """Free seats by row of the partner files and date."""
    found: dict[str, dict[date, int]] = defaultdict(dict)
    for row in dates:
        found[row["row_key"]][row["start_on"]] = _free(row)
    return found


def _free(row: Row) -> int:
    return int(row["seats"] - row["booked_elsewhere"] - row["taken"])


def _towns(rows: Iterable[Mapping[str, Any]]) -> tuple[Town, ...]:
    return tuple(
        Town(
            Place(one["name"], one["lat"], one["lon"]),
            one["population"],
            one["source"],
            one["illustrative"],
        )
        for one in rows
    )


def _place(row: Row) -> Place | None:
    return None if row["lat"] is None else Place(row["place_name"] or "", row["lat"], row["lon"])


def _origin(row: Row) -> dict[str, Any]:
    return {
        "source": row["source"],
        "illustrative": row["illustrative"],
        "as_of": row["as_of_on"],
        "unstated": row["unstated"],
    }


def _actor(row: Row) -> Actor:
    place = Place(row["place_name"], row["lat"], row["lon"])
    names = ("name", "type", "languages", "phone", "email", "website")
    return Actor(id=row["key"], place=place, **{name: row[name] for name in names}, **_origin(row))


def _offering(row: Row, actor_id: str) -> Offering:
    names = ("name", "kind", "level_in", "level_out", "requires", "features", "languages", "online")
    return Offering(id=row["key"], actor_id=actor_id, **{name: row[name] for name in names}, **_origin(row))


def _group(row: Row, offering_id: str, counts_referrals: bool) -> Group:
    names = ("start_on", "modules", "module_days", "seats", "minimum", "times", "online")
    return Group(
        id=row["key"],
        offering_id=offering_id,
        entry_modules=tuple(row["entry_modules"]),
        booked=row["booked_elsewhere"] + (row["taken"] if counts_referrals else 0),
        place=_place(row),
        **{name: row[name] for name in (*names, "requires", "features")},
        **_origin(row),
    )


def _service(row: Row, offering_id: str, dates: Mapping[date, int]) -> Service:
    names = ("first_on", "last_on", "interval_days", "seats", "duration_days", "times", "online")
    return Service(
        id=row["key"],
        offering_id=offering_id,
        place=_place(row),
        other_seats=tuple((day, free) for day, free in sorted(dates.items()) if free != row["seats"]),
        **{name: row[name] for name in (*names, "requires", "features")},
        **_origin(row),
    )


def _stock(row: Row, offering_id: str, counts_referrals: bool) -> Stock:
    return Stock(
        id=row["key"],
        offering_id=offering_id,
        free_on=row["start_on"],
        number=_free(row) if counts_referrals else row["seats"],
        duration_days=row["module_days"],
        place=_place(row),
        requires=row["requires"],
        features=row["features"],
        **_origin(row),
    )


def _cooperation(row: Row, key_of_actor: Mapping[str, str]) -> Cooperation:
    return Cooperation(
        from_actor=key_of_actor[row["from_organisation_id"]],
        to_actor=key_of_actor[row["to_organisation_id"]],
        kind=row["kind"],
        agreement=row["agreement"],
        source=row["source"],
        illustrative=row["illustrative"],
        since_on=row["since_on"],
    )
