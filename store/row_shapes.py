"""Formen der Zeilen: what every row of a table has in common, looked up once for each table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa


@dataclass(frozen=True)
class Shape:
    """Form einer Zeile: what a new row of a table has of its own.

    Parameters
    ----------
    first : mapping
        Every column, empty or as it starts.
    owners : mapping
        Columns that start at a fixed value, and the module that changes them.
    prefix : str
        Of its ids.
    indexes : tuple of (str, tuple of str)
        Blind indexes, and the columns that each covers.
    """

    first: Mapping[str, Any]
    owners: Mapping[str, str]
    prefix: str
    indexes: tuple[tuple[str, tuple[str, ...]], ...]


@cache
def shape_of(table: sa.Table) -> Shape:
    """Looked at once for each table: a bulk of rows would ask every column of it again for each of them."""
    start = {column.name: column.info.get("starts_at") for column in table.c}
    owners = {column.name: column.info["owner"] for column in table.c if start[column.name] is not None}
    first = {**start, "version": 1} if "version" in start else start
    indexes = ((column.name, tuple(column.info.get("index_of") or ())) for column in table.c)
    prefix = table.c.id.info["prefix"]
    return Shape(first, owners, prefix, tuple((name, covered) for name, covered in indexes if covered))


@cache
def secrets_of(table: sa.Table) -> tuple[tuple[str, str], ...]:
    """Names of the encrypted columns of a table, and what each holds."""
    return tuple((column.name, column.info["secret"]) for column in table.c if column.info.get("secret"))
