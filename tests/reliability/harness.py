"""What the promises share: processes that start together, and figures that are kept for docs/figures.md."""

import csv
import multiprocessing
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.figures import DOCUMENT, machine, write_section
from benchmarks.instances import ROOT
from store.engine import make_engine
from store.secrets import KeyRing
from store.unit_of_work import Store
from tests.reliability.sizes import IS_FULL

RESULTS = ROOT / "benchmarks" / "results" / "reliability.csv"
COLUMNS = ("promise", "database", "figure", "control", "seconds")
HEADINGS = ("no.", "database", "measured", "control: the same without the protection", "seconds")
_LONGEST_SECONDS = 600


class Figures:
    """What one promise measured on one database; kept only where it was measured at full size."""

    def __init__(self, database: str) -> None:
        self.database = database
        self.rows: list[dict[str, str]] = []
        self._started = time.monotonic()

    def keep(self, promise: str, figure: str, control: str) -> None:
        """Keep a figure and what the control came to; both are sentences without a full stop."""
        seconds = f"{time.monotonic() - self._started:.0f}"
        values = (promise, self.database, figure, control, seconds)
        self.rows.append(dict(zip(COLUMNS, values, strict=True)))
        if IS_FULL:
            merge(self.rows, RESULTS)


def merge(rows: Sequence[dict[str, str]], file: Path) -> list[dict[str, str]]:
    """Write rows into a table of results; those of other promises and databases stay."""
    known = {}
    if file.exists():
        with file.open(newline="", encoding="utf-8") as source:
            known = {(row["promise"], row["database"]): row for row in csv.DictReader(source)}
    known |= {(row["promise"], row["database"]): row for row in rows}
    merged = [known[key] for key in sorted(known, key=lambda key: (_order(key[0]), key[1]))]
    with file.open("w", newline="", encoding="utf-8") as target:
        writer = csv.DictWriter(target, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(merged)
    return merged


def show(rows: Sequence[dict[str, str]], document: Path = DOCUMENT) -> None:
    """Write the table of results, and on what it was measured, into the document of figures."""
    lines = [f"| {' | '.join(HEADINGS)} |", "| --- | --- | --- | --- | ---: |"]
    lines += [f"| {' | '.join(row[column] for column in COLUMNS)} |" for row in rows]
    write_section("reliability", "\n".join(lines), document)
    write_section("machine, reliability", machine(("sqlalchemy", "psycopg", "alembic")), document)


def together(target: Callable[..., Any], arguments: Sequence[Sequence[Any]]) -> list[Any]:
    """Run one process for each row of arguments, all starting at once; return what each returns.

    `target` is called with a barrier to wait at, then its arguments. One that fails ends the whole run.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([target.__module__])
    barrier, results = context.Barrier(len(arguments)), context.Queue()
    processes = [context.Process(target=_report, args=(target, barrier, results, row)) for row in arguments]
    for process in processes:
        process.start()
    found = [results.get(timeout=_LONGEST_SECONDS) for _ in processes]
    for process in processes:
        process.join(_LONGEST_SECONDS)
    failures = [failure for failure, _ in found if failure]
    assert failures == [], failures[0]
    return [result for _, result in found]


def _report(target: Callable[..., Any], barrier: Any, results: Any, row: Sequence[Any]) -> None:
    try:
        results.put(("", target(barrier, *row)))
    except BaseException:
        barrier.abort()
        results.put((traceback.format_exc(), None))


def address_of(store: Store) -> tuple[str, tuple[str, ...]]:
    """Address and keys of a store, to be given to another process; `opened` opens it there."""
    return store.engine.url.render_as_string(hide_password=False), store.keys.written()


@contextmanager
def opened(address: tuple[str, Sequence[str]], wait_seconds: float = 60):
    """Open a store by its address, and close it at the end."""
    url, keys = address
    engine = make_engine(url, wait_seconds=wait_seconds)
    try:
        yield Store(engine, KeyRing.read(keys, "test"))
    finally:
        engine.dispose()


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that so large a share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, round(share * len(ordered) + 0.5) - 1))]


def _order(promise: str) -> tuple[int, str]:
    return int(promise.split(",")[0]), promise


__all__ = ["Figures", "address_of", "merge", "opened", "percentile", "show", "together"]
