"""The best referrals for one need (Vermittlungsvorschläge), given everybody else's place in the plan.

For every slot of the kind it says what taking it would mean for the person's chain and for others, or the
rule that excludes it. The need's own booking and those of the steps after it count as free; all else stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from matching.household import Household, Households
from matching.hurdles import Hurdles
from matching.pricing import Longs
from matching.problem import Floats, Plan, Problem
from matching.trials import Desk, Trials, need_cost


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
        What this seat is worth to others: its price, weighted waiting days.
    others_cost : float
        What taking it costs others, weighted waiting days, >= 0: its price beyond that of the seat which the
        need gives up. What a seat that is given up would bring is not credited: prices of seats that are
        taken are estimates, and the plan has already found nobody who gains more by them.
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
    others_cost: float
    seats_left: int
    chosen: bool

    @property
    def total(self) -> float:
        """Cost to the person and to others, weighted waiting days; offers are sorted by it."""
        return self.own_cost + self.chain_cost + self.others_cost


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


class Adviser:
    """Knows a problem and a feasible plan, and answers for one need at a time.

    Nothing in it changes while it answers: several threads may ask one adviser.

    Parameters
    ----------
    seat_prices : mapping of capacity id to float
        What a seat costs others; capacities not named cost nothing.

    Raises
    ------
    KeyError
        The plan names a slot that does not exist.
    """

    def __init__(self, problem: Problem, plan: Plan, seat_prices: Mapping[str, float]) -> None:
        self.problem = problem
        price = np.array([seat_prices.get(name, 0.0) for name in problem.capacities.ids], np.float64)
        self.households = Households(problem, plan, price)

    def recommend(self, need_id: str, top: int = 5) -> Recommendation:
        """The ``top`` best slots for a need and all that are excluded.

        Raises
        ------
        KeyError
            The need is unknown.
        ValueError
            The plan gives the need's household a slot that breaks a rule.
        """
        return Case(self.households.of(self.problem.need_row[need_id])).recommendation(top)

    def offer(self, need_id: str, slot_id: str) -> Offer | None:
        """What one slot would mean for a need; None where it cannot be had. Raises as ``recommend`` does."""
        household = self.households.of(self.problem.need_row[need_id])
        if slot_id not in household.problem.slots.ids:
            return None
        found = Case(household).outcome(slot_id, household.need)
        return None if found is None else found[0]


class Case:
    """One need looked at in its household: every slot of its kind tried or excluded."""

    def __init__(self, household: Household) -> None:
        self.household, self.problem = household, household.problem
        self.desk = Desk(household)
        self.hurdles = Hurdles(self.desk)
        self.trials = self._try()
        self.slot_price = self._slot_prices()
        planned = int(self.desk.planned[self.desk.need])
        self.given_up = float(self.slot_price[self.desk.c.slot[planned]]) if planned >= 0 else 0.0
        self.kept_cost = self.desk.kept_cost()

    @property
    def booked(self) -> bool:
        """True where the need has a fixed slot: nothing else is looked at."""
        return bool(self.desk.c.fixed[self.desk.need])

    def _try(self) -> Trials:
        """Try every pair that nothing speaks against; where none is good for all, others depend on it."""
        trials = self.desk.try_all()
        if not self.booked:
            good = self.desk.c.slot[trials.pairs[np.isfinite(trials.cost)]]
            self.hurdles.settle(np.isin(self.hurdles.slots, good))
        return trials

    def _slot_prices(self) -> Floats:
        """What the seats of each slot cost others."""
        slots = self.problem.slots
        if not len(slots.ids):
            return np.zeros(0)
        return np.asarray(np.add.reduceat(self.household.price[slots.uses], slots.use_ptr[:-1]))

    def recommendation(self, top: int) -> Recommendation:
        """The best offers, and all exclusions by start."""
        ids = self.problem.slots.ids
        excluded = [
            Exclusion(ids[self.hurdles.slots[place]], rule, self.hurdles.values(place, rule))
            for place, rule in enumerate(self.hurdles.first())
            if rule is not None and not self.booked
        ]
        return Recommendation(self.problem.needs.ids[self.household.need], self.offers(top), excluded)

    def offers(self, top: int | None = None) -> list[Offer]:
        """The slots that can be had, best first; of equals the sooner one, then by id."""
        found = np.flatnonzero(np.isfinite(self.trials.cost))
        slots = self.desk.c.slot[self.trials.pairs[found]]
        total = self.trials.cost[found] + np.maximum(0.0, self.slot_price[slots] - self.given_up)
        order = np.lexsort((slots, self.problem.slots.start[slots], np.round(total, 6)))
        return [self._offer(k) for k in found[order][:top].tolist()]

    def outcome(self, slot: str, wanted: int) -> tuple[Offer, bool] | None:
        """The offer of a slot, and whether the need in row ``wanted`` is then served; None without it."""
        k = self._trial(slot)
        place = int(np.flatnonzero(self.desk.c.row == wanted)[0])
        return None if k is None else (self._offer(k), bool(self.trials.booked[k, place] >= 0))

    def bookings_with(self, slot: str) -> Longs:
        """Pairs of all needs of the household (-1 = none) when the need takes a slot that can be had."""
        k = self._trial(slot)
        assert k is not None, slot
        return self.trials.booked[k]

    def _trial(self, slot: str) -> int | None:
        row = self.problem.slots.ids.index(slot)
        good = np.isfinite(self.trials.cost) & (self.desk.c.slot[self.trials.pairs] == row)
        return int(good.argmax()) if good.any() else None

    def _offer(self, k: int) -> Offer:
        c, i = self.desk.c, self.desk.need
        pair, booked = int(self.trials.pairs[k]), self.trials.booked[k]
        slot, start = int(c.slot[pair]), int(c.start[pair])
        own = float(need_cost(c, i, booked))
        online = bool(self.problem.slots.online[slot])
        return Offer(
            slot=self.problem.slots.ids[slot],
            start_on=date.fromordinal(start),
            waiting_days=max(0, start - self.hurdles.window.ready),
            travel_km=None if online else self.hurdles.way_km(slot),
            own_cost=own,
            chain_cost=max(0.0, float(self.trials.cost[k]) - self.kept_cost - own),
            chain_delay_days=self._delay(booked),
            seat_price=float(self.slot_price[slot]),
            others_cost=max(0.0, float(self.slot_price[slot]) - self.given_up),
            seats_left=int(self.desk.left[self.desk.uses(slot)].min()),
            chosen=int(self.desk.planned[i]) == pair,
        )

    def _delay(self, booked: Longs) -> int:
        """Days by which the later steps start later in all than in the plan."""
        later = [k for k in np.flatnonzero(self.desk.free).tolist() if k != self.desk.need]
        return sum(self._start(int(booked[k])) - self._start(int(self.desk.planned[k])) for k in later)

    def _start(self, pair: int) -> int:
        return int(self.desk.c.start[pair]) if pair >= 0 else self.problem.parameters.horizon_end.toordinal()
