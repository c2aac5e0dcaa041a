"""Was anderen zugesagt ist: what a plan announces to others, as a single household sees it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from network.model import Capacity, Place, Slot, Supply
from plans.analysis import Availability
from plans.needs import Goal, Need
from workflows.planning_runs.people import HouseholdToPlan, PersonToPlan

Announced = Mapping[str, int]
"""How many seats of a slot are announced to others, by slot."""

_SOMEBODY = Goal("Platz für jemand anderen", "seat for somebody else")


def parted(supply: Supply, proposed: Iterable[str | None], others: Announced) -> tuple[Announced, Announced]:
    """Part what is announced to others: in groups that the plan has for the household itself, and elsewhere.

    Slots that are not in the supply are left out.
    """
    group_of = {slot.id: slot.row_id for slot in supply.slots}
    own = {group_of[slot] for slot in proposed if slot in group_of}
    known = {slot: count for slot, count in others.items() if slot in group_of}
    beside = {slot: count for slot, count in known.items() if group_of[slot] in own}
    return beside, {slot: count for slot, count in known.items() if slot not in beside}


def stand_ins(supply: Supply, beside: Announced, today: date) -> tuple[HouseholdToPlan, ...]:
    """Return a person without a name in each seat that is announced to others, as far as seats are free."""
    seats = {one.id: one.seats for one in supply.capacities}
    found: list[HouseholdToPlan] = []
    for slot in supply.slots:
        for _ in range(min(beside.get(slot.id, 0), *(seats[use] for use in slot.uses))):
            found.append(_stand_in(f"other-{len(found)}", slot, today))
            seats.update({use: seats[use] - 1 for use in slot.uses})
    return tuple(found)


def _stand_in(id: str, slot: Slot, today: date) -> HouseholdToPlan:
    need = Need(id, slot.kind, earliest_on=today, goal=_SOMEBODY, proposed_slot=slot.id)
    person = PersonToPlan(id, slot.actor_id, frozenset(), Availability(frozenset(), 0.0, False), (need,))
    return HouseholdToPlan(id, slot.place or Place("", 0.0, 0.0), False, (person,))


def left_by(supply: Supply, own_slots: Iterable[str], others: Announced) -> Supply:
    """Take from the free seats what is announced to others, who count among those that groups wait for.

    Parameters
    ----------
    supply : Supply
        From `supply_of`.
    own_slots : iterable of str
        Bookings of the household; their seats stay free, whatever is announced.
    others : mapping of slot id to int
        Seats that are announced.
    """
    if not others:
        return supply
    uses = {slot.id: slot.uses for slot in supply.slots}
    own = Counter(use for slot in own_slots for use in uses[slot])
    announced: Counter[str] = Counter()
    for slot, count in others.items():
        announced.update(dict.fromkeys(uses[slot], count))
    return replace(
        supply, capacities=tuple(_left(one, own[one.id], announced[one.id]) for one in supply.capacities)
    )


def _left(capacity: Capacity, own: int, announced: int) -> Capacity:
    seats = max(own, capacity.seats - announced)
    missing = min(max(0, capacity.min_participants - announced), seats)
    return replace(capacity, seats=seats, min_participants=missing)
