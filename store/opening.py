"""Öffnen: a database and the keys that belong to it, checked together before anything is read."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL, Engine

from store import journal
from store.engine import WAIT_SECONDS, database_url, for_writing, make_engine
from store.faults import CannotDecrypt, CannotOpen
from store.key_file import key_file_of, load_keys, save_keys
from store.migrations import check_is_current, migrate
from store.secrets import KeyRing
from store.tables import installation, new_id
from store.unit_of_work import Store, utc_now

_CHECK = "foerderkette"


def open_store(
    url: str | URL | None = None, *, key_file: Path | None = None, wait_seconds: float = WAIT_SECONDS
) -> Store:
    """Open a database that was set up before.

    Parameters
    ----------
    url : str or URL, optional
        Address; ``DATABASE_URL`` or the user's own file by default.
    key_file : Path, optional
        Where the keys are, unless ``FOERDERKETTE_KEY`` is set; beside the database by default.
    wait_seconds : float
        Longest wait for the turn to write, seconds.

    Raises
    ------
    CannotOpen
        Where there is none, it cannot be reached, or is at another version than the program needs.
    CannotDecrypt
        Where there is no key, or none that belongs to this database.
    """
    _check_is_there(url)
    engine = make_engine(url, wait_seconds=wait_seconds)
    try:
        check_is_current(engine)
        file = key_file or key_file_of(engine.url)
        keys = load_keys(file)
        if keys is None:
            raise CannotDecrypt("no-key", file=file)
        check_keys(engine, keys)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine, keys)


def set_up_store(
    url: str | URL | None = None, *, key_file: Path | None = None, wait_seconds: float = WAIT_SECONDS
) -> Store:
    """Open a database, after making what is missing: its tables, and for a new one its key.

    Parameters
    ----------
    url, key_file, wait_seconds
        See `open_store`.

    Raises
    ------
    CannotOpen
        Where it cannot be reached, or is at a version that the program does not know.
    CannotDecrypt
        Where a database that is in use has lost its key: no new one is made then.
    """
    engine = make_engine(url, wait_seconds=wait_seconds)
    try:
        migrate(engine)
        keys = _keys(engine, key_file or key_file_of(engine.url))
        _enter(engine, keys)
        check_keys(engine, keys)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine, keys)


def check_keys(engine: Engine, keys: KeyRing) -> None:
    """Raise `CannotDecrypt` where none of the keys belongs to a database."""
    with engine.connect() as connection:
        row = connection.execute(sa.select(installation)).first()
    if row is not None:
        keys.decrypt(row.key_check, installation.name, "key_check", row.id)


def key_in_use(engine: Engine) -> bytes | None:
    """Return the id of the key under which a database is encrypted, 8 bytes; None where it is not set up."""
    with engine.connect() as connection:
        row = connection.execute(sa.select(installation)).first()
    return None if row is None else KeyRing.id_of(row.key_check)


def sealed_check(keys: KeyRing, id: str) -> bytes:
    """Return what lets `check_keys` recognise a key of this database."""
    return keys.encrypt(_CHECK, installation.name, "key_check", id)


def _check_is_there(url: str | URL | None) -> None:
    """Refuse a file that is not there, which SQLite would make: a slip in an address leaves none behind."""
    address = url if isinstance(url, URL) else database_url(url)
    names_file = address.get_backend_name() == "sqlite" and "uri" not in address.query
    if names_file and address.database and address.database != ":memory:":
        file = Path(address.database)
        if file.parent.is_dir() and not file.exists():
            raise CannotOpen("no-database", file=file)


def _keys(engine: Engine, file: Path) -> KeyRing:
    keys = load_keys(file)
    if keys is not None:
        return keys
    with engine.connect() as connection:
        is_in_use = connection.execute(sa.select(installation)).first() is not None
    if is_in_use:
        raise CannotDecrypt("no-key", file=file)
    with suppress(FileExistsError):  # somebody else sets it up at the same time: theirs is taken
        save_keys(KeyRing.make(), file)
    made = load_keys(file)
    assert made is not None
    return made


def _enter(engine: Engine, keys: KeyRing) -> None:
    with for_writing(engine).begin() as connection:
        journal.begin_chain(connection, keys)
        journal.lock_chain(connection)
        if connection.execute(sa.select(installation)).first() is None:
            id, now = new_id(installation.c.id.info["prefix"]), utc_now()
            row = {"id": id, "key_check": sealed_check(keys, id), "created_at": now, "updated_at": now}
            connection.execute(installation.insert().values(row))
