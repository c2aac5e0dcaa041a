"""Timefold, a general local search in Java, through its Python binding (archived; 1.24.0b0 is the last).

Runs where ``pip install timefold`` and a Java 17 are there. Constraint streams over needs whose planning
variable is the pair; it starts from the first-come plan; its default local search, no tuning. It proves no
bound.
"""

import math
from dataclasses import dataclass, field
from typing import Annotated

import numpy as np

from benchmarks.general import Answer
from matching.candidates import Candidates
from matching.pricing import Longs
from matching.problem import AFTER_START

SCALE = 100  # its score counts in hundredths of a weighted waiting day

try:
    from timefold.solver import SolverFactory
    from timefold.solver.config import (
        Duration,
        ScoreDirectorFactoryConfig,
        SolverConfig,
        TerminationConfig,
    )
    from timefold.solver.domain import (
        PlanningEntityCollectionProperty,
        PlanningId,
        PlanningPin,
        PlanningScore,
        PlanningVariable,
        ProblemFactCollectionProperty,
        ValueRangeProvider,
        planning_entity,
        planning_solution,
    )
    from timefold.solver.score import (
        Constraint,
        ConstraintCollectors,
        ConstraintFactory,
        HardSoftScore,
        Joiners,
        constraint_provider,
    )
except ImportError:
    THERE = False
else:
    THERE = True


if THERE:

    @dataclass(unsafe_hash=True)
    class Offer:
        """A pair."""

        number: Annotated[int, PlanningId]
        slot: int
        start: int
        end: int
        half_days: int
        cost: int

    @dataclass(unsafe_hash=True)
    class Use:
        """A slot uses a capacity."""

        number: Annotated[int, PlanningId]
        slot: int
        capacity: int
        seats: int
        minimum: int

    @planning_entity
    @dataclass
    class Step:
        """A need; ``offer`` is what the solver decides."""

        number: Annotated[int, PlanningId]
        before: int
        after_start: bool
        lag: int
        latest_lag: int
        earliest: int
        weight: int
        group: int
        unserved: int
        long_days: int
        long_percent: int
        fixed: Annotated[bool, PlanningPin]
        offers: Annotated[list[Offer], ValueRangeProvider]
        offer: Annotated[Offer | None, PlanningVariable(allows_unassigned=True)] = field(default=None)

    @planning_solution
    @dataclass
    class Schedule:
        """All needs and what can be full."""

        uses: Annotated[list[Use], ProblemFactCollectionProperty]
        steps: Annotated[list[Step], PlanningEntityCollectionProperty]
        score: Annotated[HardSoftScore | None, PlanningScore] = field(default=None)

    def base_of(before: Step, step: Step) -> int:
        """Day from which the lags of a step count."""
        if step.after_start:
            return before.offer.start
        return before.offer.end + 1

    def misplaced(step: Step, before: Step) -> int:
        """Days by which a step lies outside the window that its predecessor leaves."""
        if step.fixed:
            return 0
        if before.offer is None:
            return 1000
        base = base_of(before, step)
        early = base + step.lag - step.offer.start
        if early > 0:
            return early
        if step.latest_lag >= 0:
            late = step.offer.start - base - step.latest_lag
            if late > 0:
                return late
        return 0

    def waited(step: Step, before: Step) -> int:
        """Waiting cost of a step after its predecessor."""
        ready = step.earliest
        if before.offer is not None:
            allowed = base_of(before, step) + step.lag
            if allowed > ready:
                ready = allowed
        days = step.offer.start - ready
        if days <= 0:
            return 0
        beyond = days - step.long_days
        if beyond <= 0:
            return step.weight * days
        return step.weight * days + step.weight * beyond * step.long_percent // 100

    def overlapping(a: Step, b: Step) -> bool:
        """Two steps meet in days and in a half-day."""
        if a.fixed and b.fixed:
            return False
        if a.offer.start > b.offer.end or b.offer.start > a.offer.end:
            return False
        return (a.offer.half_days & b.offer.half_days) != 0

    def unfit(capacity: int, seats: int, minimum: int, count: int) -> int:
        """Bookings too many, or still missing."""
        if count > seats:
            return count - seats
        if count < minimum:
            return minimum - count
        return 0

    @constraint_provider
    def rules(factory: ConstraintFactory) -> list[Constraint]:
        """The rules of a plan and its cost."""
        chained = (
            factory.for_each(Step)
            .filter(lambda step: step.before >= 0)
            .join(
                factory.for_each_including_unassigned(Step),
                Joiners.equal(lambda step: step.before, lambda before: before.number),
            )
        )
        taken = (
            factory.for_each(Step)
            .filter(lambda step: not step.fixed)
            .join(Use, Joiners.equal(lambda step: step.offer.slot, lambda use: use.slot))
            .group_by(
                lambda step, use: use.capacity,
                lambda step, use: use.seats,
                lambda step, use: use.minimum,
                ConstraintCollectors.count_bi(),
            )
        )
        return [
            factory.for_each(Step)
            .penalize(HardSoftScore.ONE_SOFT, lambda step: step.offer.cost)
            .as_constraint("own cost"),
            factory.for_each_including_unassigned(Step)
            .filter(lambda step: step.offer is None)
            .penalize(HardSoftScore.ONE_SOFT, lambda step: step.unserved)
            .as_constraint("not served"),
            chained.penalize(HardSoftScore.ONE_HARD, misplaced).as_constraint("order"),
            chained.penalize(HardSoftScore.ONE_SOFT, waited).as_constraint("waiting"),
            taken.penalize(HardSoftScore.ONE_HARD, unfit).as_constraint("seats"),
            factory.for_each_unique_pair(Step, Joiners.equal(lambda step: step.group))
            .filter(overlapping)
            .penalize(HardSoftScore.ONE_HARD)
            .as_constraint("overlap"),
        ]


def solve_with_timefold(c: Candidates, hint: Longs, seconds: float, workers: int, seed: int) -> Answer:
    """Local search from the first-come plan; no bound. Multithreading is not part of the free edition."""
    if not THERE:
        raise ModuleNotFoundError("timefold is not installed: pip install timefold, and a Java 17")
    config = SolverConfig(
        solution_class=Schedule,
        entity_class_list=[Step],
        random_seed=seed,
        score_director_factory_config=ScoreDirectorFactoryConfig(constraint_provider_function=rules),
        termination_config=TerminationConfig(spent_limit=Duration(milliseconds=int(1000 * seconds))),
    )
    solved = SolverFactory.create(config).build_solver().solve(_schedule(c, hint))
    choice = np.full(c.needs, -1, np.int64)
    for step in solved.steps:
        if step.offer is not None:
            choice[step.number] = step.offer.number
    return Answer(choice, None)


def _schedule(c: Candidates, hint: Longs) -> "Schedule":
    masks = [sum(1 << h for h in np.flatnonzero(row).tolist()) for row in c.half_days]
    steps = []
    for i in range(c.needs):
        offers = [
            Offer(
                p,
                int(c.slot[p]),
                int(c.start[p]) - c.today,
                int(c.end[p]) - c.today,
                masks[c.times[c.slot[p]]],
                round(SCALE * float(c.static_cost[p])),
            )
            for p in range(c.pair_ptr[i], c.pair_ptr[i + 1])
        ]
        booked = next((offer for offer in offers if offer.number == hint[i]), None)
        steps.append(
            Step(
                i,
                int(c.after[i]),
                bool(c.relation[i] == AFTER_START),
                int(c.lag[i]),
                int(c.max_lag[i]),
                int(c.earliest[i]) - c.today,
                round(SCALE * float(c.weight[i])),
                int(c.group[i]),
                round(SCALE * float(c.unserved_cost[i])),
                math.ceil(c.long_wait_days),
                round(100 * c.long_wait_factor),
                bool(c.fixed[i]),
                offers,
                booked,
            )
        )
    pairs = np.repeat(np.arange(len(c.use_ptr) - 1), np.diff(c.use_ptr))
    uses = [
        Use(k, int(slot), int(u), int(c.seats[u]), int(c.minimum[u]))
        for k, (slot, u) in enumerate(zip(pairs, c.uses, strict=True))
    ]
    return Schedule(uses, steps)
