"""Planning once more after a small change (Nachplanung): from a plan and its prices, in seconds.

Unlike ``replan`` nobody is held in place: the question is what a change is worth to all, not who has to be
told. Both sides of a comparison must be planned like this, with the same steps and seed: what the search
finds beside the change is then found on both sides, and a change of nothing shows no difference.
"""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np

from matching.ascent import Ascent, markets
from matching.bound import Pricer
from matching.candidates import Candidates, candidates
from matching.check import check
from matching.columns import Generator
from matching.diving import dive, rounded
from matching.first_come import plan_of
from matching.links import Multipliers
from matching.nearby import improve_near
from matching.pricing import Longs
from matching.problem import Flags, Floats, Plan, Problem
from matching.proof import Proof
from matching.repair import repaired_state, wishes
from matching.result import relative_gap
from matching.search import dissolve
from matching.together import sweep

STEPS = 40_000  # of the search among everybody
STEPS_NEAR = 20_000  # before that, of the search near the change
PASSES, FEW_PASSES = 60, 8  # of rising prices; where there are too many units for the linear program
HEAT = (8.0, 0.5)  # the prices are nearly right already
TIED = 0.01  # multiplier from which a link is a row of the linear program from the beginning
MASTER_UNITS, MASTER_ROUNDS = 400, 12  # up to which the linear program makes the bound better


@dataclass(frozen=True)
class Warm:
    """A plan after a small change.

    Parameters
    ----------
    plan : mapping of need id to slot id or None
        Feasible.
    cost, lower_bound : float
        Weighted waiting days; no feasible plan costs less than ``lower_bound``.
    proof : Proof
        What proves the bound, to go on from.
    waiting_days : mapping of need id to int
        Wait of each served need that is not booked, days.
    seconds : float
        Wall time.
    """

    plan: Mapping[str, str | None]
    cost: float
    lower_bound: float
    proof: Proof
    waiting_days: Mapping[str, int]
    seconds: float

    @property
    def gap(self) -> float:
        """Share of the cost that may still be avoidable, 0 to 1."""
        return relative_gap(self.cost, self.lower_bound)


def plan_warm(
    problem: Problem,
    start: Plan,
    proof: Proof | None = None,
    changed: Collection[str] = (),
    steps: int = STEPS,
    seed: int = 0,
    time_limit_seconds: float = 60.0,
    prove: bool = True,
    groups_anew: bool = False,
    stop: Callable[[], bool] = lambda: False,
) -> Warm:
    """Plan a problem from an earlier plan on.

    Parameters
    ----------
    start : mapping of need id to slot id or None
        The earlier plan, of this problem or of one that is nearly the same.
    proof : Proof, optional
        Of an earlier bound, or seat prices alone: the bound is no worse than what it proves here.
    changed : collection of capacity ids
        What has changed: who could use it is looked at first.
    steps : int
        Of the search among everybody, >= 0; the same steps and seed give the same plan.
    time_limit_seconds : float
        Wall time, > 0; a run that needs it is no longer repeatable.
    prove : bool
        Whether to look for a better bound than the proof gives at once.
    groups_anew : bool
        Whether to decide anew which groups run: no search by single people opens a group that several would
        have to join together. Takes as much time again; for up to 400 units, with `prove`.
    """
    began = time.monotonic()

    def left() -> float:
        return time_limit_seconds - (time.monotonic() - began)

    c = candidates(problem)
    pricer = Pricer(c)
    earlier = (proof or Proof()).on(problem, c, pricer.links)
    choice = _search(problem, c, start, earlier.seat, changed, steps, seed, left, stop)
    plan = plan_of(problem, c, choice)
    checked = check(problem, plan)
    if not checked.feasible:
        raise AssertionError(f"the search broke a rule: {dict(checked.violations)}")
    bound, found, generator = _bound(problem, pricer, earlier, choice, prove, left, stop)
    if groups_anew and generator is not None:
        dived = _dived(generator, found, steps, seed, left, stop)
        other = plan_of(problem, c, dived)
        again = check(problem, other)
        if again.feasible and again.cost < checked.cost:
            plan, checked = other, again
    return Warm(
        plan,
        checked.cost,
        max(0.0, min(bound, checked.cost)),
        Proof.of(problem, c, pricer.links, found),
        checked.waiting_days,
        time.monotonic() - began,
    )


def _search(
    problem: Problem,
    c: Candidates,
    start: Plan,
    price: Floats,
    changed: Collection[str],
    steps: int,
    seed: int,
    left: Callable[[], float],
    stop: Callable[[], bool],
) -> Longs:
    wish, lost, _ = wishes(problem, c, start)
    state = repaired_state(c, wish, price, stop)
    moved, touched = np.zeros(c.units, np.bool_), _touched(problem, changed)
    moved[c.unit[lost | (state.choice != wish)]] = True
    if touched.any():  # several people together may open a group that is new, or close one
        sweep(c, state, touched, 0, stop)
    near = np.flatnonzero(moved | _users(problem, c, touched))
    if len(near):
        better, _ = improve_near(c, state, near, seed, min(STEPS_NEAR, steps), left, stop)
        state = repaired_state(c, better, price, stop)
    everybody = np.arange(c.units)
    return improve_near(c, state, everybody, seed, steps, left, stop)[0]


def _touched(problem: Problem, changed: Collection[str]) -> Flags:
    """Which capacities have changed."""
    names = set(changed)
    return np.array([name in names for name in problem.capacities.ids], np.bool_)


def _users(problem: Problem, c: Candidates, touched: Flags) -> Flags:
    """Units that could use one of some capacities."""
    use_ptr, uses = problem.slots.use_ptr, problem.slots.uses
    slots = np.logical_or.reduceat(touched[uses], use_ptr[:-1]) if len(uses) else np.zeros(0, np.bool_)
    units = np.zeros(c.units, np.bool_)
    need = np.repeat(np.arange(c.needs), np.diff(c.pair_ptr))
    units[c.unit[need[slots[c.slot]]]] = True
    return units


def _bound(
    problem: Problem,
    pricer: Pricer,
    earlier: Multipliers,
    choice: Longs,
    prove: bool,
    left: Callable[[], float],
    stop: Callable[[], bool],
) -> tuple[float, Multipliers, Generator | None]:
    """A bound, the multipliers that prove it, or nearly, and the linear program where there is one."""

    def ended() -> bool:
        return stop() or left() <= 0

    bound, found = pricer.bound(earlier), earlier
    if not prove or ended():
        return bound, found, None
    ascent = Ascent(pricer, markets(problem, pricer.c))
    ascent.now = earlier
    small = pricer.c.units <= MASTER_UNITS
    risen = ascent.rise(PASSES if small else FEW_PASSES, lambda: 0.0, ended, heat=HEAT)
    if risen.lower_bound > bound:
        bound, found = risen.lower_bound, risen.multipliers
    generator = None
    if small and not ended():
        generator = Generator(pricer, ended)
        generator.learn(choice)
        generator.learn_from(found)
        for link in np.flatnonzero(found.link > TIED).tolist():
            generator.master.tie(link)
        bound = generator.converge(bound, left, most_rounds=MASTER_ROUNDS, centre=found)
        found = generator.duals or found
    return float(bound), found, generator


def _dived(
    generator: Generator,
    m: Multipliers,
    steps: int,
    seed: int,
    left: Callable[[], float],
    stop: Callable[[], bool],
) -> Longs:
    """Bookings in which the linear program has decided which groups run, and the search what else."""
    c = generator.c
    forced = dive(generator, left)
    state = rounded(c, generator.master, np.maximum(0.0, m.seat), forced)
    dissolve(c, state, len(c.seats))
    return improve_near(c, state, np.arange(c.units), seed, steps, left, stop)[0]
