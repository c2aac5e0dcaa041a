"""An earlier plan, repaired: never against a rule, and whoever can keep a slot keeps it."""

import random

import numpy as np
import pytest

import matching
from matching.candidates import candidates
from matching.first_come import plan_of
from matching.repair import reluctance, repair, repaired_choice
from tests.matching.builders import a_capacity, a_need, a_person, a_problem, a_random_crowd, a_slot


def repaired(problem, plan):
    c = candidates(problem)
    return plan_of(problem, c, repaired_choice(problem, c, plan))


def a_nonsense_plan(problem, seed):
    """Any slot for anybody, needs and slots that do not exist, needs that are not named."""
    rng = random.Random(seed)
    slots = [*problem.slots.ids, None, "gone"]
    plan = {need: rng.choice(slots) for need in problem.needs.ids if rng.random() < 0.9}
    return plan | {"nobody": rng.choice(slots)}


@pytest.mark.parametrize("seed", range(60))
def test_whatever_the_plan_holds_the_repaired_one_breaks_no_rule(seed):
    problem = matching.problem_from_tables(a_random_crowd(seed, households=12))
    for plan in (a_nonsense_plan(problem, seed), {}, dict.fromkeys(problem.needs.ids)):
        found = matching.check(problem, repaired(problem, plan))
        assert not found.violations


@pytest.mark.parametrize("seed", range(20))
def test_of_a_plan_that_breaks_no_rule_nothing_is_changed_for_a_small_gain(seed):
    problem = matching.problem_from_tables(a_random_crowd(seed, households=20))
    plan = matching.first_come(problem)
    after = repaired(problem, plan)
    gain = matching.check(problem, plan).cost - matching.check(problem, after).cost
    left = [problem.need_row[need] for need in plan if plan[need] and plan[need] != after[need]]
    assert gain >= reluctance(problem.parameters) * problem.needs.weight[left].sum() - 1e-6


@pytest.mark.parametrize("seed", range(10))
def test_prices_steer_a_repair_and_break_no_rule(seed):
    problem = matching.problem_from_tables(a_random_crowd(seed, households=12))
    price = np.random.default_rng(seed).uniform(0, 50, len(problem.capacities.ids))
    c = candidates(problem)
    choice = repaired_choice(problem, c, a_nonsense_plan(problem, seed), price)
    assert matching.check(problem, plan_of(problem, c, choice)).feasible


def test_what_the_problem_does_not_know_is_ignored_and_named():
    problem = a_problem([a_need("n")], [a_slot("s")])
    done = repair(problem, candidates(problem), {"n": "gone", "nobody": "s"})
    assert done.unknown_needs == ["nobody"]
    assert done.unknown_slots == [("n", "gone")]
    assert done.lost.tolist() == [True]


def test_whoever_has_waited_longest_keeps_a_seat_that_became_scarce():
    needs = [a_need("late", "q", earliest=3), a_need("early", "p", earliest=-9)]
    problem = a_problem(needs, [a_slot("s"), a_slot("t", start=30)])
    assert repaired(problem, {"late": "s", "early": "s"}) == {"late": "t", "early": "s"}


def test_a_step_keeps_its_slot_although_the_step_before_it_moves():
    needs = [a_need("a", kind="test", earliest=9), a_need("b", after="a")]
    slots = [a_slot("t", kind="test", start=5), a_slot("u", kind="test", start=12), a_slot("s", start=40)]
    assert repaired(a_problem(needs, slots), {"a": "t", "b": "s"}) == {"a": "u", "b": "s"}


def test_a_step_that_no_longer_fits_behind_the_step_before_it_moves_too():
    needs = [a_need("a", kind="test", earliest=9), a_need("b", after="a")]
    slots = [a_slot("t", kind="test", start=5), a_slot("u", kind="test", start=12)]
    slots += [a_slot("s", start=15), a_slot("v", start=60)]
    assert repaired(a_problem(needs, slots), {"a": "t", "b": "s"}) == {"a": "u", "b": "v"}


def a_group_of(people, minimum, **cells):
    """People who hold one group each with a minimum, and a second way for everybody."""
    needs = [a_need(f"n{k}", f"p{k}", **cells) for k in range(people)]
    slots = [a_slot("group", start=10), a_slot("single", start=20)]
    rooms = [a_capacity("c-group", people + 1, minimum), a_capacity("c-single", people)]
    return needs, slots, rooms


def test_a_group_that_misses_one_is_filled_by_whom_it_costs_least():
    needs, slots, rooms = a_group_of(3, 3)
    needs += [a_need("far", "f"), a_need("near", "g")]
    slots[1]["lat"] = "50.08"  # where one of them lives
    people = [a_person("f", lat="50.08"), a_person("g")]
    problem = a_problem(needs, slots, people, rooms, km_factor=1)
    plan = {"n0": "group", "n1": "group", "n2": "single", "far": "single", "near": "single"}
    after = repaired(problem, plan | {"n2": None})
    assert after == plan | {"n2": "group"}
    blocked = [row | {"earliest": "2026-01-20"} if row["need"] == "n2" else row for row in needs]
    after = repaired(a_problem(blocked, slots, people, rooms, km_factor=1), plan)
    assert after == plan | {"near": "group"}


def test_a_group_that_nobody_can_fill_is_dissolved_and_its_people_go_elsewhere():
    needs, slots, rooms = a_group_of(3, 4)
    after = repaired(a_problem(needs, slots, (), rooms), dict.fromkeys(["n0", "n1", "n2"], "group"))
    assert after == dict.fromkeys(["n0", "n1", "n2"], "single")


def test_a_fixed_slot_stays_whatever_the_earlier_plan_said():
    needs = [a_need("n", fixed_slot="t")]
    problem = a_problem(needs, [a_slot("s"), a_slot("t", start=40)])
    assert repaired(problem, {"n": "s"}) == {"n": "t"}


def test_the_last_seat_goes_to_whom_it_saves_most_and_of_equals_to_who_came_first():
    first = a_need("n1", "p1", earliest=-9)
    for weight, who in (("1", "n1"), ("2", "n2")):
        problem = a_problem([first, a_need("n2", "p2", weight=weight)], [a_slot("s")])
        served = [need for need, slot in repaired(problem, {}).items() if slot]
        assert served == [who]
