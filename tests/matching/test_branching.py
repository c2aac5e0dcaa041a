"""Branching closes what column generation leaves open, and what it proves is true."""

import random

import pytest

import matching
from tests.matching.brute_force import optimum_of
from tests.matching.builders import a_random_crowd, random_tiny_problem


def solved(tables, seconds):
    options = matching.SolveOptions(time_limit_seconds=seconds, gap=0.0)
    return matching.solve(matching.problem_from_tables(tables), options)


@pytest.mark.parametrize("seed", [2, 11])
def test_a_need_that_wavers_between_a_slot_and_none_is_decided(seed):
    """Where nothing but going without is left beside the split pairs, that is a branch too."""
    assert solved(a_random_crowd(seed, households=12), 60).status == matching.Status.OPTIMAL


def test_what_is_proven_is_the_optimum():
    optimal = 0
    for seed in range(60):
        tables = random_tiny_problem(random.Random(seed))
        result, best = solved(tables, 2), optimum_of(tables)
        assert result.lower_bound <= best.cost + 1e-6 * max(1.0, best.cost), seed
        assert result.cost >= best.cost - 1e-6 * max(1.0, best.cost), seed
        optimal += result.status == matching.Status.OPTIMAL
    assert optimal >= 54, f"only {optimal} of 60 were proven"
