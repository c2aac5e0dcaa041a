"""Do seat prices mean what they say? ``python -m benchmarks.seat_prices``.

An instance is planned as ``foerderkette match`` plans it, and the prices are those that it writes. For the 40
highest of them and 40 zeros, the problem is solved once more, to the proven optimum, with one more seat in
that capacity alone. The multipliers of the bound stand beside them, to show why they are not the same.
"""

import argparse
import csv
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

import matching
from benchmarks.figures import machine, write_section
from benchmarks.instances import ROOT, folder_of
from matching.problem import Floats
from matching.seat_values import NOTHING
from workflows.match_run import match

RESULTS = ROOT / "benchmarks" / "results" / "seat_prices.csv"
INSTANCES = ("city-60-1", "rural-150-1")
HIGHEST = ZEROS = 40
SECONDS = 120.0  # for each optimum


@dataclass(frozen=True)
class Seat:
    """One capacity: what was said and what happened when it got one more seat; weighted waiting days."""

    instance: str
    capacity: str
    seats: int
    minimum: int
    multiplier: float
    price: float
    saving: float
    proven: bool


def measure(instance: str, folder: Path, seed: int) -> list[Seat]:
    """Solve with one more seat, capacity by capacity."""
    problem = matching.read_problem(folder)
    before, price, multiplier = _written(problem, folder, seed)
    held, found = problem.capacities, []
    for number, k in enumerate(chosen(price, seed), 1):
        seats = held.seats.copy()
        seats[k] += 1
        after = _optimum(replace(problem, capacities=held._replace(seats=seats)), seed)
        found.append(
            Seat(
                instance,
                held.ids[k],
                int(held.seats[k]),
                int(held.minimum[k]),
                float(multiplier[k]),
                float(price[k]),
                max(0.0, before.cost - after.cost),
                before.status == after.status == matching.Status.OPTIMAL,
            )
        )
        print(f"{instance} {number}: {found[-1]}", flush=True)
    return found


def _written(problem: matching.Problem, folder: Path, seed: int) -> tuple[matching.Result, Floats, Floats]:
    """What ``match`` finds and the two columns of prices that it writes."""
    with TemporaryDirectory() as out:
        found = match(folder, Path(out), _options(seed)).result
        seat_price, multiplier = (
            matching.read_prices(Path(out) / "prices.csv", column) for column in ("seat_price", "multiplier")
        )
    ids = problem.capacities.ids
    return found, np.array([seat_price[k] for k in ids]), np.array([multiplier[k] for k in ids])


def _optimum(problem: matching.Problem, seed: int) -> matching.Result:
    return matching.solve(problem, _options(seed))


def _options(seed: int) -> matching.SolveOptions:
    return matching.SolveOptions(time_limit_seconds=SECONDS, gap=1e-9, seed=seed)


def chosen(price: Floats, seed: int) -> list[int]:
    """Rows of the highest prices, and as many random ones among the zeros."""
    above = [k for k in np.argsort(-price, kind="stable").tolist() if price[k] > NOTHING]
    zeros = np.random.default_rng(seed).permutation(np.flatnonzero(price <= NOTHING))
    return above[:HIGHEST] + zeros[:ZEROS].tolist()


def ranks(values: Sequence[float]) -> Floats:
    """Ranks from 1; equal values share the mean of their ranks."""
    rounded = np.round(np.asarray(values, np.float64), 6)
    _, group, count = np.unique(rounded, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return np.asarray((last - (count - 1) / 2.0)[group])


def rank_correlation(first: Sequence[float], second: Sequence[float]) -> float:
    """Spearman's rank correlation, ties by mean ranks.

    Raises
    ------
    ValueError
        All values of one side are equal: there is nothing to correlate.
    """
    a, b = ranks(first), ranks(second)
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        raise ValueError("all values of one side are equal")
    return float(np.corrcoef(a, b)[0, 1])


def table(seats: list[Seat]) -> str:
    """The table for people."""
    rows = [
        "| instance | what is read as price | rank correlation | sum of the highest | what they saved "
        "| difference | zeros that save nothing |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for instance in dict.fromkeys(x.instance for x in seats):
        mine = [x for x in seats if x.instance == instance]
        for name, price_of in (
            ("seat price", lambda x: x.price),
            ("multiplier of the bound", lambda x: x.multiplier),
        ):
            high = [x for x in mine if price_of(x) > NOTHING]
            zeros = [x for x in mine if price_of(x) <= NOTHING]
            said, saved = sum(map(price_of, high)), sum(x.saving for x in high)
            idle = sum(x.saving <= 1e-4 for x in zeros)
            correlation = rank_correlation([price_of(x) for x in mine], [x.saving for x in mine])
            cells = [instance, name, f"{correlation:.3f}", f"{said:,.0f}", f"{saved:,.0f}"]
            cells += [f"{100 * (said - saved) / saved:+.1f} %", f"{idle} of {len(zeros)}"]
            rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def write_results(seats: list[Seat], path: Path) -> None:
    """Write what was measured, capacity by capacity."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        names = [f.name for f in fields(Seat)]
        writer.writerow(names)
        for x in seats:
            values = [getattr(x, name) for name in names]
            writer.writerow([round(v, 3) if isinstance(v, float) else v for v in values])


def main() -> None:
    """Measure and put the table into docs/figures.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--instances", nargs="*", default=list(INSTANCES))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--csv", type=Path, default=RESULTS)
    parser.add_argument("--dry", action="store_true", help="print the table, write nothing")
    asked = parser.parse_args()
    seats = []
    for instance in asked.instances:
        with folder_of(instance) as folder:
            seats += measure(instance, folder, asked.seed)
    print(table(seats))
    if not asked.dry:
        write_results(seats, asked.csv)
        write_section("machine, seat prices", machine())
        write_section("seat prices", table(seats))


if __name__ == "__main__":
    main()
