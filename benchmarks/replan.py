"""How much does a small change upset? ``python -m benchmarks.replan``.

A plan is made; then something happens: twenty people decline a slot each, one course is cancelled, or ten
people more come. The plan is made again with the fewest changes, from the earlier plan and prices, and, for
comparison, afresh with as much time as the first plan had. Counted are the bookings that change although
nothing has happened to them: the declined ones, those of the cancelled course and those of who is new are
left out.
"""

import argparse
import csv
import json
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import matching
from benchmarks.figures import machine, write_section
from benchmarks.instances import ROOT, folder_of
from matching.replan import Mode, replan
from matching.revisions import with_declines
from matching.tables import COLUMNS, read_table

INSTANCE = "land-2000-1"
RESULTS = ROOT / "benchmarks" / "results" / "replan.csv"
DECLINES, NEWCOMERS = 20, 10
LIMIT_SECONDS = 20.0
WORKERS = 2  # of first and fresh plans

Tables = dict[str, Any]


@dataclass(frozen=True)
class Happening:
    """What has happened: the problem afterwards, and the needs that it concerns itself."""

    name: str
    tables: Tables
    concerned: frozenset[str]


@dataclass(frozen=True)
class Row:
    """One replanning. Costs in weighted waiting days; ``seconds`` with reading the problem left out.

    ``changed`` of ``others`` bookings that nothing has happened to got another slot or none.
    """

    happening: str
    seed: int
    seconds: float
    changed: int
    others: int
    cost: float
    cost_before: float
    fresh_cost: float
    fresh_seconds: float
    lower_bound: float
    causes: str

    def text(self) -> str:
        """The row in words."""
        said = f"{self.happening} (seed {self.seed}): {self.seconds:.1f} s, "
        said += f"{self.changed} of {self.others} other bookings change "
        said += f"({100 * self.changed / max(1, self.others):.2f} %), cost {self.cost:.0f}"
        if self.fresh_cost:
            said += f", {100 * (self.cost / self.fresh_cost - 1):+.2f} % of a fresh plan"
            said += f" ({self.fresh_cost:.0f} in {self.fresh_seconds:.0f} s)"
        return f"{said}; {self.causes}"


def tables_of(folder: Path) -> Tables:
    """A problem folder as tables of text."""
    tables: Tables = {"problem": json.loads((folder / "problem.json").read_text("utf-8"))}
    for name in COLUMNS:
        read = read_table(folder, name)
        cells = zip(*read.columns.values(), strict=True)
        tables[name] = [dict(zip(read.columns, row, strict=True)) for row in cells]
    return tables


def happenings(tables: Tables, plan: matching.Plan, seed: int) -> Iterator[Happening]:
    """Declines, a cancelled course, and new people, drawn by a seed."""
    rng = random.Random(seed)
    needs = {row["need"]: row for row in tables["needs"]}
    free = sorted(n for n, slot in plan.items() if slot and not needs[n]["fixed_slot"])
    declined = rng.sample(free, min(DECLINES, len(free)))
    pairs = [(needs[n]["person"], str(plan[n])) for n in declined]
    yield Happening(f"{len(pairs)} declines", with_declines(tables, pairs), frozenset(declined))
    yield from _cancelled(tables, plan, free, rng)
    yield _more_people(tables, rng)


def _cancelled(
    tables: Tables, plan: matching.Plan, free: Sequence[str], rng: random.Random
) -> Iterator[Happening]:
    """A course group with a minimum that runs loses all its seats; none where no such group is booked."""
    uses = {row["slot"]: row["uses"].split(";") for row in tables["slots"]}
    groups = {row["capacity"] for row in tables["capacities"] if int(row["min_participants"] or 0) > 1} - {
        use for row in tables["needs"] if row["fixed_slot"] for use in uses[row["fixed_slot"]]
    }
    courses = sorted({str(plan[n]) for n in free if groups.issuperset(uses[str(plan[n])])})
    if not courses:
        return
    gone = set(uses[rng.choice(courses)])
    rooms = [{**row, "seats": "0"} if row["capacity"] in gone else row for row in tables["capacities"]]
    held = frozenset(n for n in free if gone.intersection(uses[str(plan[n])]))
    yield Happening(f"course of {len(held)} cancelled", {**tables, "capacities": rooms}, held)


def _more_people(tables: Tables, rng: random.Random) -> Happening:
    """People like some that are there, their bookings left out, under new ids."""
    after = {row["need"]: row["after"] for row in tables["needs"]}
    person = {row["need"]: row["person"] for row in tables["needs"]}
    alone = dict.fromkeys(person.values(), True)
    for need, before in after.items():
        if before and person[before] != person[need]:
            alone[person[need]] = False
    chosen = set(rng.sample(sorted(p for p in alone if alone[p]), NEWCOMERS))
    people = [
        {**row, "person": "new:" + row["person"]} for row in tables["people"] if row["person"] in chosen
    ]
    added = [
        {
            **row,
            "need": "new:" + row["need"],
            "person": "new:" + row["person"],
            "after": row["after"] and "new:" + row["after"],
            "exclusive": row["exclusive"] and "new:" + row["exclusive"],
            "fixed_slot": "",
            "proposed_slot": "",
        }
        for row in tables["needs"]
        if row["person"] in chosen
    ]
    more = {**tables, "people": tables["people"] + people, "needs": tables["needs"] + added}
    return Happening(f"{NEWCOMERS} people more", more, frozenset(row["need"] for row in added))


def measure(
    happening: Happening,
    plan: matching.Plan,
    prices: dict[str, float],
    cost_before: float,
    seed: int,
    fresh_seconds: float,
) -> Row:
    """Plan again with the fewest changes, and afresh."""
    problem = matching.problem_from_tables(happening.tables)
    began = time.perf_counter()
    done = replan(problem, plan, prices, matching.SolveOptions(LIMIT_SECONDS, seed=seed), Mode.FEWEST)
    seconds = time.perf_counter() - began
    assert matching.check(problem, done.result.plan).feasible
    others = {n for n, slot in plan.items() if slot and n not in happening.concerned}
    afresh = matching.SolveOptions(fresh_seconds or 1.0, workers=WORKERS, seed=seed)
    fresh = matching.solve(problem, afresh) if fresh_seconds else None
    causes = Counter(change.cause for change in done.changes)
    return Row(
        happening.name,
        seed,
        seconds,
        sum(change.need in others for change in done.changes),
        len(others),
        done.result.cost,
        cost_before,
        fresh.cost if fresh else 0.0,
        fresh.seconds if fresh else 0.0,
        max(done.result.lower_bound, fresh.lower_bound if fresh else 0.0),
        ", ".join(f"{cause} {n}" for cause, n in causes.most_common()),
    )


def table(rows: Sequence[Row]) -> str:
    """The table for people."""
    lines = [
        "| what happens | seed | seconds | other bookings that change | cost | fresh plan | made in s |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for x in rows:
        share = 100 * x.changed / max(1, x.others)
        fresh = f"{100 * (x.cost / x.fresh_cost - 1):+.2f} %" if x.fresh_cost else "–"
        cells = [x.happening, str(x.seed), f"{x.seconds:.1f}", f"{x.changed} of {x.others:,} ({share:.2f} %)"]
        cells += [f"{x.cost:,.0f}", fresh, f"{x.fresh_seconds:.0f}"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def first_plan(
    problem: matching.Problem, given: Path | None, seconds: float
) -> tuple[matching.Plan, dict[str, float]]:
    """Plan and prices before anything happens: of a folder, or of a run of so many seconds."""
    if given:
        return matching.read_plan(given / "plan.csv"), matching.read_prices(given / "prices.csv")
    result = matching.solve(problem, matching.SolveOptions(seconds, workers=WORKERS, seed=1))
    return result.plan, dict(result.seat_prices)


def main(argv: Sequence[str] | None = None) -> None:
    """Measure, write the CSV, and put the table into docs/figures.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.replan", description=__doc__)
    parser.add_argument("--instance", default=INSTANCE, help="name or folder of a planning problem")
    parser.add_argument("--plan", type=Path, help="folder with plan.csv and prices.csv; else it is planned")
    parser.add_argument("--seconds", type=float, default=120.0, help="for the first plan and each fresh one")
    parser.add_argument("--no-fresh", action="store_true", help="do not plan afresh for comparison")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--dry", action="store_true", help="leave docs/figures.md as it is")
    asked = parser.parse_args(argv)
    with folder_of(asked.instance) as folder:
        tables = tables_of(folder)
    problem = matching.problem_from_tables(tables)
    plan, prices = first_plan(problem, asked.plan, asked.seconds)
    before = matching.check(problem, plan).cost
    print(
        f"{machine()}\n{asked.instance}: {len(problem.needs.ids)} needs, first plan {before:.0f}", flush=True
    )
    rows = []
    for seed in asked.seeds:
        for happening in happenings(tables, plan, seed):
            fresh = 0.0 if asked.no_fresh else asked.seconds
            rows.append(measure(happening, plan, prices, before, seed, fresh))
            print(rows[-1].text(), flush=True)
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    with asked.out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Row)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(row) for row in rows)
    if not asked.dry:
        write_section("machine, replanning", machine())
        write_section("replanning", table(rows))


if __name__ == "__main__":
    main()
