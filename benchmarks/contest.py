"""Every solver on the same instances with the same time: ``python -m benchmarks.contest``.

Each run has a process of its own, so that memory is its own and a run that does not end can be ended. The
plan that it leaves is checked by ``matching.check``; a plan that breaks a rule counts as none.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import matching
from benchmarks.entrant import ENTRANTS
from benchmarks.figures import machine, write_section
from benchmarks.instances import LARGE, REFERENCE, ROOT, default_names, folder_of, limit_of, people_in

RESULTS = ROOT / "benchmarks" / "results" / "contest.csv"
PATIENCE = 3.0  # times the limit, plus START, after which a run is ended
START = 120.0
GENERAL = ("CP-SAT", "HiGHS", "Timefold")  # they hold every pair as an object of their own
MOST_PEOPLE = 2000  # that those are tried on


@dataclass(frozen=True)
class Line:
    """One run: what the table shows.

    Parameters
    ----------
    cost, bound : float or None
        Weighted waiting days; None where there is no feasible plan or no bound.
    seconds : float
        Wall time of the solver, reading and imports left out.
    peak_mib : float
        Highest memory of its process, MiB.
    note : str
        Why there is no plan, or empty.
    begun_at : str
        When the contest began to which the run belongs, UTC; empty where that was not noted.
    """

    instance: str
    solver: str
    limit_seconds: float
    cost: float | None
    bound: float | None
    seconds: float
    peak_mib: float
    note: str
    begun_at: str = ""

    @property
    def gap(self) -> float | None:
        """(cost - own bound) / cost."""
        if self.cost is None or self.bound is None:
            return None
        return max(0.0, (self.cost - self.bound) / self.cost) if self.cost else 0.0


def run(name: str, folder: Path, instance: str, seconds: float) -> Line:
    """Let one entrant solve one instance."""
    with TemporaryDirectory() as out:
        command = [sys.executable, "-W", "ignore", "-m", "benchmarks.entrant", name, str(folder)]
        began = time.monotonic()
        with subprocess.Popen(
            [*command, str(seconds), out], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as process:
            note, peak_mib = _wait(process, PATIENCE * seconds + START)
        answer = Path(out) / "answer.json"
        if not answer.exists():
            return Line(instance, name, seconds, None, None, time.monotonic() - began, peak_mib, note)
        found = json.loads(answer.read_text("utf-8"))
        cost, note = _checked(folder, Path(out) / "plan.csv")
    bound = None if found["bound"] is None else max(0.0, found["bound"])  # nothing costs less than nothing
    return Line(instance, name, seconds, cost, bound, found["seconds"], peak_mib, note)


def _wait(process: "subprocess.Popen[bytes]", seconds: float) -> tuple[str, float]:
    """Wait for the end of a process; why it gave no answer, and its highest memory in MiB."""
    until, ended = time.monotonic() + seconds, False
    while True:
        pid, _, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        if time.monotonic() > until and not ended:
            process.kill()
            ended = True
        time.sleep(0.1)
    said = process.stderr.read().decode("utf-8", "replace").strip().splitlines() if process.stderr else []
    process.returncode = 0
    reason = "did not end in time" if ended else (said[-1] if said else "ended without an answer")
    return reason, usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def _checked(folder: Path, plan: Path) -> tuple[float | None, str]:
    if not plan.exists():
        return None, "no plan in time"
    problem = matching.read_problem(folder)
    checked = matching.check(problem, matching.read_plan(plan))
    if checked.feasible:
        return checked.cost, ""
    return None, "broke a rule: " + ", ".join(sorted(checked.violations))


def contest(
    names: Sequence[str], entrants: Sequence[str], seconds: float | None, done: Sequence[Line] = ()
) -> Iterator[Line]:
    """Run everybody on everything, one at a time, and tell as it goes.

    Parameters
    ----------
    seconds : float or None
        Time for each run; None: by the size of the instance.
    done : sequence of Line
        Runs that are not made again.
    """
    known = {_key(line) for line in done}
    for instance in names:
        limit = limit_of(instance) if seconds is None else seconds
        todo = [x for x in entrants if (instance, x, limit) not in known and not _too_large(x, instance)]
        if todo:
            with folder_of(instance) as folder:
                for entrant in todo:
                    line = run(entrant, folder, instance, limit)
                    print(_told(line), flush=True)
                    yield line


def _too_large(entrant: str, instance: str) -> bool:
    return entrant in GENERAL and people_in(instance) > MOST_PEOPLE


def _told(line: Line) -> str:
    cost = "no plan" if line.cost is None else f"{line.cost:,.0f}"
    gap = "" if line.gap is None else f" gap {100 * line.gap:.2f} %"
    return f"{line.instance:<16}{line.solver:<14}{cost:>12}{gap}  {line.seconds:.0f} s  {line.note}"


def write_results(lines: list[Line], path: Path) -> None:
    """Write the lines; earlier lines of the same instance, solver and limit are replaced."""
    kept = [x for x in read_results(path) if _key(x) not in {_key(y) for y in lines}]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([f.name for f in fields(Line)])
        for x in sorted(kept + lines, key=_place):
            row = [getattr(x, f.name) for f in fields(Line)]
            writer.writerow(["" if v is None else round(v, 2) if isinstance(v, float) else v for v in row])


def _key(line: Line) -> tuple[str, str, float]:
    return line.instance, line.solver, line.limit_seconds


def _place(line: Line) -> tuple[int, str, float, int]:
    return (
        people_in(line.instance),
        line.instance,
        line.limit_seconds,
        list(ENTRANTS).index(line.solver),
    )


def read_results(path: Path) -> list[Line]:
    """Lines written earlier."""
    if not path.exists():
        return []

    def number(text: str) -> float | None:
        return float(text) if text else None

    with path.open(newline="", encoding="utf-8") as file:
        return [
            Line(
                row["instance"],
                row["solver"],
                float(row["limit_seconds"]),
                number(row["cost"]),
                number(row["bound"]),
                float(row["seconds"]),
                float(row["peak_mib"]),
                row["note"],
                row.get("begun_at") or "",
            )
            for row in csv.DictReader(file)
        ]


def table(lines: list[Line]) -> str:
    """The table for people; avoidable cost is measured against the best bound of all solvers."""
    head = "| instance | limit s | solver | cost | bound | gap | avoidable cost left | seconds | MiB |"
    rows = [head, "| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for x in lines:
        same = [y for y in lines if y.instance == x.instance]
        bound = max((y.bound for y in same if y.bound is not None), default=None)
        first = next((y.cost for y in same if y.solver == "first come"), None)
        left = None
        if None not in (bound, first, x.cost) and first > bound:  # type: ignore[operator]
            left = max(0.0, (x.cost - bound) / (first - bound))  # type: ignore[operator]
        cells = [
            x.instance,
            f"{x.limit_seconds:.0f}",
            x.solver,
            x.note if x.cost is None else f"{x.cost:,.0f}",
            "–" if x.bound is None else f"{x.bound:,.0f}",
            "–" if x.gap is None else f"{100 * x.gap:.2f} %",
            "–" if left is None else f"{100 * left:.1f} %",
            f"{x.seconds:.1f}",
            f"{x.peak_mib:,.0f}",
        ]
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def default_instances() -> list[str]:
    """The reference instances, and a large one where its generator is there."""
    large = [LARGE] if (REFERENCE / "make_problem.py").exists() else []
    return [*default_names(), *large]


def last_contest(lines: Sequence[Line]) -> tuple[str, list[Line]]:
    """When the last contest began, and its runs."""
    begun_at = max((line.begun_at for line in lines), default="")
    return begun_at, [line for line in lines if line.begun_at == begun_at]


def main() -> None:
    """Run the contest and put its table into docs/figures.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--seconds", type=float, help="time for each run (default: 60 to 600 people, then more)"
    )
    parser.add_argument("--instances", nargs="*", default=default_instances())
    parser.add_argument("--solvers", nargs="*", default=list(ENTRANTS), choices=list(ENTRANTS))
    parser.add_argument("--csv", type=Path, default=RESULTS)
    parser.add_argument(
        "--resume", action="store_true", help="go on with the last contest, which was stopped"
    )
    parser.add_argument("--dry", action="store_true", help="print the table, write nothing")
    asked = parser.parse_args()
    begun_at, done = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), []
    if asked.resume:
        begun_at, done = last_contest(read_results(asked.csv))
    lines = []
    for line in contest(asked.instances, asked.solvers, asked.seconds, done):
        lines.append(replace(line, begun_at=begun_at))
        if not asked.dry:  # after every run: a contest that is stopped has lost nothing
            write_results(lines, asked.csv)
            write_section("machine, contest", machine())
            write_section("contest", table(read_results(asked.csv)))
    if asked.dry:
        print(table(lines))


if __name__ == "__main__":
    main()
