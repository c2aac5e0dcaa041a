"""Planning once more after a small change: one seat more, solved by hand; the same steps, the same plan."""

from dataclasses import replace

import numpy as np
import pytest

import matching
from matching.proof import Proof
from matching.warm import plan_warm
from tests.matching.builders import (
    a_capacity,
    a_need,
    a_person,
    a_problem,
    a_random_crowd,
    a_slot,
    tables,
)

STEPS = 300


@pytest.fixture(scope="module")
def queue():
    """Three people, an early and a late date with one seat each: one is not served."""
    needs = [a_need(f"n{k}", f"p{k}") for k in range(3)]
    people = [a_person(f"p{k}") for k in range(3)]
    capacities = [a_capacity("c-s1", 1), a_capacity("c-s2", 1)]
    return a_problem(needs, [a_slot("s1", 5), a_slot("s2", 15)], people, capacities)


def more_seats(problem, capacity):
    held = problem.capacities
    seats = held.seats + (np.array(held.ids) == capacity)
    return replace(problem, capacities=held._replace(seats=seats.astype(np.int32)))


def test_one_more_seat_saves_what_it_saves_by_hand(queue):
    start = {"n0": "s1", "n1": "s2", "n2": None}
    before = plan_warm(queue, start, steps=STEPS)
    after = plan_warm(more_seats(queue, "c-s1"), start, changed=["c-s1"], steps=STEPS)
    assert sorted(filter(None, after.plan.values())) == ["s1", "s1", "s2"]
    p = queue.parameters
    unserved = p.unserved_penalty + p.waiting_cost((p.horizon_end - p.today).days)
    assert before.cost == pytest.approx(5 + 15 + unserved)
    assert after.cost == pytest.approx(5 + 5 + 15)
    assert after.lower_bound == pytest.approx(after.cost)


def test_the_same_steps_and_seed_give_the_same_plan():
    problem = matching.problem_from_tables(a_random_crowd(3, households=30))
    start = matching.first_come(problem)
    first, again = (plan_warm(problem, start, steps=STEPS, seed=5) for _ in range(2))
    assert first.plan == again.plan
    assert (first.cost, first.lower_bound) == (again.cost, again.lower_bound)
    assert first.lower_bound <= first.cost <= matching.check(problem, start).cost


def test_a_plan_that_no_longer_fits_is_mended(queue):
    start = {"n0": "s1", "n1": "s1", "n2": "gone", "other": "s2"}
    found = plan_warm(queue, start, steps=STEPS)
    assert matching.check(queue, found.plan).feasible
    assert sorted(filter(None, found.plan.values())) == ["s1", "s2"]


def test_a_stopped_run_gives_the_mended_plan(queue):
    found = plan_warm(queue, {}, stop=lambda: True)
    assert matching.check(queue, found.plan).feasible


@pytest.fixture(scope="module")
def planned():
    """A crowd with groups, its plan and what proves its bound."""
    problem = matching.problem_from_tables(a_random_crowd(3, households=30))
    return problem, matching.solve(problem, matching.SolveOptions(seed=1, steps=500))


def test_the_bound_begins_where_the_proof_has_ended(planned):
    problem, result = planned
    with_proof = plan_warm(problem, result.plan, result.proof, steps=0, prove=False)
    seats_only = plan_warm(problem, result.plan, Proof(result.proof.seat), steps=0, prove=False)
    assert result.proof.minimum or result.proof.link, "the crowd has groups"
    assert with_proof.lower_bound == pytest.approx(result.lower_bound, rel=1e-3)
    assert seats_only.lower_bound < with_proof.lower_bound


def test_a_proof_is_read_as_it_was_written(planned, tmp_path):
    _, result = planned
    matching.write_proof(result.proof, tmp_path / "proof.csv")
    read = matching.read_proof(tmp_path / "proof.csv")
    assert read.link == pytest.approx(result.proof.link)
    assert (read.seat, read.minimum) == (
        pytest.approx(result.proof.seat),
        pytest.approx(result.proof.minimum),
    )


def test_a_copy_of_a_group_pays_what_the_group_pays():
    proof = Proof({"c": 3.0}, {"c": 2.0}, {("n", "c"): 1.0}).with_copies({"c+": "c"})
    assert proof == Proof({"c": 3.0, "c+": 3.0}, {"c": 2.0, "c+": 2.0}, {("n", "c"): 1.0, ("n", "c+"): 1.0})


def test_what_a_problem_does_not_know_is_left_out_of_its_proof(queue):
    start = {"n0": "s1", "n1": "s2", "n2": None}
    other = Proof({"gone": 9.0, "c-s1": 2.0}, {"c-s1": 5.0}, {("n0", "gone"): 1.0, ("who", "c-s1"): 1.0})
    found = plan_warm(queue, start, other, steps=0, prove=False)
    assert found.lower_bound <= found.cost
    assert found.proof == Proof({"c-s1": 2.0}), "there is no minimum there"


@pytest.mark.parametrize(
    ("row", "column"), [("seat,c,,-1", "multiplier"), ("seat,c,,x", "multiplier"), ("door,c,,1", "limit")]
)
def test_a_faulty_proof_is_named_with_its_column(row, column, tmp_path):
    (tmp_path / "proof.csv").write_text(f"limit,capacity,need,multiplier\n{row}\n", "utf-8")
    with pytest.raises(matching.ProblemFault) as found:
        matching.read_proof(tmp_path / "proof.csv")
    assert [(fault.line, fault.column) for fault in found.value.faults] == [(2, column)]


def test_groups_are_decided_anew_where_that_is_asked_for():
    """A group of three, or three late dates: nobody can open the group alone."""
    needs = [a_need(f"n{k}", f"p{k}") for k in range(3)]
    slots = [a_slot("group", 20), *(a_slot(f"late{k}", 90) for k in range(3))]
    held = [a_capacity("c-group", 3, 3), *(a_capacity(f"c-late{k}", 1) for k in range(3))]
    problem = a_problem(needs, slots, [a_person(f"p{k}") for k in range(3)], held)
    late = {f"n{k}": f"late{k}" for k in range(3)}
    assert plan_warm(problem, late, steps=STEPS).plan == late
    anew = plan_warm(problem, late, steps=STEPS, groups_anew=True)
    changed = plan_warm(problem, late, changed=["c-group"], steps=STEPS)
    for found in (anew, changed):  # what has changed is looked at in any case
        assert set(found.plan.values()) == {"group"}
        assert found.cost == pytest.approx(60) and found.lower_bound == pytest.approx(60)


def test_a_problem_in_which_nobody_waits_is_planned_as_any_other():
    nobody = {**tables([a_need()], [a_slot()]), "people": [], "needs": []}
    problem = matching.problem_from_tables(nobody)
    warm = plan_warm(problem, {}, steps=10, seed=1, groups_anew=True)
    assert (warm.plan, warm.cost, warm.lower_bound) == ({}, 0.0, 0.0)
