"""Gelesene Fassung: what somebody edits must still be as it was read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from store.faults import NotAllowed, Stale
from store.tables import Table


def check_read(table: Table, row: Mapping[str, Any], version: int | None) -> None:
    """Refuse an edit that was not made from a row as it stands.

    Parameters
    ----------
    table, row : Table, mapping
        The row, read within the same transaction.
    version : int or None
        The version that was read before.

    Raises
    ------
    NotAllowed
        Where no version was given.
    Stale
        Where the row was changed since; carries it as it stands.
    """
    if version is None:
        raise NotAllowed("version-needed", table=table.name, id=row["id"])
    if version != row["version"]:
        raise Stale(row, table=table.name, id=row["id"], version=version, current_version=row["version"])
