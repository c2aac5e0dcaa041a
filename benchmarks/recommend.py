"""How fast and how right is a recommendation? ``python -m benchmarks.recommend``.

Speed: wall time of one ``Adviser.recommend`` call, adviser loaded, over needs drawn at random. Rightness: for
served needs drawn at random, the first choice against what planning again takes for that need when it and
all that follow it are free (``free_need.py``).
"""

import argparse
import csv
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

import matching
from benchmarks.figures import machine, write_section
from benchmarks.free_need import Replanner, Verdict
from benchmarks.instances import ROOT, default_names, folder_of
from matching.problem import Problem

RESULTS = ROOT / "benchmarks" / "results" / "recommend.csv"
NEEDS, REPLANS = 500, 100


@dataclass(frozen=True)
class Row:
    """One run.

    Parameters
    ----------
    gap : float
        (cost - lower_bound) / cost of the plan.
    calls : int
        Recommendations timed; ``p50_ms``, ``p95_ms``, ``longest_ms``: milliseconds of one, wall time;
        ``p95_cpu_ms``: time of the processor, which a busy machine does not change.
    freed : int
        Needs set free; the rest: for how many of them the first choice was what ``free_need.Verdict`` says.
    """

    instance: str
    gap: float
    calls: int
    p50_ms: float
    p95_ms: float
    longest_ms: float
    p95_cpu_ms: float
    freed: int
    kept: int
    replanned: int
    moving: int
    as_good: int
    in_plan: int


def speed(adviser: matching.Adviser, needs: Sequence[str]) -> tuple[float, float, float, float]:
    """Milliseconds of one call: median, 95 of 100, longest; and 95 of 100 by the time of the processor."""
    adviser.recommend(needs[0])
    spent, worked = [], []
    for need in needs:
        began, begun = time.perf_counter(), time.process_time()
        adviser.recommend(need)
        spent.append(1000 * (time.perf_counter() - began))
        worked.append(1000 * (time.process_time() - begun))
    p50, p95, longest = np.percentile(spent, [50, 95, 100])
    return float(p50), float(p95), float(longest), float(np.percentile(worked, 95))


def verdicts(replanner: Replanner, needs: Sequence[str]) -> list[Verdict]:
    """Set each need free in turn; those that differ are printed."""
    found = []
    for seed, need in enumerate(needs):
        one = replanner.verdict(need, seed)
        if not (one.replanned and one.as_good):
            print(one, flush=True)
        found.append(one)
    return found


def planned(
    folder: Path, plan: Path | None, seconds: float
) -> tuple[Problem, matching.Plan, dict[str, float], float]:
    """The problem with a plan, prices and gap: those of a folder, or of a run of so many seconds."""
    problem = matching.read_problem(folder)
    if plan:
        prices = matching.read_prices(plan / "prices.csv")
        gap = json.loads((plan / "result.json").read_text("utf-8"))["gap"]
        return problem, matching.read_plan(plan / "plan.csv"), prices, gap
    result = matching.solve(problem, matching.SolveOptions(seconds, workers=2, seed=1))
    with TemporaryDirectory() as made:  # prices as they are read back, rounded
        matching.write_prices(result.seat_prices, Path(made) / "prices.csv")
        return problem, result.plan, matching.read_prices(Path(made) / "prices.csv"), result.gap


def measure(instance: str, asked: argparse.Namespace) -> Row:
    """Time calls and set needs free on one instance."""
    with folder_of(instance) as folder:
        problem, plan, prices, gap = planned(folder, asked.plan, asked.seconds)
    rng = np.random.default_rng(asked.seed)
    replanner = Replanner(problem, plan, prices, asked.worst)
    ids = problem.needs.ids
    drawn = [ids[k] for k in rng.choice(len(ids), min(asked.needs, len(ids)), replace=False)]
    spent = speed(replanner.adviser, drawn)
    served = [n for k, n in enumerate(ids) if plan[n] and problem.needs.fixed[k] < 0]
    some = [served[k] for k in rng.choice(len(served), min(asked.replans, len(served)), replace=False)]
    found = verdicts(replanner, some)
    counts = [sum(getattr(x, f.name) for x in found) for f in fields(Verdict) if f.name != "need"]
    return Row(instance, gap, len(drawn), *spent, len(found), *counts)


def table(rows: Sequence[Row]) -> str:
    """The table for people."""
    lines = [
        "| instance | gap of the plan | calls | p50 ms | p95 ms | longest ms | p95 ms of the processor "
        "| needs set free | best while others stay | planning again takes it | others move freely: takes it "
        "| … or nothing better by a day |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for x in rows:
        cells = [
            x.instance,
            f"{100 * x.gap:.2f} %",
            str(x.calls),
            f"{x.p50_ms:.0f}",
            f"{x.p95_ms:.0f}",
            f"{x.longest_ms:.0f}",
        ]
        cells += [f"{x.p95_cpu_ms:.0f}", str(x.freed)]
        cells += [f"{100 * n / max(1, x.freed):.0f} %" for n in (x.kept, x.replanned, x.moving, x.as_good)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def write_results(rows: Sequence[Row], path: Path) -> None:
    """Write what was measured."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [f.name for f in fields(Row)], lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({k: round(v, 4) if isinstance(v, float) else v for k, v in asdict(row).items()})


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and put the table into docs/figures.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recommend", description=__doc__)
    parser.add_argument("--instances", nargs="*", default=[default_names()[-1]])
    parser.add_argument("--plan", type=Path, help="folder that match has written; else it is planned")
    parser.add_argument("--seconds", type=float, default=120.0, help="for planning")
    parser.add_argument("--needs", type=int, default=NEEDS, help="calls that are timed")
    parser.add_argument("--replans", type=int, default=REPLANS, help="needs that are set free")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--worst", action="store_true", help="others move freely: begin with the worst slot")
    parser.add_argument("--csv", type=Path, default=RESULTS)
    parser.add_argument("--dry", action="store_true", help="print the table, write nothing")
    asked = parser.parse_args(argv)
    rows = [measure(instance, asked) for instance in asked.instances]
    print(table(rows))
    if not asked.dry:
        write_results(rows, asked.csv)
        write_section("machine, recommendations", machine())
        write_section("recommendations", table(rows))


if __name__ == "__main__":
    main()
