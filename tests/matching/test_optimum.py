"""Plans are as good as claimed: on problems small enough to try everything, cost and bound are right."""

import itertools
import random

import pytest

import matching
from tests.matching.brute_force import optimum_of
from tests.matching.builders import random_tiny_problem

OPTIONS = matching.SolveOptions(time_limit_seconds=5, gap=0.0, steps=300)
CLOSE = 1e-6


def solved(seed):
    tables = random_tiny_problem(random.Random(seed))
    problem = matching.problem_from_tables(tables)
    return problem, optimum_of(tables), matching.solve(problem, OPTIONS)


@pytest.mark.parametrize("hundred", range(10))
def test_cost_equals_brute_force_or_lies_within_the_reported_gap(hundred):
    optimal = 0
    for seed in range(100 * hundred, 100 * hundred + 100):
        problem, best, result = solved(seed)
        slack = CLOSE * max(1.0, best.cost)
        found = matching.check(problem, result.plan)
        assert found.feasible, (seed, found.violations)
        assert result.cost == pytest.approx(found.cost), seed
        assert result.lower_bound <= best.cost + slack, (seed, result.lower_bound, best)
        assert best.cost - slack <= result.cost, (seed, "cheaper than the optimum", best)
        assert result.cost * (1 - result.gap) <= best.cost + slack, (seed, "gap too small", best)
        optimal += result.cost <= best.cost + slack
    assert optimal >= 90, f"only {optimal} of 100 plans were optimal"


@pytest.mark.parametrize("seed", range(2000, 2040))
def test_brute_force_itself_agrees_with_trying_every_plan_and_checking_it(seed):
    tables = random_tiny_problem(random.Random(seed), needs=3)
    problem = matching.problem_from_tables(tables)
    needs, slots = problem.needs.ids, [*problem.slots.ids, None]
    plans = (dict(zip(needs, chosen, strict=True)) for chosen in itertools.product(slots, repeat=len(needs)))
    costs = [found.cost for found in (matching.check(problem, plan) for plan in plans) if found.feasible]
    best = optimum_of(tables)
    assert best.cost == pytest.approx(min(costs))
    assert matching.check(problem, best.plan).cost == pytest.approx(best.cost)
