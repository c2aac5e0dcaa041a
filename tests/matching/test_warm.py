"""Planning once more after a small change: one seat more, solved by hand; the same steps, the same plan."""

from dataclasses import replace

import numpy as np
import pytest

import matching
from matching.warm import plan_warm
from tests.matching.builders import a_capacity, a_need, a_person, a_problem, a_random_crowd, a_slot

STEPS = 300


@pytest.fixture(scope="module")
def queue():
    """Three people, an early and a late date with one seat each: one is not served."""
    needs = [a_need(f"n{k}", f"p{k}") for k in range(3)]
    people = [a_person(f"p{k}") for k in range(3)]
    capacities = [a_capacity("c-s1", 1), a_capacity("c-s2", 1)]
    return a_problem(needs, [a_slot("s1", 5), a_slot("s2", 15)], people, capacities)


def more_seats(problem, capacity):
    held = problem.capacities
    seats = held.seats + (np.array(held.ids) == capacity)
    return replace(problem, capacities=held._replace(seats=seats.astype(np.int32)))


def test_one_more_seat_saves_what_it_saves_by_hand(queue):
    start = {"n0": "s1", "n1": "s2", "n2": None}
    before = plan_warm(queue, start, steps=STEPS)
    after = plan_warm(more_seats(queue, "c-s1"), start, changed=["c-s1"], steps=STEPS)
    assert sorted(filter(None, after.plan.values())) == ["s1", "s1", "s2"]
    p = queue.parameters
    unserved = p.unserved_penalty + p.waiting_cost((p.horizon_end - p.today).days)
    assert before.cost == pytest.approx(5 + 15 + unserved)
    assert after.cost == pytest.approx(5 + 5 + 15)
    assert after.lower_bound == pytest.approx(after.cost)


def test_the_same_steps_and_seed_give_the_same_plan():
    problem = matching.problem_from_tables(a_random_crowd(3, households=30))
    start = matching.first_come(problem)
    first, again = (plan_warm(problem, start, steps=STEPS, seed=5) for _ in range(2))
    assert first.plan == again.plan
    assert (first.cost, first.lower_bound) == (again.cost, again.lower_bound)
    assert first.lower_bound <= first.cost <= matching.check(problem, start).cost


def test_a_plan_that_no_longer_fits_is_mended(queue):
    start = {"n0": "s1", "n1": "s1", "n2": "gone", "other": "s2"}
    found = plan_warm(queue, start, steps=STEPS)
    assert matching.check(queue, found.plan).feasible
    assert sorted(filter(None, found.plan.values())) == ["s1", "s2"]


def test_a_stopped_run_gives_the_mended_plan(queue):
    found = plan_warm(queue, {}, stop=lambda: True)
    assert matching.check(queue, found.plan).feasible
