"""Prices for seats: the pass over everybody is exact, and any prices prove a bound."""

import math
import random

import numpy as np
import pytest

import matching
from matching.candidates import candidates, spread
from matching.first_come import plan_of
from matching.prices import lower_bound, slot_prices
from matching.pricing import Pass
from tests.matching.brute_force import Rules, cheapest, optimum_of, words
from tests.matching.builders import a_capacity, a_need, a_problem, a_slot, random_tiny_problem


class PricedRules(Rules):
    """Every booking that is not fixed pays a price for its slot; seats and overlaps are no matter."""

    def __init__(self, tables, price):
        super().__init__(tables)
        self.price = price

    def _toll(self, name, slot):
        return 0.0 if slot is None or self.needs[name]["fixed_slot"] else self.price[slot]

    def options(self, name):
        return [slot for slot in super().options(name) if self._toll(name, slot) < math.inf]

    def cost(self, name, slot, plan):
        return super().cost(name, slot, plan) + self._toll(name, slot)

    def least_cost(self, name, slot):
        return super().least_cost(name, slot) + self._toll(name, slot)


def roomy(tables):
    """The same people and slots without anything that couples them but the order of the steps."""
    return tables | {
        "capacities": [row | {"seats": "99", "min_participants": "0"} for row in tables["capacities"]],
        "slots": [row | {"times": ""} for row in tables["slots"]],
    }


def random_price(rng):
    return rng.choice((0.0, 0.0, rng.uniform(0, 5), rng.uniform(0, 80), 1000.0, math.inf))


@pytest.mark.parametrize("hundred", range(5))
def test_the_pass_finds_what_trying_every_booking_finds(hundred):
    for seed in range(100 * hundred, 100 * hundred + 100):
        rng = random.Random(seed)
        tables = roomy(random_tiny_problem(rng))
        problem = matching.problem_from_tables(tables)
        price = {slot: random_price(rng) for slot in problem.slots.ids}
        c = candidates(problem)
        working = Pass(c)
        total = working.run(spread(c, np.array([price[slot] for slot in problem.slots.ids])))
        rules = PricedRules(tables, price)
        assert total == pytest.approx(cheapest(rules).cost), seed
        assert_chosen(rules, problem, plan_of(problem, c, working.choice), total)


def assert_chosen(rules, problem, plan, total):
    """What the pass has chosen is allowed and costs what it says."""
    assert not matching.check(problem, plan).violations
    assert sum(rules.cost(need, slot, plan) for need, slot in plan.items()) == pytest.approx(total)


@pytest.mark.parametrize("hundred", range(5))
def test_any_prices_of_seats_prove_a_bound(hundred):
    for seed in range(100 * hundred, 100 * hundred + 100):
        rng = random.Random(seed)
        tables = random_tiny_problem(rng)
        c = candidates(matching.problem_from_tables(tables))
        working, best = Pass(c), optimum_of(tables).cost
        for highest in (0.0, 1.0, 20.0, 200.0, 1e6):
            price = np.array([rng.uniform(0, highest) * (rng.random() < 0.7) for _ in c.seats])
            bound = lower_bound(c, working, price)
            assert bound <= best + 1e-6 * max(1.0, best, highest), (seed, highest)


@pytest.mark.parametrize("seed", range(700, 760))
def test_the_prices_of_a_result_prove_no_more_than_the_optimum(seed):
    tables = random_tiny_problem(random.Random(seed))
    problem = matching.problem_from_tables(tables)
    result = matching.solve(problem, matching.SolveOptions(time_limit_seconds=5, gap=0.0, steps=50))
    c = candidates(problem)
    price = np.array([result.seat_prices[name] for name in problem.capacities.ids])
    best = optimum_of(tables).cost
    assert price.min(initial=0.0) >= 0
    assert lower_bound(c, Pass(c), price) <= best + 1e-6 * max(1.0, best)


def test_a_slot_costs_what_all_its_capacities_cost():
    slots = [a_slot("s", uses="c2;c1"), a_slot("t", uses="c3"), a_slot("u", uses="c1")]
    c = candidates(a_problem([a_need()], slots))
    assert slot_prices(c, np.array([1.0, 10.0, 100.0])).tolist() == [11.0, 100.0, 1.0]


def test_a_seat_that_two_people_want_is_worth_the_wait_for_the_next():
    needs, slots = [a_need("n", "p"), a_need("m", "q")], [a_slot("s", start=7), a_slot("t", start=27)]
    capacities = [a_capacity("c-s", 1), a_capacity("c-t", 5)]
    result = matching.solve(a_problem(needs, slots, [], capacities))
    assert result.seat_prices["c-s"] == pytest.approx(20, abs=1)
    assert result.seat_prices["c-t"] == pytest.approx(0, abs=0.1)
    assert result.cost == 34


def test_a_bound_that_counts_the_seats_wrongly_would_be_noticed():
    """Control: prices times one seat too few prove too much."""
    problem = a_problem([a_need("n", "p"), a_need("m", "q")], [a_slot("s", uses="c")])
    c = candidates(problem)
    fewer = c._replace(seats=c.seats - 1)
    price = np.array([300.0])
    best = matching.solve(problem).cost
    assert lower_bound(c, Pass(c), price) <= best
    assert lower_bound(fewer, Pass(fewer), price) > best


def test_words_of_a_cell_ignore_order_and_empty_ones():
    assert words(";b;a;") == words("a;b")
