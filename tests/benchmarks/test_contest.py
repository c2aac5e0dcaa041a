"""A small contest: every solver solves the same tiny county, and what they prove fits together."""

import random
import subprocess
import sys
from contextlib import nullcontext
from dataclasses import replace

import numpy as np
import pytest

import matching
from benchmarks import contest
from benchmarks.compact import compact
from benchmarks.entrant import ENTRANTS, hint_of
from benchmarks.flow import step_by_step
from matching.candidates import candidates
from matching.first_come import plan_of
from tests.matching.brute_force import optimum_of
from tests.matching.builders import a_capacity, a_need, a_problem, a_slot, random_tiny_problem

SECONDS = 5
ENOUGH_SECONDS = 300  # they end when nothing is left to prove, long before


def tiny_tables(count):
    return [random_tiny_problem(random.Random(k)) for k in range(count)]


def tiny_problems(count):
    return [matching.problem_from_tables(tables) for tables in tiny_tables(count)]


@pytest.mark.parametrize("name", ["foerderkette", "CP-SAT", "HiGHS"])
def test_an_exact_solver_finds_the_optimum_and_proves_it(name):
    for tables in tiny_tables(6):
        problem, best = matching.problem_from_tables(tables), optimum_of(tables).cost
        ran = ENTRANTS[name](problem, ENOUGH_SECONDS)
        checked = matching.check(problem, ran.plan)
        assert checked.feasible, checked.violations
        assert checked.cost == pytest.approx(best)
        assert ran.bound == pytest.approx(best, abs=0.1)
        assert ran.bound <= best + 1e-6


@pytest.mark.parametrize("name", ["first come", "step by step"])
def test_a_simple_way_to_plan_keeps_every_rule_and_proves_nothing(name):
    for problem in tiny_problems(40):
        ran = ENTRANTS[name](problem, SECONDS)
        assert matching.check(problem, ran.plan).feasible
        assert ran.bound is None


def test_the_compact_model_holds_the_hint_at_its_cost():
    for problem in tiny_problems(40):
        c, plan = candidates(problem), matching.first_come(problem)
        model = compact(c, hint_of(problem, c, plan))
        value = np.array(model.hint)
        for row in model.rows:
            total = sum(a * value[k] for k, a in zip(row.columns, row.coefficients, strict=True))
            assert row.low - 1e-9 <= total <= row.high + 1e-9
        cost = model.constant + float(value @ np.array(model.cost))
        assert cost == pytest.approx(matching.check(problem, plan).cost)


def test_step_by_step_takes_the_best_of_one_step_and_does_not_look_further():
    """The flow gives the early seat to whom waiting costs more, first come to who came first."""
    patient, urgent = a_need("n1", "p1", earliest=-9, weight="1"), a_need("n2", "p2", weight="2")
    problem = a_problem([patient, urgent], [a_slot("early"), a_slot("late", start=27)])
    assert matching.first_come(problem) == {"n1": "early", "n2": "late"}
    c = candidates(problem)
    assert plan_of(problem, c, step_by_step(c)) == {"n1": "late", "n2": "early"}


def test_step_by_step_joins_a_course_at_a_later_module():
    first = a_slot("first", start=7, kind="from-1", uses="m1;m2")
    third = a_slot("third", start=14, kind="from-2", uses="m2")
    needs = [a_need("n1", "p1", "from-1"), a_need("n2", "p2", "from-2"), a_need("n3", "p3", "from-2")]
    problem = a_problem(needs, [first, third], (), [a_capacity("m1", 2), a_capacity("m2", 2)])
    c = candidates(problem)
    plan = plan_of(problem, c, step_by_step(c))
    assert matching.check(problem, plan).feasible
    assert sum(slot is not None for slot in plan.values()) == 2


def test_a_plan_that_breaks_a_rule_counts_as_none(tmp_path):
    made = random_tiny_problem(random.Random(1))
    problem = matching.problem_from_tables(made)
    matching.write_tables(made, tmp_path)
    wrong = dict.fromkeys(problem.needs.ids, problem.slots.ids[0])
    matching.write_plan(wrong, tmp_path / "plan.csv")
    cost, note = contest._checked(tmp_path, tmp_path / "plan.csv")
    assert cost is None
    assert note.startswith("broke a rule")


def test_a_run_has_a_process_and_a_memory_of_its_own(tmp_path):
    matching.write_tables(random_tiny_problem(random.Random(1)), tmp_path)
    line = contest.run("step by step", tmp_path, "tiny-1-1", SECONDS)
    assert line.note == ""
    assert line.cost is not None
    assert 20 < line.peak_mib < 4000


def a_process(code):
    return subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE)


def test_an_entrant_that_cannot_run_says_why():
    with a_process("raise SystemExit('there is no Java')") as process:
        note, _ = contest._wait(process, 20)
    assert note == "there is no Java"


def test_an_entrant_that_does_not_end_is_ended():
    with a_process("while True: pass") as process:
        note, _ = contest._wait(process, 0.2)
    assert note == "did not end in time"


def a_line(solver="HiGHS", cost=100.0, bound=90.0):
    return contest.Line("city-60-1", solver, 60.0, cost, bound, 1.0, 100.0, "")


def test_the_table_measures_avoidable_cost_against_the_best_bound():
    lines = [a_line("first come", 200.0, None), a_line("HiGHS", 120.0, 90.0), a_line("CP-SAT", 150.0, 100.0)]
    rows = contest.table(lines).splitlines()[2:]
    assert [row.split("|")[7].strip() for row in rows] == ["100.0 %", "20.0 %", "50.0 %"]
    assert [row.split("|")[6].strip() for row in rows] == ["–", "25.00 %", "33.33 %"]


def test_a_new_run_replaces_the_old_one_of_its_kind(tmp_path):
    path = tmp_path / "contest.csv"
    contest.write_results([a_line(), a_line("CP-SAT")], path)
    contest.write_results([replace(a_line(), cost=95.0)], path)
    assert [(x.solver, x.cost) for x in contest.read_results(path)] == [("CP-SAT", 100.0), ("HiGHS", 95.0)]


def test_a_contest_that_was_stopped_goes_on_where_it_was(monkeypatch):
    began = {"solver": "first come", "begun_at": "2026-11-25T10:00:00Z"}
    old, new = replace(a_line(), begun_at="2026-11-24T09:00:00Z"), replace(a_line(), **began)
    begun_at, done = contest.last_contest([old, new])
    assert (begun_at, done) == ("2026-11-25T10:00:00Z", [new])
    monkeypatch.setattr(contest, "run", lambda name, folder, instance, seconds: a_line(name))
    ran = contest.contest(["city-60-1"], ["first come", "HiGHS"], None, done)
    assert [line.solver for line in ran] == ["HiGHS"]


def test_large_instances_get_more_time_and_are_not_given_to_general_solvers(monkeypatch):
    monkeypatch.setattr(contest, "folder_of", nullcontext)
    monkeypatch.setattr(contest, "run", lambda name, folder, instance, seconds: (instance, name, seconds))
    monkeypatch.setattr(contest, "_told", str)
    ran = list(contest.contest(["land-2000-1", "nation-20000-1"], ["foerderkette", "CP-SAT"], None))
    assert ran == [
        ("land-2000-1", "foerderkette", 120.0),
        ("land-2000-1", "CP-SAT", 120.0),
        ("nation-20000-1", "foerderkette", 300.0),
    ]
