"""Why a need has no slot, and that the smallest change which should help does help."""

import copy
import random
from datetime import timedelta

import pytest

import matching
from matching.explain import CAUSES
from matching.remedies import REMEDIES
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
    tables,
)

NOBODY = {"n": None}
FIRST = a_need("first", kind="test")
TEST = a_slot("t", start=3, days=5, kind="test")


def after(**cells):
    return [FIRST, a_need("n", after="first", **cells)]


def far(km):
    return PLACE | {"lat": f"{50 + km * KM:.6f}"}


# cause -> (tables, plan, the smallest change: codes and values); the need n has no slot
UNSERVED = {
    "no-slot-of-kind": (tables([a_need("n")], [TEST]), NOBODY, []),
    "features": (
        tables([a_need("n", features="childcare;wheelchair")], [a_slot("s", features="childcare")]),
        NOBODY,
        [("features", {"features": ["wheelchair"]})],
    ),
    "requires": (
        tables([a_need("n")], [a_slot("s", requires="female;parent")], [a_person("p", tags="parent")]),
        NOBODY,
        [("requires", {"tags": ["female"]})],
    ),
    "half-day": (
        tables([a_need("n")], [a_slot("s", times="mo-am;tu-ev"), a_slot("u", 2, times="mo-ev;tu-ev")]),
        NOBODY,
        [("half-day", {"half_days": ["tu-ev"]})],
    ),
    "online": (
        tables([a_need("n")], [a_slot("s", online="1", lat="", lon="")]),
        NOBODY,
        [("online", {})],
    ),
    "distance": (
        tables([a_need("n")], [a_slot("s", 20, **far(11.4)), a_slot("u", 2, **far(14))]),
        NOBODY,
        [("distance", {"km": 12, "max_km": 10})],
    ),
    "past": (tables([a_need("n", earliest=-9)], [a_slot("s", start=-1)]), NOBODY, []),
    "predecessor": (
        tables(after(), [TEST | far(11.4), a_slot("s", 20)]),
        {"first": None, "n": None},
        [("distance", {"km": 12, "max_km": 10})],
    ),
    "too-early": (
        tables([a_need("n", earliest=9)], [a_slot("s", start=7), a_slot("u", start=4)]),
        NOBODY,
        [("too-early", {"days": 2, "earliest_days": 2, "lag_days": 0, "before_days": 0})],
    ),
    "too-late": (
        tables(after(max_lag_days="9"), [TEST, a_slot("s", start=20)]),
        {"first": "t", "n": None},
        [("too-late", {"days": 3})],
    ),
    "full": (
        tables([a_need("n"), a_need("m", "q")], [a_slot("s")]),
        {"n": None, "m": "s"},
        [("full", {"capacities": ["c-s"]})],
    ),
    "group-closed": (tables([a_need("n")], [a_slot("s", uses="c")], [], [a_capacity("c", 2, 3)]), NOBODY, []),
    "group-not-reached": (
        tables([a_need("n")], [a_slot("s", uses="c;d")], [], [a_capacity("c", 9, 5), a_capacity("d", 9, 3)]),
        NOBODY,
        [("group-not-reached", {"missing": 4, "capacities": {"c": 4, "d": 2}})],
    ),
    "overlap": (
        tables(
            [a_need("n", exclusive="h"), a_need("m", "q", "flat", exclusive="h")],
            [a_slot("s", times="mo-am"), a_slot("f", start=13, kind="flat", times="mo-am")],
        ),
        {"n": None, "m": "f"},
        [("overlap", {"needs": ["m"]})],
    ),
}


@pytest.mark.parametrize("cause", UNSERVED)
def test_a_need_without_a_slot_is_told_the_cause_and_the_smallest_change(cause):
    made, plan, changes = UNSERVED[cause]
    found = matching.explain(matching.problem_from_tables(made), plan, {}, "n")
    assert (found.need, found.cause, found.offer) == ("n", cause, None)
    assert [(r.code, dict(r.values)) for one in found.help[:1] for r in one.remedies] == changes
    for one in found.help:
        assert_helps(made, plan, found, one)


def assert_helps(made, plan, found, one):
    """Make the changes in the tables: the plan that serves the need is then allowed."""
    changed, kept = changed_tables(made, found, one), dict(plan)
    for remedy in one.remedies:
        kept |= dict.fromkeys(remedy.values.get("needs", []))
    need = deepest(found).need
    checked = matching.check(matching.problem_from_tables(changed), {**kept, need: one.offer.slot})
    assert checked.feasible, (need, one, checked.violations)


def deepest(found):
    return deepest(found.before) if found.before else found


def changed_tables(made, found, one):
    changed = copy.deepcopy(made)
    need = row_of(changed, "needs", "need", deepest(found).need)
    person = row_of(changed, "people", "person", need["person"])
    slot = row_of(changed, "slots", "slot", one.offer.slot)
    for remedy in one.remedies:
        values = remedy.values
        match remedy.code:
            case "distance":
                person["max_km"] = str(values["km"])
            case "half-day":
                person["times"] += ";" + ";".join(values["half_days"])
            case "online":
                person["online"] = "1"
            case "features":
                slot["features"] += ";" + ";".join(values["features"])
            case "requires":
                slot["requires"] = ";".join(set(slot["requires"].split(";")) - set(values["tags"]))
            case "too-early" | "before":
                shift(need, "earliest", -values["earliest_days"])
                need["lag_days"] = str(int(need["lag_days"]) - values["lag_days"])
                if values["before_days"]:
                    held = found_slot(changed, need["after"], one)
                    shift(held, "end", -values["before_days"])
            case "too-late":
                need["max_lag_days"] = str(int(need["max_lag_days"]) + values["days"])
            case "full":
                for name in values["capacities"]:
                    add(row_of(changed, "capacities", "capacity", name), "seats", 1)
            case "group-not-reached":
                for name, many in values["capacities"].items():
                    row = row_of(changed, "capacities", "capacity", name)
                    add(row, "seats", -many)
                    add(row, "min_participants", -many)
            case "overlap":
                for name in values["needs"]:
                    row_of(changed, "needs", "need", name)["fixed_slot"] = ""
    return changed


def found_slot(made, need, one):
    return row_of(made, "slots", "slot", made["plan"][need])


def row_of(made, table, column, name):
    return next(row for row in made[table] if row[column] == name)


def add(row, column, many):
    row[column] = str(int(row[column]) + many)


def shift(row, column, days):
    row[column] = (TODAY.fromisoformat(row[column]) + timedelta(days=days)).isoformat()


def test_every_cause_has_its_example_here():
    served = {"booked", "only", "earliest", "sooner-excluded", "best", "not-best"}
    assert set(CAUSES) == set(UNSERVED) | served | {"not-worth", "others-depend"}


def test_every_change_is_said_in_both_languages_with_its_figures():
    said = set()
    for made, plan, _ in UNSERVED.values():
        for one in matching.explain(matching.problem_from_tables(made), plan, {}, "n").help:
            for remedy in one.remedies:
                assert remedy.text("en") != remedy.text("de")
                assert "{" not in remedy.text("en") + remedy.text("de")
                said.add(remedy.code)
    assert said == set(REMEDIES) - {"before"}


def test_a_step_before_that_ends_too_late_is_named_with_its_days():
    made = tables(after(), [TEST, a_slot("s", start=6)])
    found = matching.explain(matching.problem_from_tables(made), {"first": "t", "n": None}, {}, "n")
    (one,) = found.help
    assert (found.cause, one.remedies[0].code, one.remedies[0].values["days"]) == ("too-early", "before", 2)
    assert_helps(made | {"plan": {"first": "t"}}, {"first": "t", "n": None}, found, one)


def test_a_shorter_pause_is_asked_for_before_a_sooner_end():
    made = tables(after(lag_days="10"), [TEST, a_slot("s", start=12)])
    found = matching.explain(matching.problem_from_tables(made), {"first": "t", "n": None}, {}, "n")
    values = {"days": 6, "earliest_days": 0, "lag_days": 6, "before_days": 0}
    assert [(r.code, dict(r.values)) for r in found.help[0].remedies] == [("too-early", values)]


def test_where_one_change_is_not_enough_two_are_named_together():
    made = tables([a_need("n"), a_need("m", "q")], [a_slot("s", times="mo-ev", **far(11))])
    made["people"][1]["times"] = "mo-ev"
    made["people"][1]["max_km"] = "20"
    plan = {"n": None, "m": "s"}
    found = matching.explain(matching.problem_from_tables(made), plan, {}, "n")
    assert [[r.code for r in one.remedies] for one in found.help] == [["half-day", "distance", "full"]]
    assert_helps(made, plan, found, found.help[0])


def test_a_change_that_does_not_help_is_not_named():
    """Two hold the seat in one capacity each: one more seat there and the group is still not reached."""
    needs = [a_need("n"), a_need("m", "q")]
    slots = [a_slot("s", uses="c;d"), a_slot("u", uses="c")]
    problem = a_problem(needs, slots, [], [a_capacity("c", 1), a_capacity("d", 2, minimum=3)])
    found = matching.explain(problem, {"n": None, "m": "u"}, {}, "n")
    assert [[r.code for r in one.remedies] for one in found.help] == [["full"]]
    assert found.help[0].offer.slot == "u"


def test_the_changes_are_ordered_by_what_they_take():
    slots = [a_slot("s", **far(12.6)), a_slot("u", 9, times="mo-ev"), a_slot("v", 9)]
    made = tables([a_need("n"), a_need("m", "q")], slots)
    plan = {"n": None, "m": "v"}
    found = matching.explain(matching.problem_from_tables(made), plan, {}, "n")
    assert [one.remedies[0].code for one in found.help] == ["distance", "full", "half-day"]
    assert [one.effort for one in found.help] == [3, 5, 10]
    for one in found.help:
        assert_helps(made, plan, found, one)


def test_the_chain_is_followed_up_to_the_step_that_hangs():
    needs = [a_need("a", kind="test"), a_need("b", after="a", kind="flat"), a_need("n", after="b")]
    slots = [TEST | far(11.4), a_slot("f", 20, kind="flat"), a_slot("s", 40)]
    found = matching.explain(a_problem(needs, slots), {"a": None, "b": None, "n": None}, {}, "n")
    assert [one.cause for one in (found, found.before, found.before.before)] == [
        "predecessor",
        "predecessor",
        "distance",
    ]
    assert found.values == {"need": "b"}
    assert [(one.remedies[0].code, one.serves) for one in found.help] == [("distance", True)]


def test_help_for_the_step_before_alone_says_that_it_does_not_serve_the_need():
    problem = a_problem(after(), [TEST | far(11.4), a_slot("s", 1)])
    found = matching.explain(problem, {"first": None, "n": None}, {}, "n")
    assert [(one.remedies[0].code, one.serves) for one in found.help] == [("distance", False)]


@pytest.mark.parametrize("seeds", [range(k, k + 50) for k in range(7000, 7200, 50)], ids=str)
def test_whatever_is_said_to_help_helps(seeds):
    helped = 0
    for seed in seeds:
        made = random_tiny_problem(random.Random(seed))
        problem = matching.problem_from_tables(made)
        plan = matching.first_come(problem)
        for need in [need for need, slot in plan.items() if slot is None]:
            found = matching.explain(problem, plan, {}, need)
            for one in found.help:
                assert_helps(made | {"plan": plan}, plan, found, one)
                helped += 1
    assert helped > 20
