"""Sicherung von SQLite: a copy of the file through SQLite's own backup, while others go on writing."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from store.backup_file import TableState
from store.faults import Damaged
from store.tables import metadata

MEMBER = "database.sqlite"


@contextmanager
def copied(database: Path, beside: Path) -> Iterator[Path]:
    """Copy a database, as it stands at one instant, into a file of its own for the time of the block."""
    with tempfile.TemporaryDirectory(prefix=".copy-", dir=beside) as folder:
        path = Path(folder) / MEMBER
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(path)) as target:
            source.backup(target)  # all pages in one step: one state, no writer is held up
            target.execute("PRAGMA journal_mode = DELETE")
        yield path


@contextmanager
def unpacked(file: Path, beside: Path) -> Iterator[Path]:
    """Unpack the database of a backup for the time of the block, and check its pages."""
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=beside) as folder:
        path = Path(folder) / MEMBER
        with zipfile.ZipFile(file) as archive, archive.open(MEMBER) as source, path.open("wb") as target:
            shutil.copyfileobj(source, target)
        with closing(sqlite3.connect(path)) as connection:
            verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
        if verdict != "ok":
            raise Damaged("backup-damaged", file=file, why=verdict)
        yield path


def overwrite(database: Path, source_path: Path) -> None:
    """Put a copy in the place of a database, in one transaction that others see whole or not at all."""
    with closing(sqlite3.connect(source_path)) as source, closing(sqlite3.connect(database)) as target:
        target.execute("PRAGMA busy_timeout = 5000")
        source.backup(target)


def states(database: Path) -> Mapping[str, TableState]:
    """Count and hash the rows of every table, in the order of their keys."""
    with closing(sqlite3.connect(database)) as connection:
        return {table.name: _state(connection, table.name) for table in metadata.sorted_tables}


def _state(connection: sqlite3.Connection, table: str) -> TableState:
    keys = ", ".join(column.name for column in metadata.tables[table].primary_key)
    names = ", ".join(f'"{column.name}"' for column in metadata.tables[table].columns)
    found, rows = hashlib.sha256(), 0
    for row in connection.execute(f"SELECT {names} FROM {table} ORDER BY {keys}"):  # our own names only
        found.update(repr(row).encode())
        rows += 1
    return TableState(rows, found.hexdigest())
