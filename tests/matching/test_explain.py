"""Why a need has its slot, and what the best alternative would have cost."""

import random

import pytest

import matching
from matching.explain import CAUSES, cause_sentence
from tests.matching.builders import (
    KM,
    PLACE,
    a_capacity,
    a_need,
    a_person,
    a_problem,
    a_slot,
    day,
    random_tiny_problem,
)


def far(km):
    return PLACE | {"lat": f"{50 + km * KM:.6f}"}


@pytest.mark.parametrize("cause", CAUSES)
def test_every_cause_is_a_sentence_in_both_languages(cause):
    values = {"kind": "course", "need": "first"}
    english, german = (cause_sentence(cause, lang, **values) for lang in ("en", "de"))
    assert english != german and english.endswith(".") and german.endswith(".")
    assert "{" not in english + german


def explained(needs, slots, plan, prices=None, **more):
    return matching.explain(a_problem(needs, slots, **more), plan, prices or {}, "n")


ONE = [a_need("n")]


def test_a_booking_that_stands_says_so():
    assert explained([a_need("n", fixed_slot="s")], [a_slot("s")], {"n": "s"}).cause == "booked"


def test_the_only_slot_says_so():
    found = explained(ONE, [a_slot("s")], {"n": "s"})
    assert (found.cause, found.offer.slot, found.alternative, found.help) == ("only", "s", None, [])


def test_the_earliest_slot_says_so_and_names_the_next_one():
    found = explained(ONE, [a_slot("s"), a_slot("u", 17)], {"n": "s"})
    assert (found.cause, found.alternative.slot, found.alternative.days_later) == ("earliest", "u", 10)
    assert (found.alternative.own_cost, found.alternative.total, found.alternative.taken) == (10, 10, False)


def test_a_later_slot_that_is_better_in_all_says_so():
    needs = [a_need("n"), a_need("m", after="n", kind="job", relation="start", max_lag_days="3")]
    slots = [a_slot("s", 5), a_slot("u", 9), a_slot("j", 10, kind="job")]
    found = explained(needs, slots, {"n": "u", "m": "j"})
    assert (found.cause, found.alternative.slot) == ("best", "s")
    assert found.alternative.own_cost == -4
    assert found.alternative.chain_cost == 60 + 365 - 1


def test_a_slot_worse_than_another_that_is_free_says_so():
    found = explained(ONE, [a_slot("s"), a_slot("u", 17)], {"n": "u"})
    assert (found.cause, found.alternative.slot, found.alternative.total) == ("not-best", "s", -10)


def test_a_sooner_slot_that_others_hold_is_priced_by_who_could_make_room():
    needs = [a_need("n"), a_need("m", "q"), a_need("k", "r")]
    slots = [a_slot("s", 5, uses="c"), a_slot("u", 15, uses="d"), a_slot("v", 19, **far(30))]
    people = [a_person("q", max_km="50")]
    problem = a_problem(needs, slots, people, [a_capacity("c", 2), a_capacity("d", 1)])
    found = matching.explain(problem, {"n": "u", "m": "s", "k": "s"}, {"c": 3.0}, "n")
    one = found.alternative
    assert (found.cause, one.slot, one.taken, one.days_later, one.own_cost) == (
        "sooner-excluded",
        "s",
        True,
        -10,
        -10,
    )
    # either goes to u, which n leaves: ten days later
    assert (one.others_cost, one.gives_way, one.total) == (10, "k", 0)


def test_where_nobody_alone_can_make_room_no_price_is_named():
    needs = [a_need("n"), a_need("m", "q", "flat"), a_need("k", "r", "job")]
    slots = [a_slot("s", 5, uses="c;d"), a_slot("u", 15)]
    slots += [a_slot("f", kind="flat", uses="c"), a_slot("j", kind="job", uses="d")]
    found = explained(needs, slots, {"n": "u", "m": "f", "k": "j"})
    assert (found.alternative.slot, found.alternative.others_cost, found.alternative.gives_way) == (
        "s",
        None,
        None,
    )


def test_those_who_make_room_may_not_leave_a_group_too_small():
    needs = [a_need("n"), a_need("m", "q"), a_need("k", "r")]
    slots = [a_slot("s", 5, uses="c"), a_slot("w", 6, uses="b;c", **far(30)), a_slot("u", 15)]
    people = [a_person("q", max_km="50"), a_person("r", max_km="50")]
    capacities = [a_capacity("c", 2), a_capacity("b", 9, minimum=2)]
    problem = a_problem(needs, slots, people, capacities)
    found = matching.explain(problem, {"n": "u", "m": "w", "k": "w"}, {}, "n")
    assert (found.alternative.slot, found.alternative.others_cost) == ("s", None)


def test_who_would_leave_a_group_that_others_depend_on_is_told_so():
    needs = [a_need("n", earliest=-5), a_need("m", "q"), a_need("k", "r")]
    slots = [a_slot("s", 2), a_slot("u", 20, uses="c")]
    problem = a_problem(needs, slots, [], [a_capacity("c", 9, minimum=3)])
    found = matching.explain(problem, dict.fromkeys("nmk", "u"), {}, "n")
    assert (found.cause, dict(found.refused)) == ("sooner-excluded", {"others-depend": 1})


def test_a_need_that_is_better_left_open_says_so():
    found = explained(ONE, [a_slot("s", 300)], {"n": None}, horizon_end=day(30))
    assert (found.cause, found.alternative.slot, found.help) == ("not-worth", "s", [])
    assert found.alternative.own_cost == 300 - (60 + 30)


def test_the_refused_are_counted_by_the_first_rule_in_order():
    slots = [a_slot("s", **far(13)), a_slot("u", 9, **far(15)), a_slot("v", -9), a_slot("w", 5)]
    found = explained(ONE, slots, {"n": "w"})
    assert list(found.refused.items()) == [("distance", 2), ("past", 1)]


def test_an_unknown_need_is_refused():
    with pytest.raises(KeyError):
        matching.explain(a_problem(ONE, [a_slot("s")]), {"n": "s"}, {}, "x")


@pytest.mark.parametrize("seeds", [range(k, k + 50) for k in range(7200, 7400, 50)], ids=str)
def test_an_alternative_costs_what_the_plan_with_it_costs(seeds):
    """A free seat costs what the check says; for a taken one no plan with it is cheaper for those two."""
    compared = 0
    for seed in seeds:
        made = random_tiny_problem(random.Random(seed))
        problem = matching.problem_from_tables(made)
        plan = matching.first_come(problem)
        before = matching.check(problem, plan).cost
        for need in plan:
            one = matching.explain(problem, plan, {}, need).alternative
            if one is None or one.taken or any(row["after"] == need for row in made["needs"]):
                continue
            after_cost = matching.check(problem, {**plan, need: one.slot}).cost
            assert one.total == pytest.approx(after_cost - before, abs=1e-6), (seed, need)
            compared += 1
    assert compared > 5
