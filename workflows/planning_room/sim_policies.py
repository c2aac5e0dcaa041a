"""How seats are given in the simulation (Vergabeweisen): first come, earliest slot, plan, projection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import numpy as np

import matching
from matching.projection import with_arrivals
from matching.warm import plan_warm
from workflows.planning_room.fit import Fit
from workflows.planning_room.sim_run import Desk, Policy
from workflows.planning_room.sim_world import World, read_problem

FIRST_COME, EARLIEST_SLOT = "first-come", "earliest-slot"
WEEKLY_PLAN, PROJECTION = "weekly-plan", "weekly-plan-projection"
POLICIES = (FIRST_COME, EARLIEST_SLOT, WEEKLY_PLAN, PROJECTION)
COMMIT_DAYS = 14
"""Days before its start a planned slot is booked; until then it may be changed."""
EXPECTED_DAYS = 84
"""Days ahead for which a projection counts expected people."""
STEPS = 2_000


def policy_of(name: str, expected: World | None = None) -> Policy:
    """The policy of a name; `expected` is the world from which a projection takes the people it expects.

    Raises
    ------
    KeyError
        There is no such policy.
    """
    policies: dict[str, Policy] = {
        FIRST_COME: _Booking(whole_chain=True),
        EARLIEST_SLOT: _Booking(whole_chain=False),
        WEEKLY_PLAN: _Planning(None),
        PROJECTION: _Planning(expected),
    }
    return policies[name]


class _Booking:
    """Everybody takes the earliest slot that fits and has a seat, in the order of arrival, and keeps it.

    Parameters
    ----------
    whole_chain : bool
        Whether all later steps are booked at once, or each step only when the one before is over.
    """

    def __init__(self, whole_chain: bool) -> None:
        self.whole_chain = whole_chain

    def __call__(self, desk: Desk) -> None:
        open_needs = set(desk.open_needs())
        if not open_needs or (self.whole_chain and not desk.changed):
            return
        desk.changed = False
        problem = read_problem(desk.tables())
        fit = Fit.of(problem, {name: desk.bookings.get(name) for name in problem.needs.ids})
        arrives = desk.world.arrives
        order = sorted(
            (row for row, name in enumerate(problem.needs.ids) if name in open_needs),
            key=lambda row: (arrives[problem.people.ids[problem.needs.person[row]]], row),
        )
        seats = (problem.capacities.seats - fit.load).astype(np.int64)
        progress = True
        while progress:  # predecessors may stand behind their followers in the order
            progress = False
            for row in order:
                if fit.chosen[row] < 0 and self._take(desk, fit, seats, row):
                    progress = True

    def _take(self, desk: Desk, fit: Fit, seats: np.ndarray, row: int) -> bool:
        window, name = fit.window(row), fit.problem.needs.ids[row]
        if window is None or (not self.whole_chain and window[0] > desk.on.toordinal()):
            return False
        for slot in _free_slots(fit, seats, row, window, desk.on):
            if desk.book(name, fit.problem.slots.ids[slot]):
                fit.chosen[row] = slot
                seats[fit.problem.uses_of(slot)] -= 1
                return True
        return False


def _free_slots(
    fit: Fit, seats: np.ndarray, row: int, window: tuple[int, int | None], on: date
) -> Iterator[int]:
    """Slots that a need could take within its window, with a seat left, the earliest first."""
    slots, needs = fit.problem.slots, fit.problem.needs
    of_kind = fit.slots_of_kind[int(needs.kind[row])]
    start = slots.start[of_kind]
    good = start >= max(window[0], on.toordinal())
    if window[1] is not None:
        good &= start <= window[1]
    for holds in fit.suits(row, of_kind).values():
        good &= holds
    found = of_kind[good]
    for slot in found[np.lexsort((found, slots.start[found]))].tolist():
        if seats[fit.problem.uses_of(slot)].min() > 0 and not _overlaps(fit, row, slot):
            yield slot


def _overlaps(fit: Fit, row: int, slot: int) -> bool:
    """Whether a slot meets another booking of the same exclusive group in days and half-days."""
    needs, slots, sets = fit.problem.needs, fit.problem.slots, fit.problem.sets
    beside = np.flatnonzero((needs.group == needs.group[row]) & (fit.chosen >= 0))
    return any(
        slots.start[other] <= slots.end[slot]
        and slots.start[slot] <= slots.end[other]
        and bool(sets[slots.times[other]] & sets[slots.times[slot]])
        for other in fit.chosen[beside].tolist()
    )


class _Planning:
    """Everybody's open steps are planned together every week; what begins soon is booked.

    Parameters
    ----------
    expected : World or None
        Where people are taken from who are expected, none of them real.
    """

    def __init__(self, expected: World | None) -> None:
        self.expected = expected
        self.multipliers: Mapping[str, float] = {}

    def __call__(self, desk: Desk) -> None:
        if desk.changed:
            desk.changed = False
            self._plan(desk)
        until = (desk.on + timedelta(days=COMMIT_DAYS)).isoformat()
        for need, slot in sorted(desk.proposals.items()):
            if desk.world.slots[slot]["start"] < until and desk.may_open(slot):
                desk.book(need, slot)

    def _plan(self, desk: Desk) -> None:
        problem = read_problem(desk.tables())
        start = {name: desk.bookings.get(name) or desk.proposals.get(name) for name in problem.needs.ids}
        steps = STEPS
        if self.expected is not None:
            start, steps = self._with_expected(desk, problem, start, self.expected), 0
        found = plan_warm(problem, start, self.multipliers, steps=steps, seed=desk.world.seed, prove=False)
        self.multipliers = found.multipliers
        desk.announce({n: s for n, s in found.plan.items() if s is not None and n not in desk.bookings})

    def _with_expected(
        self, desk: Desk, problem: matching.Problem, start: matching.Plan, expected: World
    ) -> dict[str, str | None]:
        """The plan of those who are there, beside people who may come within some weeks."""
        until = desk.on + timedelta(days=EXPECTED_DAYS)
        people = {person for person, day in expected.arrives.items() if desk.on < day <= until}
        if not people:
            return dict(start)
        arrivals = read_problem(expected.tables(desk.on, people, {}, set()))
        together = plan_warm(
            with_arrivals(problem, arrivals),
            start,
            self.multipliers,
            steps=STEPS,
            seed=desk.world.seed,
            prove=False,
        )
        return {name: together.plan[name] for name in problem.needs.ids}
