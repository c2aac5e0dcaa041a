"""The commands about one need say in both languages what the engine says, and every mistake in one line."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import matching
from tests.matching.builders import (
    KM,
    PLACE,
    a_capacity,
    a_need,
    a_person,
    a_slot,
    tables,
)
from web import cli

Capture = pytest.CaptureFixture[str]
PLAN = {"n1": "s1", "n2": "s2", "n3": None, "n4": None}


@pytest.fixture
def problem(tmp_path: Path) -> Path:
    """Two people, two seats; one more lives too far away, and the step after hers hangs on it."""
    folder = tmp_path / "problem"
    slots = [a_slot("s1", 5), a_slot("s2", 15), a_slot("j", 40, kind="job")]
    people = [a_person("p3", **(PLACE | {"lat": f"{50 + 11.4 * KM:.6f}"}), max_km="10.5")]
    needs = [
        a_need("n1", "p1"),
        a_need("n2", "p2"),
        a_need("n3", "p3"),
        a_need("n4", "p3", "job", after="n3"),
    ]
    capacities = [a_capacity("c-s1", 1), a_capacity("c-s2", 2)]
    matching.write_tables(tables(needs, slots, people, capacities), folder)
    return folder


@pytest.fixture
def planned(tmp_path: Path) -> Path:
    folder = tmp_path / "planned"
    folder.mkdir()
    write(folder / "plan.csv", [("need", "slot"), *((n, s or "") for n, s in PLAN.items())])
    write(folder / "prices.csv", [("capacity", "seat_price"), ("c-s1", "2.5"), ("c-s2", "0")])
    return folder


def write(path: Path, rows: list[tuple[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def asked(command: str, problem: Path, planned: Path, need: str, *more: str) -> list[str]:
    return [command, str(problem), "--plan", str(planned), "--need", need, *more]


def test_recommend_shows_the_best_first_with_what_they_cost(
    problem: Path, planned: Path, capsys: Capture
) -> None:
    assert cli.main(asked("recommend", problem, planned, "n1")) == 0
    above, header, first, second, *_ = capsys.readouterr().out.splitlines()
    assert "n1 (course, p1)" in above
    assert header.split()[:3] == ["slot", "start", "wait"]
    assert " ".join(first.split()) == "s1 10 Jan 2026 5 days 0.0 km 5.0 0.0 0.0 5.0 a planned"
    assert second.split()[0] == "s2"


def test_top_limits_the_offers_and_json_gives_all_figures(
    problem: Path, planned: Path, capsys: Capture
) -> None:
    assert cli.main(asked("recommend", problem, planned, "n2", "--top", "1", "--json")) == 0
    data = json.loads(capsys.readouterr().out)
    (offer,) = data["offers"]
    assert (data["need"], data["person"], data["kind"]) == ("n2", "p2", "course")
    assert offer["slot"] == "s2" and offer["chosen"] is True and offer["start_on"] == "2026-01-20"
    assert offer["total"] == offer["own_cost"] + offer["chain_cost"] + offer["others_cost"]
    assert data["excluded"] == [{"slot": "s1", "rule": "full", "values": {}}]


def test_explain_names_the_alternative_and_who_would_have_to_make_room(
    problem: Path, planned: Path, capsys: Capture
) -> None:
    assert cli.main(asked("explain", problem, planned, "n2")) == 0
    said = capsys.readouterr().out
    assert "slot s2 from 20 Jan 2026, after a wait of 15 days" in said
    assert "s1" in said and "n1" in said and "+10.0" in said and "-10.0" in said


def test_explain_follows_the_chain_to_the_step_that_hangs_and_says_what_would_help(
    problem: Path, planned: Path, capsys: Capture
) -> None:
    assert cli.main(asked("explain", problem, planned, "n4", "--lang", "de")) == 0
    said = capsys.readouterr().out
    assert "Der Schritt davor, n3, hat keinen Termin." in said
    assert "Nichts ist erreichbar." in said
    assert "ein Weg von 12 km statt 10,5 km: dann s2 ab 20.01.2026" in said
    assert cli.main(asked("explain", problem, planned, "n4", "--json")) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["cause"], data["before"]["cause"]) == ("predecessor", "distance")
    (change,) = data["help"][0]["changes"]
    assert (change["code"], change["values"]) == ("distance", {"km": 12, "max_km": 10.5})


@pytest.mark.parametrize("lang", ["en", "de"])
@pytest.mark.parametrize("need", PLAN)
@pytest.mark.parametrize("command", ["recommend", "explain"])
def test_every_need_is_answered_in_both_languages(
    problem: Path, planned: Path, capsys: Capture, command: str, need: str, lang: str
) -> None:
    assert cli.main(asked(command, problem, planned, need, "--lang", lang)) == 0
    said = capsys.readouterr()
    assert said.err == "" and need in said.out and "{" not in said.out


def one_line(capsys: Capture) -> str:
    said = capsys.readouterr()
    lines = said.err.splitlines()
    assert len(lines) == 1 and said.out == "", said
    return lines[0]


@pytest.mark.parametrize("command", ["recommend", "explain"])
def test_an_unknown_need_names_those_that_look_alike(
    problem: Path, planned: Path, capsys: Capture, command: str
) -> None:
    assert cli.main(asked(command, problem, planned, "n33")) == 1
    said = one_line(capsys)
    assert "'n33'" in said and "n3" in said.replace("'n33'", "")


@pytest.mark.parametrize("missing", ["plan.csv", "prices.csv"])
def test_a_missing_file_is_named(problem: Path, planned: Path, capsys: Capture, missing: str) -> None:
    (planned / missing).unlink()
    assert cli.main(asked("explain", problem, planned, "n1", "--lang", "de")) == 1
    assert missing in one_line(capsys)


def test_a_plan_of_another_problem_is_refused(problem: Path, planned: Path, capsys: Capture) -> None:
    write(planned / "plan.csv", [("need", "slot"), ("n1", "s1"), ("n2", "s1"), ("n3", ""), ("x", "s2")])
    assert cli.main(asked("recommend", problem, planned, "n1")) == 1
    said = one_line(capsys)
    assert "plan.csv" in said and "n4" in said and "foerderkette check" in said


@pytest.mark.parametrize("price", ["-1", "nan", "much", ""])
def test_a_price_that_is_none_is_named_with_its_line(
    problem: Path, planned: Path, capsys: Capture, price: str
) -> None:
    write(planned / "prices.csv", [("capacity", "seat_price"), ("c-s2", "0"), ("c-s1", price)])
    assert cli.main(asked("recommend", problem, planned, "n1")) == 1
    said = one_line(capsys)
    assert "prices.csv" in said and "3" in said and "seat_price" in said


def test_a_capacity_priced_twice_is_named(problem: Path, planned: Path, capsys: Capture) -> None:
    write(planned / "prices.csv", [("capacity", "seat_price"), ("c-s1", "0"), ("c-s1", "1")])
    assert cli.main(asked("recommend", problem, planned, "n1")) == 1
    assert "c-s1" in one_line(capsys)
