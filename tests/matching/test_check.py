"""The check finds every broken rule, prices every plan, and agrees with the reference reading."""

import math
import random

import pytest

import matching
from tests.matching.builders import (
    KM,
    a_capacity,
    a_need,
    a_person,
    a_problem,
    a_slot,
    day,
    random_tiny_problem,
    tables,
    write_plainly,
)
from tests.shared_files import independent_check

# The reference check leaves its files to be closed by the interpreter.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")

ONE = [a_need("n")]
CHAIN = [a_need("first", kind="test"), a_need("then", after="first", lag_days="3", max_lag_days="10")]
TEST = a_slot("t", start=2, days=1, kind="test")
AFAR = f"{50 + 12 * KM:.6f}"

BROKEN = {
    "need missing from the plan": (a_problem(ONE, [a_slot("s")]), {}),
    "unknown need": (a_problem(ONE, [a_slot("s")]), {"n": None, "x": "s"}),
    "unknown slot": (a_problem(ONE, [a_slot("s")]), {"n": "x"}),
    "fixed slot not kept": (
        a_problem([a_need("n", fixed_slot="s")], [a_slot("s"), a_slot("other")]),
        {"n": "other"},
    ),
    "served before its predecessor": (a_problem(CHAIN, [TEST, a_slot("s")]), {"first": None, "then": "s"}),
    "wrong kind": (a_problem(ONE, [a_slot("s", kind="flat")]), {"n": "s"}),
    "feature missing": (a_problem([a_need("n", features="childcare")], [a_slot("s")]), {"n": "s"}),
    "tag missing": (
        a_problem(ONE, [a_slot("s", requires="female;parent")], [a_person("p", tags="female")]),
        {"n": "s"},
    ),
    "half-day not available": (a_problem(ONE, [a_slot("s", times="mo-am;sa-am")]), {"n": "s"}),
    "starts too early": (a_problem(CHAIN, [TEST, a_slot("s", start=5)]), {"first": "t", "then": "s"}),
    "starts too late after its predecessor": (
        a_problem(CHAIN, [TEST, a_slot("s", start=14)]),
        {"first": "t", "then": "s"},
    ),
    "cannot attend online": (a_problem(ONE, [a_slot("s", online="1", lat="", lon="")]), {"n": "s"}),
    "too far": (a_problem(ONE, [a_slot("s", lat=AFAR)]), {"n": "s"}),
    "more bookings than seats": (
        a_problem([a_need("n", "p"), a_need("m", "q")], [a_slot("s")]),
        {"n": "s", "m": "s"},
    ),
    "below the minimum": (
        a_problem(ONE, [a_slot("s", uses="c")], [], [a_capacity("c", 9, minimum=2)]),
        {"n": "s"},
    ),
    "overlap in one group": (
        a_problem(
            [a_need("n", "p", exclusive="h"), a_need("m", "q", exclusive="h")],
            [a_slot("s", start=7, days=10, times="mo-am"), a_slot("t", start=16, times="mo-am;tu-am")],
        ),
        {"n": "s", "m": "t"},
    ),
}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_plan_that_breaks_one_rule_is_told_which(rule):
    problem, plan = BROKEN[rule]
    found = matching.check(problem, plan)
    assert set(found.violations) == {rule}
    assert not found.feasible


def test_a_slot_before_today_starts_too_early_even_for_somebody_long_ready():
    problem = a_problem([a_need("n", earliest=-30)], [a_slot("s", start=-1, days=9)])
    assert set(matching.check(problem, {"n": "s"}).violations) == {"starts too early"}


# What a rule does not forbid: the last allowed day, distance, seat, neighbour.
ALLOWED = {
    "a start on the ready day": (a_problem(CHAIN, [TEST, a_slot("s", start=6)]), {"first": "t", "then": "s"}),
    "a start on the latest day": (
        a_problem(CHAIN, [TEST, a_slot("s", start=13)]),
        {"first": "t", "then": "s"},
    ),
    "a start today": (a_problem(ONE, [a_slot("s", start=0)]), {"n": "s"}),
    "the start relation while the predecessor runs": (
        a_problem(
            [a_need("n"), a_need("m", after="n", relation="start", lag_days="2")],
            [a_slot("s", start=4, days=50), a_slot("t", start=6)],
        ),
        {"n": "s", "m": "t"},
    ),
    "the longest way": (a_problem(ONE, [a_slot("s", lat=f"{50 + 9.99 * KM:.6f}")]), {"n": "s"}),
    "online for somebody who can": (
        a_problem(ONE, [a_slot("s", online="1", lat="", lon="")], [a_person("p", online="1")]),
        {"n": "s"},
    ),
    "the minimum exactly reached": (
        a_problem([*ONE, a_need("m", "q")], [a_slot("s", uses="c")], [], [a_capacity("c", 2, minimum=2)]),
        {"n": "s", "m": "s"},
    ),
    "a group below its minimum that a fixed booking opens": (
        a_problem([a_need("n", fixed_slot="s")], [a_slot("s", uses="c")], [], [a_capacity("c", 9, 5)]),
        {"n": "s"},
    ),
    "one day after the other in one half-day": (
        a_problem(
            [a_need("n"), a_need("m")],
            [a_slot("s", 7, days=7, times="mo-am"), a_slot("t", 14, times="mo-am")],
        ),
        {"n": "s", "m": "t"},
    ),
    "the same days in other half-days": (
        a_problem([a_need("n"), a_need("m")], [a_slot("s", times="mo-am"), a_slot("t", times="mo-pm")]),
        {"n": "s", "m": "t"},
    ),
    "a person's two needs of different exclusive groups": (
        a_problem(
            [a_need("n", exclusive="g"), a_need("m", exclusive="h")],
            [a_slot("s", times="mo-am"), a_slot("t", times="mo-am")],
        ),
        {"n": "s", "m": "t"},
    ),
    "two fixed bookings that overlap": (
        a_problem(
            [a_need("n", fixed_slot="s"), a_need("m", fixed_slot="t")],
            [a_slot("s", times="mo-am"), a_slot("t", times="mo-am")],
        ),
        {"n": "s", "m": "t"},
    ),
    "a fixed booking that breaks every other rule, its predecessor unserved": (
        a_problem(
            [a_need("n"), a_need("m", after="n", features="childcare", fixed_slot="s")],
            [a_slot("s", start=-9, kind="flat", requires="parent", times="sa-am", lat=AFAR)],
        ),
        {"n": None, "m": "s"},
    ),
}


@pytest.mark.parametrize("case", ALLOWED)
def test_allowed_is(case):
    problem, plan = ALLOWED[case]
    assert not matching.check(problem, plan).violations


# What a plan of one or two needs costs, reckoned by hand from the formula.
FACTORS = {
    "long_wait_days": 10,
    "long_wait_factor": 0.5,
    "overdue_factor": 2,
    "km_factor": 0.2,
    "change_penalty": 14,
    "unserved_penalty": 60,
    "horizon_end": day(100),
}
COSTS = {
    "waiting since before today": ([a_need("n", earliest=-3)], {"n": "s"}, 10),
    "a long wait counts extra": ([a_need("n", earliest=-13)], {"n": "s"}, 20 + 0.5 * 10),
    "late after the target": ([a_need("n", earliest=7, target=3)], {"n": "s"}, 2 * 4),
    "early before the target": ([a_need("n", earliest=7, target=30)], {"n": "s"}, 0),
    "the weight": ([a_need("n", earliest=2, weight="2.5")], {"n": "s"}, 12.5),
    "a proposal kept": ([a_need("n", earliest=7, proposed_slot="s")], {"n": "s"}, 0),
    "a proposal left": ([a_need("n", earliest=7, proposed_slot="t")], {"n": "s"}, 14),
    "a proposal that no longer exists": ([a_need("n", earliest=7, proposed_slot="gone")], {"n": "s"}, 14),
    "not served": ([a_need("n", earliest=20)], {"n": None}, 60 + 80 + 0.5 * 70),
    "not served, overdue, proposal lost": (
        [a_need("n", earliest=95, target=90, proposed_slot="s")],
        {"n": None},
        60 + 5 + 2 * 10 + 14,
    ),
    "needed only after the horizon": ([a_need("n", earliest=120)], {"n": None}, 60),
    "from the predecessor's last day": (
        [a_need("n", earliest=7), a_need("m", after="n", lag_days="1", earliest=-50)],
        {"n": "s", "m": "t"},
        6 - 1,
    ),
    "from the predecessor's first day": (
        [a_need("n", earliest=7), a_need("m", after="n", relation="start", lag_days="4")],
        {"n": "s", "m": "t"},
        13 - 4 + 0.5 * 0,
    ),
    "fixed before it was ready: no wait below zero": (
        [a_need("n", earliest=30, fixed_slot="s")],
        {"n": "s"},
        0,
    ),
    "fixed, its predecessor not served: ready at its earliest": (
        [a_need("n", earliest=95), a_need("m", after="n", earliest=2, fixed_slot="s")],
        {"n": None, "m": "s"},
        60 + 5 + 5,
    ),
}


@pytest.mark.parametrize("case", COSTS)
def test_the_cost_is_as_reckoned_by_hand_for(case):
    needs, plan, cost = COSTS[case]
    problem = a_problem(needs, [a_slot("s", start=7, days=7), a_slot("t", start=20)], **FACTORS)
    found = matching.check(problem, plan)
    assert found.feasible
    assert found.cost == pytest.approx(cost)


def test_the_way_is_charged_unless_it_is_online():
    near = a_slot("near", start=0, lat=f"{50 + 5 * KM:.6f}")
    online = a_slot("online", start=0, online="1")
    problem = a_problem([a_need("n")], [near, online], [a_person("p", online="1")], **FACTORS)
    assert matching.check(problem, {"n": "near"}).cost == pytest.approx(0.2 * 5, abs=1e-4)
    assert matching.check(problem, {"n": "online"}).cost == 0


def test_it_lists_waits_and_who_goes_without():
    needs = [
        a_need("fixed", fixed_slot="s"),
        a_need("waits", "q", earliest=-5, kind="flat"),
        a_need("without", "q", kind="none"),
    ]
    problem = a_problem(needs, [a_slot("s"), a_slot("f", start=3, kind="flat")])
    found = matching.check(problem, {"fixed": "s", "waits": "f", "without": None})
    assert found.waiting_days == {"waits": 8}
    assert found.unserved == ["without"]


def random_plan(rng, problem):
    """First come, first served, a little or wholly spoiled; sometimes incomplete or with strange ids."""
    plan = dict(matching.first_come(problem))
    for need in rng.sample(problem.needs.ids, rng.randint(0, len(plan))) if rng.random() < 0.7 else ():
        kind = problem.needs.kind[problem.need_row[need]]
        same = [s for s, k in zip(problem.slots.ids, problem.slots.kind, strict=True) if k == kind]
        plan[need] = rng.choice([None, *same, rng.choice(problem.slots.ids)])
    if rng.random() < 0.03:
        del plan[rng.choice(sorted(plan))]
    if rng.random() < 0.03:
        plan[rng.choice(sorted(plan))] = "no-such-slot"
    if rng.random() < 0.03:
        plan["no-such-need"] = None
    return plan


def test_the_reference_check_agrees_on_2000_random_problems_and_plans(tmp_path):
    reference = independent_check()
    seen, feasible = set(), 0
    for seed in range(2000):
        rng = random.Random(50_000 + seed)
        write_plainly(random_tiny_problem(rng), tmp_path)
        problem = matching.read_problem(tmp_path)
        plan = random_plan(rng, problem)
        ours = matching.check(problem, plan)
        violations, cost, waits, unserved = reference.check(reference.Problem(tmp_path), plan)
        assert {r: sorted(f) for r, f in ours.violations.items()} == {
            r: sorted(f) for r, f in violations.items()
        }, seed
        assert ours.cost == pytest.approx(cost, rel=1e-9, nan_ok=True), seed
        assert math.isnan(cost) or len(ours.unserved) == unserved, seed
        if ours.feasible:
            assert sorted(ours.waiting_days.values()) == sorted(waits), seed
        seen |= set(violations)
        feasible += ours.feasible
    assert seen == set(BROKEN), "the random plans do not break every rule"
    assert 400 < feasible < 1600


def test_the_comparison_would_notice_a_wrong_weight(tmp_path):
    reference = independent_check()
    needs = [a_need("n", weight="2")]
    problem = a_problem(needs, [a_slot("s")])
    matching.write_tables(tables([needs[0] | {"weight": "2.001"}], [a_slot("s")]), tmp_path)
    cost = reference.check(reference.Problem(tmp_path), {"n": "s"})[1]
    assert matching.check(problem, {"n": "s"}).cost != pytest.approx(cost, rel=1e-9)
