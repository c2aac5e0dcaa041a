"""Planning again changes what it must and little else, and every change has its cause."""

import random
from dataclasses import replace

import pytest

import matching
from benchmarks.replan import main
from matching.causes import CAUSES, cause_text
from matching.difference import ChangeKind, difference
from matching.projection import with_arrivals
from matching.replan import Mode, replan
from matching.revisions import with_declines, with_proposals
from tests.matching.builders import a_capacity, a_need, a_person, a_problem, a_random_crowd, a_slot, tables

QUICK = matching.SolveOptions(time_limit_seconds=60, steps=1500, seed=3)


def causes(problem, old, new):
    return {change.need: change.cause for change in difference(problem, old, new)}


def fewest(problem, plan):
    return replan(problem, plan, options=QUICK, mode=Mode.FEWEST)


# what has happened


def test_a_declined_slot_is_out_of_reach_for_who_declined_it_and_for_nobody_else():
    made = tables([a_need("n"), a_need("m", "q")], [a_slot("s"), a_slot("t", start=30)])
    made["capacities"][0]["seats"] = "2"
    problem = matching.problem_from_tables(with_declines(made, [("p", "s")]))
    assert matching.check(problem, {"n": "s", "m": None}).violations == {"tag missing": ["n"]}
    assert matching.check(problem, {"n": "t", "m": "s"}).feasible
    assert "requires" not in made["slots"][0]


def test_declines_change_no_cost():
    made = a_random_crowd(1, households=10)
    plan = matching.first_come(matching.problem_from_tables(made))
    declined = with_declines(made, [("0p0", made["slots"][0]["slot"]), ("1p0", made["slots"][1]["slot"])])
    before, after = (matching.check(matching.problem_from_tables(t), plan).cost for t in (made, declined))
    assert before == pytest.approx(after)


def test_proposals_of_a_plan_charge_whoever_leaves_them_and_leave_bookings_alone():
    made = tables(
        [a_need("n"), a_need("m", "q"), a_need("b", "r", fixed_slot="t")],
        [a_slot("s"), a_slot("t")],
        change_penalty=14,
    )
    told = with_proposals(made, {"n": "s", "m": None, "b": "s"})
    assert [row["proposed_slot"] for row in told["needs"]] == ["s", "", ""]
    problem = matching.problem_from_tables(told)
    plain = matching.problem_from_tables(made)
    left = {"n": None, "m": "s", "b": "t"}
    assert matching.check(problem, left).cost == matching.check(plain, left).cost + 14


# fewest changes


def test_after_a_decline_only_who_declined_moves():
    needs = [a_need(f"n{k}", f"p{k}", earliest=k) for k in range(5)]
    made = tables(needs, [a_slot(f"s{k}", start=7 + k) for k in range(7)])
    plan = matching.solve(matching.problem_from_tables(made), QUICK).plan
    problem = matching.problem_from_tables(with_declines(made, [("p2", plan["n2"])]))
    done = fewest(problem, plan)
    assert [change.need for change in done.changes] == ["n2"]
    assert done.changes[0].cause == "declined"
    assert done.changes[0].kind is ChangeKind.MOVED
    assert done.result.lower_bound <= done.result.cost


def test_a_cancelled_course_moves_its_people_and_nobody_else():
    needs = [a_need(f"n{k}", f"p{k}") for k in range(4)]
    rooms = [a_capacity("c-a", 0), a_capacity("c-b", 2), a_capacity("c-d", 9)]
    problem = a_problem(needs, [a_slot("a"), a_slot("b"), a_slot("d", start=20)], (), rooms)
    done = fewest(problem, {"n0": "a", "n1": "b", "n2": "b", "n3": "a"})
    assert done.result.plan == {"n0": "d", "n1": "b", "n2": "b", "n3": "d"}
    assert {change.cause for change in done.changes} == {"cancelled"}
    assert done.changes[0].values == {"capacity": "c-a", "seats": 0}
    assert done.changes[0].days_later == 13


def test_nobody_moves_for_a_small_gain_but_a_new_plan_takes_it():
    problem = a_problem([a_need("n")], [a_slot("s"), a_slot("t", start=8)])
    assert fewest(problem, {"n": "t"}).changes == []
    done = replan(problem, {"n": "t"}, options=QUICK, mode=Mode.NEW)
    assert [change.cause for change in done.changes] == ["sooner"]
    assert done.changes[0].values == {"days": 1}


def test_somebody_moves_a_little_where_another_would_be_left_without_a_slot():
    needs = [a_need("n"), a_need("m", "q", kind="course")]
    people = [a_person("p"), a_person("q", lat="50.08")]
    slots = [a_slot("s", lat="50.04"), a_slot("t", start=8, lat="49.99")]
    done = fewest(a_problem(needs, slots, people), {"n": "s", "m": None})
    assert done.result.plan == {"n": "t", "m": "s"}
    assert {change.need: change.cause for change in done.changes} == {"n": "made-room", "m": "seat-free"}


def test_new_people_get_the_seats_that_are_left():
    made = a_random_crowd(3, households=15)
    old = {row["need"] for row in made["needs"] if not row["need"].startswith(("13n", "14n"))}
    problem = matching.problem_from_tables(made)
    plan = {need: slot for need, slot in matching.first_come(problem).items() if need in old}
    done = fewest(problem, plan)
    assert matching.check(problem, done.result.plan).feasible
    came = [change for change in done.changes if change.need not in old]
    assert came and all(change.kind is ChangeKind.NEW for change in came)


def test_without_an_earlier_plan_the_proposals_are_it():
    problem = a_problem([a_need("n", proposed_slot="t")], [a_slot("s"), a_slot("t", start=9)])
    assert replan(problem, options=QUICK, mode=Mode.FEWEST).result.plan == {"n": "t"}


@pytest.mark.parametrize("mode", [Mode.NEW, Mode.FEWEST])
@pytest.mark.parametrize("seed", range(3))
def test_any_mode_gives_a_feasible_plan_a_valid_bound_and_the_same_again(mode, seed):
    problem = matching.problem_from_tables(a_random_crowd(seed, households=12))
    start = {need: random.Random(seed).choice([*problem.slots.ids, None]) for need in problem.needs.ids}
    done, again = (replan(problem, start, options=QUICK, mode=mode) for _ in range(2))
    checked = matching.check(problem, done.result.plan)
    assert checked.feasible
    assert checked.cost == pytest.approx(done.result.cost)
    assert 0 <= done.result.lower_bound <= done.result.cost
    assert (done.result.plan, done.changes) == (again.result.plan, again.changes)


def test_a_new_plan_is_never_dearer_than_the_earlier_one():
    problem = matching.problem_from_tables(a_random_crowd(5, households=30))
    good = matching.solve(problem, replace(QUICK, steps=60_000)).plan
    short = replan(problem, good, options=replace(QUICK, steps=1), mode=Mode.NEW)
    assert short.result.cost <= matching.check(problem, good).cost + 1e-6


def test_earlier_prices_prove_the_bound_at_once():
    problem = a_problem([a_need("n"), a_need("m", "q")], [a_slot("s"), a_slot("t", start=27)])
    done = replan(problem, {"n": "s", "m": "t"}, {"c-s": 20.0}, QUICK, Mode.FEWEST)
    assert done.result.lower_bound == done.result.cost == 7 + 27
    assert done.result.seat_prices == {"c-s": 20.0, "c-t": 0.0}


def ended_at_once(problem, **earlier):
    return matching.solve(problem, matching.SolveOptions(20), stop=lambda: True, **earlier)


def test_a_new_plan_goes_out_from_the_earlier_plan_and_prices():
    problem = matching.problem_from_tables(a_random_crowd(3, households=40))
    earlier = matching.solve(problem, matching.SolveOptions(20, gap=0.0, steps=3000))
    from_nothing = ended_at_once(problem)
    again = ended_at_once(problem, start=earlier.plan, prices=earlier.seat_prices)
    assert earlier.cost < from_nothing.cost
    assert again.cost == pytest.approx(earlier.cost)
    assert from_nothing.lower_bound < again.lower_bound <= again.cost


def test_in_haste_an_earlier_plan_is_polished():
    problem = matching.problem_from_tables(a_random_crowd(3, households=40))
    first, phases = matching.first_come(problem), set()
    hasty = matching.SolveOptions(0.5, gap=0.0)
    result = matching.solve(problem, hasty, lambda told: phases.add(told.phase), start=first)
    assert phases and not phases & {"booking", "master", "groups"}
    assert matching.check(problem, result.plan).cost <= matching.check(problem, first).cost


def test_prices_of_capacities_that_the_same_slots_use_count_together():
    slots = [a_slot("s", uses="first;second"), a_slot("t", start=27)]
    needs, rooms = [a_need("n"), a_need("m", "q")], [a_capacity("first", 2), a_capacity("second", 1)]
    for prices in ({"first": 20.0}, {"second": 20.0}, {"first": 5.0, "second": 15.0, "gone": 9.0}):
        problem = a_problem(needs, slots, (), rooms)
        done = replan(problem, {"n": "s", "m": "t"}, prices, QUICK, Mode.FEWEST)
        assert done.result.lower_bound == 7 + 27


@pytest.mark.parametrize("mode", list(Mode))
def test_a_stop_at_once_still_gives_a_feasible_plan_and_a_bound(mode):
    problem = matching.problem_from_tables(a_random_crowd(2, households=20))
    arrivals = problem if mode is Mode.PROJECTION else None
    long = matching.SolveOptions(time_limit_seconds=600, gap=0.0)
    done = replan(problem, {}, None, long, mode, arrivals, stop=lambda: True)
    assert done.result.status is matching.Status.INTERRUPTED
    assert matching.check(problem, done.result.plan).feasible
    assert 0 <= done.result.lower_bound <= done.result.cost


def test_what_the_problem_does_not_know_is_named():
    done = fewest(a_problem([a_need("n")], [a_slot("s")]), {"n": "gone", "nobody": "s"})
    assert done.unknown_needs == ["nobody"]
    assert done.unknown_slots == [("n", "gone")]
    assert done.changes[0].cause == "slot-gone"


# those who are expected


def test_a_seat_is_kept_for_somebody_who_is_expected_and_has_no_other():
    slots = [a_slot("s"), a_slot("t", start=9, requires="female")]
    here = a_problem([a_need("n")], slots, [a_person("p", tags="female")])
    expected = a_problem([a_need("n", weight="3")], slots)
    done = replan(here, {"n": None}, options=QUICK, mode=Mode.PROJECTION, arrivals=expected)
    assert done.result.plan == {"n": "t"}
    assert done.projected is not None
    assert done.projected.plan == {"n": "t", "arrival:n": "s"}
    assert replan(here, {"n": None}, options=QUICK, mode=Mode.NEW).result.plan == {"n": "s"}


def test_a_group_that_only_the_expected_would_fill_does_not_open_yet():
    rooms = [a_capacity("c-group", 9, 3), a_capacity("c-s", 9)]
    slots = [a_slot("group"), a_slot("s", start=40)]
    here = a_problem([a_need("n")], slots, (), rooms)
    expected = a_problem([a_need("a", "x"), a_need("b", "y")], slots, (), rooms)
    done = replan(here, {}, options=QUICK, mode=Mode.PROJECTION, arrivals=expected)
    assert done.result.plan == {"n": "s"}


@pytest.mark.parametrize("seed", range(5))
def test_arrivals_change_nothing_for_those_who_are_there(seed):
    here, other = (matching.problem_from_tables(a_random_crowd(s, households=8)) for s in (seed, seed + 50))
    joint = with_arrivals(here, other)
    plan = matching.first_come(here)
    added = {need: None for need in joint.needs.ids if need not in plan}
    alone, together = matching.check(here, plan), matching.check(joint, plan | added)
    assert together.violations == alone.violations
    assert together.waiting_days == alone.waiting_days
    assert len(added) == len(other.needs.ids)


def test_arrivals_belong_to_one_mode_only():
    problem = a_problem([a_need("n")], [a_slot("s")])
    with pytest.raises(ValueError, match="projection"):
        replan(problem, {}, mode=Mode.PROJECTION)
    with pytest.raises(ValueError, match="projection"):
        replan(problem, {}, mode=Mode.FEWEST, arrivals=problem)


# causes


@pytest.mark.parametrize(
    ("rule", "person", "need", "slot"),
    [
        ("distance", {"max_km": "1"}, {}, {"lat": "50.08"}),
        ("half-day", {"times": "mo-am"}, {}, {"times": "tu-am"}),
        ("requires", {}, {}, {"requires": "female"}),
        ("features", {}, {"features": "childcare"}, {}),
        ("online", {}, {}, {"online": "1"}),
        ("past", {}, {"earliest": -20}, {"start": -3}),
        ("too-early", {}, {"earliest": 9}, {}),
    ],
)
def test_an_old_slot_that_breaks_a_rule_is_left_for_that_rule(rule, person, need, slot):
    problem = a_problem([a_need("n", **need)], [a_slot("s", **slot)], [a_person("p", **person)])
    (change,) = difference(problem, {"n": "s"}, {"n": None})
    assert (change.kind, change.cause, change.values["rule"]) == (ChangeKind.LOST, "excluded", rule)
    assert change.text("de") != change.text("en")


def test_who_follows_a_step_that_moved_says_so():
    needs = [a_need("a", kind="test"), a_need("b", after="a"), a_need("c", "q", kind="test")]
    slots = [a_slot("t", kind="test", start=5), a_slot("u", kind="test", start=30)]
    slots += [a_slot("s", start=15), a_slot("v", start=60)]
    problem = a_problem(needs, slots)
    old = {"a": "t", "b": "s", "c": None}
    assert causes(problem, old, {"a": "u", "b": "v", "c": "t"}) == {
        "a": "made-room",
        "b": "follows",
        "c": "seat-free",
    }
    assert causes(problem, old, {"a": None, "b": None, "c": "t"})["b"] == "follows-lost"
    assert causes(problem, {"a": None, "b": None, "c": None}, old) == {
        "a": "seat-found",
        "b": "predecessor-served",
    }


def test_a_booking_of_the_household_that_is_in_the_way_is_named():
    needs = [a_need("n"), a_need("m", kind="test")]
    slots = [a_slot("s", times="mo-am"), a_slot("t", start=30), a_slot("x", kind="test", times="mo-am")]
    (change, _) = sorted(
        difference(a_problem(needs, slots), {"n": "s", "m": None}, {"n": "t", "m": "x"}),
        key=lambda change: change.cause != "overlap",
    )
    assert (change.need, change.values) == ("n", {"need": "m"})


def test_a_group_that_closes_or_opens_is_named():
    rooms = [a_capacity("c-group", 5, 2), a_capacity("c-s", 5)]
    problem = a_problem([a_need("n"), a_need("m", "q")], [a_slot("group"), a_slot("s")], (), rooms)
    together, apart = {"n": "group", "m": "group"}, {"n": "s", "m": "s"}
    assert set(causes(problem, together, apart).values()) == {"group-closed"}
    assert set(causes(problem, apart, together).values()) == {"group-filled"}
    assert set(causes(problem, {"n": None, "m": None}, together).values()) == {"group-opened"}


def test_a_later_step_that_gains_is_named():
    needs = [a_need("a", kind="test"), a_need("b", after="a")]
    slots = [a_slot("t", kind="test", days=20), a_slot("u", kind="test", start=9)]
    slots += [a_slot("s", start=30), a_slot("v", start=20)]
    found = difference(a_problem(needs, slots), {"a": "t", "b": "s"}, {"a": "u", "b": "v"})
    assert [(change.cause, change.values) for change in found] == [
        ("later-steps", {"need": "b", "days": 10}),
        ("sooner", {"days": 10}),
    ]
    found = difference(a_problem(needs, slots), {"a": "t", "b": None}, {"a": "u", "b": "v"})
    assert (found[0].cause, found[0].values) == ("later-served", {"need": "b"})


def test_other_causes():
    slots = [a_slot("s", lat="50.02"), a_slot("t"), a_slot("x", days=3, lat="50.02")]
    problem = a_problem([a_need("n")], slots)
    assert causes(problem, {"n": "s"}, {"n": "t"}) == {"n": "nearer"}
    assert causes(problem, {"n": "s"}, {"n": "x"}) == {"n": "together"}
    assert causes(problem, {}, {"n": "t"}) == {"n": "new-need"}
    booked = a_problem([a_need("n", fixed_slot="t")], slots)
    assert causes(booked, {"n": "s"}, {"n": "t"}) == {"n": "booked"}
    assert causes(booked, {"n": "t"}, {"n": "t"}) == {}


def test_every_cause_has_words_in_both_languages():
    values = {"need": "n", "capacity": "c", "seats": 0, "days": 1, "km": "1.0", "rule": "online"}
    for code in CAUSES:
        assert cause_text(code, "de", values) != cause_text(code, "en", values)
        assert cause_text(code, "de") != cause_text(code, "en")
        assert "{" not in cause_text(code)
    with pytest.raises(KeyError):
        cause_text("whim")


def a_random_change(seed):
    """A crowd, a plan of it, and the crowd after declines, a cancelled course and new people."""
    made, rng = a_random_crowd(seed, households=15), random.Random(seed)
    problem = matching.problem_from_tables(made)
    plan = matching.first_come(problem)
    person = {row["need"]: row["person"] for row in made["needs"]}
    held = sorted(need for need, slot in plan.items() if slot)
    changed = with_declines(made, [(person[n], plan[n]) for n in rng.sample(held, min(3, len(held)))])
    fixed = {row["fixed_slot"] for row in made["needs"]}
    booked = {use for row in made["slots"] if row["slot"] in fixed for use in row["uses"].split(";")}
    free = [k for k, row in enumerate(made["capacities"]) if row["capacity"] not in booked]
    rooms = [dict(row) for row in made["capacities"]]
    rooms[rng.choice(free)]["seats"] = "0"
    return matching.problem_from_tables(changed | {"capacities": rooms}), plan


@pytest.mark.parametrize("seed", range(12))
def test_where_a_cause_says_that_a_slot_had_to_be_left_giving_it_back_breaks_a_rule(seed):
    problem, plan = a_random_change(seed)
    done = fewest(problem, plan)
    assert done.changes
    for change in done.changes:
        assert change.text("de") and change.text("en")
        had_to = change.cause not in {"sooner", "nearer", "later-steps", "later-served", "together", "booked"}
        if change.kind is not ChangeKind.NEW and had_to:
            back = matching.check(problem, {**done.result.plan, change.need: change.old_slot})
            assert not back.feasible, change


def test_the_benchmark_of_small_changes_runs(tmp_path, capsys):
    folder, out = tmp_path / "problem", tmp_path / "replan.csv"
    matching.write_tables(a_random_crowd(1, households=30), folder)
    command = ["--instance", str(folder), "--seconds", "1", "--no-fresh", "--seeds", "1", "--dry"]
    main([*command, "--out", str(out)])
    assert len(out.read_text("utf-8").splitlines()) == 4
    assert "other bookings change" in capsys.readouterr().out
