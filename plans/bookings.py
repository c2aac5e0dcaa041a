"""Buchungen und Vorschläge: some first steps of fictional people are booked or announced already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from network.distance import distance_km
from network.model import Place, Slot, Supply
from plans.fictional import Shares
from plans.model import Household, Person
from plans.needs import Need

BOOKED_AHEAD_DAYS = 60
PROPOSED_AHEAD_DAYS = 120
CHOICE = 4
"""One of the first so many slots that fit is taken."""


def with_bookings(
    households: Sequence[Household], supply: Supply, today: date, rng: Random, shares: Shares
) -> tuple[Household, ...]:
    """Book or announce a share of the first steps.

    A booking keeps every rule of the planning problem: kind, features, tags, half-days, way, dates, free
    seats, and no two overlapping bookings in a household that shares its childcare. Groups that still lack
    participants are not booked.

    Parameters
    ----------
    households : sequence of Household
        Without bookings.
    supply : Supply
        What there is.
    today : date
        No booking starts before it.
    rng : Random
        Source of all draws.
    shares : Shares
        `booked_share` and `proposed_share` of the first steps.
    """
    desk = _Booking(supply, today, rng, shares)
    return tuple(desk.household(household) for household in households)


class _Booking:
    def __init__(self, supply: Supply, today: date, rng: Random, shares: Shares) -> None:
        self.today = today
        self.rng = rng
        self.shares = shares
        self.free = {c.id: c.seats if c.min_participants <= 1 else 0 for c in supply.capacities}
        self.by_kind: dict[str, list[Slot]] = defaultdict(list)
        for slot in sorted(supply.slots, key=lambda slot: (slot.start_on, slot.id)):
            self.by_kind[slot.kind].append(slot)

    def household(self, household: Household) -> Household:
        held: list[Slot] = []
        members = []
        for person in household.members:
            held = held if household.shared_childcare else []
            needs = tuple(self._need(need, person, household.home, held) for need in person.needs)
            members.append(replace(person, plan=replace(person.plan, needs=needs)))
        return replace(household, members=tuple(members))

    def _need(self, need: Need, person: Person, home: Place, held: list[Slot]) -> Need:
        drawn = self.rng.random()
        if need.after is not None or drawn >= self.shares.booked_share + self.shares.proposed_share:
            return need
        fitting = [s for s in self.by_kind[need.kind] if self._fits(s, need, person, home)]
        if drawn >= self.shares.booked_share:
            slot = self._choose(fitting, PROPOSED_AHEAD_DAYS)
            return need if slot is None else replace(need, proposed_slot=slot.id)
        bookable = (s for s in fitting if self._has_seat(s) and not any(_overlap(s, other) for other in held))
        slot = self._choose(bookable, BOOKED_AHEAD_DAYS)
        if slot is None:
            return need
        held.append(slot)
        for capacity in slot.uses:
            self.free[capacity] -= 1
        return replace(need, fixed_slot=slot.id)

    def _fits(self, slot: Slot, need: Need, person: Person, home: Place) -> bool:
        return (
            slot.start_on >= max(self.today, need.earliest_on)
            and need.features <= slot.features
            and slot.requires <= person.tags
            and slot.times <= person.times
            and _within_reach(slot, person, home)
        )

    def _has_seat(self, slot: Slot) -> bool:
        return all(self.free[capacity] > 0 for capacity in slot.uses)

    def _choose(self, slots: Iterable[Slot], ahead_days: int) -> Slot | None:
        until_on = self.today + timedelta(days=ahead_days)
        near = [slot for slot in slots if slot.start_on <= until_on][:CHOICE]
        return self.rng.choice(near) if near else None


def _within_reach(slot: Slot, person: Person, home: Place) -> bool:
    if slot.online or slot.place is None:
        return person.can_attend_online
    return distance_km(home, slot.place) <= person.max_travel_km


def _overlap(one: Slot, other: Slot) -> bool:
    in_dates = one.start_on <= other.end_on and other.start_on <= one.end_on
    return in_dates and bool(one.times & other.times)
