"""What a simulated run comes to (Ergebnis eines Laufs): waits and cost, and the best plan in hindsight."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count
from typing import Any

import matching
from network.model import Region
from network.partner_files import find_region, read_region
from workflows.planning_room.fit import Fit
from workflows.planning_room.sim_policies import PROJECTION, SECONDS, policy_of
from workflows.planning_room.sim_run import run_policy
from workflows.planning_room.sim_world import PAUSE_DAYS, Row, World, make_world, read_problem

EXPECTED_SEED = 1_000_003
"""Added to the seed of a world for the world from which a projection takes the people it expects."""
HINDSIGHT = "hindsight"
HINDSIGHT_STEPS = 40_000
"""Steps of search for the best plan in hindsight."""


@dataclass(frozen=True)
class Task:
    """One run: a policy, or hindsight, in the world of a seed."""

    region: str
    people: int
    weeks: int
    seed: int
    policy: str


@dataclass(frozen=True)
class Outcome:
    """What a run has come to (Ergebnis).

    Parameters
    ----------
    cost : float
        Weighted waiting days, as ``docs/model.md`` counts them; nothing for changed proposals.
    waits : mapping of need id to int
        Days waited for each step that has not fallen away; one without a slot waits to the end of the run.
    wait_by_profile : mapping of str to (int, float)
        Persons of a profile, and their mean wait for a step, days.
    completed : int
        Persons with a slot for every step that has not fallen away.
    unserved : int
        Steps without a slot.
    without_offer : int
        Steps that nothing in the region fits, and those behind them; they are in no other figure.
    """

    task: Task
    cost: float
    waits: Mapping[str, int]
    wait_by_profile: Mapping[str, tuple[int, float]]
    completed: int
    unserved: int
    promises_changed: int = 0
    cancelled_groups: int = 0
    without_offer: int = 0


def carry_out(task: Task) -> Outcome:
    """Carry out one run; the same task gives the same outcome on every machine."""
    return carry_out_in(read_region(find_region(task.region)), task)


def carry_out_in(region: Region, task: Task, told: Callable[[date], None] = lambda day: None) -> Outcome:
    """Carry out one run in a region that was read already.

    Parameters
    ----------
    told : callable
        Given each week's first day before it passes; the best plan in hindsight has no weeks.
    """
    world = make_world(region, task.people, task.weeks, task.seed)
    if task.policy == HINDSIGHT:
        return outcome_of(task, world, _hindsight(world))
    expected = None
    if task.policy == PROJECTION:
        expected = make_world(region, task.people, task.weeks, task.seed + EXPECTED_SEED)
    course = run_policy(world, policy_of(task.policy, expected), told)
    found = outcome_of(task, world, course.bookings)
    return replace(found, promises_changed=course.promises_changed, cancelled_groups=course.cancelled_groups)


def fallen_away(world: World) -> set[str]:
    """Steps that no policy has to serve, because the person would go no further before them."""
    return {later for need in world.needs if world.ends_after(need) for later in world.followers(need)}


def without_offer(world: World) -> set[str]:
    """Steps that no slot of the whole run fits, whoever plans, and the steps behind them (ohne Angebot).

    Nobody can register for them, so they have no Wartezeit: they are a gap of the region and counted as such.
    """
    problem = read_problem(world.tables(world.today, set(world.people), {}, fallen_away(world), world.end))
    fit = Fit.of(problem, dict.fromkeys(problem.needs.ids))
    found: set[str] = set()
    for row, name in enumerate(problem.needs.ids):
        slots = fit.slots_of_kind[int(problem.needs.kind[row])]
        good = problem.slots.start[slots] >= problem.needs.earliest[row]
        for holds in fit.suits(row, slots).values():
            good &= holds
        if not good.any():
            found |= {name, *world.followers(name)}
    return found & set(problem.needs.ids)


def hindsight_tables(world: World) -> dict[str, Any]:
    """The problem of somebody who knows from the beginning who will come and what will go wrong.

    Slots that people will decline or be refused are left out for them, and a step whose start will be missed
    begins later by the pause after each missed start. That missed starts take seats and certificates age is
    left out, so nobody could do better.
    """
    left_out = fallen_away(world) | without_offer(world)
    tables = world.tables(world.today, set(world.people), {}, left_out, world.end)
    needs = [_knowing(world, row) for row in tables["needs"]]
    of_kind: dict[str, list[str]] = defaultdict(list)
    for slot in tables["slots"]:
        of_kind[slot["kind"]].append(slot["slot"])
    refused = (
        (row["person"], slot)
        for row in needs
        for slot in of_kind[row["kind"]]
        if world.refused(row["need"], slot)
    )
    return matching.with_declines({**tables, "needs": needs}, refused)


def _knowing(world: World, row: Row) -> Row:
    """A need that cannot begin before its missed starts are over."""
    missed = next(attempt for attempt in count() if not world.missed(row["need"], attempt))
    days = missed * PAUSE_DAYS
    earliest = date.fromisoformat(row["earliest"]) + timedelta(days=days)
    lag_days = int(row["lag_days"]) + days if row["after"] else 0
    return {**row, "earliest": earliest.isoformat(), "lag_days": str(lag_days), "max_lag_days": ""}


def _hindsight(world: World) -> dict[str, str]:
    """The best plan in hindsight, or nearly."""
    options = matching.SolveOptions(SECONDS, seed=world.seed, steps=HINDSIGHT_STEPS)
    plan = matching.solve(read_problem(hindsight_tables(world)), options).plan
    return {need: slot for need, slot in plan.items() if slot is not None}


def outcome_of(task: Task, world: World, bookings: Mapping[str, str]) -> Outcome:
    """Count what came out, by the same rules for every policy: cost and waits of ``docs/model.md``.

    Every step counts that has not fallen away and that anything in the region fits. One that never got a slot
    has waited to the end of the run, also where the step before it got none: else a policy would look good by
    serving few.
    """
    no_offer = without_offer(world) & set(world.counted_needs)
    tables = world.tables(world.today, set(world.counted), {}, fallen_away(world) | no_offer, world.end)
    plan = {row["need"]: bookings.get(row["need"]) for row in tables["needs"]}
    found = matching.check(read_problem(tables), plan)
    waits, lacking = dict(found.waiting_days), {world.needs[need]["person"] for need in no_offer}
    by_profile: dict[str, list[int]] = defaultdict(list)
    members: dict[str, set[str]] = defaultdict(set)
    for row in tables["needs"]:
        person, need = row["person"], row["need"]
        if plan[need] is None:
            lacking.add(person)
            waits[need] = max(0, (world.end - world.ready_on(bookings, row)).days)
        by_profile[world.profile_of[person]].append(waits[need])
        members[world.profile_of[person]].add(person)
    means = {name: (len(members[name]), statistics.fmean(days)) for name, days in by_profile.items()}
    served = len(world.counted) - len(lacking)
    return Outcome(
        *(task, found.cost, waits, means, served, len(found.unserved)), without_offer=len(no_offer)
    )
