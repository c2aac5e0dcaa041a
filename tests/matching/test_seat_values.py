"""What one more seat is worth is what happens when it is added."""

import dataclasses
import random

import numpy as np
import pytest

import matching
from matching.bound import Pricer
from matching.candidates import candidates
from matching.columns import Generator
from matching.seat_values import seat_values
from tests.matching.builders import a_capacity, a_need, a_problem, a_slot, random_tiny_problem


def waiting_for_one_course(people, slots, *capacities):
    needs = [a_need(f"n{k}", f"p{k}") for k in range(people)]
    return a_problem(needs, slots, (), capacities)


def values(problem, **settings):
    found = seat_values(problem, **settings)
    return dict(zip(problem.capacities.ids, found.worth.tolist(), strict=True)), found


def true_saving(problem, capacity):
    """Cost of the best plan before and after one seat is added, both solved to the end."""
    seats = problem.capacities.seats.copy()
    seats[problem.capacities.ids.index(capacity)] += 1
    larger = dataclasses.replace(problem, capacities=problem.capacities._replace(seats=seats))
    options = matching.SolveOptions(time_limit_seconds=20, gap=0.0)
    return matching.solve(problem, options).cost - matching.solve(larger, options).cost


def test_a_seat_in_the_early_course_is_worth_the_days_until_the_late_one():
    problem = waiting_for_one_course(
        3, [a_slot("early", start=7), a_slot("late", start=27)], a_capacity("c-late", seats=5)
    )
    worth, found = values(problem)
    assert worth == pytest.approx({"c-early": 20, "c-late": 0})
    assert true_saving(problem, "c-early") == pytest.approx(20)
    assert found.measured.all()


def test_a_second_module_that_is_full_makes_a_seat_in_the_first_worthless():
    both = a_slot("both", start=7, uses="first;second")
    problem = waiting_for_one_course(
        3,
        [both, a_slot("late", start=27)],
        a_capacity("first"),
        a_capacity("second"),
        a_capacity("c-late", 5),
    )
    worth, found = values(problem)
    assert worth == pytest.approx({"first": 0, "second": 0, "c-late": 0})
    assert found.multiplier.sum() == pytest.approx(20), "the bound needs the price somewhere"
    assert true_saving(problem, "first") == pytest.approx(0)


def test_the_tighter_of_two_modules_is_the_one_that_a_seat_helps():
    both = a_slot("both", start=7, uses="first;second")
    capacities = [a_capacity("first", 2), a_capacity("second", 1), a_capacity("c-late", 5)]
    problem = waiting_for_one_course(3, [both, a_slot("late", start=27)], *capacities)
    worth, _ = values(problem)
    assert worth == pytest.approx({"first": 0, "second": 20, "c-late": 0})
    assert true_saving(problem, "second") == pytest.approx(20)


def test_two_full_modules_without_a_seat_are_not_helped_by_one():
    both = a_slot("both", start=7, uses="first;second")
    capacities = [a_capacity("first", 0), a_capacity("second", 0), a_capacity("c-late", 5)]
    worth, _ = values(waiting_for_one_course(3, [both, a_slot("late", start=27)], *capacities))
    assert worth == pytest.approx({"first": 0, "second": 0, "c-late": 0})


def test_what_a_generator_knows_already_is_taken_over():
    rng = random.Random(3)
    for _ in range(5):
        problem = matching.problem_from_tables(random_tiny_problem(rng))
        known = Generator(Pricer(candidates(problem)), lambda: False)
        known.converge(-np.inf, lambda: 60.0)
        assert values(problem, known=known)[0] == pytest.approx(values(problem)[0], abs=1e-3)


def test_no_seat_is_worth_more_than_its_multiplier_proves():
    rng = random.Random(4)
    for _ in range(20):
        worth, found = values(matching.problem_from_tables(random_tiny_problem(rng)))
        assert found.measured.all()
        assert (found.worth >= 0).all()
        assert max(worth.values()) <= found.multiplier.max(initial=0.0) + 1e-9


def test_the_first_seat_of_a_full_course_has_a_worth_too():
    problem = waiting_for_one_course(
        2,
        [a_slot("early", start=7), a_slot("late", start=27)],
        a_capacity("c-early", 0),
        a_capacity("c-late", 5),
    )
    worth, _ = values(problem)
    assert worth["c-early"] == pytest.approx(20)
    assert true_saving(problem, "c-early") == pytest.approx(20)


def test_a_seat_in_a_group_that_cannot_open_is_worth_nothing():
    problem = waiting_for_one_course(
        2,
        [a_slot("early", start=7), a_slot("late", start=27)],
        a_capacity("c-early", 4, minimum=4),
        a_capacity("c-late", 5),
    )
    worth, _ = values(problem)
    assert worth["c-early"] == pytest.approx(0)


def test_what_was_not_measured_in_time_keeps_the_multiplier():
    problem = waiting_for_one_course(
        3, [a_slot("early", start=7), a_slot("late", start=27)], a_capacity("c-late", 5)
    )
    asked = []

    def seconds():
        asked.append(1)
        return 10.0 if len(asked) < 4 else 0.0

    worth, found = values(problem, seconds=seconds)
    assert not found.measured.all()
    assert all(worth[u] == m for u, m in zip(problem.capacities.ids, found.multiplier, strict=True))


def a_result_with_savings(problem, seconds=20.0):
    result = matching.solve(problem, matching.SolveOptions(time_limit_seconds=20, gap=0.0))
    return matching.with_savings(problem, result, seconds)


def test_a_result_tells_what_one_more_seat_saves_beside_the_multipliers():
    both = a_slot("both", start=7, uses="first;second")
    problem = waiting_for_one_course(
        3,
        [both, a_slot("late", start=27)],
        a_capacity("first"),
        a_capacity("second"),
        a_capacity("c-late", 5),
    )
    result = a_result_with_savings(problem)
    assert result.savings == pytest.approx({"first": 0, "second": 0, "c-late": 0})
    assert sum(result.seat_prices.values()) == pytest.approx(20, abs=0.5)


def test_a_seat_that_the_plan_leaves_free_saves_nothing():
    problem = waiting_for_one_course(
        3, [a_slot("early", start=7), a_slot("late", start=27)], a_capacity("c-late", 5)
    )
    result = matching.solve(problem, matching.SolveOptions(time_limit_seconds=20, gap=0.0))
    nobody = dataclasses.replace(result, plan=dict.fromkeys(result.plan))
    assert matching.with_savings(problem, result, 20.0).savings["c-early"] == pytest.approx(20)
    assert matching.with_savings(problem, nobody, 20.0).savings["c-early"] == 0


def test_without_time_nothing_is_said_to_be_measured():
    problem = waiting_for_one_course(2, [a_slot("early"), a_slot("late", start=27)])
    assert a_result_with_savings(problem, seconds=0.0).savings == {}
    assert a_result_with_savings(problem, seconds=1e-9).savings == {}


def test_measuring_twice_gives_the_same():
    problem = waiting_for_one_course(
        3, [a_slot("early", start=7), a_slot("late", start=27)], a_capacity("c-late", 5)
    )
    assert values(problem)[0] == values(problem)[0]
