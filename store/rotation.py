"""Schlüsselwechsel: encrypts everything anew under the newest key, so that an older one can go."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from store import journal
from store.opening import sealed_check
from store.tables import installation, metadata
from store.unit_of_work import UnitOfWork


def rotate(uow: UnitOfWork) -> int:
    """Encrypt every secret value and every blind index anew, and seal the audit anew.

    The order of a change of keys: put the new key first into the ring of every running program (they can then
    read both), rotate, and only after that take the old key out of the ring.

    Parameters
    ----------
    uow : UnitOfWork
        Of a store whose ring begins with the new key; everything happens in its transaction.

    Returns
    -------
    int
        Rows encrypted anew.

    Raises
    ------
    CannotDecrypt
        Where a value cannot be opened; nothing is changed then.
    """
    changed = sum(_rotate_table(uow, table) for table in metadata.sorted_tables)
    for row in uow.execute(sa.select(installation.c.id)).all():
        sealed = sealed_check(uow.keys, row.id)
        uow.execute(installation.update().where(installation.c.id == row.id).values(key_check=sealed))
    journal.seal_anew(uow.connection, uow.keys)
    return changed


def secret_columns(table: sa.Table) -> tuple[str, ...]:
    """Names of the encrypted columns of a table."""
    return tuple(column.name for column in table.c if column.info.get("secret"))


def _rotate_table(uow: UnitOfWork, table: sa.Table) -> int:
    names = secret_columns(table)
    if not names:
        return 0
    count = 0
    for row in uow.find(table):
        values: dict[str, Any] = {}
        for name in names:
            if row[name] is not None:
                values[name] = uow.keys.encrypt(row[name], table.name, name, row["id"])
        for column in table.c:
            if covered := column.info.get("index_of"):
                values[column.name] = uow.keys.blind_index(*(row[name] for name in covered))
        if values:
            uow.execute(table.update().where(table.c.id == row["id"]).values(values))
            count += 1
    return count
