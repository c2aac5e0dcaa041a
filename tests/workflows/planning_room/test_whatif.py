"""A scenario is read, written into the tables, and set beside the present plan: solved by hand."""

from dataclasses import replace

import pytest

from plans.fault import PlanFault
from tests.matching.builders import a_capacity, a_need, a_person, a_slot
from tests.workflows.planning_room.builders import a_planned_folder
from workflows.planning_room import whatif
from workflows.planning_room.scenario import Change, changed_tables, read_scenario
from workflows.planning_room.seats import seat_groups
from workflows.planning_room.tables import table_data
from workflows.planning_room.whatif import what_if, what_if_report

PEOPLE = 12


@pytest.fixture
def folder(tmp_path):
    """Twelve people, six seats soon and six late."""
    needs = [a_need(f"n{k:02}", f"p{k:02}") for k in range(PEOPLE)]
    people = [a_person(f"p{k:02}") for k in range(PEOPLE)]
    slots = [a_slot("s", 5, times="mo-am"), a_slot("t", 35, times="mo-am")]
    capacities = [a_capacity("c-s", 6), a_capacity("c-t", 6, 4)]
    plan = {need["need"]: "s" if k < 6 else "t" for k, need in enumerate(needs)}
    return a_planned_folder(tmp_path, needs, slots, people, capacities, plan)


def asked(folder, text, name="scenario.toml"):
    path = folder.folder.parent / name
    path.write_text(text, "utf-8")
    return path


def compared(folder, text):
    return what_if(folder.folder, folder.folder.parent / "plan", asked(folder, text), time_limit_seconds=60)


def profiles(found):
    return table_data(what_if_report(found).tables[1])[0]


def test_a_scenario_that_changes_nothing_shows_no_difference(folder):
    for text in ('name = "nichts"\n', '[[change]]\ndo = "resize"\nslot = "s"\nseats = 6\n'):
        found = compared(folder, text)
        assert found.verdict == "same"
        assert {row["difference"] for row in table_data(what_if_report(found).tables[0])} == {0}
        assert (profiles(found)["people_gain"], profiles(found)["verdict"]) == (0, "same")


def test_seats_for_all_in_the_early_group_help_six_people_for_certain(folder):
    found = compared(folder, '[[change]]\ndo = "resize"\nslot = "s"\nseats = 12\n')
    assert found.verdict == "better"
    assert found.after.warm.cost == pytest.approx(found.before.warm.cost - 6 * 30)
    row = profiles(found)
    assert (row["people"], row["people_gain"], row["people_lose"]) == (12, 6, 0)
    assert (row["wait_before"], row["wait_after"]) == (20, 5)
    assert row["verdict"] == "better"


@pytest.mark.parametrize("short", [1, 2])
def test_a_short_search_makes_neither_side_look_better(folder, monkeypatch, short):
    """One side's search is cut short and leaves somebody out; it can plan as the other one does."""
    real, sides = whatif.plan_warm, []

    def unlucky(problem, *given, **named):
        sides.append(real(problem, *given, **named))
        return replace(sides[-1], cost=sides[-1].cost + 100) if len(sides) == short else sides[-1]

    monkeypatch.setattr(whatif, "plan_warm", unlucky)
    found = compared(folder, '[[change]]\ndo = "resize"\nslot = "t"\nseats = 7\n')
    assert found.before.warm.cost == found.after.warm.cost == sides[0].cost


def test_fewer_than_five_who_gain_are_not_counted(folder):
    row = profiles(compared(folder, '[[change]]\ndo = "resize"\nslot = "s"\nseats = 8\n'))
    assert row["people_gain"] == "hidden"


def test_a_cancelled_group_costs_for_certain(folder):
    found = compared(folder, '[[change]]\ndo = "cancel"\nslot = "s"\n')
    assert found.verdict == "worse"
    assert len(found.after.unmet) == 6


def test_other_rules_make_costs_incomparable_but_not_waits(folder):
    found = compared(folder, "[rules]\nlong_wait_days = 10\n")
    assert not found.comparable
    assert found.verdict == "undecided"


def changed(folder, text, name="scenario.toml"):
    groups = seat_groups(folder.problem, {})
    return changed_tables(folder.tables(), groups, read_scenario(asked(folder, text, name), groups))


def test_a_change_is_written_into_the_tables(folder):
    text = '[[change]]\ndo = "add"\nslot = "t"\nshift_days = -14\nseats = 9\nminimum = 0\ntimes = ["mo-ev"]\n'
    tables, touched = changed(folder, text)
    assert touched == ("c-t+",)
    assert tables["capacities"][-1] == a_capacity("c-t+", 9)
    added = tables["slots"][-1]
    assert (added["slot"], added["times"], added["start"]) == ("t+", "mo-ev", a_slot("x", 21)["start"])
    assert len(folder.tables()["slots"]) == 2, "the tables that were given stay as they are"


def test_a_group_may_be_copied_twice_and_moved(folder):
    text = '[[change]]\ndo = "add"\nslot = "s"\n[[change]]\ndo = "add"\nslot = "s"\nonline = true\n'
    tables, touched = changed(folder, text + '[[change]]\ndo = "move"\nslot = "s"\nlat = 51.5\n')
    assert touched == ("c-s+", "c-s++", "c-s")
    assert [row["online"] for row in tables["slots"]] == ["0", "0", "0", "1"]
    assert tables["slots"][0]["lat"] == "51.5"


def test_a_table_of_changes_says_the_same_as_toml(folder):
    groups = seat_groups(folder.problem, {})
    table = "do;slot;seats;times\nresize;s;8;\nmove;t;;mo-ev we-ev\n"
    found = read_scenario(asked(folder, table, "s.csv"), groups)
    assert found.changes == (
        Change("resize", "s", seats=8),
        Change("move", "t", times=frozenset({"mo-ev", "we-ev"})),
    )


def test_longer_ways_are_accepted_by_everybody_and_none_is_shorter_than_nothing(folder):
    before = [float(row["max_km"]) for row in folder.tables()["people"]]
    for more in (10, -7, -500):
        tables, touched = changed(folder, f"[people]\nmore_km = {more}\n")
        assert touched == ()
        assert [float(row["max_km"]) for row in tables["people"]] == [max(0, km + more) for km in before]


def test_longer_ways_help_where_a_group_is_too_far_and_the_proof_says_so(folder):
    far = '[[change]]\ndo = "move"\nslot = "{}"\nlat = 50.9\n'
    moved = far.format("s") + far.format("t")
    assert compared(folder, moved).after.figures.served == 0
    assert compared(folder, moved + "[people]\nmore_km = 400\n").after.figures.served == 12


def test_more_people_are_like_those_who_are_there_and_fewer_are_some_of_them(folder):
    more, _ = changed(folder, "[arrivals]\nshare = 0.5\n")
    assert len(more["people"]) == len(more["needs"]) == 18
    assert {row["person"] for row in more["needs"]} == {row["person"] for row in more["people"]}
    fewer, _ = changed(folder, "[arrivals]\nshare = -0.25\n")
    assert len(fewer["people"]) == len(fewer["needs"]) == 9


def test_all_minimums_may_change(folder):
    tables, touched = changed(folder, "[rules]\nminimum_change = -3\n")
    assert [row["min_participants"] for row in tables["capacities"]] == ["0", "1"]
    assert touched == ("c-t",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[change]]\ndo = "add"\nslot = "x"\n', "x"),
        ('[[change]]\ndo = "drop"\nslot = "s"\n', "drop"),
        ('[[change]]\ndo = "resize"\nslot = "s"\nseats = -1\n', "-1"),
        ('[[change]]\ndo = "move"\nslot = "s"\ntimes = ["never"]\n', "never"),
        ("[rules]\nkm = 3\n", "km"),
    ],
)
def test_a_faulty_scenario_is_refused_with_its_place(folder, text, said):
    with pytest.raises(PlanFault) as refused:
        read_scenario(asked(folder, text), seat_groups(folder.problem, {}))
    fault = refused.value.faults[0]
    assert said in fault.text("de")
    assert fault.where("de").startswith("scenario.toml")


def test_a_change_that_helps_and_hurts_nobody_has_no_effect_where_both_plans_are_proven_best(folder):
    found = compared(folder, '[[change]]\ndo = "add"\nslot = "s"\nshift_days = 300\n')
    assert (found.verdict, round(found.slack)) == ("no-effect", 0)
    vague = replace(found.after.warm, lower_bound=found.after.warm.cost - 2)
    assert replace(found, after=replace(found.after, warm=vague)).verdict == "undecided"


def test_what_is_not_proven_is_undecided(folder):
    found = compared(folder, '[[change]]\ndo = "resize"\nslot = "s"\nseats = 12\n')
    vague = replace(found.before.warm, lower_bound=0.0)
    unproven = replace(found, before=replace(found.before, warm=vague))
    assert unproven.verdict == "undecided"
    assert profiles(unproven)["verdict"] == "undecided"
