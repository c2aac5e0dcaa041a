"""Calls of workflows that are broken off in their middle: at each of their statements, or at some of them."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Collection, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from store import tables as t
from store.unit_of_work import Store
from workflows.acting import DECLARED, Desk

PATIENCE = 600
"""No workflow has so many statements."""

COMPARED_EVERY = 10
_NEXT_NUMBER = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
_COMMITTED_SINCE = f"""
    SELECT count(*) FROM generate_series(%s, ({_NEXT_NUMBER}) - 1) number
    WHERE pg_xact_status(number::text::xid8) <> 'aborted'
"""


class Injected(Exception):
    """What fails in the middle."""


@dataclass(frozen=True)
class Call:
    """A workflow that is ready to be called.

    Parameters
    ----------
    workflow : callable
        Which, as it is declared.
    desk : Desk
        Who calls it.
    run : callable
        Calls it; what it came to is sent back to the life it belongs to.
    """

    workflow: Callable[..., Any]
    desk: Desk
    run: Callable[[], Any]

    @property
    def name(self) -> str:
        """Module and name, as in `DECLARED`."""
        return f"{self.workflow.__module__}.{self.workflow.__name__}"

    @property
    def action(self) -> str:
        """What the audit calls it."""
        return DECLARED[self.name].action


Life = Generator[Call, Any, None]
"""Calls of workflows, each on what the one before left; it is sent what each of them returned."""

Fresh = Callable[[], Store]
"""Makes a migrated store of its own."""


def call(workflow: Callable[..., Any], desk: Desk, *args: Any, **given: Any) -> Call:
    """A call with what it is given; it can be made again and again, since faults leave nothing behind."""
    return Call(workflow, desk, lambda: workflow(desk, *args, **given))


def led(life: Life, do: Callable[[Call], Any]) -> Iterator[Call]:
    """Lead a life to its end; yields each call when it is done."""
    result = None
    while True:
        try:
            one = life.send(result)
        except StopIteration:
            return
        result = do(one)
        yield one


@contextmanager
def failing(engine: Engine, at: int, forever: bool) -> Iterator[list[None]]:
    """Let the statement of a number fail, or all from there on; the commit counts as the last one.

    Yields
    ------
    list
        Grows by one with every statement, those that fail included.
    """
    asked: list[None] = []

    def fail(*_: Any) -> None:
        asked.append(None)
        if len(asked) == at or (forever and len(asked) > at):
            raise Injected

    with _listening(engine, ("before_cursor_execute", "commit"), fail):
        yield asked


@contextmanager
def failing_to_commit(engine: Engine, executed: list[None]) -> Iterator[None]:
    """Let only the commit fail; `executed` grows by one with every statement before it."""

    def fail(*_: Any) -> None:
        raise Injected

    with (
        _listening(engine, ("before_cursor_execute",), lambda *_: executed.append(None)),
        _listening(engine, ("commit",), fail),
    ):
        yield


def interrupted_everywhere(store: Store, run: Callable[[], Any]) -> tuple[int, Any]:
    """Interrupt a call at each of its statements until none is left and it succeeds.

    Each fails once and from there on; where nothing is asked for after the fault, both are the same.

    Returns
    -------
    tuple
        How many statements there were, and what the call returned in the end.
    """
    with standing_still(store) as check:
        for at in range(1, PATIENCE):
            for forever in (False, True):
                try:
                    with failing(store.engine, at, forever) as asked:
                        result = run()
                except Injected:
                    check(at)
                else:
                    return at - 1, result
                if len(asked) == at:
                    break
    raise AssertionError("it never succeeded")


def interrupted_here_and_there(store: Store, run: Callable[[], Any], points: int) -> tuple[int, Any]:
    """Interrupt a call at its commit, and at so many statements evenly between; then let it succeed.

    Returns
    -------
    tuple
        How often it was interrupted, and what the call returned in the end.
    """
    executed: list[None] = []
    with standing_still(store) as check:
        with pytest.raises(Injected), failing_to_commit(store.engine, executed):
            run()
        check(len(executed) + 1)
        for number in range(points):
            at = max(1, (number + 1) * len(executed) // (points + 1))
            with pytest.raises(Injected), failing(store.engine, at, forever=number % 2 == 1):
                run()
            check(at)
    return 1 + points, run()


@contextmanager
def standing_still(store: Store) -> Iterator[Callable[[int], None]]:
    """Give what fails where a store is not as it was; called with the number of a statement that failed.

    All rows are compared wherever the database knows of a commit since, and now and then in any case.
    """
    before, calls = everything(store), itertools.count()
    with _commits(store) as commits:
        seen = commits()

        def check(at: int) -> None:
            nonlocal seen
            now = commits()
            if now != seen or next(calls) % COMPARED_EVERY == 0:
                assert everything(store) == before, f"statement {at} left something behind"
            seen = now

        yield check


@contextmanager
def _commits(store: Store) -> Iterator[Callable[[], int]]:
    """Give what tells a number that differs once anything was committed; quick, and never too low.

    SQLite counts the commits of others for each connection. PostgreSQL numbers what writes, and knows what
    became of each; others on the same server may commit as well.
    """
    if store.engine.dialect.name == "sqlite":
        file = sqlite3.connect(str(store.engine.url.database), isolation_level=None)
        try:
            yield lambda: file.execute("PRAGMA data_version").fetchone()[0]
        finally:
            file.close()
        return
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        first = connection.exec_driver_sql(_NEXT_NUMBER).scalar_one()
        yield lambda: connection.exec_driver_sql(_COMMITTED_SINCE, (first,)).scalar_one()


def everything(store: Store) -> Any:
    """All rows of all tables, as they lie in the database; on PostgreSQL a sum over them."""
    tables = [table.name for table in t.metadata.sorted_tables]
    with store.engine.connect() as connection:
        if store.engine.dialect.name == "sqlite":
            raw: Any = connection.connection.driver_connection
            return [raw.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in tables]
        sums = ", ".join(
            f"(SELECT row(count(*), sum(hashtextextended(x::text, 0)))::text FROM {name} x)"
            for name in tables
        )
        return tuple(connection.exec_driver_sql(f"SELECT {sums}").one())


@contextmanager
def _listening(engine: Engine, events: Collection[str], heard: Callable[..., None]) -> Iterator[None]:
    for name in events:
        sa.event.listen(engine, name, heard)
    try:
        yield
    finally:
        for name in events:
            sa.event.remove(engine, name, heard)
