"""How time and memory grow with the number of people: ``python -m benchmarks.growth --people 60 2000 20000``.

Each size has a process of its own. Problems are made by ``../shared/planning/make_problem.py`` (family
``nation``) in a temporary folder; where it is missing, from the fictional county. Measured are reading,
checking and preparing together (online slots alike as one offer), one exact pricing pass on two threads (the
best of some), and the highest memory.
"""

import argparse
import csv
import json
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np

import matching
from benchmarks.figures import growth_exponent, log_log, machine, write_section
from benchmarks.instances import ROOT, folder_of
from matching.bound import Pricer
from matching.candidates import Candidates, candidates
from matching.links import Multipliers, without_links
from matching.result import peak_mib
from matching.warm_up import small_problem

RESULTS = ROOT / "benchmarks" / "results" / "growth.csv"
PICTURE = ROOT / "docs" / "screens" / "growth.svg"
PEOPLE = (60, 200, 600, 2000, 6000, 20_000)
WHOLE_NATION = 400_000
PASSES, WORKERS = 3, 2
FROM_PEOPLE = 2000  # from here on the exponent is fitted: below, fixed costs hide the growth


@dataclass(frozen=True)
class Size:
    """What one size takes; seconds of wall time, MiB at the highest."""

    people: int
    needs: int
    pairs: int
    reading_seconds: float
    preparing_seconds: float
    pass_seconds: float
    peak_mib: float


def measure(folder: Path) -> Size:
    """Read, prepare and price a problem, with everything compiled before."""
    _price(candidates(small_problem(), by_offer=True), 1)
    began = time.perf_counter()
    problem = matching.read_problem(folder)
    read = time.perf_counter()
    c = candidates(problem, by_offer=True)
    prepared = time.perf_counter()
    return Size(
        len(problem.people.ids),
        c.needs,
        c.pairs,
        read - began,
        prepared - read,
        _price(c, PASSES),
        peak_mib(),
    )


def _price(c: Candidates, passes: int) -> float:
    """Seconds of one exact pass over everybody on two threads, the best of some."""
    pricer, seconds = Pricer(c, WORKERS, without_links(c)), []
    price, zero = np.full(len(c.seats), 1.0), np.zeros(len(c.seats))
    for _ in range(passes):
        start = time.perf_counter()
        pricer.bound(Multipliers(price, zero, np.zeros(0)), nodes=0)
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def in_its_own_process(people: int, seed: int) -> Size:
    """Measure one size; memory is that of the child alone."""
    with folder_of(f"nation-{people}-{seed}") as folder:
        command = [sys.executable, "-m", "benchmarks.growth", "--measure", str(folder)]
        ran = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    return Size(**json.loads(ran.stdout.splitlines()[-1]))


def table(sizes: list[Size]) -> str:
    """The table for people, and how fast things grow."""
    rows = [
        "| people | needs | pairs | reading s | preparing s | one exact pass s | peak MiB |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    rows += [
        f"| {x.people:,} | {x.needs:,} | {x.pairs:,} | {x.reading_seconds:.2f} | {x.preparing_seconds:.2f} "
        f"| {x.pass_seconds:.4f} | {x.peak_mib:,.0f} |"
        for x in sizes
    ]
    large = [x for x in sizes if x.people >= FROM_PEOPLE]
    if len(large) > 1:
        b = growth_exponent([(x.people, x.pass_seconds) for x in large])
        whole = growth_exponent([(x.people, x.reading_seconds + x.preparing_seconds) for x in large])
        rows += [
            "",
            f"From {large[0].people:,} to {large[-1].people:,} people one pass grows like n^{b:.2f}, ",
        ]
        rows[-1] += f"reading and preparing like n^{whole:.2f}."
    return "\n".join(rows)


def picture(sizes: list[Size]) -> str:
    """The growth plot."""
    curves = {
        "reading, preparing": [(x.people, x.reading_seconds + x.preparing_seconds) for x in sizes],
        "one exact pass": [(x.people, x.pass_seconds) for x in sizes],
        "peak memory, GiB": [(x.people, x.peak_mib / 1024) for x in sizes],
    }
    return log_log(curves, "people", "seconds, or GiB")


def write_results(sizes: list[Size], path: Path) -> list[Size]:
    """Write the sizes beside those measured earlier; returns all, rounded as written."""
    known = {x.people: x for x in read_results(path)} | {x.people: x for x in sizes}
    everything = [known[people] for people in sorted(known)]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        names = [f.name for f in fields(Size)]
        writer.writerow(names)
        for x in everything:
            values = [getattr(x, name) for name in names]
            writer.writerow([round(v, 5) if isinstance(v, float) else v for v in values])
    return read_results(path)


def read_results(path: Path) -> list[Size]:
    """Sizes measured earlier."""
    if not path.exists():
        return []
    whole = ("people", "needs", "pairs")
    with path.open(newline="", encoding="utf-8") as file:
        return [
            Size(**{k: int(v) if k in whole else float(v) for k, v in row.items()})  # type: ignore[arg-type]
            for row in csv.DictReader(file)
        ]


def main() -> None:
    """Measure, write the CSV and the picture, and put the table into docs/figures.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, nargs="*", default=list(PEOPLE))
    parser.add_argument("--nation", action="store_true", help=f"also {WHOLE_NATION:,} people")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--csv", type=Path, default=RESULTS)
    parser.add_argument("--memory-gib", type=float, default=0, help="end a run that wants more")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        print(json.dumps(asdict(measure(asked.measure))))
        return
    if asked.memory_gib:
        limit = int(asked.memory_gib * 2**30)
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    for people in asked.people + [WHOLE_NATION] * asked.nation:
        size = in_its_own_process(people, asked.seed)
        print(size, flush=True)
        sizes = write_results([size], asked.csv)
        PICTURE.write_text(picture(sizes), "utf-8")
        write_section("machine, growth", machine())
        write_section("growth", table(sizes))


if __name__ == "__main__":
    main()
