"""A process that is killed in the middle of an import, at a statement of its own choice."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import sqlalchemy as sa

from store.opening import open_store
from store.unit_of_work import Store
from tests.reliability.harness import processes
from workflows.acting import COMMAND_LINE, Desk
from workflows.partners.imports import apply_import


def apply_and_be_killed(
    url: str, keys: Path, import_id: str, at_statement: int, *, row_by_row: bool = False
) -> int | None:
    """Apply an import in a process of its own; returns its code: -9 = killed, 0 = it was done before.

    Parameters
    ----------
    url, keys : str, Path
        Address of the database, and the file of its keys.
    import_id : str
        Which import.
    at_statement : int
        Number of the statement before which it is killed, >= 1.
    row_by_row : bool
        The control: every statement is made to last at once.
    """
    process = processes().Process(target=apply_until, args=(url, keys, import_id, at_statement, row_by_row))
    process.start()
    process.join()
    return process.exitcode


def statements_of(store: Store, import_id: str) -> int:
    """How many statements an import takes; it is applied for that."""
    seen = 0

    @sa.event.listens_for(store.engine, "before_cursor_execute")
    def count(*_: object) -> None:
        nonlocal seen
        seen += 1

    apply_import(Desk(store, COMMAND_LINE), import_id, 1)
    sa.event.remove(store.engine, "before_cursor_execute", count)
    return seen


def apply_until(url: str, keys: Path, import_id: str, at_statement: int, row_by_row: bool) -> None:
    """Be the process."""
    store = open_store(url, key_file=keys)
    left = at_statement

    @sa.event.listens_for(store.engine, "before_cursor_execute")
    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    if row_by_row:

        @sa.event.listens_for(store.engine, "after_cursor_execute")
        def keep(connection: sa.Connection, *_: object) -> None:
            connection.connection.driver_connection.commit()

    apply_import(Desk(store, COMMAND_LINE), import_id, 1)
