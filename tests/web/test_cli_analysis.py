"""The commands of the planning room say in both languages what was found, and every mistake in one line."""

import csv
import json

import pytest

from tests.matching.builders import a_capacity, a_need, a_person, a_slot
from tests.workflows.planning_room.builders import a_planned_folder
from web import cli


def test_a_region_is_analysed_in_words_and_into_a_folder(tmp_path, capsys):
    assert cli.main(["analyse", "wetzlar", "--lang", "de", "--out", str(tmp_path / "bericht")]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert "Der engste Schnitt" in said.out
    assert "analysis.html" in said.out
    page = (tmp_path / "bericht" / "analysis.html").read_text("utf-8")
    assert page.startswith('<!doctype html>\n<html lang="de">')
    assert "<script" not in page
    with (tmp_path / "bericht" / "stages.csv").open(encoding="utf-8") as file:
        kinds = [row["kind"] for row in csv.DictReader(file)]
    assert "integration-course" in kinds


def test_json_holds_every_table_and_arrivals_limit_the_flow(capsys):
    assert cli.main(["analyse", "musterkreis", "--json", "--arrivals", "7", "--reach", "40"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["people_a_year"] for row in found["reaching"]] == [7] * 5
    assert found["cut"] == []
    assert "within_40_km" in found["coverage-profile"][0]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--travel-times", "nowhere.csv"], "nowhere.csv"),
        (["--detour", "0.5"], "--detour"),
        (["--reach", "near"], "--reach"),
    ],
)
def test_a_mistake_is_said_in_one_line(more, said, capsys):
    assert cli.main(["analyse", "wetzlar", *more]) in (1, 2)
    told = capsys.readouterr()
    assert said in told.err
    assert told.err.count("\n") == 1
    assert "Traceback" not in told.err


def test_gaps_are_said_in_words_and_as_json(tmp_path, capsys):
    needs = [a_need(f"n{k}", f"p{k}") for k in range(2)]
    people, slots = [a_person("p0"), a_person("p1")], [a_slot("s", 5), a_slot("t", 25)]
    capacities = [a_capacity("c-s", 1), a_capacity("c-t", 1)]
    a_planned_folder(tmp_path, needs, slots, people, capacities, {"n0": "s", "n1": "t"}, c_s=20.0)
    asked = ["gaps", str(tmp_path / "problem"), "--plan", str(tmp_path / "plan"), "--top", "1"]
    assert cli.main([*asked, "--lang", "de"]) == 0
    assert "Was ein Platz mehr spart" in capsys.readouterr().out
    assert cli.main([*asked, "--json"]) == 0
    (saving,) = json.loads(capsys.readouterr().out)["seat-savings"]
    assert saving["saved_days"] == saving["at_most_days"] == pytest.approx(20.0)


def test_a_plan_that_is_not_there_is_said_in_one_line(tmp_path, capsys):
    assert cli.main(["gaps", str(tmp_path), "--plan", str(tmp_path / "no")]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_scenario_is_set_beside_the_plan_and_a_faulty_one_is_said_in_one_line(tmp_path, capsys):
    needs, people = [a_need("n0", "p0")], [a_person("p0")]
    slots, capacities = [a_slot("s", 5), a_slot("t", 25)], [a_capacity("c-s", 0), a_capacity("c-t", 1)]
    a_planned_folder(tmp_path, needs, slots, people, capacities, {"n0": "t"})
    scenario = tmp_path / "seat.toml"
    asked = ["whatif", str(tmp_path / "problem"), "--plan", str(tmp_path / "plan")]
    asked += ["--scenario", str(scenario)]
    scenario.write_text('[[change]]\ndo = "resize"\nslot = "s"\nseats = 1\n', "utf-8")
    assert cli.main([*asked, "--json"]) == 0
    figures = {row["figure"]: row for row in json.loads(capsys.readouterr().out)["whatif-figures"]}
    assert figures["cost"]["difference"] == -20 and figures["mean_days"]["before"] is None, (
        "one step is too few"
    )
    scenario.write_text('[[change]]\ndo = "resize"\nslot = "nobody"\n', "utf-8")
    assert cli.main([*asked, "--lang", "de"]) == 1
    said = capsys.readouterr().err
    assert "nobody" in said
    assert said.count("\n") == 1


def test_policies_are_simulated_into_a_table(tmp_path, capsys):
    asked = ["simulate", "wetzlar", "--people", "4", "--weeks", "1", "--seeds", "1", "--out", str(tmp_path)]
    assert cli.main(asked) == 0
    assert "our plan, every week" in capsys.readouterr().out
    with (tmp_path / "simulation.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["policy"] for row in rows] == [
        "first-come",
        "earliest-slot",
        "weekly-plan",
        "weekly-plan-projection",
    ]
    assert all(0 < float(row["hindsight_share"]) <= 1 for row in rows)
