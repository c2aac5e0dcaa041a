"""How long the analysis of a network takes: ``python -m benchmarks.network_analysis``.

A region of 500 actors and 5,000 ways in, and a nation of 6,000 actors and 60,000 ways in, both invented.
Wall time and processor time stand side by side: on a busy machine only the second says how much work it is.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.figures import machine, write_section
from benchmarks.invented_region import TODAY, Size, invented_region
from network.analysis.whole import Analysis, Question, analyse
from workflows.planning_room.cases import profile_cases

SIZES = (Size("region", 500, 5_000, 30, 1.0), Size("nation", 6_000, 60_000, 1_000, 6.0))
ARRIVALS_SHARE = 0.006  # people a year over inhabitants


@dataclass(frozen=True)
class Measured:
    """One analysis: how large, how long, and how many failures keep an interval."""

    size: Size
    slots: int
    wall_seconds: float
    processor_seconds: float
    people: int
    open_failures: int


def measure(size: Size) -> Measured:
    """Analyse an invented region; making it up is not counted."""
    region = invented_region(size)
    question = Question(profile_cases(TODAY), arrivals=round(ARRIVALS_SHARE * (region.population or 0)))
    wall, processor = time.perf_counter(), time.process_time()
    found = analyse(region, question)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    slots = len(region.slots(TODAY, TODAY.replace(year=TODAY.year + 2)).slots)
    return Measured(size, slots, wall, processor, found.people, _open(found))


def _open(found: Analysis) -> int:
    return sum(one.lost_people < one.lost_people_at_most for one in found.failures)


def table(measured: Sequence[Measured]) -> str:
    """The table for people."""
    rows = [
        "| network | actors | towns | ways in | people a year to work | wall s | processor s "
        "| failures left as an interval |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for one in measured:
        cells = [one.size.name, f"{one.size.actors:,}", f"{one.size.towns:,}", f"{one.slots:,}"]
        cells += [f"{one.people:,}", f"{one.wall_seconds:.1f}", f"{one.processor_seconds:.1f}"]
        rows.append("| " + " | ".join([*cells, str(one.open_failures)]) + " |")
    return "\n".join(rows)


def main() -> None:
    """Measure and put the table into docs/figures.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", nargs="*", default=[size.name for size in SIZES])
    parser.add_argument("--dry", action="store_true", help="print the table, write nothing")
    asked = parser.parse_args()
    found = table([measure(size) for size in SIZES if size.name in asked.sizes])
    print(found)
    if not asked.dry:
        write_section("machine, network analysis", machine(("numpy", "scipy")))
        write_section("network analysis", found)


if __name__ == "__main__":
    main()
