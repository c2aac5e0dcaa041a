"""The simulated region: groups open or not, people come or not, policies book as they say; solved by hand."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from network.partner_files import find_region, read_region
from tests.matching.builders import TODAY, a_capacity, a_need, a_person, a_slot, parameters
from workflows.planning_room.fit import Fit
from workflows.planning_room.sim_outcome import (
    HINDSIGHT,
    Outcome,
    Task,
    carry_out,
    hindsight_tables,
    outcome_of,
    without_offer,
)
from workflows.planning_room.sim_policies import (
    EARLIEST_SLOT,
    FIRST_COME,
    POLICIES,
    PROJECTION,
    WEEKLY_PLAN,
    policy_of,
)
from workflows.planning_room.sim_run import Desk, run_policy
from workflows.planning_room.sim_slots import bring_forward
from workflows.planning_room.sim_world import (
    PAUSE_DAYS,
    Chances,
    World,
    make_world,
    read_problem,
)
from workflows.planning_room.simulate import interval, simulate, simulation_report
from workflows.planning_room.tables import table_csv, table_data

SURE = Chances(0.0, 0.0, 0.0, 0.0)
TASK = Task("probe", 1, 1, 1, "p")


def a_world(needs, slots, capacities, arrives=None, chances=SURE, end=300):
    people = sorted({need["person"] for need in needs})
    return World(
        seed=1,
        today=TODAY,
        end=TODAY + timedelta(days=end),
        arrives={p: TODAY + timedelta(days=(arrives or {}).get(p, 0)) for p in people},
        counted=frozenset(people),
        profile_of=dict.fromkeys(people, "parent"),
        people={p: a_person(p) for p in people},
        needs={need["need"]: need for need in needs},
        problem={**parameters(), "horizon_end": (TODAY + timedelta(days=end)).isoformat()},
        slots={slot["slot"]: slot for slot in slots},
        capacities={row["capacity"]: row for row in capacities},
        chances=chances,
    )


def a_queue(**more):
    """Two people, one early and one late seat; the second arrives a week later."""
    needs = [a_need("n1", "p1"), a_need("n2", "p2", earliest=7)]
    slots = [a_slot("early", 30), a_slot("late", 60)]
    capacities = [a_capacity("c-early", 1), a_capacity("c-late", 1)]
    return a_world(needs, slots, capacities, {"p2": 7}, **more)


@pytest.mark.parametrize("policy", [FIRST_COME, EARLIEST_SLOT, WEEKLY_PLAN])
def test_everybody_gets_a_seat_where_there_are_enough(policy):
    course = run_policy(a_queue(), policy_of(policy))
    assert sorted(course.bookings.values()) == ["early", "late"]
    assert course.cancelled_groups == 0


def test_who_comes_first_takes_the_earliest_seat():
    assert run_policy(a_queue(), policy_of(FIRST_COME)).bookings == {"n1": "early", "n2": "late"}


def a_chain():
    needs = [a_need("n1", "p"), a_need("n2", "p", kind="job", after="n1")]
    slots = [a_slot("course", 10, days=20), a_slot("job", 40, kind="job")]
    return a_world(needs, slots, [a_capacity("c-course", 1), a_capacity("c-job", 1)])


def test_first_come_books_the_whole_chain_and_earliest_slot_each_step_when_it_can_begin():
    for policy, after_a_day in ((FIRST_COME, {"n1", "n2"}), (EARLIEST_SLOT, {"n1"})):
        desk = Desk(a_chain(), TODAY)
        policy_of(policy)(desk)
        assert desk.bookings.keys() == after_a_day
        assert run_policy(a_chain(), policy_of(policy)).bookings.keys() == {"n1", "n2"}


def test_a_plan_is_booked_when_its_start_is_near():
    desk = Desk(a_queue(), TODAY)
    policy = policy_of(WEEKLY_PLAN)
    policy(desk)
    assert (desk.proposals, desk.bookings) == ({"n1": "early"}, {})
    desk.on += timedelta(days=21)
    policy(desk)
    assert desk.bookings == {"n1": "early"}


def test_a_step_is_booked_only_once_the_step_before_it_is():
    needs = [a_need("n1", "p"), a_need("n2", "p", kind="job", after="n1")]
    slots = [a_slot("course", 3, days=2), a_slot("job", 10, kind="job")]
    world = a_world(needs, slots, [a_capacity("c-course", 1), a_capacity("c-job", 1)])
    refusing = replace(world, chances=replace(SURE, refuse=0.5))
    seeds = [n for n in range(50) if replace(refusing, seed=n).refused("n1", "course")]
    for seed in seeds:
        desk = Desk(
            replace(refusing, seed=seed), TODAY, proposals={"n1": "course", "n2": "job"}, changed=False
        )
        policy_of(WEEKLY_PLAN)(desk)
        assert desk.bookings == {}
    assert seeds


def test_a_plan_opens_a_group_that_several_would_have_to_join_together():
    needs = [a_need(f"n{k}", f"p{k}") for k in range(3)]
    slots = [a_slot("group", 20), *(a_slot(f"late{k}", 90) for k in range(3))]
    capacities = [a_capacity("c-group", 3, 3), *(a_capacity(f"c-late{k}", 1) for k in range(3))]
    desk = Desk(a_world(needs, slots, capacities), TODAY, proposals={f"n{k}": f"late{k}" for k in range(3)})
    policy_of(WEEKLY_PLAN)(desk)
    assert set(desk.proposals.values()) == {"group"}


def a_test_before_a_course(course_start=60, **more):
    needs = [a_need("test", "p", kind="placement-test"), a_need("course", "p", after="test", **more)]
    slots = [a_slot(f"t{day}", day, kind="placement-test") for day in (7, 14, 50)]
    held = [a_capacity("c-t7", 0), a_capacity("c-t14", 1), a_capacity("c-t50", 1), a_capacity("c-s", 1)]
    return a_world(needs, [*slots, a_slot("s", course_start)], held)


def brought_forward(world, plan):
    problem = read_problem(world.tables(world.today, set(world.people), {}, set()))
    return bring_forward(problem, plan, world.arrives, world.today)


def test_a_step_that_was_put_off_takes_the_earliest_free_seat_and_the_next_step_stays():
    plan = {"test": "t50", "course": "s"}
    assert brought_forward(a_test_before_a_course(), plan) == {"test": "t14", "course": "s"}


def test_a_step_stays_where_the_next_one_would_begin_too_late_after_it():
    plan = {"test": "t50", "course": "s"}
    assert brought_forward(a_test_before_a_course(max_lag_days="20"), plan) == plan


def test_nobody_is_moved_out_of_a_group_that_needs_its_participants():
    slots = [a_slot("free", 10), a_slot("group", 20)]
    world = a_world([a_need("n", "p")], slots, [a_capacity("c-free", 1), a_capacity("c-group", 3, 2)])
    assert brought_forward(world, {"n": "group"}) == {"n": "group"}


def test_who_is_not_needed_in_a_group_moves_up_into_one_that_runs():
    needs = [a_need(f"n{k}", f"p{k}") for k in range(5)]
    held = [a_capacity("c-soon", 9, 2), a_capacity("c-late", 9, 2)]
    world = a_world(needs, [a_slot("soon", 10), a_slot("late", 20)], held)
    plan = {"n0": "soon", "n1": "soon", "n2": "late", "n3": "late", "n4": "late"}
    moved = brought_forward(world, plan)
    assert sorted(moved.values()) == ["late", "late", "soon", "soon", "soon"], "two stay with each other"


def test_a_group_below_its_minimum_is_closed_and_its_people_wait_again():
    slots = [a_slot("group", 3, uses="m1;m2"), a_slot("join", 40, uses="m2")]
    world = a_world([a_need("n", "p")], slots, [a_capacity("m1", 9, 2), a_capacity("m2", 9, 2)])
    desk = Desk(world, TODAY)
    assert desk.book("n", "group")
    desk.pass_week()
    assert desk.bookings == {}
    assert desk.cancelled_groups == 1
    assert desk.open_needs() == ["n"]
    assert desk.closed == {"m1"}, "others may join at the second module, which has a way in of its own"
    desk.on = TODAY + timedelta(days=35)
    assert desk.book("n", "join")
    desk.pass_week()
    assert (desk.bookings, desk.closed) == ({}, {"m1", "m2"})


def test_a_group_that_has_begun_goes_on_with_fewer_and_takes_others_in():
    slots = [a_slot("group", 3, uses="m1;m2"), a_slot("join", 40, uses="m2")]
    held = [a_capacity("m1", 9, 2), a_capacity("m2", 9, 2)]
    world = a_world([a_need(f"n{k}", f"p{k}") for k in range(3)], slots, held)
    desk = Desk(world, TODAY)
    assert desk.book("n0", "group") and desk.book("n1", "group")
    desk.pass_week()
    assert desk.running == {"m1", "m2"}
    del desk.bookings["n0"], desk.bookings["n1"]
    assert desk.ready_to_open(["join"]) == {"join"}
    assert [row["min_participants"] for row in desk.tables()["capacities"]] == ["0"]
    desk.on = TODAY + timedelta(days=35)
    assert desk.book("n2", "join")
    desk.pass_week()
    assert (desk.bookings, desk.cancelled_groups) == ({"n2": "join"}, 0)


def test_a_group_needs_the_fewer_participants_the_later_it_begins():
    for day, least in ((7, 13), (28, 13), (35, 13), (28 + 13 * 7, 7), (400, 1)):
        world = a_world([a_need("n", "p")], [a_slot("s", day)], [a_capacity("c-s", 20, 13)], end=500)
        (row,) = Desk(world, TODAY).tables()["capacities"]
        assert row["min_participants"] == str(least), day


def test_who_does_not_come_loses_the_seat_and_all_that_follows_it():
    world = replace(a_chain(), chances=replace(SURE, no_show=1.0))
    desk = Desk(world, TODAY + timedelta(days=7))
    desk.book("n1", "course")
    desk.book("n2", "job")
    desk.pass_week()
    assert desk.bookings == {}
    assert desk.earliest["n1"] == TODAY + timedelta(days=24)


def test_who_goes_no_further_needs_no_later_step():
    world = replace(a_chain(), chances=replace(SURE, drop_out=1.0))
    course = run_policy(world, policy_of(FIRST_COME))
    assert course.bookings == {"n1": "course"}
    assert course.gone == {"n2"}


def test_a_slot_that_was_declined_is_not_offered_again():
    world = replace(a_queue(), chances=replace(SURE, decline=1.0))
    desk = Desk(world, TODAY)
    policy_of(FIRST_COME)(desk)
    assert desk.bookings == {}
    assert desk.refused == {("p1", "early"), ("p1", "late")}
    policy_of(FIRST_COME)(desk)


def test_a_proposal_is_declined_at_once_and_a_referral_refused_at_the_booking():
    declining = Desk(replace(a_queue(), chances=replace(SURE, decline=1.0)), TODAY)
    declining.announce({"n1": "early"})
    assert (declining.proposals, declining.changed) == ({}, True)
    refusing = Desk(replace(a_queue(), chances=replace(SURE, refuse=1.0)), TODAY)
    refusing.announce({"n1": "early"})
    assert refusing.proposals == {"n1": "early"}
    assert not refusing.book("n1", "early")


def test_who_is_too_late_for_the_next_step_is_tested_again():
    needs = [a_need("n1", "p"), a_need("n2", "p", kind="job", after="n1", max_lag_days="10")]
    slots = [a_slot("course", 0, days=7), a_slot("job", 60, kind="job")]
    world = a_world(needs, slots, [a_capacity("c-course", 1), a_capacity("c-job", 1)])
    assert run_policy(world, policy_of(FIRST_COME)).bookings == {"n1": "course", "n2": "job"}
    desk = Desk(world, TODAY + timedelta(days=21), bookings={"n1": "course"})
    (row,) = (row for row in desk.tables()["needs"] if row["need"] == "n2")
    assert row["max_lag_days"] == ""
    assert date.fromisoformat(row["earliest"]) == TODAY + timedelta(days=7 + 10 + PAUSE_DAYS)


def test_a_plan_books_nobody_into_a_group_that_cannot_open():
    slots, held = [a_slot("group", 3)], [a_capacity("c-group", 9, 2)]
    world = a_world([a_need("n1", "p1"), a_need("n2", "p2")], slots, held)
    desk = Desk(world, TODAY, proposals={"n1": "group"})
    assert desk.ready_to_open(["group"]) == set()
    desk.proposals["n2"] = "group"
    assert desk.ready_to_open(["group"]) == {"group"}


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


def suiting(problem, need):
    fit = Fit.of(problem, dict.fromkeys(problem.needs.ids))
    row = problem.need_row[need]
    return fit.suits(row, fit.slots_of_kind[int(problem.needs.kind[row])])["eligibility"]


def a_region():
    return read_region(find_region("musterkreis"))


def test_people_come_before_and_after_the_weeks_that_are_measured_and_do_not_count():
    world = make_world(a_region(), 20, 8, 1)
    first = world.today + timedelta(weeks=4)
    weeks = [(day - first).days // 7 for day in world.arrives.values()]
    assert 20 <= len(world.counted) <= 21
    within = {person for person, week in zip(world.arrives, weeks, strict=True) if 0 <= week < 8}
    assert within == world.counted
    assert -4 <= min(weeks) < 0 and 8 <= max(weeks) < 16
    assert {row["weight"] for row in world.needs.values()} == {"1"}
    found = outcome_of(TASK, world, {})
    assert {world.needs[need]["person"] for need in found.waits} <= world.counted


def test_who_comes_on_the_same_day_is_served_by_lot():
    """Of couples the same one would always be first by the order of the files."""
    needs = [a_need("n1", "p1"), a_need("n2", "p2")]
    worlds = [replace(a_world(needs, [a_slot("s", 9)], [a_capacity("c-s", 1)]), seed=n) for n in range(20)]
    served = {next(iter(run_policy(world, policy_of(FIRST_COME)).bookings)) for world in worlds}
    assert served == {"n1", "n2"}


def test_who_has_nothing_open_is_left_out_and_keeps_the_seats():
    needs = [a_need("n1", "p1"), a_need("n2", "p2")]
    world = a_world(needs, [a_slot("group", 30)], [a_capacity("c-group", 5, 3)])
    desk = Desk(world, TODAY, bookings={"n1": "group"})
    tables = desk.tables()
    assert [row["need"] for row in tables["needs"]] == ["n2"]
    assert [(row["seats"], row["min_participants"]) for row in tables["capacities"]] == [("4", "2")]
    couple = replace(world, needs={name: {**row, "exclusive": "h"} for name, row in world.needs.items()})
    assert len(Desk(couple, TODAY, bookings={"n1": "group"}).tables()["needs"]) == 2, "they share the care"


def test_a_projection_keeps_a_seat_for_who_is_expected_and_can_take_no_other():
    """The first could take either date, the second, who is expected, only the early one."""
    needs = [a_need("n1", "p1"), a_need("n2", "p2", earliest=20)]
    slots = [a_slot("early", 24), a_slot("late", 27)]
    world = a_world(needs, slots, [a_capacity("c-early", 1), a_capacity("c-late", 1)], {"p2": 20})
    world = replace(world, slots={**world.slots, "late": {**world.slots["late"], "requires": "p1"}})
    world.people["p1"]["tags"] = "p1"
    assert run_policy(world, policy_of(PROJECTION, world)).bookings == {"n1": "late", "n2": "early"}
    assert run_policy(world, policy_of(WEEKLY_PLAN)).bookings == {"n1": "early"}


def test_runs_that_are_known_are_not_made_again():
    names = (HINDSIGHT, *POLICIES)
    known = [replace(an_outcome(name, 1, 20), task=Task("wetzlar", 1, 1, 1, name)) for name in names]
    made = []
    found = simulate("wetzlar", 1, 1, 1, known=known[1:], kept=made.append)
    assert [one.task.policy for one in made] == [HINDSIGHT]
    assert found == [made[0], *known[1:]]


def test_the_same_things_happen_under_every_policy():
    world = replace(a_queue(), chances=Chances(0.5, 0.0, 0.5, 0.5))
    said = [(world.refused("n1", "early"), world.missed("n1", 0), world.ends_after("n1")) for _ in range(3)]
    assert len(set(said)) == 1


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


def an_outcome(policy, seed, *waits, cost=100.0):
    profile = {"parent": (6, float(sum(waits)) / len(waits))}
    days = {f"n{k}": wait for k, wait in enumerate(waits)}
    return Outcome(replace(TASK, policy=policy, seed=seed), cost, days, profile, 5, 1)


def test_the_table_has_the_columns_that_programs_read():
    runs = [an_outcome(HINDSIGHT, 1, 10, cost=90.0)]
    runs += [an_outcome(name, 1, 20, 40) for name in (FIRST_COME, WEEKLY_PLAN)]
    tables = {table.key: table for table in simulation_report("probe", 1, runs).tables}
    header, first, *_ = table_csv(tables["simulation"]).splitlines()
    assert header == (
        "policy,seed,mean_wait_days,median_wait_days,p90_wait_days,within_six_weeks,completed_chains,hindsight_share"
    )
    assert first == "first-come,1,30.0,30.0,40,1.0,5,0.9"


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
