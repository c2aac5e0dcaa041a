"""Do gaps keep their promise? ``python -m benchmarks.gap_savings``.

For the ten dearest seats of an instance: what the seat price promises that ``match`` writes, what planning
again with the seat saves, and between which values the true saving lies by the bounds of both plans
(``docs/planning_room.md``).
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import matching
from benchmarks.figures import machine, write_section
from benchmarks.instances import folder_of
from workflows.planning_room.folder import PlannedFolder
from workflows.planning_room.seats import Resolver, Saving, dearest, seat_groups, seat_savings

INSTANCES = ("musterkreis-150-1", "city-60-1", "rural-150-1", "city-600-1")
TOP = 10
PLAN_SECONDS, AGAIN_SECONDS = 60.0, 600.0
"""For a plan and for its seat prices; and at most for each plan made anew, whose steps are counted."""


def measure(folder: Path, top: int = TOP, seconds: float = PLAN_SECONDS) -> list[Saving]:
    """Plan an instance, and the seats that its prices call the dearest once more."""
    problem = matching.read_problem(folder)
    solved = matching.solve(problem, matching.SolveOptions(time_limit_seconds=seconds, seed=1))
    result = matching.with_savings(problem, solved, seconds)
    planned = PlannedFolder(folder, problem, result.plan, result.proof, result.savings)
    resolver = Resolver(planned, time_limit_seconds=AGAIN_SECONDS)
    return list(seat_savings(resolver, dearest(seat_groups(problem, result.savings), top)))


def table(instance: str, savings: Sequence[Saving]) -> str:
    """The table for people, and how many promises lie within their bounds."""
    rows = [
        "| instance | slot | promised days | saved days | at least | at most | within |",
        "| --- | --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for one in savings:
        figures = (one.promised, one.saved, one.at_least, one.at_most)
        cells = [instance, one.group.slot, *(f"{days:,.0f}" for days in figures), "yes" if one.kept else "no"]
        rows.append("| " + " | ".join(cells) + " |")
    kept = sum(one.kept for one in savings)
    return "\n".join([*rows, "", f"Promises within their bounds: {kept} of {len(savings)}."])


def main() -> None:
    """Measure and put the tables into docs/figures.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--instances", nargs="*", default=list(INSTANCES))
    parser.add_argument("--dry", action="store_true", help="print the tables, write nothing")
    asked = parser.parse_args()
    tables = []
    for instance in asked.instances:
        with folder_of(instance) as folder:
            tables.append(table(instance, measure(folder)))
        print(tables[-1], flush=True)
    if not asked.dry:
        write_section("machine, gap savings", machine())
        write_section("gap savings", "\n\n".join(tables))


if __name__ == "__main__":
    main()
