"""The rules of the simulated region: groups open or not, people come or not."""

from dataclasses import replace
from datetime import timedelta

import matching
from network.partner_files import find_region, read_region
from tests.matching.builders import TODAY, a_capacity, a_need, a_slot
from tests.workflows.planning_room.sim_builders import SURE, TASK, a_chain, a_queue, a_world
from workflows.planning_room.fit import Fit
from workflows.planning_room.sim_outcome import outcome_of
from workflows.planning_room.sim_policies import FIRST_COME, policy_of
from workflows.planning_room.sim_run import Desk, run_policy
from workflows.planning_room.sim_slots import free_slots
from workflows.planning_room.sim_world import PAUSE_DAYS, Chances, make_world, read_problem


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
    tested_on = 7 + 10 + PAUSE_DAYS
    early, late = a_slot("early", tested_on - 1, kind="job"), a_slot("late", tested_on, kind="job")
    world = replace(world, slots={**world.slots, "early": early, "late": late})
    held = {f"c-{name}": a_capacity(f"c-{name}", 1) for name in ("early", "late")}
    world = replace(world, capacities={**world.capacities, **held})
    desk = Desk(world, TODAY + timedelta(days=21), bookings={"n1": "course"})
    policy_of(FIRST_COME)(desk)
    assert desk.bookings["n2"] == "late"


def test_the_wait_of_a_plan_goes_on_after_a_missed_start():
    """Else whoever tries again would stand behind everybody who came meanwhile."""
    slots = [a_slot("first", 2), a_slot("early", 15), a_slot("late", 16)]
    held = [a_capacity(f"c-{slot['slot']}", 1) for slot in slots]
    world = replace(a_world([a_need("n", "p")], slots, held), chances=replace(SURE, no_show=1.0))
    desk = Desk(world, TODAY)
    assert desk.book("n", "first")
    desk.pass_week()
    problem = read_problem(desk.tables())
    fit = Fit.of(problem, {"n": None})
    free = free_slots(fit, problem.capacities.seats, 0, fit.window(0), desk.on)
    assert [problem.slots.ids[slot] for slot in free] == ["late"], "two weeks later"
    checked = matching.check(problem, {"n": "late"})
    assert checked.waiting_days == {"n": 16}


def test_a_plan_books_nobody_into_a_group_that_cannot_open():
    slots, held = [a_slot("group", 3)], [a_capacity("c-group", 9, 2)]
    world = a_world([a_need("n1", "p1"), a_need("n2", "p2")], slots, held)
    desk = Desk(world, TODAY, proposals={"n1": "group"})
    assert desk.ready_to_open(["group"]) == set()
    desk.proposals["n2"] = "group"
    assert desk.ready_to_open(["group"]) == {"group"}


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


def test_who_has_nothing_open_is_left_out_and_keeps_the_seats():
    needs = [a_need("n1", "p1"), a_need("n2", "p2")]
    world = a_world(needs, [a_slot("group", 30)], [a_capacity("c-group", 5, 3)])
    desk = Desk(world, TODAY, bookings={"n1": "group"})
    tables = desk.tables()
    assert [row["need"] for row in tables["needs"]] == ["n2"]
    assert [(row["seats"], row["min_participants"]) for row in tables["capacities"]] == [("4", "2")]
    couple = replace(world, needs={name: {**row, "exclusive": "h"} for name, row in world.needs.items()})
    assert len(Desk(couple, TODAY, bookings={"n1": "group"}).tables()["needs"]) == 2, "they share the care"


def test_the_same_things_happen_under_every_policy():
    world = replace(a_queue(), chances=Chances(0.5, 0.0, 0.5, 0.5))
    said = [(world.refused("n1", "early"), world.missed("n1", 0), world.ends_after("n1")) for _ in range(3)]
    assert len(set(said)) == 1
