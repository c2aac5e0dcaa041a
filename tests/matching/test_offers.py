"""Online slots alike as one offer: fewer pairs, the same bound, and slots in their place for bookings."""

import importlib
from dataclasses import replace

import numpy as np
import pytest

import matching
from matching import alike
from matching.bound import Pricer
from matching.candidates import candidates
from matching.first_come import first_come_slots
from matching.links import Multipliers, links_of, without_links
from matching.offers import offer_loads, pairs_of_slots, slots_for_offers, slots_of
from matching.prices import slot_prices
from tests.matching.builders import a_crowd_with_twins, a_need, a_person, a_problem, a_slot

STEPS = matching.SolveOptions(time_limit_seconds=3600, gap=0.0, steps=2000, seed=5)


def with_twins(seed):
    return matching.problem_from_tables(a_crowd_with_twins(seed))


def multipliers(c, links, seed):
    rng = np.random.default_rng(seed)

    def some(many):
        return rng.uniform(0, 30, many) * (rng.random(many) < 0.6)

    return Multipliers(some(len(c.seats)), some(len(c.seats)), some(links.total))


def both_bounds(problem, seed):
    """The bound of random multipliers over all pairs, and over pairs with offers."""
    c, few = candidates(problem), candidates(problem, by_offer=True)
    links = links_of(c)
    m = multipliers(c, links, seed)
    wide = links._replace(joins=without_links(few).joins)
    return Pricer(c, links=links).bound(m, nodes=0), Pricer(few, links=wide).bound(m, nodes=0)


@pytest.mark.parametrize("seed", range(12))
def test_fewer_pairs_prove_the_same_bound_whatever_seats_minimums_and_links_cost(seed):
    problem = with_twins(seed)
    assert candidates(problem, by_offer=True).pairs < candidates(problem).pairs
    by_slot, by_offer = both_bounds(problem, seed)
    assert by_offer == pytest.approx(by_slot, rel=1e-12)


def test_slots_that_are_not_alike_would_be_noticed_in_one_offer(monkeypatch):
    """Control: who looks at less than what makes slots alike proves something else."""
    monkeypatch.setattr(alike, "ALIKE", ("kind", "times"))
    differences = [abs(a - b) for a, b in (both_bounds(with_twins(seed), seed) for seed in range(3))]
    assert max(differences) > 1


@pytest.mark.parametrize("seed", range(4))
def test_the_slots_in_the_place_of_offers_are_pairs_with_the_same_cost(seed):
    problem = with_twins(seed)
    c, few = candidates(problem), candidates(problem, by_offer=True)
    cost = {
        (i, int(c.slot[p])): c.static_cost[p]
        for i in range(c.needs)
        for p in range(c.pair_ptr[i], c.pair_ptr[i + 1])
    }
    none = np.full((1, c.needs), -1, np.int32)
    slots = slots_for_offers(few, np.ones(few.pairs, np.bool_), np.zeros(len(c.seats)), none)
    assert c.pairs >= slots.pairs > 0
    for i in range(slots.needs):
        mine = range(slots.pair_ptr[i], slots.pair_ptr[i + 1])
        assert len({int(slots.slot[p]) for p in mine}) == len(mine)
        assert [int(slots.start[p]) for p in mine] == sorted(int(slots.start[p]) for p in mine)
        assert all(slots.static_cost[p] == cost[i, int(slots.slot[p])] for p in mine)


@pytest.mark.parametrize("seed", range(4))
def test_first_come_takes_members_of_offers_and_keeps_every_rule(seed):
    problem = with_twins(seed)
    few = candidates(problem, by_offer=True)
    slots = first_come_slots(few)
    rows = np.full(few.needs, -1)
    rows[few.row] = slots
    assert matching.check(problem, problem.plan(rows)).feasible
    alone = slots_for_offers(few, np.zeros(few.pairs, np.bool_), np.zeros(len(few.seats)), slots[np.newaxis])
    assert np.array_equal(slots_of(alone, pairs_of_slots(alone, slots)), slots)
    assert alone.pairs == np.count_nonzero(slots >= 0)


def test_people_who_first_come_finds_no_seat_for_take_the_next_slot_alike():
    needs = [a_need(f"n{k}", f"p{k}") for k in range(3)]
    people = [a_person(f"p{k}", online="1") for k in range(3)]
    slots = [a_slot("s", online="1"), a_slot("t", online="1")]
    few = candidates(a_problem(needs, slots, people), by_offer=True)
    assert few.pairs == 3
    assert sorted(first_come_slots(few).tolist()) == [-1, 0, 1]


def test_who_was_proposed_one_of_the_slots_alike_pays_nothing_to_keep_it():
    needs, people = [a_need("n", "p", proposed_slot="t")], [a_person("p", online="1")]
    slots = [a_slot("s", online="1"), a_slot("t", online="1")]
    few = candidates(a_problem(needs, slots, people, change_penalty=14), by_offer=True)
    assert sorted(few.static_cost.tolist()) == [7, 21]
    assert few.slot[np.argmin(few.static_cost)] == 1


def test_the_load_of_an_offer_is_spread_over_its_members_and_falls_with_their_price():
    people = [a_person(f"p{k}", online="1") for k in range(6)]
    needs = [a_need(f"n{k}", f"p{k}") for k in range(6)]
    slots = [a_slot(name, online="1") for name in "stu"]
    few = candidates(a_problem(needs, slots, people), by_offer=True)
    price = np.array([0.0, 10.0, 300.0])
    assert slot_prices(few, price).tolist() == [0, 10, 300, 0]
    load = offer_loads(few, np.arange(6), price, 10.0)
    assert load.sum() == pytest.approx(6)
    assert load[1] == pytest.approx(load[0] / np.e)
    assert load[2] < 1e-9


@pytest.fixture
def as_if_vast(monkeypatch):
    """Let the engine treat every problem as one whose pairs cannot all be held."""
    monkeypatch.setattr(importlib.import_module("matching.solve"), "VAST_PEOPLE", 0)
    monkeypatch.setattr(importlib.import_module("matching.candidates"), "SOME_UNITS", 0)


def test_a_vast_problem_gets_a_feasible_plan_and_a_bound_below_any_plan(as_if_vast, monkeypatch):
    problem = with_twins(3)
    vast = matching.solve(problem, STEPS)
    monkeypatch.undo()
    exact = matching.solve(problem, STEPS)
    assert matching.check(problem, vast.plan).feasible
    assert 0 < vast.lower_bound <= min(vast.cost, exact.cost) * (1 + 1e-9)
    assert vast.cost < vast.first_come_cost


def test_one_worker_and_two_find_the_same_for_a_vast_problem(as_if_vast):
    problem = with_twins(4)
    one, two = (matching.solve(problem, replace(STEPS, workers=workers)) for workers in (1, 2))
    assert (one.plan, one.lower_bound, one.seat_prices) == (two.plan, two.lower_bound, two.seat_prices)


@pytest.mark.parametrize("calls", [0, 3, 40, 300])
def test_a_vast_problem_that_is_stopped_returns_what_there_is(as_if_vast, calls):
    problem, asked = with_twins(5), iter([False] * calls)
    options = matching.SolveOptions(time_limit_seconds=60, gap=0.0)
    result = matching.solve(problem, options, stop=lambda: next(asked, True))
    assert matching.check(problem, result.plan).feasible
    assert result.lower_bound <= result.cost <= result.first_come_cost


def test_a_vast_problem_goes_out_from_an_earlier_plan(as_if_vast):
    problem = with_twins(6)
    earlier = matching.solve(problem, STEPS)
    stopped = matching.solve(problem, STEPS, start=earlier.plan, stop=lambda: True)
    assert stopped.cost <= earlier.cost * (1 + 1e-9)
