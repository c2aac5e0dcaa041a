"""A small form of the benchmark of recommendations: it runs, counts rightly, and can tell a wrong choice."""

from types import SimpleNamespace

import matching
from benchmarks import recommend
from benchmarks.free_need import Replanner
from tests.matching.builders import a_need, a_problem, a_random_crowd, a_slot


def test_on_an_optimal_plan_no_first_choice_can_be_bettered(tmp_path):
    folder = tmp_path / "crowd-30-1"
    matching.write_tables(a_random_crowd(2, households=12), folder)
    asked = SimpleNamespace(plan=None, seconds=60.0, seed=0, worst=False, needs=5, replans=4)
    row = recommend.measure(str(folder), asked)
    assert row.gap < 1e-4
    assert (row.calls, row.freed) == (5, 4)
    assert row.kept == row.as_good == row.freed


def test_a_first_choice_that_planning_again_gives_to_another_is_seen():
    """In the plan n keeps the only seat from m, to whom it is worth three times as much."""
    problem = a_problem([a_need("n"), a_need("m", "q", weight="3")], [a_slot("s")])
    verdict = Replanner(problem, {"n": "s", "m": None}, {}).verdict("n", seed=1)
    assert (verdict.kept, verdict.in_plan, verdict.replanned) == (True, True, False)


def test_a_first_choice_that_holds_only_while_others_stay_is_seen():
    """The two would rather change places, which the fewest changes forbid and a free search finds."""
    needs = [a_need("n"), a_need("m", "q", weight="3")]
    problem = a_problem(needs, [a_slot("early"), a_slot("late", start=17)])
    verdict = Replanner(problem, {"n": "early", "m": "late"}, {}).verdict("n", seed=1)
    assert (verdict.kept, verdict.replanned) == (True, True)
    assert (verdict.moving, verdict.as_good) == (False, False)


def test_the_table_tells_shares():
    row = recommend.Row("land-2000-1", 0.01, 500, 20.0, 40.0, 60.0, 30.0, 50, 50, 48, 40, 45, 49)
    shown = recommend.table([row]).splitlines()[-1]
    assert shown == "| land-2000-1 | 1.00 % | 500 | 20 | 40 | 60 | 30 | 50 | 100 % | 96 % | 80 % | 90 % |"
