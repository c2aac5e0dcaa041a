"""Whenever a run ends, its plan is feasible and its bound valid: nothing found so far is lost."""

import itertools
import math

import pytest

import matching
from tests.matching.builders import a_random_crowd

CROWD = matching.problem_from_tables(a_random_crowd(2, households=60))


@pytest.fixture(scope="module")
def best():
    """A plan of the crowd found at leisure: no valid bound may lie above its cost."""
    return matching.solve(CROWD, matching.SolveOptions(time_limit_seconds=60, gap=0.0, steps=20_000))


def assert_sound(result, best):
    found = matching.check(CROWD, result.plan)
    assert found.feasible, found.violations
    assert set(result.plan) == set(CROWD.needs.ids)
    assert result.cost == pytest.approx(found.cost)
    assert result.cost <= result.first_come_cost + 1e-6
    assert math.isfinite(result.lower_bound)
    assert result.lower_bound <= best.cost * (1 + 1e-9)
    assert 0 <= result.gap <= 1
    assert result.gap == pytest.approx(max(0, (result.cost - result.lower_bound) / result.cost))
    assert set(result.seat_prices) == set(CROWD.capacities.ids)
    assert all(math.isfinite(price) and price >= 0 for price in result.seat_prices.values())


def stop_after(calls):
    asked = iter([False] * calls)
    return lambda: next(asked, True)


def test_a_run_that_is_stopped_at_once_returns_first_come_first_served(best):
    result = matching.solve(CROWD, matching.SolveOptions(time_limit_seconds=60, gap=0.0), stop=stop_after(0))
    assert_sound(result, best)
    assert result.status == matching.Status.INTERRUPTED
    assert result.seconds < 5


@pytest.mark.parametrize("calls", [1, 2, 5, 30, 200, 401, 420])
def test_a_run_that_is_stopped_later_returns_what_it_has(calls, best):
    result = matching.solve(
        CROWD, matching.SolveOptions(time_limit_seconds=60, gap=0.0), stop=stop_after(calls)
    )
    assert_sound(result, best)
    assert result.status == matching.Status.INTERRUPTED or result.gap <= 1e-9


@pytest.mark.parametrize("seconds", [1e-9, 0.01, 0.1, 0.5])
def test_a_time_limit_is_kept_and_returns_what_there_is(seconds, best):
    result = matching.solve(CROWD, matching.SolveOptions(time_limit_seconds=seconds, gap=0.0))
    assert_sound(result, best)
    assert result.status == matching.Status.TIME_LIMIT or result.gap <= 1e-9
    assert result.seconds < seconds + 3


def test_more_time_finds_a_better_plan_than_first_come(best):
    assert_sound(best, best)
    assert best.cost < 0.95 * best.first_come_cost


def test_a_run_ends_when_the_accepted_gap_is_reached(best):
    result = matching.solve(CROWD, matching.SolveOptions(time_limit_seconds=60, gap=0.9))
    assert_sound(result, best)
    assert result.gap <= 0.9
    assert result.status == matching.Status.GAP_REACHED
    assert result.seconds < 50


def test_no_search_follows_where_the_prices_prove_the_accepted_gap():
    told = []
    options = matching.SolveOptions(time_limit_seconds=60, gap=0.9)
    matching.solve(CROWD, options, progress=told.append)
    assert {state.phase for state in told} == {"prices"}


def test_progress_never_gets_worse_and_promises_no_more_than_the_result(best):
    told = []
    result = matching.solve(
        CROWD, matching.SolveOptions(time_limit_seconds=60, gap=0.0, steps=2000), progress=told.append
    )
    assert_sound(result, best)
    assert len(told) > 2
    for earlier, later in itertools.pairwise(told):
        assert later.cost <= earlier.cost + 1e-6
        assert later.lower_bound >= earlier.lower_bound - 1e-6
        assert later.seconds >= earlier.seconds
    assert told[0].cost == pytest.approx(result.first_come_cost)
    assert told[-1].cost >= result.cost * (1 - 1e-9)
    assert told[-1].lower_bound <= result.lower_bound * (1 + 1e-9)


@pytest.mark.parametrize(
    "wrong",
    [
        {"time_limit_seconds": 0},
        {"time_limit_seconds": -1},
        {"time_limit_seconds": math.nan},
        {"gap": -0.1},
        {"gap": 1.1},
        {"gap": math.nan},
        {"workers": 0},
        {"seed": -1},
        {"steps": 0},
    ],
)
def test_options_out_of_range_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        matching.SolveOptions(**wrong)
