"""On the reference instances a short run beats first come, and the independent check believes it."""

import csv
import functools
import math
import subprocess
import sys

import pytest

import matching
from tests.shared_files import reference

# instance -> seconds of a short run
INSTANCES = {
    "city-60-1": 3,
    "rural-150-1": 3,
    "city-600-1": 4,
    "rural-600-1": 4,
    "squeeze-600-1": 4,
    "land-2000-1": 8,
}


@functools.cache
def best_known():
    with reference("BEST.csv").open(newline="", encoding="utf-8") as file:
        return {row.pop("instance"): {k: float(v) for k, v in row.items()} for row in csv.DictReader(file)}


def test_every_reference_instance_is_tried():
    folders = {path.name for path in reference("instances").iterdir()}
    assert folders == set(INSTANCES) == set(best_known())


@pytest.mark.parametrize("instance", INSTANCES)
def test_a_short_run_is_proven_and_better_than_first_come(instance, tmp_path):
    folder, best = reference("instances") / instance, best_known()[instance]
    problem = matching.read_problem(folder)
    result = short_run(problem, INSTANCES[instance])
    matching.write_plan(result.plan, tmp_path / "plan.csv")
    matching.write_result(result.figures(), tmp_path / "result.json")
    matching.write_prices(result.seat_prices, tmp_path / "prices.csv")
    checked = run_check(folder, tmp_path)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert result.first_come_cost == pytest.approx(matching.check(problem, matching.first_come(problem)).cost)
    assert 0 < result.lower_bound <= best["best_cost"] * (1 + 1e-6)
    assert result.cost >= best["best_lower_bound"] * (1 - 1e-6), "cheaper than a proven bound"
    assert result.cost < result.first_come_cost
    assert_prices(problem, tmp_path / "prices.csv")


def short_run(problem, seconds):
    """Solve within a short limit; a machine that is too slow or busy for it gets more time, once."""
    result = matching.solve(problem, matching.SolveOptions(time_limit_seconds=seconds))
    if result.cost < result.first_come_cost and any(result.seat_prices.values()):
        return result
    return matching.solve(problem, matching.SolveOptions(time_limit_seconds=5 * seconds))


def run_check(folder, out):
    """The reference check in a process of its own, as a stranger would call it."""
    command = [sys.executable, reference("check_plan.py"), folder, out / "plan.csv"]
    return subprocess.run([*command, "--result", out / "result.json"], capture_output=True, text=True)


def assert_prices(problem, path):
    with path.open(newline="", encoding="utf-8") as file:
        prices = {row["capacity"]: float(row["seat_price"]) for row in csv.DictReader(file)}
    assert set(prices) == set(problem.capacities.ids)
    assert all(math.isfinite(price) and price >= 0 for price in prices.values())
    assert max(prices.values()) > 0


def test_the_check_of_a_wrong_plan_fails(tmp_path):
    """Control: a plan that overbooks does not pass as feasible."""
    folder = reference("instances") / "city-60-1"
    problem = matching.read_problem(folder)
    first = problem.slots.ids[0]
    matching.write_plan(dict.fromkeys(problem.needs.ids, first), tmp_path / "plan.csv")
    matching.write_result({"cost": 1.0, "lower_bound": 0.0}, tmp_path / "result.json")
    checked = run_check(folder, tmp_path)
    assert checked.returncode == 1
    assert "VIOLATED wrong kind" in checked.stdout
