"""Multipliers of seats, minimums and links prove a bound, whatever they are and however they were found."""

import random

import numpy as np
import pytest

import matching
from matching.ascent import Ascent, markets
from matching.bound import Pricer
from matching.candidates import candidates
from matching.links import Multipliers, open_worth, worth_of_groups
from tests.matching.brute_force import optimum_of
from tests.matching.builders import a_capacity, a_need, a_problem, a_random_crowd, a_slot, random_tiny_problem


def some(rng, count, highest):
    return np.array([rng.uniform(0, highest) * (rng.random() < 0.5) for _ in range(count)])


def any_multipliers(rng, pricer, highest):
    caps = len(pricer.c.seats)
    return Multipliers(*(some(rng, n, highest) for n in (caps, caps, pricer.links.total)))


@pytest.mark.parametrize("hundred", range(3))
def test_any_multipliers_prove_a_bound(hundred):
    for seed in range(100 * hundred, 100 * hundred + 100):
        rng = random.Random(seed)
        tables = random_tiny_problem(rng)
        pricer = Pricer(candidates(matching.problem_from_tables(tables)))
        best = optimum_of(tables).cost
        for highest in (1.0, 20.0, 200.0):
            m = any_multipliers(rng, pricer, highest)
            blind = pricer.bound(m, nodes=0)
            pricer.nothing_known()
            exact = pricer.bound(m)
            assert exact <= best + 1e-6 * max(1.0, best, highest), (seed, highest)
            assert blind <= exact + 1e-6 * max(1.0, abs(exact)), "conflicts left out prove less, never more"


@pytest.mark.parametrize("seed", range(300, 360))
def test_rising_prices_prove_no_more_than_the_optimum(seed):
    tables = random_tiny_problem(random.Random(seed))
    problem = matching.problem_from_tables(tables)
    pricer = Pricer(candidates(problem))
    risen = Ascent(pricer, markets(problem, pricer.c)).rise(60, lambda: 0.0)
    best = optimum_of(tables).cost
    assert risen.lower_bound <= best + 1e-6 * max(1.0, best)
    pricer.nothing_known()
    assert pricer.bound(risen.multipliers) >= risen.lower_bound - 1e-6 * max(1.0, best)


def test_rising_prices_prove_much_more_than_none():
    problem = matching.problem_from_tables(a_random_crowd(3))
    pricer = Pricer(candidates(problem))
    caps = np.zeros(len(pricer.c.seats))
    nothing = pricer.bound(Multipliers(caps, caps, np.zeros(pricer.links.total)))
    risen = Ascent(pricer, markets(problem, pricer.c)).rise(100, lambda: 0.0)
    best = matching.solve(problem, matching.SolveOptions(gap=0.0, steps=2000)).cost
    assert best - risen.lower_bound < 0.3 * (best - nothing)


def test_two_workers_book_and_prove_the_same_as_one():
    problem = matching.problem_from_tables(a_random_crowd(4, households=300))
    c, rng = candidates(problem), random.Random(1)
    assert c.units > 256, "more than one part"
    one, two = Pricer(c, workers=1), Pricer(c, workers=2)
    m = any_multipliers(rng, one, 30.0)
    assert one.bound(m) == two.bound(m)
    assert (one.choice == two.choice).all()


def a_group_of_two_for_three():
    """Three people want one group of at least two, which is the only way in."""
    needs = [a_need(f"n{k}", f"p{k}") for k in range(3)]
    return a_problem(needs, [a_slot("s", start=7, uses="c")], [], [a_capacity("c", 3, minimum=2)])


def test_a_link_multiplier_that_opening_does_not_pay_for_would_be_noticed():
    """Control: charging who joins a group, and not crediting the group, proves too much."""
    problem = a_group_of_two_for_three()
    pricer = Pricer(candidates(problem))
    zero = np.zeros(len(pricer.c.seats))
    m = Multipliers(zero, zero, np.full(pricer.links.total, 10.0))
    best = matching.solve(problem).cost
    assert pricer.bound(m) <= best
    pricer.nothing_known()
    assert pricer.cheapest(m) > best


def test_a_group_forced_closed_contributes_nothing_and_one_forced_open_all_it_is_worth():
    pricer = Pricer(candidates(a_group_of_two_for_three()))
    group = int(np.flatnonzero(pricer.links.grouped)[0])
    caps = np.zeros(len(pricer.c.seats))
    for minimum, worth in ((5.0, 10.0), (0.0, -30.0)):
        seat = np.full(len(caps), 0.0 if minimum else 10.0)
        m = Multipliers(seat, np.full(len(caps), minimum), np.zeros(pricer.links.total))
        of_groups = worth_of_groups(pricer.c, pricer.links, m)
        assert of_groups[group] == worth
        assert open_worth(pricer.links, of_groups, {group: True})[0] == worth
        assert open_worth(pricer.links, of_groups, {group: False})[0] == 0
        assert open_worth(pricer.links, of_groups, {})[0] == min(0.0, worth)


def course(*entries):
    """A course of three modules with a minimum that can be joined at these modules."""
    slots = [a_slot(f"from-{k}", start=7 * k, uses=";".join(f"m{j}" for j in range(k, 4))) for k in entries]
    return candidates(
        a_problem([a_need()], slots, [], [a_capacity(f"m{j}", 9 - j, minimum=2) for j in (1, 2, 3)])
    )


def test_the_first_module_runs_only_where_the_later_ones_do():
    c = course(1, 2, 3)
    links = Pricer(c).links
    rows = {name: k for k, name in enumerate(("m1", "m2", "m3"))}
    assert links.outer[rows["m1"]] == rows["m2"]
    assert links.outer[rows["m2"]] == rows["m3"]
    assert links.outer[rows["m3"]] == -1
    assert links.order.tolist() == [rows["m1"], rows["m2"], rows["m3"]]
