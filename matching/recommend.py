"""The best referrals for one need (Vermittlungsvorschläge), given everybody else's place in the plan.

For every slot of the kind it says what taking it would mean for the person's chain and for others, or the
rule that excludes it. The need's own booking and those of the steps after it count as free.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from matching.booking import load_values, new_state, occupy, release, solve_unit
from matching.candidates import candidates
from matching.check import travel_km
from matching.pricing import INFINITE, Longs, booking_cost
from matching.problem import AFTER_START, Plan, Problem

NODES = 200


@dataclass(frozen=True)
class Offer:
    """A slot that a need could take.

    Parameters
    ----------
    slot : str
        Id of the slot.
    start_on : date
        First day.
    waiting_days : int
        Days from the need's ready day to the start.
    travel_km : float or None
        Way from home, None where it is attended online.
    own_cost : float
        Cost of this step, weighted waiting days.
    chain_cost : float
        Cost of all steps after it, booked as well as the seats left allow, weighted waiting days.
    chain_delay_days : int
        Days by which the steps after it start later in all than in the plan (negative: earlier); a step
        that would be left without a slot counts as starting at the horizon.
    seat_price : float
        What this seat costs others, weighted waiting days.
    seats_left : int
        Seats nobody else holds.
    chosen : bool
        True for the slot of the plan.
    """

    slot: str
    start_on: date
    waiting_days: int
    travel_km: float | None
    own_cost: float
    chain_cost: float
    chain_delay_days: int
    seat_price: float
    seats_left: int
    chosen: bool

    @property
    def total(self) -> float:
        """Cost to the person and to others, weighted waiting days; offers are sorted by it."""
        return self.own_cost + self.chain_cost + self.seat_price


@dataclass(frozen=True)
class Exclusion:
    """A slot of the kind that is not offered: the first rule that excludes it and what its text quotes."""

    slot: str
    rule: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Recommendation:
    """Offers for one need, best first, and everything of its kind that is not offered."""

    need: str
    offers: list[Offer]
    excluded: list[Exclusion]


def recommend(
    problem: Problem, plan: Plan, seat_prices: Mapping[str, float], need_id: str, top: int = 5
) -> Recommendation:
    """Answer for one need; for many of the same plan keep an ``Adviser``."""
    return Adviser(problem, plan, seat_prices).recommend(need_id, top)


class _Window(NamedTuple):
    ready: int
    latest: int | None
    blocked: bool


class Adviser:
    """Knows a problem and a feasible plan, and answers for one need at a time.

    Parameters
    ----------
    seat_prices : mapping of capacity id to float
        What a seat costs others; capacities not named cost nothing.
    """

    def __init__(self, problem: Problem, plan: Plan, seat_prices: Mapping[str, float]) -> None:
        self.problem, self.plan, self.c = problem, plan, candidates(problem)
        self.price = np.array([seat_prices.get(name, 0.0) for name in problem.capacities.ids])
        self.state = new_state(self.c, self.price)
        self.place = np.empty(self.c.needs, np.int64)  # row of a need in the problem -> its candidate number
        self.place[self.c.row] = np.arange(self.c.needs)
        planned = problem.rows(plan)
        self.choice: Longs = np.array(
            [self._pair(i, planned[self.c.row[i]]) for i in range(self.c.needs)], np.int64
        )
        for unit in range(self.c.units):
            release(self.c, self.state, unit)
            occupy(self.c, self.state, unit, self.choice)

    def recommend(self, need_id: str, top: int = 5) -> Recommendation:
        """The ``top`` best slots for a need and all that are excluded.

        Raises
        ------
        KeyError
            The need is unknown.
        """
        row = self.problem.need_row[need_id]
        i = int(self.place[row])
        window = self._window(i)
        free = self._free_below(i)
        unit = int(self.c.unit[i])
        release(self.c, self.state, unit)
        occupy(self.c, self.state, unit, np.where(np.isin(np.arange(self.c.needs), free), -1, self.choice))
        try:
            offers, excluded = self._sort_out(i, row, window, free)
        finally:
            release(self.c, self.state, unit)
            occupy(self.c, self.state, unit, self.choice)
        offers.sort(key=lambda o: (o.total, o.start_on, o.slot))
        return Recommendation(need_id, offers[:top], excluded)

    def _pair(self, i: int, slot: int) -> int:
        if slot < 0:
            return -1
        begin, end = self.c.pair_ptr[i], self.c.pair_ptr[i + 1]
        found = np.flatnonzero(self.c.slot[begin:end] == slot)
        if not found.size:
            raise ValueError(
                f"the plan gives {self.problem.needs.ids[self.c.row[i]]} a slot that breaks a rule"
            )
        return int(begin + found[0])

    def _free_below(self, i: int) -> list[int]:
        """The need and all that follow it, fixed ones left out."""
        free = [] if self.c.fixed[i] else [i]
        for x in range(self.c.child_ptr[i], self.c.child_ptr[i + 1]):
            free += self._free_below(int(self.c.child[x]))
        return free

    def _window(self, i: int) -> _Window:
        c, before = self.c, int(self.c.after[i])
        ready = int(c.earliest[i])
        if before < 0:
            return _Window(ready, None, False)
        p = int(self.choice[before])
        if p < 0:
            return _Window(ready, None, True)
        base = int(c.start[p]) if c.relation[i] == AFTER_START else int(c.end[p]) + 1
        latest = base + int(c.max_lag[i]) if c.max_lag[i] >= 0 else None
        return _Window(max(ready, base + int(c.lag[i])), latest, False)

    def _sort_out(
        self, i: int, row: int, window: _Window, free: list[int]
    ) -> tuple[list[Offer], list[Exclusion]]:
        slots = self.problem.slots
        offers, excluded = [], []
        of_kind = np.flatnonzero(slots.kind == self.problem.needs.kind[row])
        if self.c.fixed[i]:
            of_kind = np.array([self.problem.needs.fixed[row]])
        pairs = {int(self.c.slot[p]): p for p in range(self.c.pair_ptr[i], self.c.pair_ptr[i + 1])}
        for slot in of_kind[np.lexsort((of_kind, slots.start[of_kind]))].tolist():
            reason = None if self.c.fixed[i] else self._why_not(i, row, slot, window)
            if reason is None and slot in pairs:
                offers.append(self._offer(i, row, pairs[slot], window, free))
            elif reason is not None:
                excluded.append(Exclusion(slots.ids[slot], reason[0], reason[1]))
        return offers, excluded

    def _why_not(self, i: int, row: int, slot: int, window: _Window) -> tuple[str, dict[str, Any]] | None:
        """First rule that excludes a slot, with what its text quotes; None where it can be had."""
        return self._unsuitable(row, slot) or self._out_of_time(slot, window) or self._no_room(i, slot)

    def _unsuitable(self, row: int, slot: int) -> tuple[str, dict[str, Any]] | None:
        needs, slots, people, sets = (
            self.problem.needs,
            self.problem.slots,
            self.problem.people,
            self.problem.sets,
        )
        person = int(needs.person[row])
        lacking = {
            "features": sets[needs.features[row]] - sets[slots.features[slot]],
            "requires": sets[slots.requires[slot]] - sets[people.tags[person]],
            "half-day": sets[slots.times[slot]] - sets[people.times[person]],
        }
        for rule, missing in lacking.items():
            if missing:
                return rule, {"missing": ", ".join(sorted(missing))}
        if slots.online[slot]:
            return None if people.online[person] else ("online", {})
        km, limit = self._way(row, slot) or 0.0, float(people.max_km[person])
        return ("distance", {"km": f"{km:.0f}", "max_km": f"{limit:g}"}) if km > limit + 1e-6 else None

    def _way(self, row: int, slot: int) -> float | None:
        slots, people = self.problem.slots, self.problem.people
        person = int(self.problem.needs.person[row])
        if slots.online[slot]:
            return None
        return travel_km(
            float(people.lat[person]),
            float(people.lon[person]),
            float(slots.lat[slot]),
            float(slots.lon[slot]),
        )

    def _out_of_time(self, slot: int, window: _Window) -> tuple[str, dict[str, Any]] | None:
        start = int(self.problem.slots.start[slot])
        if start < self.c.today:
            return "past", {}
        if window.blocked:
            return "predecessor", {}
        if start < window.ready:
            return "too-early", {"days": window.ready - start}
        if window.latest is not None and start > window.latest:
            return "too-late", {"days": start - window.latest}
        return None

    def _no_room(self, i: int, slot: int) -> tuple[str, dict[str, Any]] | None:
        c, s = self.c, self.state
        uses = self.problem.uses_of(slot)
        if (s.left[uses] <= 0).any():
            never = self.problem.capacities.seats[uses].min() > 0 and (c.seats[uses] <= 0).any()
            closed = never and not (s.load[uses] > 0).any()
            return ("group-closed", {}) if closed else ("full", {})
        missing = int(np.max(c.minimum[uses] - s.load[uses] - 1, initial=0))
        if missing > 0:
            return "group-not-reached", {"missing": missing}
        return ("overlap", {}) if self._overlaps(i, slot) else None

    def _overlaps(self, i: int, slot: int) -> bool:
        """True where the slot overlaps a booking of the group that stands."""
        c, slots = self.c, self.problem.slots
        unit = int(c.unit[i])
        for j in range(c.unit_ptr[unit], c.unit_ptr[unit + 1]):
            p = int(self.state.choice[j])
            if j == i or p < 0 or c.group[j] != c.group[i]:
                continue
            meets = c.start[p] <= slots.end[slot] and slots.start[slot] <= c.end[p]
            if meets and c.time_clash[c.times[c.slot[p]], c.times[slot]]:
                return True
        return False

    def _offer(self, i: int, row: int, pair: int, window: _Window, free: list[int]) -> Offer:
        c, slot = self.c, int(self.c.slot[pair])
        booked = self._best_chain(i, pair, free)
        start, wait = int(c.start[pair]), max(0, int(c.start[pair]) - window.ready)
        own = float(c.static_cost[pair])
        if c.after[i] >= 0:
            own += float(c.weight[i]) * self.problem.parameters.waiting_cost(wait)
        before = self.state.choice.copy()
        before[free] = -1
        whole = booking_cost(c, int(c.unit[i]), booked)
        nothing = booking_cost(c, int(c.unit[i]), before)
        skipped = float(sum(c.unserved_cost[k] for k in free))
        uses = self.problem.uses_of(slot)
        return Offer(
            slot=self.problem.slots.ids[slot],
            start_on=date.fromordinal(start),
            waiting_days=wait,
            travel_km=self._way(row, slot),
            own_cost=own,
            chain_cost=max(0.0, whole - (nothing - skipped) - own) if not c.fixed[i] else 0.0,
            chain_delay_days=sum(
                self._start(booked, k) - self._start(self.choice, k) for k in free if k != i
            ),
            seat_price=float(self.price[uses].sum()),
            seats_left=int(self.state.left[uses].min()),
            chosen=int(self.choice[i]) == pair,
        )

    def _start(self, choice: Longs, i: int) -> int:
        if choice[i] < 0:
            return self.problem.parameters.horizon_end.toordinal()
        return int(self.c.start[choice[i]])

    def _best_chain(self, i: int, pair: int, free: list[int]) -> Longs:
        """Bookings of the unit when need i takes this pair and later steps the best seats left."""
        c, s, unit = self.c, self.state, int(self.c.unit[i])
        load_values(c, s, unit, 0.0, INFINITE)
        kept = set(free) - {i}
        for k in range(c.unit_ptr[unit], c.unit_ptr[unit + 1]):
            if k in kept or c.fixed[k]:
                continue
            begin, end = c.pair_ptr[k], c.pair_ptr[k + 1]
            stays = pair if k == i else int(s.choice[k])
            value = c.static_cost[stays] if stays >= 0 else 0.0
            s.own[begin:end] = INFINITE
            if stays >= 0:
                # far below anything else, so that nobody gives it up; the cost comes from the bookings
                s.own[stays] = value - 1e9
        solve_unit(c, s, unit, NODES)
        return s.best.copy()
