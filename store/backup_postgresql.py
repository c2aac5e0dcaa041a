"""Sicherung von PostgreSQL: every table by COPY, all within one snapshot, while others go on writing."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.backup_file import TableState
from store.tables import metadata

_BLOCK_BYTES = 1 << 20


def write_tables(connection: Connection, archive: zipfile.ZipFile) -> Mapping[str, TableState]:
    """Write every table into an archive, and say what it holds.

    Parameters
    ----------
    connection : Connection
        Of a reading unit: one snapshot for all tables.
    archive : ZipFile
        Gets one member a table.
    """
    found = {}
    for table in metadata.sorted_tables:
        with archive.open(_member(table), "w", force_zip64=True) as target:
            found[table.name] = _copy_out(connection, table, target)
    return found


def read_tables(connection: Connection, archive: zipfile.ZipFile) -> None:
    """Empty every table and fill it from an archive, in the transaction of the connection."""
    names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
    connection.execute(sa.text(f"TRUNCATE {names}"))
    for table in metadata.sorted_tables:
        with (
            archive.open(_member(table)) as source,
            _cursor(connection) as cursor,
            cursor.copy(f'COPY "{table.name}" ({_columns(table)}) FROM STDIN') as copy,
        ):
            while block := source.read(_BLOCK_BYTES):
                copy.write(block)


def states(connection: Connection) -> Mapping[str, TableState]:
    """Count and hash the rows of every table, in the order of their keys."""
    return {table.name: _copy_out(connection, table, None) for table in metadata.sorted_tables}


def _copy_out(connection: Connection, table: sa.Table, target: Any) -> TableState:
    order = ", ".join(
        f'"{column.name}"' + (' COLLATE "C"' if isinstance(column.type, sa.Text) else "")
        for column in table.primary_key
    )
    query = f'COPY (SELECT {_columns(table)} FROM "{table.name}" ORDER BY {order}) TO STDOUT'
    found, rows = hashlib.sha256(), 0
    with _cursor(connection) as cursor, cursor.copy(query) as copy:
        for block in copy:
            found.update(block)
            rows += bytes(block).count(b"\n")  # a line break within a value is written as \n
            if target is not None:
                target.write(block)
    return TableState(rows, found.hexdigest())


def _columns(table: sa.Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.columns)


def _member(table: sa.Table) -> str:
    return f"tables/{table.name}.copy"


def _cursor(connection: Connection) -> Any:
    raw = connection.connection.driver_connection
    assert raw is not None
    return raw.cursor()
