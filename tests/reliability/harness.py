"""What the promises share: processes that start together, and figures that are kept for docs/figures.md."""

import csv
import io
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
PRELOADED = ("tests.reliability.booking", "tests.workflows.partners.killed")
"""What processes of their own run; a server of them is started once, so that it must know all of it then."""

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
            append(self.rows[-1], RESULTS)


def append(row: dict[str, str], file: Path) -> None:
    """Append a row to a table of results in one piece, since tests run in several processes."""
    line = io.StringIO()
    csv.DictWriter(line, COLUMNS, lineterminator="\n").writerow(row)
    with file.open("a", newline="", encoding="utf-8") as target:
        target.write(line.getvalue())


def merged(file: Path) -> list[dict[str, str]]:
    """Put a table of results in order: of each promise and database the last row stays."""
    known = {}
    with file.open(newline="", encoding="utf-8") as source:
        for row in csv.DictReader(source, COLUMNS):
            known[(row["promise"], row["database"])] = row
    known.pop(COLUMNS[:2], None)  # the headings
    rows = [known[key] for key in sorted(known, key=lambda key: (_order(key[0]), key[1]))]
    with file.open("w", newline="", encoding="utf-8") as target:
        writer = csv.DictWriter(target, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return rows


def show(rows: Sequence[dict[str, str]], document: Path = DOCUMENT) -> None:
    """Write the table of results, and on what it was measured, into the document of figures."""
    lines = [f"| {' | '.join(HEADINGS)} |", "| --- | --- | --- | --- | ---: |"]
    lines += [f"| {' | '.join(row[column] for column in COLUMNS)} |" for row in rows]
    write_section("reliability", "\n".join(lines), document)
    write_section("machine, reliability", machine(("sqlalchemy", "psycopg", "alembic")), document)


def processes() -> multiprocessing.context.ForkServerContext:
    """Give what makes processes of their own; they need not import anything, which takes long."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    return context


def together(target: Callable[..., Any], arguments: Sequence[Sequence[Any]]) -> list[Any]:
    """Run one process for each row of arguments, all starting at once; return what each returns.

    `target` is called with a barrier to wait at, then its arguments. One that fails ends the whole run.
    """
    context = processes()
    barrier, results = context.Barrier(len(arguments)), context.Queue()
    made = [context.Process(target=_report, args=(target, barrier, results, row)) for row in arguments]
    for process in made:
        process.start()
    found = [results.get(timeout=_LONGEST_SECONDS) for _ in made]
    for process in made:
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


__all__ = [
    "Figures",
    "address_of",
    "append",
    "merged",
    "opened",
    "percentile",
    "processes",
    "show",
    "together",
]
