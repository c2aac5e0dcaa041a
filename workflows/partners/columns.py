"""Spalten: what the rows of the network hold for actors, offerings, services, groups and ways in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from network.model import Actor, Group, Offering, Place, Region, Service, Slot, Stock, Supply
from network.region_builder import DERIVED
from network.supply import group_ways_in, service_dates, stock_places
from store.tables import GroupShape

Dated = Group | Service | Stock
"""A row of the partner files that becomes groups and slots."""


@dataclass(frozen=True)
class WantedGroup:
    """Gruppe, wie sie sein soll.

    Parameters
    ----------
    columns : mapping
        All but counts.
    seats : int
        Seats in all.
    booked_elsewhere : int or None
        Seats that the partner gave away; None where its files do not say.
    slots : mapping of str to mapping
        Columns of each way in, by its key.
    """

    columns: Mapping[str, Any]
    seats: int
    booked_elsewhere: int | None
    slots: Mapping[str, Mapping[str, Any]]


def region_columns(region: Region) -> dict[str, Any]:
    """Return what the row of a region holds; towns that are only derived are not kept."""
    names = ("name_de", "name_en", "population", "ags", "licence", "source", "fictional")
    towns = [
        {
            "name": town.place.name,
            "lat": town.place.lat,
            "lon": town.place.lon,
            "population": town.population,
            "source": town.source,
            "illustrative": town.illustrative,
        }
        for town in region.towns
        if town.source != DERIVED
    ]
    return {**{name: getattr(region, name) for name in names}, "today_on": region.today, "towns": towns}


def organisation_columns(actor: Actor) -> dict[str, Any]:
    """Return what the row of an organisation holds."""
    names = ("name", "type", "languages", "phone", "email", "website")
    return {**{name: getattr(actor, name) for name in names}, **_place(actor.place), **_origin(actor)}


def offering_columns(offering: Offering, organisation_id: str) -> dict[str, Any]:
    """Return what the row of an offering holds."""
    names = ("name", "kind", "level_in", "level_out", "requires", "features", "languages", "online")
    return {
        "organisation_id": organisation_id,
        **{name: getattr(offering, name) for name in names},
        **_origin(offering),
    }


def service_columns(service: Service, offering_id: str) -> dict[str, Any]:
    """Return what the row of a service holds."""
    names = ("first_on", "last_on", "interval_days", "seats", "duration_days")
    return {**{name: getattr(service, name) for name in names}, **_shared(service, offering_id)}


def groups_of(row: Dated, offering: Offering, home: Place, offering_id: str) -> dict[str, WantedGroup]:
    """Return the groups that a row makes, by their keys, each with its ways in.

    Parameters
    ----------
    row : Group, Service or Stock
        As the partner wrote it.
    offering : Offering
        What it is a date of.
    home : Place
        Where the organisation is.
    offering_id : str
        Id of the offering in the store.
    """
    shared = {**_shared(row, offering_id), "row_key": row.id}
    if isinstance(row, Group):
        supply = group_ways_in(row, offering, home, row.start_on, row.end_on)
        names = ("start_on", "end_on", "modules", "module_days", "minimum")
        own = {name: getattr(row, name) for name in names}
        own |= {"shape": GroupShape.GROUP, "entry_modules": list(row.entry_modules)}
        return {row.id: WantedGroup({**shared, **own}, row.seats, row.booked, _slots(supply, row.modules))}
    if isinstance(row, Service):
        supply, shape, seats, booked = (
            service_dates(row, offering, home, row.first_on, row.last_on),
            GroupShape.SERVICE,
            row.seats,
            None,
        )
    else:
        supply, shape, seats, booked = (
            stock_places(row, offering, home, row.free_on, row.free_on),
            GroupShape.STOCK,
            row.number,
            None,
        )
    single = {"shape": shape, "modules": 1, "module_days": row.duration_days, "entry_modules": [1]}
    return {
        slot.id: WantedGroup(
            {**shared, **single, "minimum": 0, "start_on": slot.start_on, "end_on": slot.end_on},
            seats,
            booked,
            {slot.id: _slot(slot, 1)},
        )
        for slot in supply.slots
    }


def dated_rows(region: Region) -> Iterator[Dated]:
    """Return every row of a region that makes groups."""
    yield from region.groups.values()
    yield from region.services.values()
    yield from region.stock.values()


def _slots(supply: Supply, modules: int) -> dict[str, Mapping[str, Any]]:
    """Ways into a course group; whoever enters at a module uses all from there to the last."""
    return {slot.id: _slot(slot, modules - len(slot.uses) + 1) for slot in supply.slots}


def _slot(slot: Slot, entry_module: int) -> dict[str, Any]:
    names = ("kind", "start_on", "end_on", "online", "requires", "features", "times")
    return {
        "entry_module": entry_module,
        **{name: getattr(slot, name) for name in names},
        **_place(slot.place),
    }


def _place(place: Place | None) -> dict[str, Any]:
    if place is None:
        return {"place_name": None, "lat": None, "lon": None}
    return {"place_name": place.name, "lat": place.lat, "lon": place.lon}


def _shared(row: Dated, offering_id: str) -> dict[str, Any]:
    return {
        "offering_id": offering_id,
        "online": not isinstance(row, Stock) and row.online,
        "times": frozenset() if isinstance(row, Stock) else row.times,
        "requires": row.requires,
        "features": row.features,
        **_place(row.place),
        **_origin(row),
    }


def _origin(row: Actor | Offering | Dated) -> dict[str, Any]:
    return {
        "source": row.source,
        "illustrative": row.illustrative,
        "as_of_on": row.as_of,
        "unstated": row.unstated,
    }
