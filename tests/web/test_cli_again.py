"""Matching again on the command line: the earlier plan goes in, the changes and their causes come out."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from web import cli
from web.cli_again import MODES
from workflows import replan_run

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def problem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_problem_folder(tmp_path_factory.mktemp("problem"), 25, 5)


@pytest.fixture(scope="module")
def planned(problem: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("planned")
    assert cli.main(["match", str(problem), "--out", str(out), "--time-limit", "20"]) == 0
    return out


def a_problem_folder(folder: Path, people: int, seed: int) -> Path:
    command = ["problem", "musterkreis", "--people", str(people), "--seed", str(seed), "--out", str(folder)]
    assert cli.main(command) == 0
    return folder


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cancelled(problem: Path, planned: Path, folder: Path) -> set[str]:
    """Copy a problem and take the seats of one booked slot away; returns the needs that held them."""
    folder.mkdir()
    for file in problem.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    booked = {row["need"]: row["slot"] for row in rows_of(planned / "plan.csv") if row["slot"]}
    uses = {row["slot"]: row["uses"].split(";") for row in rows_of(problem / "slots.csv")}
    fixed = {use for row in rows_of(problem / "needs.csv") for use in uses.get(row["fixed_slot"], ())}
    taken = next(use for slot in booked.values() for use in uses[slot] if use not in fixed)
    rooms = rows_of(problem / "capacities.csv")
    with (folder / "capacities.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rooms[0])
        writer.writeheader()
        writer.writerows(row | ({"seats": "0"} if row["capacity"] == taken else {}) for row in rooms)
    return {need for need, slot in booked.items() if taken in uses[slot]}


def test_the_modes_are_those_of_the_engine() -> None:
    assert MODES == replan_run.MODES


def test_nothing_changes_where_nothing_has_happened(
    problem: Path, planned: Path, tmp_path: Path, capsys: Capture
) -> None:
    command = ["match", str(problem), "--out", str(tmp_path), "--start", str(planned)]
    assert cli.main([*command, "--prices", str(planned), "--mode", "fewest"]) == 0
    assert rows_of(tmp_path / "changes.csv") == []
    assert rows_of(tmp_path / "plan.csv") == rows_of(planned / "plan.csv")
    assert "0 moved, 0 lost, 0 new" in capsys.readouterr().out


def test_after_a_cancelled_course_the_changes_and_their_causes_are_written(
    problem: Path, planned: Path, tmp_path: Path, capsys: Capture
) -> None:
    moved = cancelled(problem, planned, tmp_path / "problem")
    plan, out = planned / "plan.csv", tmp_path / "out"
    command = ["match", str(tmp_path / "problem"), "--out", str(out), "--start", str(plan), "--lang", "de"]
    assert cli.main([*command, "--mode", "fewest"]) == 0
    changes = {row["need"]: row for row in rows_of(out / "changes.csv")}
    assert moved <= changes.keys()
    assert {changes[need]["cause"] for need in moved} <= {"cancelled", "follows", "follows-lost"}
    assert any("hat nur noch 0 Plätze" in row["text"] for row in changes.values())
    new = {row["need"]: row["slot"] for row in rows_of(out / "plan.csv")}
    old = {row["need"]: row["slot"] for row in rows_of(plan)}
    assert {need for need in old if old[need] != new[need]} == changes.keys()
    assert all(changes[need]["new_slot"] == new[need] for need in changes)
    assert "Plätze sind weggefallen" in capsys.readouterr().out
    check = ["check", str(tmp_path / "problem"), str(out / "plan.csv"), "--result", str(out / "result.json")]
    assert cli.main(check) == 0


def test_a_projection_writes_what_seats_are_worth_with_the_expected(
    problem: Path, planned: Path, tmp_path: Path, capsys: Capture
) -> None:
    arrivals = a_problem_folder(tmp_path / "arrivals", 4, 9)
    command = ["match", str(problem), "--out", str(tmp_path), "--start", str(planned), "--gap", "0.5"]
    assert cli.main([*command, "--mode", "projection", "--arrivals", str(arrivals)]) == 0
    rooms = {row["capacity"] for row in rows_of(problem / "capacities.csv")}
    assert {row["capacity"] for row in rows_of(tmp_path / "prices_expected.csv")} == rooms
    assert {row["need"] for row in rows_of(tmp_path / "plan.csv")} == {
        row["need"] for row in rows_of(problem / "needs.csv")
    }
    assert json.loads((tmp_path / "result.json").read_text("utf-8"))["cost"] > 0
    assert "expected" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--mode", "projection"], "--arrivals"),
        (["--arrivals", "A"], "--arrivals"),
        (["--start", "nowhere.csv"], "nowhere.csv"),
        (["--mode", "fewest", "--start", "broken.csv"], "broken.csv, line 1, column slot"),
        (["--start", "plan.csv", "--prices", "prices.csv"], "prices.csv, line 2, column seat_price"),
        (["--mode", "projection", "--arrivals", "A"], "A/problem.json"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_written(
    options: list[str],
    said: str,
    problem: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("A").mkdir()
    Path("broken.csv").write_text("need,place\nn,s\n", "utf-8")
    Path("plan.csv").write_text("need,slot\n", "utf-8")
    Path("prices.csv").write_text("capacity,seat_price\nc,nan\n", "utf-8")
    assert cli.main(["match", str(problem), "--out", "out", *options]) == 1
    shown = capsys.readouterr().err
    assert said in shown
    assert "Traceback" not in shown
    assert not Path("out").exists()


def test_the_fewest_changes_need_something_earlier(problem: Path, tmp_path: Path, capsys: Capture) -> None:
    bare = tmp_path / "problem"
    bare.mkdir()
    for file in problem.iterdir():
        (bare / file.name).write_bytes(file.read_bytes())
    needs = rows_of(problem / "needs.csv")
    with (bare / "needs.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, needs[0])
        writer.writeheader()
        writer.writerows(row | {"proposed_slot": ""} for row in needs)
    command = ["match", str(bare), "--out", str(tmp_path / "out"), "--mode", "fewest"]
    assert cli.main(command) == 1
    assert "--start" in capsys.readouterr().err
    assert cli.main([*command, "--lang", "de"]) == 1
    assert "braucht einen früheren Plan" in capsys.readouterr().err
