"""The ways in of a region within a stretch of days, as columns of numbers (Raster).

A **row** is what has seats of its own: a course group, one date of a service, a stock entry. A group of seven
modules that can be joined at three of them is three slots and one row: its seats count once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from network.actors import Place
from network.analysis.travel import Travel
from network.graph import SupportNetwork
from network.kinds import KINDS, SLOT_KINDS
from network.supply import Slot

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

YEAR_DAYS = 365


@dataclass(frozen=True)
class Rows:
    """What has seats (Plätze): numbers of kind, place, actor and offering, and the free seats of each."""

    kind: Ints
    place: Ints
    actor: Ints
    offering: Ints
    seats: Ints


@dataclass(frozen=True)
class Grid:
    """A region's ways in from a day on (Raster der Einstiege).

    Parameters
    ----------
    first_on, days
        First day, and number of days, >= 1; only slots that start within and have a free seat are kept.
    towns, people
        Where people live, and how they are spread over the towns: shares that add up to 1.
    kinds
        Kinds of the catalogue, in its order.
    places
        Where something starts; the last one stands for all that is online.
    slots
        The slots kept; ``start`` and ``end`` are their days from ``first_on``, ``row`` their rows.
    ways
        Way from each town to each place, in ``unit``; 0 to what is online.
    """

    network: SupportNetwork
    first_on: date
    days: int
    towns: tuple[Place, ...]
    people: Floats
    kinds: tuple[str, ...]
    actors: tuple[str, ...]
    offerings: tuple[str, ...]
    places: tuple[Place, ...]
    slots: tuple[Slot, ...]
    start: Ints
    end: Ints
    row: Ints
    rows: Rows
    ways: Floats
    between: Floats
    unit: str

    @property
    def online(self) -> int:
        """Number of the place that stands for what is online."""
        return len(self.places)

    @cached_property
    def slot_place(self) -> Ints:
        """Place of each slot."""
        return np.asarray(self.rows.place[self.row])

    def reach(self, way: float) -> Flags:
        """For each town, the places within a way (in ``unit``); what is online is always within."""
        return np.asarray(self.ways <= way)

    def seats(self, actor: int | None = None) -> Ints:
        """Free seats by kind (rows) and place (columns); of one actor where its number is given."""
        of = np.ones(len(self.rows.seats), np.bool_) if actor is None else self.rows.actor == actor
        total = np.zeros((len(self.kinds), len(self.places) + 1), np.int64)
        np.add.at(total, (self.rows.kind[of], self.rows.place[of]), self.rows.seats[of])
        return total


def grid_of(network: SupportNetwork, first_on: date, travel: Travel, days: int = YEAR_DAYS) -> Grid:
    """Lay out the ways in of a network that start within `days` of a day.

    Raises
    ------
    ValueError
        When there is no day or no town.
    """
    region = network.region
    if days < 1 or not region.towns:
        raise ValueError("an analysis needs at least one day and one town")
    until_on = first_on + timedelta(days=days - 1)
    slots = [s for s in network.supply.slots if first_on <= s.start_on <= until_on]
    slots = [s for s in slots if network.free_seats(s) > 0]
    towns = tuple(town.place for town in region.towns)
    places, place_of = _places(slots)
    actors, offerings, kinds = tuple(sorted(region.actors)), tuple(sorted(region.offerings)), tuple(KINDS)
    rows, row = _rows(network, slots, place_of, kinds, actors, offerings)
    zero = np.zeros((len(towns), 1))
    return Grid(
        network=network,
        first_on=first_on,
        days=days,
        towns=towns,
        people=_people(network),
        kinds=kinds,
        actors=actors,
        offerings=offerings,
        places=places,
        slots=tuple(slots),
        start=np.array([(s.start_on - first_on).days for s in slots], np.int64),
        end=np.array([(s.end_on - first_on).days for s in slots], np.int64),
        row=row,
        rows=rows,
        ways=np.hstack([travel.ways(towns, places), zero]),
        between=travel.ways(places, places),
        unit=travel.unit,
    )


def _people(network: SupportNetwork) -> Floats:
    towns = network.region.towns
    known = all(town.population for town in towns)
    weights = np.array([float(town.population or 1) if known else 1.0 for town in towns])
    return weights / weights.sum()


def _places(slots: Sequence[Slot]) -> tuple[tuple[Place, ...], list[int]]:
    """Distinct places, and the place of each slot; the number after the last one is online."""
    number: dict[Place, int] = {}
    of = [-1 if s.place is None else number.setdefault(s.place, len(number)) for s in slots]
    return tuple(number), [len(number) if place < 0 else place for place in of]


def _rows(
    network: SupportNetwork,
    slots: Sequence[Slot],
    place_of: Sequence[int],
    kinds: Sequence[str],
    actors: Sequence[str],
    offerings: Sequence[str],
) -> tuple[Rows, Ints]:
    number: dict[str, int] = {}
    groups = network.region.groups
    row = np.array(
        [number.setdefault(s.row_id if s.row_id in groups else s.id, len(number)) for s in slots], np.int64
    )
    kind_row, actor_row, offering_row = (
        {name: k for k, name in enumerate(x)} for x in (kinds, actors, offerings)
    )
    columns = np.zeros((5, len(number)), np.int64)
    columns[0, row] = [kind_row[SLOT_KINDS[s.kind].id] for s in slots]
    columns[1, row] = place_of
    columns[2, row] = [actor_row[s.actor_id] for s in slots]
    columns[3, row] = [offering_row[s.offering_id] for s in slots]
    np.maximum.at(columns[4], row, np.array([network.free_seats(s) for s in slots], np.int64))
    return Rows(*columns), row
