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
from matching.pricing import Longs, waiting
from matching.problem import Plan, Problem
from matching.trials import Desk, Trials


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
        answer = Case(self.households.of(self.problem.need_row[need_id])).recommendation()
        return Recommendation(need_id, answer.offers[:top], answer.excluded)


class Case:
    """One need looked at in its household: every slot of its kind tried or excluded."""

    def __init__(self, household: Household) -> None:
        self.household, self.problem = household, household.problem
        self.desk = Desk(household)
        self.hurdles = Hurdles(self.desk)
        self.trials = self._try()

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

    def recommendation(self) -> Recommendation:
        """All offers, best first, and all exclusions, by start."""
        ids = self.problem.slots.ids
        excluded = [
            Exclusion(ids[self.hurdles.slots[place]], rule, self.hurdles.values(place, rule))
            for place, rule in enumerate(self.hurdles.first())
            if rule is not None and not self.booked
        ]
        return Recommendation(self.problem.needs.ids[self.household.need], self.offers(), excluded)

    def offers(self) -> list[Offer]:
        """Every slot that can be had, best first."""
        found = np.flatnonzero(np.isfinite(self.trials.cost))
        return sorted((self._offer(k) for k in found.tolist()), key=lambda o: (o.total, o.start_on, o.slot))

    def _offer(self, k: int) -> Offer:
        c, i, window = self.desk.c, self.desk.need, self.hurdles.window
        pair, booked = int(self.trials.pairs[k]), self.trials.booked[k]
        slot, start = int(c.slot[pair]), int(c.start[pair])
        wait = max(0, start - window.ready)
        own = float(c.static_cost[pair])
        if c.after[i] >= 0:
            own += float(c.weight[i]) * float(waiting(c, wait))
        uses = self.desk.uses(slot)
        online = bool(self.problem.slots.online[slot])
        return Offer(
            slot=self.problem.slots.ids[slot],
            start_on=date.fromordinal(start),
            waiting_days=wait,
            travel_km=None if online else self.hurdles.way_km(slot),
            own_cost=own,
            chain_cost=max(0.0, float(self.trials.cost[k]) - self.desk.kept_cost - own),
            chain_delay_days=self._delay(booked),
            seat_price=float(self.household.price[uses].sum()),
            seats_left=int(self.desk.left[uses].min()),
            chosen=int(self.desk.planned[i]) == pair,
        )

    def _delay(self, booked: Longs) -> int:
        """Days by which the later steps start later in all than in the plan."""
        later = np.flatnonzero(self.desk.free)
        later = later[later != self.desk.need]
        return int(self._starts(booked[later]).sum() - self._starts(self.desk.planned[later]).sum())

    def _starts(self, pairs: Longs) -> Longs:
        horizon = self.problem.parameters.horizon_end.toordinal()
        if not self.desk.c.pairs:
            return np.full(len(pairs), horizon, np.int64)
        return np.where(pairs >= 0, self.desk.c.start[pairs], horizon).astype(np.int64)
