"""How fast does a region of the store become a planning problem? ``python -m benchmarks.snapshot``.

On SQLite and on PostgreSQL: a fictional county with people, needs, bookings and consents is written into an
empty database; then the snapshot is taken several times, and slots are suggested for needs drawn at random.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from benchmarks.figures import machine, write_section
from benchmarks.stored_region import Stored, store_region
from plans.actions import Action
from store.opening import set_up_store
from store.unit_of_work import Store
from tests.databases import postgresql_address
from workflows.acting import COMMAND_LINE, Desk, Look, question
from workflows.planning_runs.snapshot import Snapshot, take_snapshot
from workflows.planning_runs.suggest import suggest_slots

REGION, PEOPLE, NETWORKS = "musterkreis", 2000, 2
SNAPSHOTS, SUGGESTIONS = 5, 20
LIMIT_SECONDS = 3.0


@dataclass(frozen=True)
class Measured:
    """What one database needed, seconds; the slowest of all times counts for the whole."""

    database: str
    stored: Stored
    slots: int
    selects: int
    reading: float
    tables: float
    problem: float
    slowest: float
    suggestion: float

    def row(self) -> str:
        """As a row of the table."""
        whole = self.reading + self.tables + self.problem
        return (
            f"| {self.database} | {self.stored.people:,} | {self.stored.needs:,} | {self.slots:,} | "
            f"{self.selects} | {self.reading:.2f} | {self.tables:.2f} | {self.problem:.2f} | {whole:.2f} | "
            f"{self.slowest:.2f} | {self.suggestion:.2f} |"
        )


@question(Action.RUN_PLANNING)
def snapshot_of(look: Look, region_id: str) -> Snapshot:
    """Take a snapshot as a planning run does."""
    look.reach()
    return take_snapshot(look, region_id)


def measure(database: str, url: str, folder: Path, people: int) -> Measured:
    """Fill one database and measure on it."""
    store = set_up_store(url, key_file=folder / f"{database}.key")
    stored = store_region(store, REGION, people, networks=NETWORKS)
    store = replace(store, now=stored.noon)
    desk = Desk(store, COMMAND_LINE)
    selects = _selects(store, lambda: snapshot_of(desk, REGION))
    times = []
    for _ in range(SNAPSHOTS):
        began = time.perf_counter()
        snapshot = snapshot_of(desk, REGION)
        read = time.perf_counter()
        snapshot.tables  # noqa: B018  a cached property: its making is what is measured
        written = time.perf_counter()
        snapshot.problem  # noqa: B018
        times.append((read - began, written - read, time.perf_counter() - written))
    reading, tables, problem = (statistics.median(part) for part in zip(*times, strict=True))
    suggestion = statistics.median(_suggestions(desk, snapshot))
    store.engine.dispose()
    return Measured(
        database,
        stored,
        len(snapshot.supply.slots),
        selects,
        reading,
        tables,
        problem,
        max(map(sum, times)),
        suggestion,
    )


def _suggestions(desk: Desk, snapshot: Snapshot) -> Iterator[float]:
    open_needs = [id for id, (need, _) in snapshot.needs.items() if not need.fixed_slot]
    for need_id in Random(1).sample(open_needs, min(SUGGESTIONS, len(open_needs))):
        began = time.perf_counter()
        suggest_slots(desk, need_id)
        yield time.perf_counter() - began


def _selects(store: Store, ask: Callable[[], object]) -> int:
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        seen.append(statement)

    sa.event.listen(store.engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        sa.event.remove(store.engine, "before_cursor_execute", note)
    return sum(statement.startswith("SELECT") for statement in seen)


@contextmanager
def _databases() -> Iterator[tuple[Path, dict[str, str]]]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        yield folder, {"SQLite": f"sqlite:///{folder}/region.db", "PostgreSQL": postgresql_address()}


def main() -> None:
    """Measure both databases and write the section of ``docs/figures.md``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--dry", action="store_true", help="print only")
    asked = parser.parse_args()
    with _databases() as (folder, urls):
        found = [measure(name, url, folder, asked.people) for name, url in urls.items()]
    text = "\n".join(
        [
            "| database | people | needs | slots | SELECTs | reading s | tables s | problem s | whole s | "
            "slowest of all s | slots for one need s |",
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
            *(one.row() for one in found),
        ]
    )
    print(text)
    print("at most 3 s:", all(one.slowest <= LIMIT_SECONDS for one in found))
    if not asked.dry:
        write_section("machine, snapshot", machine())
        write_section("snapshot", text)


if __name__ == "__main__":
    main()
