"""One need of a plan set free: what planning again takes for it, beside the first choice of a recommendation.

Free means that the need and all that follow it are not in the earlier plan. Three ways to plan again are
compared, from the narrowest to the widest; in all of them the earlier steps of the household stay.
"""

from dataclasses import dataclass

import numpy as np

import matching
from matching.annealing import state_of
from matching.booking import State, copy_of, occupy, release
from matching.candidates import Candidates, candidates
from matching.nearby import improve_near
from matching.pricing import Longs
from matching.problem import Problem
from matching.recommend import Case, Offer
from matching.replan import Mode, replan

STEPS = 2000  # of the search with others free to move
LIMIT_SECONDS = 60.0  # of a replanning, which ends by its steps long before
A_DAY = 1.0  # weighted waiting days; a smaller gain is called as good


@dataclass(frozen=True)
class Verdict:
    """How the first choice for one need compares.

    Parameters
    ----------
    kept : bool
        Everybody else as in the plan: no slot is cheaper for the household.
    replanned : bool
        ``replan`` in the mode ``fewest`` takes the same slot.
    moving : bool
        A search in which others move at no charge, however many, takes the same slot.
    as_good : bool
        The same search with the first choice held comes as far, within ``A_DAY`` for all together.
    in_plan : bool
        The first choice is the slot of the plan.
    """

    need: str
    kept: bool
    replanned: bool
    moving: bool
    as_good: bool
    in_plan: bool


class Replanner:
    """Plans again around one need at a time.

    Parameters
    ----------
    prices : mapping of capacity id to float
        Multipliers, as ``prices.csv`` holds them.
    worst : bool
        True: the search with others moving begins with the worst slot on offer, not with the best.
    """

    def __init__(
        self, problem: Problem, plan: matching.Plan, prices: dict[str, float], worst: bool = False
    ) -> None:
        self.problem, self.plan, self.prices, self.worst = problem, plan, prices, worst
        self.adviser = matching.Adviser(problem, plan, prices)
        self.c: Candidates = candidates(problem)
        self.place = np.empty(self.c.needs, np.int64)
        self.place[self.c.row] = np.arange(self.c.needs)
        slots = problem.rows(plan)
        choice = [self.pair(i, int(slots[self.c.row[i]])) for i in range(self.c.needs)]
        self.state: State = state_of(self.c, np.array(choice, np.int64), self.adviser.households.price)

    def pair(self, i: int, slot: int) -> int:
        """The pair of need i and a slot (row), -1 = none."""
        begin, end = self.c.pair_ptr[i], self.c.pair_ptr[i + 1]
        return -1 if slot < 0 else int(begin + np.flatnonzero(self.c.slot[begin:end] == slot)[0])

    def verdict(self, need: str, seed: int) -> Verdict:
        """Compare the first choice for a served need with what planning again takes."""
        case = Case(self.adviser.households.of(self.problem.need_row[need]))
        offers = case.offers()
        first, by_kept = offers[0], sorted(offers, key=_kept_order)
        begin = by_kept[-1 if self.worst else 0]
        found, cost = self.with_others_moving(case, begin.slot, seed)
        _, cost_held = self.with_others_moving(case, first.slot, seed, held=True)
        return Verdict(
            need,
            kept=_kept_cost(first) <= _kept_cost(by_kept[0]) + 1e-6,
            replanned=self.replanned(need, seed) == first.slot,
            moving=found == first.slot,
            as_good=found == first.slot or cost_held <= cost + A_DAY,
            in_plan=first.slot == self.plan[need],
        )

    def replanned(self, need: str, seed: int) -> str | None:
        """The slot that planning again with the fewest changes takes."""
        problem, following = self.problem, self.adviser.households.following(self.problem.need_row[need])
        free = {problem.needs.ids[k] for k in following if problem.needs.fixed[k] < 0}
        start = {name: slot for name, slot in self.plan.items() if name not in free}
        options = matching.SolveOptions(LIMIT_SECONDS, seed=seed)
        return replan(problem, start, self.prices, options, Mode.FEWEST).result.plan[need]

    def with_others_moving(
        self, case: Case, slot: str, seed: int, held: bool = False
    ) -> tuple[str | None, float]:
        """Search around the household, begun with a slot; the slot in the end, and the cost of everybody."""
        state, i = copy_of(self.state), int(self.place[case.household.rows[case.household.need]])
        self.book(state, case, slot)
        near = self.c.unit[i : i + 1].astype(np.int64)
        space = self.only(case, int(state.choice[i]) if held else None)
        found, _ = improve_near(space, state, near, seed, STEPS, lambda: 1.0, lambda: False)
        taken = None if found[i] < 0 else self.problem.slots.ids[self.c.slot[found[i]]]
        return taken, cost_of(self.c, self.state, found)

    def only(self, case: Case, held: int | None) -> Candidates:
        """The candidates, with one pair for the household's needs that are not free, or for a held one."""
        cost = self.c.static_cost.copy()
        for k in range(case.desk.c.needs):
            i = int(self.place[case.household.rows[case.desk.c.row[k]]])
            pair = held if k == case.desk.need else None if case.desk.free[k] else int(self.state.choice[i])
            if pair is not None:
                begin, end = self.c.pair_ptr[i], self.c.pair_ptr[i + 1]
                cost[begin:end][np.arange(begin, end) != pair] = np.inf
        return self.c._replace(static_cost=cost)

    def book(self, state: State, case: Case, slot: str) -> None:
        """Give the household the bookings that go with a slot."""
        household, pairs = case.household, case.bookings_with(slot)
        choice = state.choice.copy()
        for k, pair in enumerate(pairs.tolist()):
            i = int(self.place[household.rows[case.desk.c.row[k]]])
            choice[i] = self.pair(i, int(household.slots[case.desk.c.slot[pair]]) if pair >= 0 else -1)
        unit = int(self.c.unit[self.place[household.rows[0]]])
        release(self.c, state, unit)
        occupy(self.c, state, unit, choice)


def _kept_cost(offer: Offer) -> float:
    """What a slot costs the household."""
    return offer.own_cost + offer.chain_cost


def _kept_order(offer: Offer) -> tuple[float, object, str]:
    return _kept_cost(offer), offer.start_on, offer.slot


def cost_of(c: Candidates, state: State, choice: Longs) -> float:
    """Cost of all bookings."""
    return float(state_of(c, choice, state.price).totals[0])
