"""Who has no slot and why, what a seat saves, which groups should open: solved by hand."""

from dataclasses import replace

import pytest

from tests.matching.builders import KM, PLACE, a_capacity, a_need, a_person, a_slot
from tests.workflows.planning_room.builders import a_planned_folder
from workflows.planning_room.fit import Fit
from workflows.planning_room.gaps import find_gaps, gaps_report, unmet_report
from workflows.planning_room.groups import closed_table, empty_reasons_table, empty_table, wanted
from workflows.planning_room.missing import missing_needs, missing_tables, safe_people_unmet
from workflows.planning_room.seats import Resolver, seat_groups, seat_savings, with_copy
from workflows.planning_room.tables import table_data
from workflows.small_cells import Hidden

FAR = PLACE | {"lat": f"{50 + 30 * KM:.6f}"}


def planned(tmp_path, needs, slots, people=None, capacities=None, plan=None, **prices):
    people = people or [a_person(name) for name in sorted({need["person"] for need in needs})]
    capacities = capacities or [a_capacity(f"c-{slot['slot']}", 5) for slot in slots]
    folder = a_planned_folder(tmp_path, needs, slots, people, capacities, plan or {}, **prices)
    return folder, Fit.of(folder.problem, folder.plan)


REASONS = {
    "nothing-in-reach": ({}, FAR, {}, {}),
    "eligibility": ({"requires": "female"}, {}, {}, {}),
    "childcare": ({}, {}, {"features": "childcare"}, {}),
    "accessibility": ({"features": "childcare"}, {}, {"features": "childcare;wheelchair"}, {}),
    "half-day": ({"times": "fr-ev"}, {}, {}, {}),
    "no-date": ({}, {}, {"earliest": 30}, {}),
    "full": ({}, {}, {}, {"seats": "0"}),
    "group-not-reached": ({}, {}, {}, {"min_participants": "3"}),
    "together": ({}, {}, {}, {}),
}


@pytest.mark.parametrize("reason", REASONS)
def test_the_reason_is_the_rule_at_which_the_last_slot_falls_out(tmp_path, reason):
    slot, person, need, capacity = REASONS[reason]
    folder, fit = planned(
        tmp_path,
        [a_need("n", "p", **need)],
        [a_slot("s", 7, **slot)],
        [a_person("p", **person)],
        [a_capacity("c-s", 5) | capacity],
    )
    assert [one.reason for one in missing_needs(folder, fit)] == [reason]


def test_a_step_after_one_without_a_slot_waits_for_that(tmp_path):
    needs = [a_need("n", "p"), a_need("m", "p", after="n")]
    folder, fit = planned(tmp_path, needs, [a_slot("s", 7, times="fr-ev")])
    assert {one.need: one.reason for one in missing_needs(folder, fit)} == {
        "n": "half-day",
        "m": "predecessor",
    }


def test_late_is_after_the_agreed_date_or_after_the_long_wait(tmp_path):
    needs = [a_need("n1", "p1", target=5), a_need("n2", "p2", target=90), a_need("n3", "p3")]
    plan = dict.fromkeys(("n1", "n2", "n3"), "s")
    folder, fit = planned(tmp_path, needs, [a_slot("s", 80)], plan=plan)
    found = missing_needs(folder, fit)
    assert [(one.need, one.late, one.reason) for one in found] == [
        ("n1", True, "no-date"),
        ("n3", True, "no-date"),
    ]


def test_people_are_counted_once_and_small_counts_are_hidden(tmp_path):
    needs = [a_need(f"n{k}", f"p{k}", kind="course") for k in range(7)]
    needs += [a_need("n0b", "p0", kind="course"), a_need("t", "p1", kind="test")]
    folder, fit = planned(tmp_path, needs, [a_slot("s", 7, times="fr-ev")])
    kinds = {row[0]: row[1:] for row in next(missing_tables(missing_needs(folder, fit))).rows}
    assert kinds["test"][0] is Hidden.SMALL
    assert kinds["test"][2] is None, "the reason of a hidden count is hidden as well"
    assert kinds["course"][0] is Hidden.PROTECTING or kinds["course"][0] == 7


def test_the_number_of_all_is_hidden_where_a_table_could_be_completed_with_it(tmp_path):
    """Four with one reason and four with another: eight in all would say that both are four."""
    needs = [a_need(f"n{k}", f"p{k}", earliest=30 if k < 4 else 0) for k in range(8)]
    people = [a_person(f"p{k}", **({} if k < 4 else FAR)) for k in range(8)]
    folder, fit = planned(tmp_path, needs, [a_slot("s", 7)], people)
    missing = missing_needs(folder, fit)
    assert {row["people_unmet"] for row in table_data(list(missing_tables(missing))[-1])} == {"hidden"}
    assert safe_people_unmet(missing) is Hidden.PROTECTING
    assert safe_people_unmet(missing[:4]) is Hidden.SMALL
    assert ("gaps.hidden-people", {}) in unmet_report(folder).lead


def test_seats_of_a_group_with_several_ways_in_belong_together(tmp_path):
    slots = [a_slot("g1", 5, uses="m1;m2;m3"), a_slot("g3", 50, uses="m3"), a_slot("s", 9)]
    capacities = [*(a_capacity(f"m{k}", 4, 2) for k in (1, 2, 3)), a_capacity("c-s", 1)]
    folder, _ = planned(tmp_path, [a_need("n", "p")], slots, capacities=capacities, m1=3.0, m3=2.0, c_s=9.0)
    found = {one.slot: one for one in seat_groups(folder.problem, folder.seat_prices)}
    assert found.keys() == {"g1", "s"}
    assert found["g1"].slots == ("g1", "g3")
    assert (found["g1"].price, found["g1"].minimum) == (5.0, 2)


def two_wait(tmp_path):
    needs = [a_need(f"n{k}", f"p{k}") for k in range(2)]
    capacities = [a_capacity("c-s", 1), a_capacity("c-t", 1)]
    plan = {"n0": "s", "n1": "t"}
    return planned(tmp_path, needs, [a_slot("s", 5), a_slot("t", 25)], None, capacities, plan, c_s=20.0)


def test_one_more_seat_saves_what_it_promises_where_the_optimum_is_proven(tmp_path):
    folder, _ = two_wait(tmp_path)
    groups = [g for g in seat_groups(folder.problem, folder.seat_prices) if g.price]
    (found,) = seat_savings(Resolver(folder), groups)
    assert (found.promised, found.saved) == (20.0, pytest.approx(20.0))
    assert (found.at_least, found.at_most) == (pytest.approx(20.0), pytest.approx(20.0))
    assert found.kept


def test_a_promise_beyond_the_bounds_is_not_kept(tmp_path):
    folder, _ = two_wait(tmp_path)
    (group,) = (g for g in seat_groups(folder.problem, folder.seat_prices) if g.price)
    (found,) = seat_savings(Resolver(folder), [replace(group, price=31.0)])
    assert not found.kept


def test_one_more_group_has_ways_in_and_capacities_of_its_own(tmp_path):
    folder, _ = two_wait(tmp_path)
    group = next(g for g in seat_groups(folder.problem, {}) if g.slot == "s")
    copied = with_copy(folder.tables(), group)
    assert [row["slot"] for row in copied["slots"]] == ["s", "t", "s+"]
    assert copied["slots"][-1]["uses"] == copied["capacities"][-1]["capacity"] == "c-s+"


def a_short_group(tmp_path, people, minimum=5, **slot):
    needs = [a_need(f"n{k}", f"p{k}") for k in range(people)]
    capacities = [a_capacity("c-g", 9, minimum)]
    folder, fit = planned(tmp_path, needs, [a_slot("g", 9, **slot)], None, capacities)
    groups = seat_groups(folder.problem, {})
    return table_data(closed_table(fit, groups, wanted(fit)))[0]


def test_a_group_that_enough_people_would_gain_from_should_open(tmp_path):
    found = a_short_group(tmp_path, people=6)
    assert (found["advice"], found["people_who_gain"]) == ("open", 6)


def test_a_group_at_the_wrong_time_of_day_should_move(tmp_path):
    found = a_short_group(tmp_path, people=6, times="mo-ev")
    assert (found["advice"], found["advice_detail"]) == ("move", "am")


def test_a_group_that_few_want_should_not_open(tmp_path):
    found = a_short_group(tmp_path, people=3)
    assert (found["advice"], found["people_who_gain"]) == ("close", "hidden")


@pytest.mark.parametrize(("people", "minimum"), [(4, 4), (5, 4), (1, 2), (0, 2)])
def test_the_advice_leaves_a_small_number_a_choice(tmp_path, people, minimum):
    """A group that needs four opens with four; one that needs two does not with one."""
    assert a_short_group(tmp_path, people, minimum)["people_who_gain"] == "hidden"
    assert a_short_group(tmp_path / "control", people=5, minimum=3)["people_who_gain"] == 5


def two_short_groups(tmp_path, few, many, minimum):
    slots = [a_slot("g", 9, times="mo-am"), a_slot("h", 20, times="mo-pm")]
    free = ["mo-am"] * few + ["mo-pm"] * many
    people = [a_person(f"p{k}", times=half) for k, half in enumerate(free)]
    needs = [a_need(f"n{k}", f"p{k}") for k in range(len(free))]
    capacities = [a_capacity("c-g", 99, minimum), a_capacity("c-h", 99, minimum)]
    folder, fit = planned(tmp_path, needs, slots, people, capacities)
    return [
        row["advice"] for row in table_data(closed_table(fit, seat_groups(folder.problem, {}), wanted(fit)))
    ]


def test_a_merger_that_would_tell_how_many_they_are_is_not_advised(tmp_path):
    """Ten of whom six are shown could only be with four others, or four and four eight."""
    assert two_short_groups(tmp_path / "a", 4, 6, 10) == ["move", "move"]
    assert two_short_groups(tmp_path / "b", 4, 4, 8) == ["move", "move"]
    assert two_short_groups(tmp_path / "c", 4, 6, 9) == ["merge", "merge"]


def test_a_kind_is_not_given_away_by_its_level(tmp_path):
    """All who lack a step of level B1 less those of the one kind that is shown would be the other kind."""
    kinds = {"vocational-language/B2": 3, "vocational-language/C1": 9, "placement-test": 7, "job/intake": 8}
    needs = [
        a_need(f"{kind}-{n}", f"{kind}-{n}", kind=kind) for kind, many in kinds.items() for n in range(many)
    ]
    folder, fit = planned(tmp_path, needs, [a_slot("s", 7, times="fr-ev")])
    tables = {table.key: table for table in missing_tables(missing_needs(folder, fit))}
    shown = {row[0]: row[1] for row in tables["missing-kind"].rows}
    levels = {row[0]: row[1] for row in tables["missing-level"].rows}
    assert shown["vocational-language/B2"] is Hidden.SMALL
    assert isinstance(shown["vocational-language/C1"], Hidden) or not isinstance(levels["B1"], int)


def test_two_short_groups_that_together_have_enough_should_merge(tmp_path):
    slots = [a_slot("g", 9, times="mo-am"), a_slot("h", 20, times="mo-pm")]
    free = {"mo-am": range(3), "mo-pm": range(3, 6)}
    people = [a_person(f"p{k}", times=half) for half, numbers in free.items() for k in numbers]
    needs = [a_need(f"n{k}", f"p{k}") for k in range(6)]
    capacities = [a_capacity("c-g", 9, 5), a_capacity("c-h", 9, 5)]
    folder, fit = planned(tmp_path, needs, slots, people, capacities)
    found = table_data(closed_table(fit, seat_groups(folder.problem, {}), wanted(fit)))
    assert [(row["slot"], row["advice"], row["advice_detail"]) for row in found] == [
        ("g", "merge", "h"),
        ("h", "merge", "g"),
    ]


@pytest.mark.parametrize(
    ("slot", "why"),
    [({"times": "mo-ev"}, "half-day"), ({"requires": "female"}, "eligibility"), ({}, "together")],
)
def test_seats_stay_empty_for_a_reason(tmp_path, slot, why):
    folder, fit = planned(tmp_path, [a_need("n", "p")], [a_slot("s", 7, **slot)])
    (row,) = table_data(empty_table(fit, seat_groups(folder.problem, {}), wanted(fit)))
    assert (row["empty_seats"], row["empty_because"]) == (5, why)


def test_seats_that_nobody_could_use_sooner_say_so(tmp_path):
    folder, fit = planned(tmp_path, [a_need("n", "p")], [a_slot("s", 7), a_slot("t", 30)], plan={"n": "s"})
    found = {
        row["slot"]: row for row in table_data(empty_table(fit, seat_groups(folder.problem, {}), wanted(fit)))
    }
    assert found["t"]["empty_because"] == "nobody-waits"


def seats_taken(tmp_path, *taken, seats=10):
    """Empty seats of groups of which so many are taken, and of all together."""
    many = range(len(taken))
    slots = [a_slot(f"s{k}", 7 + k, times="mo-am") for k in many]
    needs = [a_need(f"n{k}-{n}", f"p{k}-{n}") for k in many for n in range(taken[k])]
    plan = {f"n{k}-{n}": f"s{k}" for k in many for n in range(taken[k])}
    capacities = [a_capacity(f"c-s{k}", seats) for k in many]
    folder, fit = planned(tmp_path, needs, slots, None, capacities, plan)
    asked, groups = wanted(fit), seat_groups(folder.problem, {})
    shown = {row["slot"]: row["empty_seats"] for row in table_data(empty_table(fit, groups, asked))}
    return shown, [row["empty_seats"] for row in table_data(empty_reasons_table(fit, groups, asked))]


def test_empty_seats_do_not_tell_of_the_few_who_have_the_others(tmp_path):
    """Of ten seats eight are empty: two persons. The sum would say so too, and so would the next smallest."""
    assert seats_taken(tmp_path / "a", 0) == ({"s0": 10}, [10])
    assert seats_taken(tmp_path / "b", 2) == ({"s0": "hidden"}, ["hidden"])
    alone, whole = seats_taken(tmp_path / "c", 6)
    assert (alone, whole) == ({"s0": 4}, [4])


def test_groups_of_few_seats_are_counted_in_the_sums_only(tmp_path):
    """One that is full would tell by not being there."""
    assert seats_taken(tmp_path, 0, seats=4) == ({}, [4])


def test_the_report_holds_every_table(tmp_path):
    folder, _ = two_wait(tmp_path)
    found = find_gaps(folder.folder, tmp_path / "plan", top=2)
    tables = {table.key: table for table in gaps_report(found).tables}
    assert [row["saved_days"] for row in table_data(tables["seat-savings"])] == [20.0]
    assert {"missing-reason", "closed-groups", "empty-seats"} <= tables.keys()
