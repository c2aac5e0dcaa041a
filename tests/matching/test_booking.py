"""Bookings that change stay true: seats, bookings, costs and missing participants, whatever was done."""

import random
from itertools import pairwise

import numpy as np
import pytest

import matching
from matching.booking import load_values, new_state, occupy, release, solve_unit
from matching.candidates import candidates
from matching.first_come import plan_of
from matching.pricing import INFINITE, booking_cost
from tests.matching.brute_force import optimum_of
from tests.matching.builders import a_capacity, a_need, a_problem, a_random_crowd, a_slot, random_tiny_problem

NODES = 60


def rebuilt(c, choice):
    """A new state with these bookings."""
    state = new_state(c)
    for unit in range(c.units):
        release(c, state, unit)
    for unit in range(c.units):
        occupy(c, state, unit, choice)
    return state


def holders(state, u):
    first = state.holder_ptr[u]
    return sorted(state.holders[first : first + state.load[u]].tolist())


def assert_same(c, one, other):
    np.testing.assert_array_equal(one.choice, other.choice)
    np.testing.assert_array_equal(one.left, other.left)
    np.testing.assert_array_equal(one.load, other.load)
    np.testing.assert_allclose(one.unit_cost, other.unit_cost)
    np.testing.assert_allclose(one.totals, other.totals, atol=1e-6)
    for u in range(len(c.seats)):
        assert holders(one, u) == holders(other, u)


def assert_counted_by_hand(c, state):
    """Seats, bookings and missing participants follow from the choices alone."""
    load, missing = np.zeros(len(c.seats), int), 0.0
    used = [c.uses[a:b].tolist() for a, b in pairwise(c.use_ptr)]
    widest = [max([1, *(len(uses) for uses in used if u in uses)]) for u in range(len(c.seats))]
    for i, p in enumerate(state.choice.tolist()):
        if p >= 0 and not c.fixed[i]:
            load[used[c.slot[p]]] += 1
    for u, held in enumerate(load.tolist()):
        if 0 < held < c.minimum[u]:
            missing += (c.minimum[u] - held) / widest[u]
    np.testing.assert_array_equal(state.load, load)
    np.testing.assert_array_equal(state.left, c.seats - load)
    assert state.left.min(initial=0) >= 0
    assert state.totals[1] == pytest.approx(missing, abs=1e-6)
    assert state.totals[0] == pytest.approx(sum(booking_cost(c, u, state.choice) for u in range(c.units)))


@pytest.mark.parametrize("seed", range(12))
def test_after_many_changes_the_state_is_that_of_a_new_one(seed):
    rng = random.Random(seed)
    c = candidates(matching.problem_from_tables(a_random_crowd(seed, households=15)))
    state = new_state(c, np.array([rng.uniform(0, 30) for _ in c.seats]))
    assert_same(c, state, rebuilt(c, state.choice))
    for _ in range(40):
        freed = rng.sample(range(c.units), rng.randint(1, min(6, c.units)))
        for unit in freed:
            release(c, state, unit)
        push = rng.choice((0.0, 25.0, 3000.0, INFINITE))
        for unit in freed:
            load_values(c, state, unit, rng.random(), push)
            solve_unit(c, state, unit, NODES)
            occupy(c, state, unit, state.best)
        assert_counted_by_hand(c, state)
        assert_same(c, state, rebuilt(c, state.choice))


@pytest.mark.parametrize("seed", range(12))
def test_what_was_rebooked_can_be_restored(seed):
    rng = random.Random(seed)
    c = candidates(matching.problem_from_tables(a_random_crowd(seed, households=15)))
    state = new_state(c)
    for unit in range(c.units):
        release(c, state, unit)
        load_values(c, state, unit, 0.0, 0.0)
        solve_unit(c, state, unit, NODES)
        occupy(c, state, unit, state.best)
    before = rebuilt(c, state.choice)
    freed = rng.sample(range(c.units), 5)
    for unit in freed:
        release(c, state, unit)
    for unit in freed:
        load_values(c, state, unit, 1.0, 0.0)
        solve_unit(c, state, unit, NODES)
        occupy(c, state, unit, state.best)
    for unit in freed:
        release(c, state, unit)
    for unit in freed:
        occupy(c, state, unit, before.choice)
    assert_same(c, state, before)


def test_a_household_is_booked_as_well_as_trying_everything_does():
    exact = total = 0
    for seed in range(400):
        tables = random_tiny_problem(random.Random(9000 + seed))
        tables["capacities"] = [row | {"min_participants": "0"} for row in tables["capacities"]]
        problem = matching.problem_from_tables(tables)
        c = candidates(problem)
        if c.units != 1:
            continue
        state = new_state(c)
        release(c, state, 0)
        load_values(c, state, 0, 0.0, INFINITE)
        cost, bound = solve_unit(c, state, 0, 5000)
        best = optimum_of(tables).cost
        plan = plan_of(problem, c, state.best)
        assert matching.check(problem, plan).feasible, seed
        assert matching.check(problem, plan).cost == pytest.approx(cost), seed
        assert bound <= best + 1e-6 * max(1.0, best), seed
        exact += cost == pytest.approx(best)
        total += 1
    assert total > 80
    assert exact >= 0.97 * total, f"only {exact} of {total} households"


def test_nobody_opens_a_group_alone_where_missing_participants_are_forbidden():
    for seed in range(200):
        problem = matching.problem_from_tables(random_tiny_problem(random.Random(seed)))
        c = candidates(problem)
        state = new_state(c)
        for unit in range(c.units):
            release(c, state, unit)
            load_values(c, state, unit, 0.0, INFINITE)
            solve_unit(c, state, unit, NODES)
            occupy(c, state, unit, state.best)
        assert state.totals[1] == 0, seed
        found = matching.check(problem, plan_of(problem, c, state.choice))
        assert not found.violations, (seed, found.violations)


def test_seats_without_limit_need_no_memory():
    """Three online courses with a billion seats each: room is needed for those who can come."""
    slots = [a_slot(name, start, uses=f"c-{name}") for name, start in (("s", 7), ("t", 9), ("u", 11))]
    seats = [a_capacity(f"c-{name}", 1_000_000_000) for name in "stu"]
    c = candidates(a_problem([a_need("n"), a_need("m", "q")], slots, [], seats))
    assert len(new_state(c).holders) <= 100
