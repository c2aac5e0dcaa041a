"""The same question gets the same answer: to the byte, in any order of the rows, in any process."""

import hashlib
import json
import os
import random
import subprocess
import sys
from dataclasses import replace

import pytest

import matching
from matching.replan import Mode, replan
from tests.matching.builders import a_random_crowd, random_tiny_problem
from tests.shared_files import ROOT

STEPS = matching.SolveOptions(time_limit_seconds=120, gap=0.0, steps=1500, seed=7)


def shuffled(tables, seed):
    """The same problem with the rows of every table in another order."""
    rng = random.Random(seed)
    return {name: rows if name == "problem" else rng.sample(rows, len(rows)) for name, rows in tables.items()}


def answer(tables, options=STEPS):
    result = matching.solve(matching.problem_from_tables(tables), options)
    return dict(result.plan), result.cost, result.lower_bound, dict(result.seat_prices)


@pytest.mark.parametrize("seed", range(3))
def test_same_seed_and_steps_give_the_same_plan_bound_and_prices(seed):
    crowd = a_random_crowd(seed)
    assert answer(crowd) == answer(crowd)


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_rows_changes_nothing(seed):
    crowd = a_random_crowd(seed)
    mixed = shuffled(crowd, seed)
    assert [row["need"] for row in mixed["needs"]] != [row["need"] for row in crowd["needs"]]
    assert answer(mixed) == answer(crowd)


def test_one_worker_and_two_give_the_same_plan_bound_and_prices():
    crowd = a_random_crowd(1, households=40)
    assert answer(crowd, replace(STEPS, workers=2)) == answer(crowd)


def test_planning_again_gives_the_same_on_one_worker_and_two_and_in_any_order_of_the_rows():
    crowd = a_random_crowd(1, households=40)
    start = dict(list(answer(crowd)[0].items())[5:])
    plans = [
        replan(matching.problem_from_tables(tables), start, {}, replace(STEPS, workers=workers), Mode.FEWEST)
        for tables, workers in ((crowd, 1), (crowd, 2), (shuffled(crowd, 1), 1))
    ]
    assert len({tuple(sorted(found.result.plan.items(), key=str)) for found in plans}) == 1
    assert len({found.result.lower_bound for found in plans}) == 1


@pytest.mark.parametrize("seed", range(4000, 4030))
def test_the_order_of_the_rows_changes_nothing_for_first_come_and_recommendations(seed):
    tables = random_tiny_problem(random.Random(seed))
    one, other = (matching.problem_from_tables(t) for t in (tables, shuffled(tables, seed)))
    plan = matching.first_come(one)
    assert plan == matching.first_come(other)
    for need in plan:
        assert matching.recommend(one, plan, {}, need) == matching.recommend(other, plan, {}, need)


@pytest.mark.parametrize("seed", [0, 1, 2**31, 2**62])
def test_any_seed_gives_a_feasible_plan_and_stands_in_the_result(seed):
    problem = matching.problem_from_tables(a_random_crowd(1))
    result = matching.solve(problem, replace(STEPS, seed=seed))
    assert not matching.check(problem, result.plan).violations
    assert result.figures()["seed"] == seed


PRINT_ANSWER = """
import json, sys
from tests.matching.builders import a_random_crowd
from tests.matching.test_determinism import answer
print(json.dumps(answer(a_random_crowd(5)), sort_keys=True))
"""


def test_another_process_with_another_order_of_sets_answers_the_same():
    digests = set()
    for hash_seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", PRINT_ANSWER],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, run.stderr
        assert json.loads(run.stdout)[0]
        digests.add(hashlib.sha256(run.stdout.encode()).hexdigest())
    assert len(digests) == 1
