"""From checked sheets to the types of the network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from network.actors import Actor, Cooperation, Offering, Place, Town
from network.model import Region
from network.sheets import Row, Sheet
from network.supply import Group, Service, Stock

DERIVED = "actors.csv"
"""Source of a town that no file names."""


def build_region(sheets: Mapping[str, Sheet]) -> Region:
    """Build the region from sheets in which no fault was found."""
    cells = sheets["region"].rows[0].cells
    centres = {row.cells["place"]: _place(row, {}) for row in sheets["towns"].rows}
    actors = {row.cells["id"]: _actor(row, centres) for row in sheets["actors"].rows}
    return Region(
        id=cells["id"],
        name_de=cells["name_de"],
        name_en=cells["name_en"],
        population=cells["population"],
        ags=cells["ags"],
        today=cells["today"],
        licence=cells["licence"],
        source=cells["source"],
        fictional=cells["fictional"],
        towns=_towns(sheets["towns"].rows) or towns_of(actors.values()),
        actors=MappingProxyType(actors),
        offerings=MappingProxyType({row.cells["id"]: _offering(row) for row in sheets["offerings"].rows}),
        groups=MappingProxyType({row.cells["id"]: _group(row, centres) for row in sheets["groups"].rows}),
        services=MappingProxyType(
            {row.cells["id"]: _service(row, centres) for row in sheets["services"].rows}
        ),
        stock=MappingProxyType({row.cells["id"]: _stock(row, centres) for row in sheets["stock"].rows}),
        cooperations=cooperations_in_order(_cooperation(row) for row in sheets["cooperation"].rows),
    )


def cooperations_in_order(cooperations: Iterable[Cooperation]) -> tuple[Cooperation, ...]:
    """Put cooperations in an order that does not depend on where they were written."""
    return tuple(sorted(cooperations, key=lambda one: (one.from_actor, one.to_actor, one.kind)))


def _place(row: Row, centres: Mapping[str, Place | None]) -> Place | None:
    """Place of a row: its own point, else the centre of the town it names, else none."""
    name, lat, lon = row.cells["place"], row.cells["lat"], row.cells["lon"]
    return centres.get(name) if lat is None or lon is None else Place(name, lat, lon)


def _origin(row: Row) -> dict[str, Any]:
    return {"source": row.cells["source"], "illustrative": row.cells["illustrative"]}


def _dated_origin(row: Row) -> dict[str, Any]:
    return {**_origin(row), "as_of": row.cells["as_of"], "unstated": row.unstated}


def _towns(rows: Sequence[Row]) -> tuple[Town, ...]:
    towns = [
        Town(Place(r.cells["place"], r.cells["lat"], r.cells["lon"]), r.cells["population"], **_origin(r))
        for r in rows
    ]
    return tuple(sorted(towns, key=lambda town: (-(town.population or 0), town.place.name)))


def towns_of(actors: Iterable[Actor]) -> tuple[Town, ...]:
    """Towns where no file names them: the mean point of the actors there, most actors first."""
    points: dict[str, list[Place]] = {}
    for actor in actors:
        points.setdefault(actor.place.name, []).append(actor.place)
    towns = [
        Town(_middle(name, places), None, DERIVED, illustrative=False) for name, places in points.items()
    ]
    return tuple(sorted(towns, key=lambda town: (-len(points[town.place.name]), town.place.name)))


def _middle(name: str, places: Sequence[Place]) -> Place:
    lat, lon = (sum(values) / len(places) for values in zip(*((p.lat, p.lon) for p in places), strict=True))
    return Place(name, round(lat, 5), round(lon, 5))


def _actor(row: Row, centres: Mapping[str, Place | None]) -> Actor:
    place = _place(row, centres)
    assert place is not None, "an actor's place is required, and checked"
    names = ("id", "name", "type", "languages", "phone", "email", "website")
    return Actor(place=place, **{name: row.cells[name] for name in names}, **_dated_origin(row))


def _offering(row: Row) -> Offering:
    names = ("id", "name", "kind", "level_in", "level_out", "requires", "features", "languages", "online")
    return Offering(
        actor_id=row.cells["actor"], **{name: row.cells[name] for name in names}, **_dated_origin(row)
    )


def _group(row: Row, centres: Mapping[str, Place | None]) -> Group:
    names = ("id", "modules", "module_days", "entry_modules", "seats", "booked", "minimum", "times", "online")
    return Group(
        offering_id=row.cells["offering"],
        start_on=row.cells["start"],
        place=_place(row, centres),
        **{name: row.cells[name] for name in (*names, "requires", "features")},
        **_dated_origin(row),
    )


def _service(row: Row, centres: Mapping[str, Place | None]) -> Service:
    names = ("id", "seats", "duration_days", "times", "online", "requires", "features")
    return Service(
        offering_id=row.cells["offering"],
        first_on=row.cells["first"],
        last_on=row.cells["last"],
        interval_days=row.cells["every_days"],
        place=_place(row, centres),
        **{name: row.cells[name] for name in names},
        **_dated_origin(row),
    )


def _stock(row: Row, centres: Mapping[str, Place | None]) -> Stock:
    names = ("id", "number", "duration_days", "requires", "features")
    return Stock(
        offering_id=row.cells["offering"],
        free_on=row.cells["free_from"],
        place=_place(row, centres),
        **{name: row.cells[name] for name in names},
        **_dated_origin(row),
    )


def _cooperation(row: Row) -> Cooperation:
    return Cooperation(
        from_actor=row.cells["from"],
        to_actor=row.cells["to"],
        kind=row.cells["kind"],
        agreement=row.cells["agreement"],
        since_on=row.cells["since"],
        **_origin(row),
    )
