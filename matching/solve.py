"""From a problem to a plan with a proof (Planung): baseline, prices, search, best plan and bound.

Whatever happens, the best plan found so far is never lost: it starts with first come, first served, and a
stop, a time limit or an interrupt returns it with the best bound proven.
"""

import time
from collections.abc import Callable

import numpy as np

from matching.booking import State, new_state, occupy, release
from matching.candidates import candidates
from matching.check import check
from matching.first_come import first_come_choice, plan_of
from matching.prices import Priced, find_prices
from matching.pricing import Longs
from matching.problem import Problem
from matching.result import Progress, Result, SolveOptions, Status, peak_mib, relative_gap
from matching.search import anneal, dissolve, random_state

SOLVER = "foerderkette 0.1"
PASSES = 400
PRICE_SHARE = 0.2  # of the time limit, at most, for prices
CHUNK_SECONDS = 0.05  # how long the search runs before it looks up
SOFT_SHARE = 0.6  # of a round in which short groups are allowed
HOT, COLD = 40.0, 1.0  # temperatures of the soft part, weighted waiting days
WARM, FROZEN = 6.0, 0.3  # temperatures of the hard part
PUSH_FIRST, PUSH_LAST = 20.0, 5000.0  # cost of a missing participant, rising through the soft part
STEPS_PER_UNIT = 4000  # of one round; more rounds follow while time is left
SHORTEST_ROUND = 20_000


def solve(
    problem: Problem,
    options: SolveOptions | None = None,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Result:
    """Find a plan, a bound and seat prices.

    Parameters
    ----------
    progress : callable, optional
        Told where the run stands, some times a second.
    stop : callable, optional
        Asked some times a second; true ends the run with the best plan and bound found.

    Returns
    -------
    Result
        Its plan is feasible and its cost recomputed by ``check``, not by the search.
    """
    return _Run(problem, options or SolveOptions(), progress, stop).result()


class _Run:
    def __init__(
        self,
        problem: Problem,
        options: SolveOptions,
        progress: Callable[[Progress], None] | None,
        stop: Callable[[], bool] | None,
    ) -> None:
        self.began = time.monotonic()
        self.problem, self.options = problem, options
        self.report, self.asked_to_stop = progress or (lambda _: None), stop or (lambda: False)
        self.interrupted = False
        self.steps_done = 0
        self.c = candidates(problem)
        self.best: Longs = np.array(first_come_choice(self.c), np.int64)
        self.first_come_cost = self.cost = self._price(self.best)
        self.priced = Priced(np.zeros(len(self.c.seats)), 0.0, 0)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def stopped(self, share: float = 1.0) -> bool:
        """True when the run, or this share of its time, is over."""
        self.interrupted = self.interrupted or self.asked_to_stop()
        return self.interrupted or self.seconds >= share * self.options.time_limit_seconds

    def result(self) -> Result:
        self.tell("prices")
        limit = self.options
        share = PRICE_SHARE if limit.steps is None else 1.0
        self.priced = find_prices(self.c, PASSES, stop=lambda: self.stopped(share))
        self.tell("search")
        round_number = 0
        while not self.finished():
            self.search(round_number)
            round_number += 1
        return self.answer()

    def finished(self) -> bool:
        steps = self.options.steps
        done = steps is not None and self.steps_done >= steps
        return done or self.stopped() or self.gap() <= self.options.gap or self.c.units == 0

    def gap(self) -> float:
        return relative_gap(self.cost, self.priced.lower_bound)

    def tell(self, phase: str) -> None:
        self.report(Progress(self.seconds, phase, self.cost, self.priced.lower_bound))

    def search(self, round_number: int) -> None:
        """One round of annealing, from the best plan so far."""
        state = self.state_of(self.best)
        rng = random_state(self.options.seed + 7919 * round_number)
        total = max(SHORTEST_ROUND, STEPS_PER_UNIT * self.c.units)
        if self.options.steps is not None:
            total = min(total, self.options.steps - self.steps_done)
        done, chunk, hard = 0, 20, False
        round_began, seconds_left = self.seconds, self.options.time_limit_seconds - self.seconds
        while done < total and not self.stopped() and self.gap() > self.options.gap:
            share = done / total
            if self.options.steps is None:
                share = max(share, (self.seconds - round_began) / max(1e-9, seconds_left))
            if share > SOFT_SHARE and not hard:
                dissolve(self.c, state)
                state.closed[:] = False
                hard = True
            began = time.monotonic()
            self.some_steps(state, rng, min(chunk, total - done), share, hard)
            done += min(chunk, total - done)
            spent = time.monotonic() - began
            if self.options.steps is None:
                chunk = max(20, min(5000, int(chunk * min(2.0, CHUNK_SECONDS / max(spent, 1e-6)))))
            self.tell("search")
        self.steps_done += done

    def some_steps(
        self,
        state: State,
        rng: np.ndarray[tuple[int], np.dtype[np.uint64]],
        steps: int,
        share: float,
        hard: bool,
    ) -> None:
        if hard:
            part = (share - SOFT_SHARE) / (1 - SOFT_SHARE)
            heat, push, fade = WARM * (FROZEN / WARM) ** part, 0.0, 0.3
        else:
            part = share / SOFT_SHARE
            heat, push = HOT * (COLD / HOT) ** part, PUSH_FIRST * (PUSH_LAST / PUSH_FIRST) ** part
            fade = 1.0 - part
        price = self.priced.price
        if not len(price):
            fade = 0.0
        self.cost = float(anneal(self.c, state, rng, steps, heat, push, hard, fade, self.best, self.cost))

    def state_of(self, choice: Longs) -> State:
        state = new_state(self.c, self.priced.price)
        for unit in range(self.c.units):
            release(self.c, state, unit)
            occupy(self.c, state, unit, choice)
        return state

    def _price(self, choice: Longs) -> float:
        return check(self.problem, plan_of(self.problem, self.c, choice)).cost

    def answer(self) -> Result:
        plan = plan_of(self.problem, self.c, self.best)
        checked = check(self.problem, plan)
        if not checked.feasible:
            raise AssertionError(f"the search broke a rule: {dict(checked.violations)}")
        bound = min(self.priced.lower_bound, checked.cost)
        seat_prices = dict(zip(self.problem.capacities.ids, self.priced.price.tolist(), strict=True))
        gap = relative_gap(checked.cost, bound)
        return Result(
            plan,
            checked.cost,
            bound,
            self.seconds,
            peak_mib(),
            self.options.seed,
            self.status(gap),
            SOLVER,
            seat_prices,
            self.first_come_cost,
        )

    def status(self, gap: float) -> Status:
        if gap <= 1e-9:
            return Status.OPTIMAL
        if gap <= self.options.gap:
            return Status.GAP_REACHED
        if self.interrupted:
            return Status.INTERRUPTED
        if self.options.steps is not None and self.steps_done >= self.options.steps:
            return Status.STEP_LIMIT
        return Status.TIME_LIMIT
