"""How seats are given in the simulation (Vergabeweisen): first come, earliest slot, plan, projection."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

import matching
from matching.projection import with_arrivals
from matching.warm import plan_warm
from workflows.planning_room.fit import Fit
from workflows.planning_room.sim_run import Desk, Policy
from workflows.planning_room.sim_slots import bring_forward, free_slots
from workflows.planning_room.sim_world import World, read_problem

FIRST_COME, EARLIEST_SLOT = "first-come", "earliest-slot"
WEEKLY_PLAN, PROJECTION = "weekly-plan", "weekly-plan-projection"
POLICIES = (FIRST_COME, EARLIEST_SLOT, WEEKLY_PLAN, PROJECTION)
COMMIT_DAYS = 14
"""Days before its start a planned slot is booked; until then it may be changed."""
EXPECTED_DAYS = 84
"""Days ahead for which a projection counts expected people."""
ANEW_WEEKS = 4
"""So often the plan is made anew; in the weeks between it is only adjusted to what has happened."""
STEPS, SECONDS = 800, 7 * 86_400.0
"""Steps of search for a plan. The time is none that a run could reach, also where the machine is busy or the
process paused: it would end the search early, and nobody would see that in the figures."""


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
        people, needs, queue = problem.people.ids, problem.needs, desk.world.place_in_queue
        order = sorted(
            (row for row, name in enumerate(needs.ids) if name in open_needs),
            key=lambda row: (queue(people[needs.person[row]]), row),
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
        for slot in free_slots(fit, seats, row, window, desk.on):
            if desk.book(name, fit.problem.slots.ids[slot]):
                fit.chosen[row] = slot
                seats[fit.problem.uses_of(slot)] -= 1
                return True
        return False


class _Planning:
    """Everybody's open steps are planned together every week; what begins soon is booked.

    A search from last week's plan alone never opens a group that lacks several people, and would go on 18 %
    above the best plan; so the plan is made anew every few weeks.

    Parameters
    ----------
    expected : World or None
        Where people are taken from who are expected, none of them real.
    """

    def __init__(self, expected: World | None) -> None:
        self.expected = expected
        self.proof = matching.Proof()
        self.week = 0

    def __call__(self, desk: Desk) -> None:
        if desk.changed:
            desk.changed = False
            self._plan(desk)
        self.week += 1
        until = (desk.on + timedelta(days=COMMIT_DAYS)).isoformat()
        needs, slots = desk.world.needs, desk.world.slots
        soon = {need: slot for need, slot in desk.proposals.items() if slots[slot]["start"] < until}
        ready = desk.ready_to_open(soon.values())
        for need, slot in sorted(soon.items(), key=lambda held: (slots[held[1]]["start"], held)):
            follows = needs[need]["after"]
            if slot in ready and (not follows or follows in desk.bookings) and not desk.book(need, slot):
                ready = desk.ready_to_open(soon.values())

    def _plan(self, desk: Desk) -> None:
        problem = read_problem(desk.tables())
        start = {name: desk.bookings.get(name) or desk.proposals.get(name) for name in problem.needs.ids}
        everybody = self._with_expected(desk, problem)
        plan = self._best(everybody or problem, start, desk.world.seed)
        plan = bring_forward(everybody or problem, plan, desk.world.arrives, desk.on)
        if everybody is not None:  # groups that only those who are expected would fill
            here = {name: plan[name] for name in problem.needs.ids}
            plan = plan_warm(problem, here, steps=0, seed=desk.world.seed, prove=False).plan
        desk.announce({n: s for n, s in plan.items() if s is not None and n not in desk.bookings})

    def _best(self, problem: matching.Problem, start: matching.Plan, seed: int) -> matching.Plan:
        """The plan made anew, where it is time for it, or last week's adjusted."""
        anew = self.week % ANEW_WEEKS == 0
        found = plan_warm(
            problem,
            start,
            self.proof,
            steps=STEPS,
            seed=seed,
            time_limit_seconds=SECONDS,
            prove=anew,
            groups_anew=anew,
        )
        self.proof = found.proof
        return found.plan

    def _with_expected(self, desk: Desk, problem: matching.Problem) -> matching.Problem | None:
        """Those who are there beside people who may come within some weeks; None where nobody may."""
        if self.expected is None:
            return None
        until = desk.on + timedelta(days=EXPECTED_DAYS)
        people = {person for person, day in self.expected.arrives.items() if desk.on < day <= until}
        if not people:
            return None
        return with_arrivals(problem, read_problem(self.expected.tables(desk.on, people, {}, set())))
