"""First come, first served: today's practice, as somebody at the counter would describe it."""

import random

import pytest

import matching
from tests.matching.builders import (
    KM,
    a_capacity,
    a_need,
    a_problem,
    a_random_crowd,
    a_slot,
    random_tiny_problem,
)


def test_who_needed_it_first_gets_the_seat():
    needs = [a_need("late", "p", earliest=3), a_need("early", "q", earliest=1)]
    assert matching.first_come(a_problem(needs, [a_slot("s")])) == {"early": "s", "late": None}


def test_everyone_takes_the_earliest_slot_from_the_ready_day_on():
    slots = [a_slot("past", -1, uses="c"), a_slot("soon", 4), a_slot("next", 6), a_slot("later", 9)]
    assert matching.first_come(a_problem([a_need("n", earliest=5)], slots)) == {"n": "next"}


def test_of_two_slots_on_one_day_the_nearer_is_taken():
    slots = [a_slot("a-far", 4, lat=f"{50 + 4 * KM:.5f}"), a_slot("b-near", 4, lat=f"{50 + KM:.5f}")]
    assert matching.first_come(a_problem([a_need("n")], slots, km_factor=0.2)) == {"n": "b-near"}


def test_a_chain_is_booked_step_by_step():
    needs = [
        a_need("test", kind="t"),
        a_need("course", after="test", lag_days="3", max_lag_days="20"),
        a_need("job", after="course", kind="job"),
        a_need("coaching", after="lost", kind="job"),
        a_need("lost", kind="nowhere"),
    ]
    slots = [
        a_slot("t", 2, days=1, kind="t"),
        a_slot("soon", 5),
        a_slot("good", 6),
        a_slot("j", 13, kind="job"),
    ]
    assert matching.first_come(a_problem(needs, slots)) == {
        "test": "t",
        "course": "good",
        "job": "j",
        "coaching": None,
        "lost": None,
    }


def test_the_earliest_first_step_may_spoil_the_second_which_is_why_it_is_not_the_best():
    needs = [a_need("test", kind="t"), a_need("course", after="test", max_lag_days="5")]
    slots = [a_slot("t1", 1, days=1, kind="t"), a_slot("t2", 9, days=1, kind="t"), a_slot("s", 12)]
    problem = a_problem(needs, slots)
    plan = matching.first_come(problem)
    assert plan == {"test": "t1", "course": None}
    assert matching.solve(problem).plan == {"test": "t2", "course": "s"}


def test_bookings_that_stand_stay_even_where_others_came_earlier():
    needs = [a_need("n", "p", earliest=-90), a_need("m", "q", fixed_slot="s")]
    assert matching.first_come(a_problem(needs, [a_slot("s")])) == {"n": None, "m": "s"}


def test_a_group_that_stays_short_is_cancelled_and_its_people_book_again():
    needs = [a_need("n", "p"), a_need("m", "q"), a_need("then", "p", after="n", kind="job")]
    slots = [a_slot("short", 2, uses="c"), a_slot("open", 20), a_slot("j", 9, kind="job")]
    slots += [a_slot("j2", 30, kind="job")]
    problem = a_problem(needs, slots, [], [a_capacity("c", 9, minimum=3), a_capacity("c-open", 1)])
    assert matching.first_come(problem) == {"m": "open", "n": None, "then": None}


def test_parents_who_share_childcare_do_not_leave_at_the_same_time():
    needs = [a_need("n", "p", exclusive="h"), a_need("m", "q", exclusive="h")]
    slots = [a_slot("s", 4, times="mo-am", uses="c"), a_slot("t", 8, times="tu-am;mo-am"), a_slot("u", 50)]
    plan = matching.first_come(a_problem(needs, slots, [], [a_capacity("c", 9)]))
    assert sorted(plan.values()) == ["s", "u"]


@pytest.mark.parametrize("hundred", range(5))
def test_it_breaks_no_rule(hundred):
    for seed in range(100 * hundred, 100 * hundred + 100):
        problem = matching.problem_from_tables(random_tiny_problem(random.Random(seed)))
        assert not matching.check(problem, matching.first_come(problem)).violations, seed


@pytest.mark.parametrize("seed", range(10, 20))
def test_it_breaks_no_rule_for_a_crowd(seed):
    problem = matching.problem_from_tables(a_random_crowd(seed))
    assert not matching.check(problem, matching.first_come(problem)).violations
