"""Verletzte Regeln: the constraint that a statement would have broken, by one name on both databases."""

from __future__ import annotations

import re

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from store.tables import metadata


def broken_rule(error: IntegrityError) -> tuple[str, str]:
    """Return table and constraint of a refusal.

    Parameters
    ----------
    error : IntegrityError
        Of PostgreSQL, which names both, or of SQLite, which names a check, or the columns of a unique
        constraint, or only that a reference is missing.
    """
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        column = f"not-null: {diagnosis.column_name}" if diagnosis.column_name else "–"
        return diagnosis.table_name or "–", diagnosis.constraint_name or column
    message = str(error.orig)
    if found := re.match(r"CHECK constraint failed: (\w+)", message):
        return _table_of_check(found[1]), found[1]
    if found := re.match(r"(UNIQUE|NOT NULL) constraint failed: (.+)", message):
        columns = [part.strip().partition(".") for part in found[2].split(",")]
        table, names = columns[0][0], tuple(column for _, _, column in columns)
        return table, f"not-null: {names[0]}" if found[1] == "NOT NULL" else _unique(table, names)
    return _table_of_statement(error.statement or ""), "reference"


def _unique(table_name: str, names: tuple[str, ...]) -> str:
    table = metadata.tables.get(table_name)
    if table is None:
        return ", ".join(names)
    if tuple(column.name for column in table.primary_key) == names:
        return str(table.primary_key.name)
    rules: list[sa.UniqueConstraint | sa.Index] = [
        rule for rule in table.constraints if isinstance(rule, sa.UniqueConstraint)
    ]
    rules += [index for index in table.indexes if index.unique]
    fitting = (str(r.name) for r in rules if tuple(column.name for column in r.columns) == names)
    return min(fitting, default=", ".join(names))


def _table_of_check(rule: str) -> str:
    for table in metadata.tables.values():
        if any(constraint.name == rule for constraint in table.constraints):
            return table.name
    return "–"


def _table_of_statement(statement: str) -> str:
    found = re.match(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", statement)
    return found[1] if found else "–"
