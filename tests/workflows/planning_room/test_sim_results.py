"""What a simulated run comes to, the best plan in hindsight, and the tables."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from types import SimpleNamespace

import numpy as np

from tests.matching.builders import TODAY, a_capacity, a_need, a_slot
from tests.workflows.planning_room.sim_builders import SURE, TASK, a_chain, a_queue, a_world, an_outcome
from workflows.planning_room.fit import Fit
from workflows.planning_room.sim_outcome import (
    HINDSIGHT,
    Task,
    carry_out,
    hindsight_tables,
    outcome_of,
    without_offer,
)
from workflows.planning_room.sim_policies import FIRST_COME, POLICIES, WEEKLY_PLAN
from workflows.planning_room.sim_world import PAUSE_DAYS, read_problem
from workflows.planning_room.simulate import interval, simulate, simulation_report
from workflows.planning_room.tables import table_csv, table_data


def suiting(problem, need):
    fit = Fit.of(problem, dict.fromkeys(problem.needs.ids))
    row = problem.need_row[need]
    return fit.suits(row, fit.slots_of_kind[int(problem.needs.kind[row])])["eligibility"]


def test_hindsight_knows_what_will_be_declined_and_which_starts_are_missed():
    declining = replace(a_queue(), chances=replace(SURE, decline=0.5))
    refused = [slot for slot in ("early", "late") if declining.refused("n1", slot)]
    problem = read_problem(hindsight_tables(declining))
    fits = {problem.slots.ids[row] for row in np.flatnonzero(suiting(problem, "n1"))}
    assert fits == {"early", "late"} - set(refused) and refused, "the draw of this seed"
    missing = replace(a_chain(), chances=replace(SURE, no_show=0.5))
    needs = {row["need"]: row for row in hindsight_tables(missing)["needs"]}
    for name, row in needs.items():
        missed = 0
        while missing.missed(name, missed):
            missed += 1
        later = timedelta(days=PAUSE_DAYS * missed)
        assert date.fromisoformat(row["earliest"]) == TODAY + later
    assert int(needs["n2"]["lag_days"]) % PAUSE_DAYS == 0


def test_a_process_that_was_paused_gives_the_same_plan_in_hindsight(monkeypatch):
    task = Task("wetzlar", 12, 8, 1, HINDSIGHT)
    usual = carry_out(task)
    clock = SimpleNamespace(monotonic=count(0, 60).__next__)
    monkeypatch.setattr("matching.course.time", clock)
    monkeypatch.setattr("matching.annealing.time", clock)
    assert carry_out(task) == usual


def test_runs_that_are_known_are_not_made_again():
    names = (HINDSIGHT, *POLICIES)
    known = [replace(an_outcome(name, 1, 20), task=Task("wetzlar", 1, 1, 1, name)) for name in names]
    made = []
    found = simulate("wetzlar", 1, 1, 1, known=known[1:], kept=made.append)
    assert [one.task.policy for one in made] == [HINDSIGHT]
    assert found == [made[0], *known[1:]]


def test_waits_and_cost_are_counted_from_the_day_a_step_could_begin():
    world = a_chain()
    found = outcome_of(TASK, world, {"n1": "course", "n2": "job"})
    assert dict(found.waits) == {"n1": 10, "n2": 10}
    assert (found.cost, found.completed, found.unserved) == (20.0, 1, 0)
    without = outcome_of(TASK, world, {"n1": "course"})
    assert dict(without.waits) == {"n1": 10, "n2": 270}, "a step without a slot waits to the horizon"
    assert (without.completed, without.unserved) == (0, 1)
    nothing = outcome_of(TASK, world, {})
    assert dict(nothing.waits) == {"n1": 300, "n2": 300}, "also where the step before it has none"


def test_a_step_that_nothing_fits_is_no_wait_but_a_gap():
    needs = [a_need("n1", "p1"), a_need("n2", "p1", kind="job", after="n1"), a_need("n3", "p2")]
    world = a_world([*needs, a_need("n4", "p2", after="n3", features="childcare")], [a_slot("s", 10)], [])
    world = replace(world, capacities={"c-s": a_capacity("c-s", 2)})
    assert without_offer(world) == {"n2", "n4"}
    found = outcome_of(TASK, world, {"n1": "s", "n3": "s"})
    assert dict(found.waits) == {"n1": 10, "n3": 10}
    assert (found.without_offer, found.unserved, found.completed) == (2, 0, 0)


def test_a_task_gives_the_same_outcome_twice():
    task = Task("wetzlar", 6, 2, 3, FIRST_COME)
    assert carry_out(task) == carry_out(task)


def test_the_table_has_the_columns_that_programs_read():
    runs = [an_outcome(HINDSIGHT, 1, 10, cost=90.0)]
    runs += [an_outcome(name, 1, 20, 40) for name in (FIRST_COME, WEEKLY_PLAN)]
    tables = {table.key: table for table in simulation_report("probe", 1, runs).tables}
    header, first, *_ = table_csv(tables["simulation"]).splitlines()
    assert header == (
        "policy,seed,mean_wait_days,median_wait_days,p90_wait_days,within_six_weeks,completed_chains,hindsight_share"
    )
    assert first == "first-come,1,30.0,30.0,40,1.0,5,0.9"


def test_a_yardstick_worse_than_a_policy_is_seen():
    """Its search has failed then; a share cut off at 1 would hide that."""
    runs = [an_outcome(HINDSIGHT, 1, 20, cost=120.0), an_outcome(FIRST_COME, 1, 20)]
    tables = {table.key: table for table in simulation_report("probe", 1, runs).tables}
    assert table_data(tables["simulation"])[0]["hindsight_share"] == 1.2
    assert table_data(tables["simulation-summary"])[0]["hindsight_share"] == 1.2


def test_policies_are_compared_run_by_run():
    runs = []
    for seed, (slow, quick) in enumerate([(20, 10), (40, 20)], 1):
        runs += [an_outcome(HINDSIGHT, seed, quick), an_outcome(FIRST_COME, seed, slow)]
        runs.append(an_outcome(WEEKLY_PLAN, seed, quick))
    tables = {table.key: table for table in simulation_report("probe", 1, runs).tables}
    plan = {row["policy"]: row for row in table_data(tables["simulation-summary"])}[WEEKLY_PLAN]
    assert (plan["less_wait"], plan["less_from"], plan["less_to"]) == (0.5, 0.5, 0.5)
    profile = {row["policy"]: row for row in table_data(tables["simulation-profiles"])}[WEEKLY_PLAN]
    assert profile["longer_than_first_come"] == -0.5
    assert profile["longer_from"] < -0.5 < profile["longer_to"], "two runs that differ"


def test_an_interval_narrows_with_the_number_of_runs():
    assert interval([4.0]) == (4.0, 4.0, 4.0)
    few, many = interval([1.0, 3.0]), interval([1.0, 3.0] * 8)
    assert few[0] == many[0] == 2.0
    assert few[2] - few[1] > many[2] - many[1] > 0
