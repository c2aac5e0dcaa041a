"""The command line says faults in one line, ends with the right code, leaves no half-written file."""

from __future__ import annotations

import csv
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from web import cli, cli_commands
from web.terminal import Interrupts, RunProgress, table

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="session")
def problem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("problem")
    assert cli.main(["problem", "musterkreis", "--people", "30", "--seed", "5", "--out", str(folder)]) == 0
    return folder


@pytest.fixture(scope="session")
def planned(problem: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("planned")
    assert cli.main(["match", str(problem), "--out", str(out), "--time-limit", "20", "--gap", "0.5"]) == 0
    return out


def one_line(capture: Capture) -> str:
    said = capture.readouterr()
    lines = said.err.splitlines()
    assert len(lines) == 1, said.err
    assert "Traceback" not in said.err
    return lines[0]


def test_match_writes_a_plan_a_result_and_prices(problem: Path, planned: Path) -> None:
    assert sorted(file.name for file in planned.iterdir()) == [
        *("plan.csv", "prices.csv", "proof.csv", "result.json")
    ]
    with (problem / "needs.csv").open(encoding="utf-8") as file:
        needs = {row["need"] for row in csv.DictReader(file)}
    with (planned / "plan.csv").open(encoding="utf-8") as file:
        assert {row["need"] for row in csv.DictReader(file)} == needs
    result = json.loads((planned / "result.json").read_text("utf-8"))
    assert 0 <= result["lower_bound"] <= result["cost"]
    assert {"gap", "seconds", "peak_mib", "solver", "status", "seed"} <= result.keys()


def test_seat_prices_are_measured_in_the_time_that_is_left(problem: Path, planned: Path) -> None:
    with (planned / "prices.csv").open(encoding="utf-8") as file:
        prices = list(csv.DictReader(file))
    assert {row["measured"] for row in prices} == {"1"}
    with (problem / "capacities.csv").open(encoding="utf-8") as file:
        assert {row["capacity"] for row in prices} == {row["capacity"] for row in csv.DictReader(file)}


def test_no_time_for_measuring_leaves_upper_limits_and_says_so(
    problem: Path, tmp_path: Path, capsys: Capture
) -> None:
    command = ["match", str(problem), "--out", str(tmp_path), "--gap", "0.5", "--measure-prices", "0"]
    assert cli.main(command) == 0
    assert "upper limits" in capsys.readouterr().out
    with (tmp_path / "prices.csv").open(encoding="utf-8") as file:
        prices = list(csv.DictReader(file))
    assert {row["measured"] for row in prices} == {"0"}
    assert all(row["seat_price"] == row["multiplier"] for row in prices)


def test_check_agrees_with_what_match_has_written(problem: Path, planned: Path, capsys: Capture) -> None:
    command = ["check", str(problem), str(planned / "plan.csv"), "--result", str(planned / "result.json")]
    assert cli.main(command) == 0
    assert "Feasible" in capsys.readouterr().out
    assert cli.main([*command, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["feasible"] is True


def test_check_names_a_violated_rule_and_returns_one(
    problem: Path, planned: Path, tmp_path: Path, capsys: Capture
) -> None:
    lines = (planned / "plan.csv").read_text("utf-8").splitlines()
    need = lines[1].partition(",")[0]
    wrong = tmp_path / "plan.csv"
    wrong.write_text("\n".join([lines[0], f"{need},no-such-slot", *lines[2:]]) + "\n", "utf-8")
    assert cli.main(["check", str(problem), str(wrong)]) == 1
    assert "unknown slot" in capsys.readouterr().out
    assert cli.main(["--lang", "de", "check", str(problem), str(wrong)]) == 1
    assert "unbekannter Termin" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"cost": 1.0}, "cost"),
        ({"lower_bound": 1e12}, "lower_bound"),
        ({"gap": 0.9}, "gap"),
        ({"seconds": None}, "seconds"),
    ],
)
def test_check_finds_a_false_claim_of_the_result(
    problem: Path, planned: Path, tmp_path: Path, capsys: Capture, change: dict[str, object], said: str
) -> None:
    claimed = {**json.loads((planned / "result.json").read_text("utf-8")), **change}
    file = tmp_path / "result.json"
    file.write_text(json.dumps(claimed), "utf-8")
    assert cli.main(["check", str(problem), str(planned / "plan.csv"), "--result", str(file)]) == 1
    assert said in capsys.readouterr().out


@pytest.mark.parametrize("content", [b"", b"[1]", b"\xff\xfe", b"{", b"[" * 100_000])
def test_a_result_that_cannot_be_read_returns_two(
    problem: Path, planned: Path, tmp_path: Path, capsys: Capture, content: bytes
) -> None:
    file = tmp_path / "result.json"
    file.write_bytes(content)
    capsys.readouterr()
    assert cli.main(["check", str(problem), str(planned / "plan.csv"), "--result", str(file)]) == 2
    assert "result.json" in one_line(capsys)


def test_a_plan_that_is_missing_returns_two(problem: Path, tmp_path: Path, capsys: Capture) -> None:
    capsys.readouterr()
    assert cli.main(["check", str(problem), str(tmp_path / "none.csv")]) == 2
    assert "none.csv" in one_line(capsys)


def test_a_faulty_problem_says_each_fault_with_its_line_and_writes_nothing(
    problem: Path, tmp_path: Path, capsys: Capture
) -> None:
    copy, out = tmp_path / "copy", tmp_path / "out"
    copy.mkdir()
    for file in problem.glob("*"):
        (copy / file.name).write_bytes(file.read_bytes())
    lines = (copy / "slots.csv").read_text("utf-8").splitlines()
    cells = lines[3].split(",")
    cells[4] = "2026-02-31"
    lines[3] = ",".join(cells)
    (copy / "slots.csv").write_text("\n".join(lines) + "\n", "utf-8")
    capsys.readouterr()
    assert cli.main(["match", str(copy), "--out", str(out)]) == 1
    said = one_line(capsys)
    assert "slots.csv" in said and "4" in said and "2026-02-31" in said
    assert not out.exists()


@pytest.mark.parametrize(
    "command",
    [
        ["match", "P"],
        ["match", "P", "--out", "O", "--time-limit", "soon"],
        ["match", "P", "--out", "O", "--time-limit", "0"],
        ["match", "P", "--out", "O", "--gap", "nan"],
        ["match", "P", "--out", "O", "--workers", "0"],
        ["match", "P", "--out", "O", "--seed", "-1"],
        ["match", "P", "--out", "O", "--frobnicate"],
        ["problem", "musterkreis", "--people", "many", "--out", "O"],
        ["partners", "paint", "F"],
        ["serve", "--port", "99999"],
        ["dance"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("lang", ["en", "de"])
def test_a_command_that_cannot_be_understood_is_one_line_and_returns_two(
    capsys: Capture, command: list[str], lang: str
) -> None:
    assert cli.main([*command, "--lang", lang]) == 2
    assert ("siehe:" if lang == "de" else "see:") in one_line(capsys)


def test_the_language_may_stand_before_or_after_the_command(capsys: Capture) -> None:
    for command in (
        ["--lang", "de", "partners", "check", "wetzlar"],
        ["partners", "check", "wetzlar", "--lang=de"],
    ):
        assert cli.main(command) == 0
        assert "keine Fehler" in capsys.readouterr().out
    assert cli.main(["partners", "check", "wetzlar"]) == 0
    assert "no faults" in capsys.readouterr().out


def test_help_needs_no_engine_and_speaks_both_languages(capsys: Capture) -> None:
    assert cli.main(["--help"]) == 0
    assert "usage: foerderkette" in capsys.readouterr().out
    assert cli.main(["--lang", "de", "serve", "--help"]) == 0
    assert "Aufruf: foerderkette serve" in capsys.readouterr().out
    assert cli.main([]) == 0


def test_an_unknown_region_names_those_at_hand(capsys: Capture) -> None:
    for command in (
        ["network", "atlantis"],
        ["problem", "atlantis", "--out", "x"],
        ["partners", "check", "atlantis"],
    ):
        assert cli.main(command) == 1
        said = one_line(capsys)
        assert "musterkreis" in said and "dortmund" in said


def test_partner_files_report_every_fault_in_a_line_of_its_own(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "region.csv").write_bytes(b"")
    (tmp_path / "actors.csv").write_bytes(b"\x00\x01")
    assert cli.main(["partners", "check", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert "region.csv" in said and "actors.csv" in said and "Traceback" not in said


def test_the_network_is_told_in_text_and_written_as_one_file(tmp_path: Path, capsys: Capture) -> None:
    assert cli.main(["network", "wetzlar", "--lang", "de"]) == 0
    assert "Wetzlar" in capsys.readouterr().out
    file = tmp_path / "wetzlar.html"
    assert cli.main(["network", "wetzlar", "--html", str(file)]) == 0
    assert "<svg" in file.read_text("utf-8")
    assert [one.name for one in tmp_path.iterdir()] == ["wetzlar.html"]


def test_a_file_in_the_way_of_the_folder_is_named(problem: Path, tmp_path: Path, capsys: Capture) -> None:
    in_the_way = tmp_path / "out"
    in_the_way.write_text("here first", "utf-8")
    capsys.readouterr()
    assert cli.main(["match", str(problem), "--out", str(in_the_way)]) == 1
    assert "is not a folder" in one_line(capsys)
    assert in_the_way.read_text("utf-8") == "here first"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.org", "::"])
def test_the_pages_are_only_served_on_this_machine(capsys: Capture, host: str) -> None:
    assert cli.main(["serve", "--host", host]) == 1
    assert "127.0.0.1" in one_line(capsys)


def test_a_port_in_use_is_said_before_anything_is_planned(capsys: Capture) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = str(taken.getsockname()[1])
        assert cli.main(["serve", "wetzlar", "--port", port]) == 1
    said = one_line(capsys)
    assert port in said and "--port" in said


def test_an_error_of_the_product_is_one_line_unless_debugging(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def broken(*_: object) -> int:
        raise ZeroDivisionError("by mistake")

    monkeypatch.setitem(cli_commands.COMMANDS, "network", broken)
    monkeypatch.delenv(cli.DEBUG, raising=False)
    assert cli.main(["network", "wetzlar"]) == 70
    assert "ZeroDivisionError" in one_line(capsys)
    monkeypatch.setenv(cli.DEBUG, "1")
    with pytest.raises(ZeroDivisionError):
        cli.main(["network", "wetzlar"])


def test_the_first_interrupt_asks_and_the_second_ends() -> None:
    before = signal.getsignal(signal.SIGINT)  # ignored, where the tests run in the background
    with Interrupts().listening() as interrupts:
        assert not interrupts.stop()
        signal.raise_signal(signal.SIGINT)
        assert interrupts.stop()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_two_interrupts_return_130_and_write_nothing(
    problem: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    @contextmanager
    def impatient(*_: object) -> Iterator[Callable[[RunProgress], None]]:
        yield lambda progress: (signal.raise_signal(signal.SIGINT), signal.raise_signal(signal.SIGINT))[0]

    monkeypatch.setattr(cli_commands, "progress_shown", impatient)
    capsys.readouterr()
    assert cli.main(["match", str(problem), "--out", str(tmp_path / "out")]) == 130
    one_line(capsys)
    assert not list((tmp_path / "out").iterdir())


def test_an_interrupt_on_a_terminal_still_writes_a_feasible_plan_and_a_valid_bound(
    tmp_path: Path, capsys: Capture
) -> None:
    folder, out = tmp_path / "problem", tmp_path / "out"
    assert cli.main(["problem", "musterkreis", "--people", "120", "--out", str(folder)]) == 0
    command = [sys.executable, "-m", "web.cli", "match", str(folder), "--out", str(out), "--gap", "0"]
    master, slave = os.openpty()
    root = Path(cli.__file__).parent.parent
    with subprocess.Popen(command, cwd=root, stderr=slave, stdout=subprocess.PIPE, text=True) as run:
        os.close(slave)
        shown = b""
        while b"gap" not in shown:
            assert select.select([master], [], [], 120)[0], "no progress was shown"
            shown += os.read(master, 4096)
        run.send_signal(signal.SIGINT)
        said, _ = run.communicate(timeout=60)
    os.close(master)
    assert run.returncode == 0
    assert "Interrupted" in said
    capsys.readouterr()
    assert cli.main(["check", str(folder), str(out / "plan.csv"), "--result", str(out / "result.json")]) == 0
    assert json.loads((out / "result.json").read_text("utf-8"))["status"] == "interrupted"


def test_a_table_aligns_its_columns() -> None:
    assert table([["a", "1"], ["long", "1000"]], right=(1,)) == "a        1\nlong  1000"
