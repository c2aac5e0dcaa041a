"""Datenbankverbindungen: the only place where engines are made, for SQLite and for PostgreSQL.

SQLite: every writing unit takes the one write lock at its start (``BEGIN IMMEDIATE``), so that it can never
fail half-way because somebody else writes; reading units take a snapshot (``BEGIN``) and wait for nobody.
PostgreSQL: writing units run READ COMMITTED, where a guarded UPDATE sees the newest row; reading units run
REPEATABLE READ, READ ONLY, so that all their queries see one state.
"""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import platformdirs
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from store.faults import CannotOpen, StoreBusy

URL_VARIABLE = "DATABASE_URL"
WAIT_SECONDS = 10.0
"""So long a writing unit waits for its turn, and a statement for a row that somebody else holds."""

READ_BUSY_MS = 5_000
"""SQLite, milliseconds: readers only ever wait for the recovery of a file after a crash."""

_LONGEST_PAUSE_SECONDS, _SHORTEST_PAUSE_SECONDS = 0.004, 0.0004
_OLD_AFTER_SECONDS = 0.05
"""SQLite: whoever has waited so long for the turn to write asks most often."""

_LET_OTHERS_FIRST_SECONDS, _OTHERS_ARE_THERE_SECONDS = 0.002, 0.25
"""SQLite: who has just written, and had to wait for others a moment ago, waits so long for the next turn."""
_POSTGRESQL_WAITS = {"55P03", "40P01", "53300"}  # lock_timeout, deadlock, too many connections


def default_folder() -> Path:
    """Folder of the data of this user, where the default database and its key file stand."""
    return Path(platformdirs.user_data_path("foerderkette", appauthor=False))


def database_url(text: str | None = None) -> URL:
    """Return the address of the database: `text`, else ``DATABASE_URL``, else a file in `default_folder`.

    Raises
    ------
    CannotOpen
        Where the address cannot be read, or names a database that is not supported.
    """
    chosen = text or os.environ.get(URL_VARIABLE) or ""
    if not chosen:
        return URL.create("sqlite", database=str(default_folder() / "foerderkette.db"))
    try:
        url = make_url(chosen)
        backend = url.get_backend_name()
    except (ArgumentError, ValueError) as error:
        raise CannotOpen("bad-url", url=_without_password(chosen)) from error
    if backend == "postgresql" or url.drivername == "postgres":
        return url.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise CannotOpen("bad-dialect", url=_shown(url))
    if url.database in (None, "", ":memory:") or "mode" in url.query:
        raise CannotOpen("in-memory", url=_shown(url))
    return url.set(drivername="sqlite")


def make_engine(url: str | URL | None = None, *, wait_seconds: float = WAIT_SECONDS) -> Engine:
    """Make an engine and try it once.

    Parameters
    ----------
    url : str or URL, optional
        Address; see `database_url` for what is taken where it is left out.
    wait_seconds : float
        Longest wait for the turn to write, seconds, > 0.

    Raises
    ------
    CannotOpen
        Broken address, missing folder, no database file, unreachable server.
    StoreBusy
        Somebody else keeps the database to themselves.
    """
    known = url if isinstance(url, URL) else database_url(url)
    is_file = known.get_backend_name() == "sqlite"
    engine = _sqlite_engine(known, wait_seconds) if is_file else _postgresql_engine(known, wait_seconds)
    try:
        with engine.connect() as connection:
            connection.execute(sa.text("SELECT count(*) FROM sqlite_master" if is_file else "SELECT 1"))
    except DBAPIError as error:
        engine.dispose()
        raise _refusal(known, error, wait_seconds) from error
    return engine


def wait_seconds_of(engine: Engine | Connection) -> float:
    """Longest wait for the turn to write of an engine, seconds."""
    return float(engine.get_execution_options().get("wait_seconds", WAIT_SECONDS))


def is_busy(error: DBAPIError) -> bool:
    """Whether a statement failed only because others were at work, so that the same may be tried again."""
    cause = error.orig
    if isinstance(cause, sqlite3.OperationalError):
        return (getattr(cause, "sqlite_errorcode", 0) & 0xFF) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return getattr(cause, "sqlstate", None) in _POSTGRESQL_WAITS


def for_writing(engine: Engine) -> Engine:
    """Return the same engine (one pool) whose transactions may write."""
    return engine.execution_options(writes=True)


def for_reading(engine: Engine) -> Engine:
    """Return the same engine (one pool) whose transactions see one state and write nothing."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine


def insert_if_new(connection: Connection, table: sa.Table, values: Mapping[str, Any]) -> bool:
    """Insert a row unless a unique constraint holds one like it already; waits for whoever inserts it now.

    Returns
    -------
    bool
        Whether it was inserted.

    Raises
    ------
    StoreBusy
        Where the other one took too long.
    """
    insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
    statement = insert(table).values(values).on_conflict_do_nothing().returning(*table.primary_key)
    try:
        return connection.execute(statement).first() is not None
    except DBAPIError as error:
        if is_busy(error):
            raise StoreBusy("busy", seconds=wait_seconds_of(connection)) from error
        raise


def pause(waited_seconds: float) -> None:
    """Wait a short random time before the next attempt, longer the longer it has lasted already."""
    time.sleep(random.uniform(0.25, 1) * min(_LONGEST_PAUSE_SECONDS, 0.001 + waited_seconds / 100))


def _sqlite_engine(url: URL, wait_seconds: float) -> Engine:
    folder = Path(url.database or "").absolute().parent
    if folder == default_folder():
        with suppress(OSError):  # the next line says what is wrong with it
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise CannotOpen("no-folder", folder=folder)
    engine = sa.create_engine(
        url,
        connect_args={"isolation_level": None, "check_same_thread": False},
        execution_options={"wait_seconds": wait_seconds},
    )
    event.listen(engine, "connect", _set_up_sqlite)
    turns = _Turns()
    event.listen(engine, "begin", partial(_begin_sqlite, turns=turns))
    for name in ("commit", "rollback"):
        event.listen(engine, name, turns.end)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # busy_timeout comes first: switching to WAL needs a lock, and would fail where somebody else switches.
    connection.execute(f"PRAGMA busy_timeout = {READ_BUSY_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    # FULL: what was acknowledged survives a power cut as well; NORMAL may lose the last commits under WAL.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # Erased rows are overwritten with zeros, not only unlinked.
    connection.execute("PRAGMA secure_delete = ON")


class _Turns:
    """Whose turn it is to write: SQLite keeps no queue, so those who have waited long ask more often.

    A process that asks again right after its own transaction would keep all others away: while there are
    others, it lets them go first.
    """

    def __init__(self) -> None:
        self.ended_at = self.had_to_wait_at = -_OTHERS_ARE_THERE_SECONDS

    def end(self, connection: Connection) -> None:
        """Note that a transaction of this process has ended."""
        if connection.get_execution_options().get("writes", False):
            self.ended_at = time.monotonic()

    def begin(self, connection: Connection) -> None:
        """Begin a transaction of a connection.

        SQLite's own waiting sleeps up to 100 ms at a time, and whoever has waited longest is served last.
        """
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        wait_seconds, started = wait_seconds_of(connection), time.monotonic()
        raw.execute("PRAGMA busy_timeout = 0")
        try:
            self._let_others_go_first(started)
            while not _has_begun(raw):
                self.had_to_wait_at = time.monotonic()
                waited_seconds = self.had_to_wait_at - started
                if waited_seconds > wait_seconds:
                    raise StoreBusy("busy", seconds=round(waited_seconds, 1))
                time.sleep(random.uniform(0.5, 1) * _ask_again_after(waited_seconds))
        finally:
            raw.execute(f"PRAGMA busy_timeout = {READ_BUSY_MS}")

    def _let_others_go_first(self, now: float) -> None:
        others_are_there = now - self.had_to_wait_at < _OTHERS_ARE_THERE_SECONDS
        if others_are_there and now - self.ended_at < _LET_OTHERS_FIRST_SECONDS:
            time.sleep(_LET_OTHERS_FIRST_SECONDS)


def _ask_again_after(waited_seconds: float) -> float:
    """Seconds until the next attempt: the shorter, the longer somebody has waited."""
    share = min(1.0, waited_seconds / _OLD_AFTER_SECONDS)
    return _LONGEST_PAUSE_SECONDS + share * (_SHORTEST_PAUSE_SECONDS - _LONGEST_PAUSE_SECONDS)


def _has_begun(raw: sqlite3.Connection) -> bool:
    try:
        raw.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if (error.sqlite_errorcode & 0xFF) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return False
        raise
    return True


def _begin_sqlite(connection: Connection, turns: _Turns) -> None:
    if not connection.get_execution_options().get("writes", False):
        connection.exec_driver_sql("PRAGMA query_only = ON")
        connection.exec_driver_sql("BEGIN")
        return
    connection.exec_driver_sql("PRAGMA query_only = OFF")
    turns.begin(connection)


def _postgresql_engine(url: URL, wait_seconds: float) -> Engine:
    milliseconds = max(1, round(wait_seconds * 1000))
    return sa.create_engine(
        url,
        connect_args={
            "connect_timeout": max(2, round(wait_seconds)),
            "options": f"-c lock_timeout={milliseconds} -c timezone=UTC",
        },
        execution_options={"wait_seconds": wait_seconds},
        pool_pre_ping=True,
    )


def _refusal(url: URL, error: DBAPIError, wait_seconds: float) -> CannotOpen | StoreBusy:
    if is_busy(error):
        return StoreBusy("busy", seconds=wait_seconds)
    why = " ".join(str(error.orig).split())
    if url.get_backend_name() == "sqlite":
        return CannotOpen("no-database-file", file=url.database, why=why)
    return CannotOpen("no-server", url=_shown(url), why=why.replace(url.password or "\0", "***"))


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=True)


def _without_password(text: str) -> str:
    scheme, mark, rest = text.partition("://")
    return scheme + mark + (f"***@{rest.rpartition('@')[2]}" if "@" in rest else rest)
