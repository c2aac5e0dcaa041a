"""Every slot of the kind is offered or excluded, for the right reason, and at the right price."""

import math
import random
from datetime import date, timedelta

import pytest

import matching
from matching.rules import RULES
from tests.matching.brute_force import Rules, cheapest, words
from tests.matching.builders import (
    KM,
    PLACE,
    TODAY,
    a_capacity,
    a_need,
    a_person,
    a_problem,
    a_slot,
    random_tiny_problem,
)

# The rule that excludes a slot -> what the check says of a plan that takes it nevertheless.
VIOLATION = {
    "predecessor": "served before its predecessor",
    "features": "feature missing",
    "requires": "tag missing",
    "half-day": "half-day not available",
    "online": "cannot attend online",
    "distance": "too far",
    "past": "starts too early",
    "too-early": "starts too early",
    "too-late": "starts too late after its predecessor",
    "full": "more bookings than seats",
    "group-closed": "below the minimum",
    "group-not-reached": "below the minimum",
    "overlap": "overlap in one group",
    "others-depend": "below the minimum",
}


class Case:
    """A tiny problem, a feasible plan, and what others keep when one need moves."""

    def __init__(self, seed):
        rng = random.Random(seed)
        self.tables = random_tiny_problem(rng)
        self.problem = matching.problem_from_tables(self.tables)
        self.rules = Rules(self.tables)
        self.plan = matching.first_come(self.problem)
        self.price = {name: rng.choice((0.0, 3.5, 40.0)) for name in self.problem.capacities.ids}
        self.adviser = matching.Adviser(self.problem, self.plan, self.price)

    def recommend(self, need):
        return self.adviser.recommend(need, top=10**6)

    def following(self, need):
        """All that follow the need."""
        found = [name for name, row in self.rules.needs.items() if row["after"] == need]
        return found + [later for name in found for later in self.following(name)]

    def later_steps(self, need):
        """All that follow the need, those with a fixed slot left out."""
        return [name for name in self.following(need) if not self.rules.needs[name]["fixed_slot"]]

    def moved(self, need, slot):
        """The plan with this one change, the steps after it not served, everybody else kept."""
        return {**self.plan, **dict.fromkeys(self.later_steps(need)), need: slot}

    def rebooked(self, need, slot):
        """Least cost of all when the need takes the slot and later steps follow as well as they can."""
        return cheapest(OneMoves(self.tables, self.moved(need, slot), self.later_steps(need), self.plan)).cost

    def kept_cost(self, need):
        """What all needs cost that are neither the need nor after it."""
        moving = {need, *self.following(need)}
        return sum(self.rules.cost(n, s, self.plan) for n, s in self.plan.items() if n not in moving)

    def of_kind(self, need):
        row = self.rules.needs[need]
        if row["fixed_slot"]:
            return {row["fixed_slot"]}
        return {name for name, slot in self.rules.slots.items() if slot["kind"] == row["kind"]}

    def uses(self, slot):
        return words(self.rules.slots[slot]["uses"])


class OneMoves(Rules):
    """Only some needs are free to choose; everybody else keeps what is given; no group opens anew."""

    def __init__(self, tables, given, free, plan):
        super().__init__(tables)
        self.given, self.free = given, free
        running = {use for slot in plan.values() if slot for use in words(self.slots[slot]["uses"])}
        self.shut = {
            use for use, row in self.capacities.items() if int(row["min_participants"]) > 1
        } - running

    def options(self, name):
        if name not in self.free:
            return [self.given[name]]
        return [s for s in super().options(name) if not s or not words(self.slots[s]["uses"]) & self.shut]

    def minimums_hold(self, plan):
        held = {use for slot in plan.values() if slot for use in words(self.slots[slot]["uses"])}
        return super().minimums_hold(plan) and not held & self.shut

    def allows(self, name, slot, plan):
        return super().allows(name, slot, plan) and (
            slot is None or self.needs[name]["fixed_slot"] or slot in super().options(name)
        )


SEEDS = range(5000, 5300)
BY_FIFTY = pytest.mark.parametrize("seeds", [SEEDS[k : k + 50] for k in range(0, 300, 50)], ids=str)


@BY_FIFTY
def test_offers_are_just_the_slots_to_which_a_need_can_move_while_others_stay(seeds):
    offered = 0
    for seed in seeds:
        case = Case(seed)
        for need in case.plan:
            answer = case.recommend(need)
            offers, excluded = [o.slot for o in answer.offers], [e.slot for e in answer.excluded]
            assert sorted(offers + excluded) == sorted(case.of_kind(need)), (seed, need)
            for slot in case.of_kind(need):
                possible = case.rebooked(need, slot) < math.inf
                assert (slot in offers) == possible, (seed, need, slot)
            offered += len(offers)
    assert offered > 50


@BY_FIFTY
def test_the_slot_of_the_plan_is_always_offered(seeds):
    for seed in seeds:
        case = Case(seed)
        for need, slot in case.plan.items():
            chosen = [offer.slot for offer in case.recommend(need).offers if offer.chosen]
            assert chosen == ([slot] if slot else []), (seed, need)


@BY_FIFTY
def test_the_rule_that_excludes_a_slot_is_broken_by_taking_it(seeds):
    for seed in seeds:
        case = Case(seed)
        for need in case.plan:
            for exclusion in case.recommend(need).excluded:
                broken = matching.check(case.problem, case.moved(need, exclusion.slot)).violations
                assert VIOLATION[exclusion.rule] in broken, (seed, need, exclusion, broken)


@BY_FIFTY
def test_offers_say_what_the_check_says(seeds):
    for seed in seeds:
        case = Case(seed)
        for need in case.plan:
            offers, planned = case.recommend(need).offers, case.plan[need]
            for offer in offers:
                assert offer.chosen == (offer.slot == planned)
                assert_offer(case, need, offer)


def test_the_slot_of_the_plan_is_offered_even_where_a_later_step_keeps_its_group_open():
    needs = [a_need("n"), a_need("m", after="n", relation="start", kind="more")]
    slots = [a_slot("s", uses="c"), a_slot("t", kind="more", uses="c")]
    problem = a_problem(needs, slots, [], [a_capacity("c", 2, minimum=2)])
    answer = matching.recommend(problem, {"n": "s", "m": "t"}, {}, "n")
    assert [(o.slot, o.chosen) for o in answer.offers] == [("s", True)]


def assert_offer(case, need, offer):
    plan = case.moved(need, offer.slot)
    row, person = case.rules.slots[offer.slot], case.rules.needs[need]
    assert offer.start_on == date.fromisoformat(row["start"])
    assert offer.own_cost == pytest.approx(case.rules.cost(need, offer.slot, plan))
    if not person["fixed_slot"]:
        assert offer.waiting_days == matching.check(case.problem, plan).waiting_days[need]
    way = None if row["online"] == "1" else case.rules.way_km(person, row)
    assert offer.travel_km == (None if way is None else pytest.approx(way, abs=1e-6))
    assert offer.seat_price == pytest.approx(sum(case.price[u] for u in case.uses(offer.slot)))
    others = [s for n, s in plan.items() if s and n != need]
    free = [
        int(case.rules.capacities[u]["seats"]) - sum(u in case.uses(s) for s in others)
        for u in case.uses(offer.slot)
    ]
    if not person["fixed_slot"]:
        assert offer.seats_left == min(free)
    given_up = sum(case.price[u] for u in case.uses(case.plan[need])) if case.plan[need] else 0.0
    assert offer.others_cost == pytest.approx(max(0.0, offer.seat_price - given_up))
    assert offer.total == pytest.approx(offer.own_cost + offer.chain_cost + offer.others_cost)


@BY_FIFTY
def test_later_steps_are_booked_as_well_as_the_seats_left_allow(seeds):
    for seed in seeds:
        case = Case(seed)
        for need in case.plan:
            for offer in case.recommend(need).offers:
                chain = case.rebooked(need, offer.slot) - case.kept_cost(need) - offer.own_cost
                assert offer.chain_cost == pytest.approx(chain, abs=1e-5), (seed, need, offer)


def test_another_booking_of_the_household_in_the_same_group_is_counted_once():
    problem = a_problem([a_need("n"), a_need("m")], [a_slot("s", uses="c")], [], [a_capacity("c", 2)])
    (offer,) = matching.recommend(problem, {"n": "s", "m": "s"}, {}, "n").offers
    assert (offer.own_cost, offer.chain_cost) == (7, 0)


def test_the_best_come_first_and_no_more_than_asked_for():
    slots = [a_slot(f"s{k}", start=10 - k) for k in range(7)]
    answer = matching.recommend(a_problem([a_need("n")], slots), {"n": None}, {"c-s6": 2.5}, "n", top=3)
    assert [(o.slot, o.total) for o in answer.offers] == [("s5", 5), ("s4", 6), ("s6", 6.5)]
    assert (answer.need, answer.excluded) == ("n", [])


def test_it_says_how_much_later_the_next_steps_would_begin():
    needs = [a_need("n"), a_need("m", after="n", kind="job")]
    slots = [a_slot("s", 2, days=5), a_slot("t", 9, days=5)]
    slots += [a_slot("j", 8, kind="job"), a_slot("k", 20, kind="job")]
    problem = a_problem(needs, slots)
    answer = matching.recommend(problem, {"n": "s", "m": "j"}, {}, "n")
    assert [(o.slot, o.chosen, o.chain_delay_days, o.chain_cost) for o in answer.offers] == [
        ("s", True, 0, 1),
        ("t", False, 12, 6),
    ]
    assert [o.start_on for o in answer.offers] == [TODAY + timedelta(days=d) for d in (2, 9)]


def test_an_unknown_need_is_refused():
    with pytest.raises(KeyError):
        matching.recommend(a_problem([a_need("n")], [a_slot("s")]), {"n": None}, {}, "x")


ONE = [a_need("n")]
TWO = [a_need("n", "p"), a_need("m", "q")]
AFTER = [a_need("first", kind="test"), a_need("n", after="first", lag_days="2", max_lag_days="9")]
TEST = a_slot("t", start=3, days=1, kind="test")
NOBODY = {"n": None}

# rule -> (problem, plan, values of the text); it is the slot s that the need n cannot have
EXCLUDED = {
    "predecessor": (a_problem(AFTER, [TEST, a_slot("s")]), {"first": None, "n": None}, {}),
    "features": (
        a_problem([a_need("n", features="wheelchair;childcare")], [a_slot("s", features="x")]),
        NOBODY,
        {"missing": "childcare, wheelchair"},
    ),
    "requires": (
        a_problem(ONE, [a_slot("s", requires="female;parent")], [a_person("p", tags="parent")]),
        NOBODY,
        {"missing": "female"},
    ),
    "half-day": (a_problem(ONE, [a_slot("s", times="mo-am;sa-am")]), NOBODY, {"missing": "sa-am"}),
    "online": (a_problem(ONE, [a_slot("s", online="1", lat="", lon="")]), NOBODY, {}),
    "distance": (
        a_problem(ONE, [a_slot("s", **(PLACE | {"lat": f"{50 + 10.3 * KM:.6f}"}))]),
        NOBODY,
        {"km": "11", "max_km": "10"},
    ),
    "past": (a_problem([a_need("n", earliest=-9)], [a_slot("s", start=-1)]), NOBODY, {}),
    "too-early": (a_problem([a_need("n", earliest=9)], [a_slot("s", start=7)]), NOBODY, {"days": 2}),
    "too-late": (
        a_problem(AFTER, [TEST, a_slot("s", start=15)]),
        {"first": "t", "n": None},
        {"days": 2},
    ),
    "full": (a_problem(TWO, [a_slot("s")]), {"n": None, "m": "s"}, {}),
    "group-closed": (a_problem(ONE, [a_slot("s", uses="c")], [], [a_capacity("c", 2, 3)]), NOBODY, {}),
    "group-not-reached": (
        a_problem(ONE, [a_slot("s", uses="c")], [], [a_capacity("c", 9, minimum=5)]),
        NOBODY,
        {"missing": 4},
    ),
    "overlap": (
        a_problem(
            [a_need("n", exclusive="h"), a_need("m", "q", "flat", exclusive="h")],
            [a_slot("s", times="mo-am"), a_slot("f", start=13, kind="flat", times="mo-am")],
        ),
        {"n": None, "m": "f"},
        {},
    ),
    "others-depend": (
        a_problem(
            [*TWO, a_need("k", "r")],
            [a_slot("s"), a_slot("t", uses="c")],
            [],
            [a_capacity("c", 9, minimum=3)],
        ),
        {"n": "t", "m": "t", "k": "t"},
        {"others": 2},
    ),
}


def test_every_rule_has_its_example_here():
    assert set(EXCLUDED) == set(RULES) == set(VIOLATION)


@pytest.mark.parametrize("rule", EXCLUDED)
def test_a_slot_is_excluded_by_rule(rule):
    problem, plan, values = EXCLUDED[rule]
    answer = matching.recommend(problem, plan, {}, "n")
    assert [offer for offer in answer.offers if not offer.chosen] == []
    assert [(e.slot, e.rule, dict(e.values)) for e in answer.excluded] == [("s", rule, values)]
    assert VIOLATION[rule] in matching.check(problem, {**plan, "n": "s"}).violations


@pytest.mark.parametrize("rule", EXCLUDED)
def test_the_rule_is_said_in_both_languages_with_its_values_and_in_general(rule):
    values = EXCLUDED[rule][2]
    english, german = (matching.rule_text(rule, lang, **values) for lang in ("en", "de"))
    assert english != german
    assert all(str(value) in english and str(value) in german for value in values.values())
    for text in (english, german, matching.rule_text(rule, "en"), matching.rule_text(rule, "de")):
        assert text and text.isprintable() and "{" not in text


def test_a_slot_that_fixed_bookings_fill_is_full():
    needs = [a_need("n", "p"), a_need("m", "q", fixed_slot="s")]
    answer = matching.recommend(a_problem(needs, [a_slot("s")]), {"n": None, "m": "s"}, {}, "n")
    assert [(e.slot, e.rule) for e in answer.excluded] == [("s", "full")]


def test_a_group_that_cannot_run_is_closed_though_the_other_capacity_of_its_slot_is_in_use():
    needs = [a_need("n", "p"), a_need("m", "q", "flat")]
    slots = [a_slot("s", uses="c;d"), a_slot("f", kind="flat", uses="d")]
    problem = a_problem(needs, slots, [], [a_capacity("c", 1, minimum=2), a_capacity("d", 9)])
    answer = matching.recommend(problem, {"n": None, "m": "f"}, {}, "n")
    assert [(e.slot, e.rule) for e in answer.excluded] == [("s", "group-closed")]


def test_a_booking_that_stands_is_all_that_is_offered():
    problem = a_problem([a_need("n", fixed_slot="s")], [a_slot("s", start=-5), a_slot("t")])
    answer = matching.recommend(problem, {"n": "s"}, {}, "n")
    assert [(o.slot, o.chosen) for o in answer.offers] == [("s", True)]
    assert answer.excluded == []


def test_a_plan_that_breaks_a_rule_is_refused():
    problem = a_problem(ONE, [a_slot("s", kind="flat")])
    with pytest.raises(ValueError, match="n"):
        matching.recommend(problem, {"n": "s"}, {}, "n")


@pytest.mark.parametrize("seed", range(40))
def test_one_slot_means_alone_what_it_means_among_all(seed):
    case = Case(seed)
    for need in case.problem.needs.ids:
        found = {one.slot: one for one in case.recommend(need).offers}
        for slot in case.problem.slots.ids:
            assert case.adviser.offer(need, slot) == found.get(slot), (need, slot)
