"""How long does a what-if take? ``python -m benchmarks.what_if``.

A plan is made by ``foerderkette match``; then ``foerderkette whatif`` is run as anybody runs it, in a process
of its own, on three scenarios: one that changes nothing, one evening group more like the dearest, and the
same group cancelled. Start of the program, reading and writing are within the time. Processor time stands
beside it: on a busy machine only that says how much work it is.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.figures import machine, write_section
from benchmarks.instances import ROOT, folder_of, limit_of
from workflows.planning_room.folder import read_planned_folder
from workflows.planning_room.seats import dearest, seat_groups

INSTANCES = ("land-2000-1",)
NOTHING, EVENING, CANCELLED = "nothing changes", "one more evening group", "a group is cancelled"
EVENINGS = '["mo-ev", "tu-ev", "we-ev", "th-ev"]'
COMMAND = (sys.executable, "-c", "from web.cli import main; main()", "--lang", "en")


@dataclass(frozen=True)
class Measured:
    """One answer: how long the command took, and the costs of both sides, weighted waiting days."""

    instance: str
    scenario: str
    seconds: float
    processor_seconds: float
    before: float
    after: float
    different: int

    def row(self) -> str:
        """As a row of the table."""
        return (
            f"| {self.instance} | {self.scenario} | {self.seconds:.1f} | {self.processor_seconds:.1f} | "
            f"{self.before:,.0f} | {self.after:,.0f} | {self.different} |"
        )


def scenarios(problem: Path, plan: Path) -> dict[str, str]:
    """The scenarios of an instance as TOML; the group is the dearest that needs participants."""
    planned = read_planned_folder(problem, plan)
    groups = seat_groups(planned.problem, planned.seat_prices)
    group = next((one for one in dearest(groups, len(groups)) if one.minimum), groups[0])
    change = f'[[change]]\nslot = "{group.slot}"\ndo = '
    return {
        NOTHING: 'name = "nothing"\n',
        EVENING: f'{change}"add"\ntimes = {EVENINGS}\n',
        CANCELLED: f'{change}"cancel"\n',
    }


def measure(instance: str, problem: Path, seconds: float) -> list[Measured]:
    """Plan an instance and ask for each scenario.

    Parameters
    ----------
    seconds : float
        For the plan, which is not counted.
    """
    with TemporaryDirectory() as name:
        plan, file = Path(name) / "plan", Path(name) / "scenario.toml"
        asked = ("--out", str(plan), "--time-limit", str(seconds), "--measure-prices", str(seconds))
        _run("match", str(problem), *asked)
        found = []
        for scenario, text in scenarios(problem, plan).items():
            file.write_text(text, encoding="utf-8")
            began, worked = time.perf_counter(), _worked()
            told = _run("whatif", str(problem), "--plan", str(plan), "--scenario", str(file), "--json")
            spent = time.perf_counter() - began, _worked() - worked
            found.append(measured(instance, scenario, *spent, json.loads(told)))
        return found


def _worked() -> float:
    """Processor time of all commands run so far, seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measured(
    instance: str, scenario: str, seconds: float, processor_seconds: float, told: Mapping[str, Any]
) -> Measured:
    """Read what ``whatif --json`` has answered."""
    figures = {row["figure"]: row for row in told["whatif-figures"]}
    different = sum(row["difference"] != 0 for row in figures.values())
    costs = figures["cost"]["before"], figures["cost"]["after"]
    return Measured(instance, scenario, seconds, processor_seconds, *costs, different)


def _run(*words: str) -> str:
    done = subprocess.run([*COMMAND, *words], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


def table(found: Sequence[Measured]) -> str:
    """The table for people."""
    return "\n".join(
        [
            "| instance | scenario | wall s | processor s | cost before | cost after | figures that differ |",
            "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
            *(one.row() for one in found),
        ]
    )


def main() -> None:
    """Measure and put the table into docs/figures.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--instances", nargs="*", default=list(INSTANCES))
    parser.add_argument("--plan-seconds", type=float, help="for each plan; not counted")
    parser.add_argument("--dry", action="store_true", help="print the table, write nothing")
    asked = parser.parse_args()
    found = []
    for instance in asked.instances:
        with folder_of(instance) as folder:
            found += measure(instance, folder, asked.plan_seconds or limit_of(instance))
    shown = table(found)
    print(shown)
    if not asked.dry:
        write_section("machine, what-if", machine())
        write_section("what-if", shown)


if __name__ == "__main__":
    main()
