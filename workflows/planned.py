"""Eine geplante Region: its slots, what a plan books in them, what seats are worth, and advice on each need.

Pages, command line and planning runs ask the same questions of it, whatever the people come from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import matching
from network.model import Capacity, Slot

ALL_OFFERS = 1_000_000


class Advice:
    """The best referrals under the optimised plan (Vermittlungsvorschläge), each worked out once.

    Several threads may ask at a time: the engine's adviser changes nothing while it answers.
    """

    def __init__(
        self, problem: matching.Problem, plan: Mapping[str, str | None], seat_prices: Mapping[str, float]
    ) -> None:
        self._adviser = matching.Adviser(problem, plan, seat_prices)
        self._recommended: dict[str, matching.Recommendation] = {}
        self._explained: dict[str, matching.Explanation] = {}

    def recommendation(self, need_id: str) -> matching.Recommendation:
        """Return every slot a need could take, best first, and what excludes the others.

        Raises
        ------
        KeyError
            The need is unknown.
        """
        if need_id not in self._recommended:
            self._recommended[need_id] = self._adviser.recommend(need_id, ALL_OFFERS)
        return self._recommended[need_id]

    def offer(self, need_id: str, slot_id: str) -> matching.Offer | None:
        """Return what one slot would mean for a need, or None where it cannot be had.

        Raises
        ------
        KeyError
            The need is unknown.
        """
        return self._adviser.offer(need_id, slot_id)

    def explanation(self, need_id: str) -> matching.Explanation:
        """Return why a need has its slot or none, the best refused alternative, and what would help.

        Raises
        ------
        KeyError
            The need is unknown.
        """
        if need_id not in self._explained:
            self._explained[need_id] = matching.explain_with(self._adviser, need_id)
        return self._explained[need_id]


@dataclass(frozen=True)
class PlannedRegion:
    """Geplante Region.

    Parameters
    ----------
    slots, capacities : mapping by id
        Every dated way in up to the horizon.
    plan : mapping of need id to slot id or None
        The plan; it breaks no rule.
    bookings : mapping of capacity id to int
        Seats that the plan takes.
    seat_prices : mapping of capacity id to float
        What a seat costs everybody else, weighted waiting days.
    actor_names : mapping of str to str
        Names of organisations by their ids.
    kinds, person_of : mapping of need id to str
        What each need asks for, and whose it is.
    advice : Advice
        The best referrals for each need, with the reasons against the others.
    """

    slots: Mapping[str, Slot]
    capacities: Mapping[str, Capacity]
    plan: Mapping[str, str | None]
    bookings: Mapping[str, int]
    seat_prices: Mapping[str, float]
    actor_names: Mapping[str, str]
    kinds: Mapping[str, str]
    person_of: Mapping[str, str]
    advice: Advice

    def planned_slot(self, need_id: str) -> Slot | None:
        """Return the slot that the plan gives a need, or None."""
        slot_id = self.plan.get(need_id)
        return self.slots.get(slot_id) if slot_id else None

    def free_seats(self, slot: Slot) -> int:
        """Return the seats free today for a way in: the fewest of all capacities it uses."""
        return min(self.capacities[capacity].seats for capacity in slot.uses)

    def seats_left(self, slot: Slot) -> int:
        """Return the seats still free once the plan is carried out."""
        return min(self.capacities[one].seats - self.bookings.get(one, 0) for one in slot.uses)

    def missing_participants(self, slot: Slot) -> int:
        """Return the bookings that the group of a way in still lacks today before it may open."""
        return max(self.capacities[capacity].min_participants for capacity in slot.uses)

    def seat_price(self, slot: Slot) -> float:
        """Return the weighted waiting days that a seat in this slot costs everybody else."""
        return sum(self.seat_prices.get(capacity, 0.0) for capacity in slot.uses)


def bookings_of(plan: Mapping[str, str | None], slots: Mapping[str, Slot]) -> Counter[str]:
    """Count the seats that a plan takes in each capacity; slots that do not exist take none."""
    booked: Counter[str] = Counter()
    for slot_id in plan.values():
        if slot_id is not None and slot_id in slots:
            booked.update(slots[slot_id].uses)
    return booked
