"""Spuren tilgen: what was deleted leaves the files of the database as well, not only its tables.

SQLite overwrites deleted rows with zeros (``secure_delete``), but earlier pages wait in its write-ahead log.
PostgreSQL leaves deleted rows in its pages until others need the place; a table that is written anew has none
of them. Its own log (``pg_wal``) is out of reach of a client: the server overwrites it in time.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from store.engine import READ_BUSY_MS, is_busy
from store.tables import metadata
from store.unit_of_work import Store


def wipe(store: Store, tables: Iterable[str]) -> bool:
    """Take what was deleted from tables out of the files of the database.

    Parameters
    ----------
    store : Store
        Which one. Others may read meanwhile, and wait to write.
    tables : iterable of str
        Names of tables.

    Returns
    -------
    bool
        False where somebody was at work for too long: then it has to be done again later.
    """
    if store.engine.dialect.name == "sqlite":
        return _empty_log(store)
    chosen = sorted(metadata.tables[name].name for name in tables)
    alone = store.engine.execution_options(isolation_level="AUTOCOMMIT")
    try:
        with alone.connect() as connection:
            for name in chosen:
                connection.execute(sa.text(f"VACUUM FULL {name}"))
    except DBAPIError as error:
        if is_busy(error):
            return False
        raise
    return True


def _empty_log(store: Store) -> bool:
    """Move the log of SQLite into the database and cut it to nothing."""
    raw = store.engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {READ_BUSY_MS}")
        is_busy_, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not is_busy_
    finally:
        raw.close()
