"""A process that is killed in the middle of an import, at a statement of its own choice.

Run as a program: address of the database, file of its keys, id of the import, number of the statement, and
``whole`` or ``row-by-row`` (the control: every statement is made to last at once).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa

from store.opening import open_store
from workflows.acting import COMMAND_LINE, Desk
from workflows.partners.imports import apply_import

ROOT = Path(__file__).resolve().parents[3]


def apply_and_be_killed(
    url: str, keys: Path, import_id: str, at_statement: int, *, row_by_row: bool = False
) -> int:
    """Apply an import in a process of its own; returns its code: -9 = killed, 0 = it was done before."""
    way = "row-by-row" if row_by_row else "whole"
    command = [sys.executable, "-m", __name__, url, str(keys), import_id, str(at_statement), way]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def main(url: str, keys: str, import_id: str, at_statement: str, way: str) -> None:
    """Be the process."""
    store = open_store(url, key_file=Path(keys))
    left = int(at_statement)

    @sa.event.listens_for(store.engine, "before_cursor_execute")
    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    if way == "row-by-row":

        @sa.event.listens_for(store.engine, "after_cursor_execute")
        def keep(connection: sa.Connection, *_: object) -> None:
            connection.connection.driver_connection.commit()

    apply_import(Desk(store, COMMAND_LINE), import_id, 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
