"""Planning again (Umplanung): last week's plan and prices go in, and only what has to changes.

Three modes, as in course timetabling at universities (UniTime): a new plan, the fewest changes, and a
projection that keeps seats for people who are expected.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from matching.annealing import state_of
from matching.ascent import FIRST_TAU, LAST_TAU, Ascent, markets
from matching.booking import State
from matching.bound import Pricer
from matching.candidates import MANY_UNITS, Candidates, candidates
from matching.carried import carried_prices
from matching.check import check
from matching.columns import Generator
from matching.difference import Change, difference
from matching.first_come import first_come_choice, plan_of
from matching.links import without_links
from matching.nearby import improve_near
from matching.pricing import Longs
from matching.problem import Floats, Plan, Problem
from matching.projection import with_arrivals
from matching.proof import Proof
from matching.repair import reluctance, reluctant, repair, repaired_state, unserved, wishes
from matching.result import Progress, Result, SolveOptions, Status, peak_mib, relative_gap
from matching.solve import SOLVER, WARM_TAU, solve

STEPS_PER_UNIT = 400  # of the search near a unit that has changed
FEWEST_STEPS, MOST_STEPS = 4_000, 40_000
BOUND_PASSES = 60  # of rising prices, from the earlier ones on
BOUND_SHARE = 0.3  # of the time for them
MASTER_UNITS, MASTER_ROUNDS, MASTER_SECONDS = 800, 40, 4.0  # for a better one, by the linear program
PROJECTED_SHARE = 0.8  # of the time for the plan with the arrivals


class Mode(StrEnum):
    """How much may change."""

    NEW = "new"
    FEWEST = "fewest"
    PROJECTION = "projection"


@dataclass(frozen=True)
class Replan:
    """A plan that follows an earlier one.

    Parameters
    ----------
    result : Result
        Plan, bound and prices for the people who are there.
    changes : list of Change
        Every need whose slot differs from the earlier plan, and why.
    unknown_needs : list of str
        Needs of the earlier plan that the problem does not have; ignored.
    unknown_slots : list of (need, slot)
        Slots of the earlier plan that the problem does not have; ignored.
    projected : Result or None
        Plan and prices with the expected arrivals, in the mode ``projection``: its ``seat_prices`` say what a
        seat is worth once they are there.
    """

    result: Result
    changes: list[Change]
    unknown_needs: list[str]
    unknown_slots: list[tuple[str, str]]
    projected: Result | None = None


def replan(
    problem: Problem,
    start: Plan | None = None,
    prices: Mapping[str, float] | None = None,
    options: SolveOptions | None = None,
    mode: Mode = Mode.NEW,
    arrivals: Problem | None = None,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Replan:
    """Plan again after something has changed.

    Parameters
    ----------
    problem : Problem
        The present problem. Fixed slots stay; ``change_penalty`` is charged as in every plan, for needs whose
        ``proposed_slot`` is not kept (``revisions.with_proposals`` writes an earlier plan there).
    start : mapping of need id to slot id or None, optional
        The earlier plan, of any quality: what it names and the problem does not know is ignored. Without it
        the proposals of the problem are the earlier plan.
    prices : mapping of capacity id to float, optional
        Earlier seat prices, weighted waiting days; capacities not named cost nothing.
    mode : Mode
        ``new``: the best plan, starting from the earlier one. ``fewest``: whoever can keep a slot keeps it,
        unless somebody else would lose very much (``repair.reluctance``); only those who have to move,
        their rivals and the new ones are searched. ``projection``: the best plan for all together, those who
        are expected included; only the people who are there are booked.
    arrivals : Problem, optional
        Who is expected (``projection.with_arrivals``); needed for ``projection`` and for nothing else.
    progress, stop : callable, optional
        As in ``solve``.

    Raises
    ------
    ValueError
        There are arrivals in another mode, or none in the mode ``projection``.
    """
    if (arrivals is not None) != (mode is Mode.PROJECTION):
        raise ValueError("arrivals belong to the mode projection, and to no other")
    run = _Run(problem, _earlier(problem, start), prices, options or SolveOptions(), progress, stop)
    if mode is Mode.FEWEST:
        result, projected = run.fewest(), None
    elif arrivals is not None:
        result, projected = run.projection(arrivals)
    else:
        result, projected = run.anew(), None
    done = repair_notes(problem, run.start)
    return Replan(result, difference(problem, run.start, result.plan), *done, projected)


def repair_notes(problem: Problem, plan: Plan) -> tuple[list[str], list[tuple[str, str]]]:
    """Needs, and slots by need, that a plan names and the problem does not have."""
    needs, slots = problem.need_row, problem.slot_row
    return (
        sorted(need for need in plan if need not in needs),
        sorted((n, s) for n, s in plan.items() if s is not None and n in needs and s not in slots),
    )


def _earlier(problem: Problem, start: Plan | None) -> Plan:
    if start is not None:
        return start
    proposed = problem.needs.proposed
    return problem.plan(np.where(proposed >= 0, proposed, -1))


class _Run:
    """One replanning: what is given, the clock, and the three modes."""

    def __init__(
        self,
        problem: Problem,
        start: Plan,
        prices: Mapping[str, float] | None,
        options: SolveOptions,
        progress: Callable[[Progress], None] | None,
        stop: Callable[[], bool] | None,
    ) -> None:
        self.began = time.monotonic()
        self.problem, self.start, self.prices, self.options = problem, start, prices, options
        self.report, self.stop = progress or (lambda _: None), stop or (lambda: False)
        self.phase, self.cost, self.bound, self.interrupted = "repair", 0.0, 0.0, False
        self.first_come: Longs | None = None

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def left(self, share: float = 1.0) -> float:
        return share * self.options.time_limit_seconds - self.seconds

    def stopped(self) -> bool:
        self.report(Progress(self.seconds, self.phase, self.cost, self.bound))
        self.interrupted = self.interrupted or self.stop()
        return self.interrupted or self.left() <= 0

    def fewest(self) -> Result:
        """Keep what can be kept; search near those who cannot."""
        c = candidates(self.problem)
        price = self._price(c)
        self._prove(c, price)
        wish, lost, _ = wishes(self.problem, c, self.start)
        slow = reluctant(c, wish, reluctance(self.problem.parameters))
        state = self._start(c, slow, wish, price)
        self.phase, self.cost = "search", self._cost(c, state.choice)
        new = np.array([self.problem.needs.ids[row] not in self.start for row in c.row], np.bool_)
        moved = np.zeros(c.units, np.bool_)
        moved[c.unit[lost | new | (state.choice != wish)]] = True
        near = _often(np.flatnonzero(moved), np.flatnonzero(unserved(c, state.choice) & ~moved))
        steps = int(np.clip(STEPS_PER_UNIT * moved.sum(), FEWEST_STEPS, MOST_STEPS))
        steps = min(steps, self.options.steps or steps)
        choice, done = improve_near(slow, state, near, self.options.seed, steps, self.left, self.stopped)
        self._prove_better(c)
        return self._answer(c, choice, Status.STEP_LIMIT if done >= steps else Status.TIME_LIMIT)

    def _start(self, c: Candidates, slow: Candidates, wish: Longs, price: Floats | None) -> State:
        """The repaired plan, or first come, first served, where little of the earlier plan is left."""
        repaired = repaired_state(slow, wish, price, self.stopped)
        self.first_come = np.array(first_come_choice(c), np.int64)
        other = state_of(slow, self.first_come, repaired.price)
        return repaired if repaired.totals[0] <= other.totals[0] else other

    def anew(self) -> Result:
        """The best plan, from the repaired one and the earlier prices on."""
        return solve(self.problem, self.options, self.report, self.stop, self.start, self.prices)

    def projection(self, arrivals: Problem) -> tuple[Result, Result]:
        """Plan for all together, and keep of it what concerns the people who are there."""
        joint = with_arrivals(self.problem, arrivals)
        share = replace(self.options, time_limit_seconds=PROJECTED_SHARE * self.options.time_limit_seconds)
        together = solve(joint, share, self.report, self.stop, self.start, self.prices)
        c, self.phase = candidates(self.problem), "repair"
        expected = carried_prices(self.problem, c, together.seat_prices)
        self._prove(c, self._price(c))
        here = {need: together.plan[need] for need in self.problem.needs.ids}
        choice = repair(self.problem, c, here, expected).choice  # groups that the arrivals would have filled
        return self._answer(c, choice, together.status), together

    def _price(self, c: Candidates) -> Floats | None:
        return None if self.prices is None else carried_prices(self.problem, c, self.prices)

    def _prove(self, c: Candidates, price: Floats | None) -> None:
        """A bound, and the prices that prove it: the earlier ones are the first that are tried."""
        timed = self.options.steps is None
        links = without_links(c) if c.units > MANY_UNITS else None
        ascent = Ascent(Pricer(c, self.options.workers, links), markets(self.problem, c), price)
        risen = ascent.rise(
            BOUND_PASSES,
            lambda: self.seconds / (BOUND_SHARE * self.options.time_limit_seconds) if timed else 0.0,
            self.stopped,
            heat=(FIRST_TAU if price is None else WARM_TAU, LAST_TAU),
        )
        self.bound, self.proven_by, self.links = risen.lower_bound, risen.multipliers, ascent.links

    def _prove_better(self, c: Candidates) -> None:
        """Raise the bound of a problem that is small enough by its linear program."""
        if c.units > MASTER_UNITS or self.stopped():
            return
        self.phase, until = "bound", self.seconds + MASTER_SECONDS
        timed = self.options.steps is None
        generator = Generator(Pricer(c), self.stopped)
        self.bound = generator.converge(
            self.bound,
            lambda: min(self.left(), until - self.seconds) if timed else self.left(),
            most_rounds=10**9 if timed else MASTER_ROUNDS,
        )
        if generator.duals is not None:
            self.proven_by, self.links = generator.duals, generator.pricer.links

    def _cost(self, c: Candidates, choice: Longs) -> float:
        return check(self.problem, plan_of(self.problem, c, choice)).cost

    def _answer(self, c: Candidates, choice: Longs, status: Status) -> Result:
        plan = plan_of(self.problem, c, choice)
        checked = check(self.problem, plan)
        if not checked.feasible:
            raise AssertionError(f"the repair broke a rule: {dict(checked.violations)}")
        bound = max(0.0, min(self.bound, checked.cost))
        gap = relative_gap(checked.cost, bound)
        if gap <= self.options.gap:
            status = Status.OPTIMAL if gap <= 1e-9 else Status.GAP_REACHED
        elif self.interrupted:
            status = Status.INTERRUPTED
        if self.first_come is None:
            self.first_come = np.array(first_come_choice(c), np.int64)
        return Result(
            plan,
            checked.cost,
            bound,
            self.seconds,
            peak_mib(),
            self.options.seed,
            status,
            SOLVER,
            dict(zip(self.problem.capacities.ids, self._seat_prices(), strict=True)),
            self._cost(c, self.first_come),
            proof=Proof.of(self.problem, c, self.links, self.proven_by),
        )

    def _seat_prices(self) -> list[float]:
        return np.maximum(0.0, self.proven_by.seat).tolist()


def _often(moved: Longs, lacking: Longs) -> Longs:
    """Units to begin a step with: as often one that has moved as one that lacks a slot."""
    return np.concatenate([np.repeat(moved, max(1, len(lacking) // max(1, len(moved)))), lacking])
