"""Four ways to give seats, simulated over a year: ``python -m benchmarks.simulation``.

The table is that of ``foerderkette simulate musterkreis``, over ten seeds. With ``--runs FILE`` every run is
written there when it has ended, and a later call with the same code goes on from it.
"""

import argparse
import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.figures import machine, write_section
from benchmarks.instances import ROOT
from workflows.planning_room.sim_outcome import Outcome, Task
from workflows.planning_room.simulate import simulate, simulation_report
from workflows.planning_room.tables import FigureTable, number_columns, table_csv, text_table, words_of

RESULTS = ROOT / "benchmarks" / "results" / "simulation.csv"


def table(figures: FigureTable) -> str:
    """A table of figures for ``docs/figures.md``."""
    written, numbers = text_table(figures, words_of("en"), {}), number_columns(figures)
    marks = ["---:" if n in numbers else "---" for n in range(len(written.columns))]
    rows = [written.columns, tuple(marks), *written.rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


class Runs:
    """A file of runs, one on each line as JSON; without a file nothing is kept."""

    def __init__(self, file: Path | None) -> None:
        self.file = file

    def read(self) -> list[Outcome]:
        """All runs of the file."""
        if self.file is None or not self.file.exists():
            return []
        return [_outcome(json.loads(line)) for line in self.file.read_text("utf-8").splitlines()]

    def keep(self, outcome: Outcome) -> None:
        """Add a run."""
        if self.file is not None:
            with self.file.open("a", encoding="utf-8") as out:
                out.write(json.dumps(asdict(outcome)) + "\n")


def _outcome(row: dict[str, Any]) -> Outcome:
    profiles = {name: (many, days) for name, (many, days) in row["wait_by_profile"].items()}
    return Outcome(**{**row, "task": Task(**row["task"]), "wait_by_profile": profiles})


def main() -> None:
    """Simulate and put the tables into docs/figures.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, usual in (("people", 150), ("weeks", 52), ("seeds", 10), ("workers", 2)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument(
        "--minutes", type=float, default=600, help="then end with the seeds that are complete"
    )
    parser.add_argument("--region", default="musterkreis")
    parser.add_argument("--csv", type=Path, default=RESULTS)
    parser.add_argument("--dry", action="store_true", help="print the tables, write nothing")
    parser.add_argument("--runs", type=Path, help="file of the runs that have ended, to go on from")
    asked = parser.parse_args()
    runs = Runs(asked.runs)
    until = time.monotonic() + 60 * asked.minutes
    found = simulate(
        *(asked.region, asked.people, asked.weeks, asked.seeds, asked.workers),
        told=lambda part, done, of: print(f"{part} {done}/{of}", flush=True),
        stop=lambda: time.monotonic() > until,
        known=runs.read(),
        kept=runs.keep,
    )
    if not found:
        raise SystemExit("No seed was complete in the time given; nothing was written: give more --minutes.")
    tables = {one.key: one for one in simulation_report(asked.region, asked.weeks, found).tables}
    seeds = len({one.task.seed for one in found})
    said = f"{seeds} seeds, {asked.people} people arriving within {asked.weeks} weeks."
    shown = "\n\n".join(
        [said, *(table(tables[key]) for key in ("simulation-summary", "simulation-profiles"))]
    )
    print(shown)
    if not asked.dry:
        asked.csv.parent.mkdir(parents=True, exist_ok=True)
        asked.csv.write_text(table_csv(tables["simulation"]), encoding="utf-8")
        write_section("machine, simulation", machine())
        write_section("simulation", shown)


if __name__ == "__main__":
    main()
