"""Angebot der Vorführung: which dated ways in there are, and which of them somebody can take."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from network.distance import distance_km
from network.model import ActorType, Place
from plans.model import Person
from store import tables as t
from store.queries.planning import free_seats
from store.unit_of_work import ReadingUnit
from workflows.demo.simulation import Simulation

LOOK_AT_MOST = 40
"""So many ways in are looked at for one step, the earliest first."""

Slot = Mapping[str, Any]


class Supply:
    """Angebot: the slots of the region by kind, as they stand since the last import.

    Parameters
    ----------
    simulation : Simulation
        Where they are.
    """

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self._by_kind: dict[str, list[Slot]] = {}
        self.types: dict[str, ActorType] = {}
        self.keys: dict[str, str] = {}

    def read_again(self) -> None:
        """Take in what an import has changed."""
        region_id = self.simulation.region_id
        by_kind: dict[str, list[Slot]] = defaultdict(list)
        for slot in self.simulation.rows(t.slot, region_id=region_id, gone_on=None):
            by_kind[slot["kind"]].append(slot)
        self._by_kind = {kind: sorted(slots, key=_order) for kind, slots in by_kind.items()}
        for row in self.simulation.rows(t.organisation, region_id=region_id):
            self.types[row["id"]], self.keys[row["id"]] = row["type"], row["key"]

    def ways_in(self, person: Person, home: Place, kind: str, from_on: date) -> tuple[list[Slot], list[Slot]]:
        """Return the slots that suit a person, earliest first: with a free seat, and full ones.

        Parameters
        ----------
        person, home : Person, Place
            Who, and where from.
        kind : str
            Kind of slot.
        from_on : date
            First day on which it may start.
        """
        suitable = [
            slot
            for slot in self._by_kind.get(kind, ())
            if slot["start_on"] >= from_on and _suits(slot, person, home)
        ][:LOOK_AT_MOST]
        with ReadingUnit(self.simulation.store) as unit:
            free = free_seats(unit, [slot["id"] for slot in suitable])
        has_seat = [slot for slot in suitable if free.get(slot["id"], 0) > 0]
        return has_seat, [slot for slot in suitable if free.get(slot["id"], 0) <= 0]


def _order(slot: Slot) -> tuple[date, str]:
    return slot["start_on"], slot["key"]


def _suits(slot: Slot, person: Person, home: Place) -> bool:
    can = person.plan.analysis.availability
    if not set(slot["requires"]) <= person.tags or not set(slot["times"]) <= can.times:
        return False
    if slot["online"]:
        return can.can_attend_online
    place = Place(slot["place_name"], slot["lat"], slot["lon"])
    return distance_km(place, home) <= can.max_travel_km
