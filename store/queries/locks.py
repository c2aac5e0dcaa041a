"""Sperren: rows that a unit of work keeps to itself until its end, so that nobody changes them meanwhile."""

from __future__ import annotations

import sqlalchemy as sa

from store.rows import WriteRows
from store.tables import Table


def has_all_to_itself(unit: WriteRows) -> bool:
    """Whether nobody else can write anything before the unit of work ends: so on SQLite."""
    return unit.connection.dialect.name == "sqlite"


def keep_to_itself(unit: WriteRows, table: Table, *ids: str) -> None:
    """Keep rows of a table unchanged by others until the unit of work ends; read them after this.

    PostgreSQL locks the rows, in the order of their ids; a writing unit of SQLite has the whole database to
    itself anyway. Rows that refer to these can still be inserted by others.

    Raises
    ------
    StoreBusy
        Where somebody else keeps one of them for too long.
    """
    if has_all_to_itself(unit):
        return
    query = sa.select(table.c.id).where(table.c.id.in_(ids)).order_by(table.c.id)
    unit.execute(query.with_for_update(key_share=True)).all()
