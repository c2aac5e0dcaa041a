"""Planungsläufe der Vorführung: released to counsellors, who accept, decline, or wait."""

from __future__ import annotations

from functools import partial

from plans.roles import Role
from store import tables as t
from workflows.demo.lives import World
from workflows.planning_runs.engine import RunSettings
from workflows.planning_runs.proposals import list_proposals
from workflows.planning_runs.run import run_planning
from workflows.planning_runs.runs import fail_run, release_proposals, start_run

STEPS = 2_000
"""Work of the engine for one run: a few seconds, and the same plan for the same people."""

DECIDED_BEFORE_DAYS = (84, 28)
"""So many days before the end a plan is released and decided on."""

STOPPED_BEFORE_DAYS, KEPT_BEFORE_DAYS, LAST_BEFORE_DAYS = 56, 14, 0


class Planning:
    """Planen: lets the planner of the region plan now and then, and the counsellors decide.

    Parameters
    ----------
    world : World
        Whose region.
    """

    def __init__(self, world: World) -> None:
        self.world, self.simulation = world, world.simulation

    def plan(self) -> None:
        """Put every run on the agenda; one is stopped, one is kept to the planners, the last is undecided."""
        for days in DECIDED_BEFORE_DAYS:
            self.simulation.before_end(days, partial(self._run, released=True, decided=True))
        self.simulation.before_end(STOPPED_BEFORE_DAYS, self._stop)
        self.simulation.before_end(KEPT_BEFORE_DAYS, partial(self._run, released=False))
        self.simulation.before_end(LAST_BEFORE_DAYS, partial(self._run, released=True))

    def _run(self, *, released: bool, decided: bool = False) -> None:
        desk, region_id = self.world.staff.of_role(Role.PLANNER), self.simulation.region_id
        if not self.simulation.rows(t.analysis):
            return  # nobody is there whose steps could be planned
        done = run_planning(desk, region_id, RunSettings(seed=self.simulation.seed, steps=STEPS))
        if released:
            release_proposals(self.world.staff.of_role(Role.COORDINATOR), done.run_id, done.version)
        if decided:
            self.simulation.after(1, self._decide)

    def _stop(self) -> None:
        """A run was begun by mistake and is ended by hand."""
        desk = self.world.staff.of_role(Role.PLANNER)
        run_id = start_run(desk, self.simulation.region_id, RunSettings(steps=STEPS))
        fail_run(desk, run_id, "stopped")

    def _decide(self) -> None:
        proposals = [one for desk in self.world.staff.counsellors for one in list_proposals(desk)]
        names = self.world.names
        seen: set[str] = set()
        for one in sorted(proposals, key=lambda one: (names[one["person_id"]], one["kind"])):
            if one["id"] not in seen and one["slot_id"] is not None:
                seen.add(one["id"])  # colleagues of one office are shown the same
                self.world.referring[one["person_id"]].decide(one)
