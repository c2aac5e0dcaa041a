"""How seats are given in the simulation: policies book as they say; solved by hand."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.matching.builders import TODAY, a_capacity, a_need, a_slot
from tests.workflows.planning_room.sim_builders import SURE, a_chain, a_queue, a_world
from workflows.planning_room.sim_policies import EARLIEST_SLOT, FIRST_COME, PROJECTION, WEEKLY_PLAN, policy_of
from workflows.planning_room.sim_run import Desk, run_policy
from workflows.planning_room.sim_slots import bring_forward
from workflows.planning_room.sim_world import read_problem


@pytest.mark.parametrize("policy", [FIRST_COME, EARLIEST_SLOT, WEEKLY_PLAN])
def test_everybody_gets_a_seat_where_there_are_enough(policy):
    course = run_policy(a_queue(), policy_of(policy))
    assert sorted(course.bookings.values()) == ["early", "late"]
    assert course.cancelled_groups == 0


def test_who_comes_first_takes_the_earliest_seat():
    assert run_policy(a_queue(), policy_of(FIRST_COME)).bookings == {"n1": "early", "n2": "late"}


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


def test_who_comes_on_the_same_day_is_served_by_lot():
    """Of couples the same one would always be first by the order of the files."""
    needs = [a_need("n1", "p1"), a_need("n2", "p2")]
    worlds = [replace(a_world(needs, [a_slot("s", 9)], [a_capacity("c-s", 1)]), seed=n) for n in range(20)]
    served = {next(iter(run_policy(world, policy_of(FIRST_COME)).bookings)) for world in worlds}
    assert served == {"n1", "n2"}


def test_a_projection_keeps_a_seat_for_who_is_expected_and_can_take_no_other():
    """The first could take either date, the second, who is expected, only the early one."""
    needs = [a_need("n1", "p1"), a_need("n2", "p2", earliest=20)]
    slots = [a_slot("early", 24), a_slot("late", 27)]
    world = a_world(needs, slots, [a_capacity("c-early", 1), a_capacity("c-late", 1)], {"p2": 20})
    world = replace(world, slots={**world.slots, "late": {**world.slots["late"], "requires": "p1"}})
    world.people["p1"]["tags"] = "p1"
    assert run_policy(world, policy_of(PROJECTION, world)).bookings == {"n1": "late", "n2": "early"}
    assert run_policy(world, policy_of(WEEKLY_PLAN)).bookings == {"n1": "early"}
