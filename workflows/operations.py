"""Betrieb: what whoever runs the product does with a whole database: migrate, back up, restore, change keys.

The command line names a database by its address (None = ``DATABASE_URL`` or the user's own file). Whoever may
open the database and its keys on the machine may do all of this; every entry of the audit says so.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from plans.actions import Action
from plans.roles import ObjectScope
from store import backup, migrations, rotation
from store.engine import make_engine
from store.faults import CannotDecrypt
from store.key_file import KEY_VARIABLE, key_file_of, load_keys, save_keys
from store.opening import key_in_use, open_store, set_up_store
from store.secrets import KeyRing
from store.unit_of_work import Agent, Store, UnitOfWork
from workflows.acting import COMMAND_LINE, LOCAL_TIME, Desk, Work, workflow
from workflows.refusal import Refusal


@dataclass(frozen=True)
class Migrated:
    """Migration: from which version to which.

    Parameters
    ----------
    database : str
        Address, without its password.
    before, now : str
        Versions of the schema.
    """

    database: str
    before: str
    now: str


@dataclass(frozen=True)
class BackupFacts:
    """Sicherung: what is in a backup.

    Parameters
    ----------
    file : Path
        Where.
    rows : int
        Rows of all tables.
    made_at : str
        ISO instant, UTC.
    anchor : str
        End of the audit, to be kept elsewhere.
    """

    file: Path
    rows: int
    made_at: str
    anchor: str


@dataclass(frozen=True)
class Rotated:
    """Schlüsselwechsel: how many rows are encrypted anew, and the ids of the keys that are kept."""

    rows: int
    key_ids: tuple[str, ...]


@contextmanager
def command_desk(url: str | None, purpose: str = "") -> Iterator[Desk]:
    """Open a database for the time of a block, as the command line of the machine."""
    store = open_store(url)
    try:
        yield Desk(store, COMMAND_LINE, purpose)
    finally:
        store.engine.dispose()


def today(desk: Desk) -> date:
    """Return the day, in Germany."""
    return desk.store.now().astimezone(LOCAL_TIME).date()


def migrate(url: str | None, to: str | None = None, *, may_go_down: bool = False) -> Migrated:
    """Stand der Datenbank ändern: bring it to the newest version, or to a named one.

    A new database gets its tables and a key.

    Parameters
    ----------
    url : str or None
        Address.
    to : str, optional
        Name of a version; ``base`` takes all tables away.
    may_go_down : bool
        Whether an older version may be taken, which deletes what only the newer one can hold.

    Raises
    ------
    Refusal
        Where the version is older and `may_go_down` is not set.
    CannotOpen
        Where the version, or the one the database is at, is not known.
    """
    engine = make_engine(url)
    try:
        before, shown = migrations.current(engine), engine.url.render_as_string(hide_password=True)
        if to is None:
            set_up_store(engine.url).engine.dispose()
        else:
            if not may_go_down and _is_older(to, before):
                raise Refusal("would-go-down", before=before, to=to)
            migrations.migrate(engine, to)
        return Migrated(shown, before, migrations.current(engine))
    finally:
        engine.dispose()


def back_up(desk: Desk, file: Path) -> BackupFacts:
    """Sichern: write a checked backup of the running database; the audit says that it was asked for.

    Raises
    ------
    StoreFault
        Where the file exists or cannot be written.
    """
    note_backup(desk, file.name)
    made = backup.back_up(desk.store, file)
    return _facts(file, made)


@workflow(Action.BACK_UP)
def note_backup(work: Work, file_name: str) -> str:
    """Sicherung vermerken: the entry in the audit, which is in the backup as well."""
    work.allow_new(ObjectScope())
    work.record("installation", "database", None, file=file_name)
    return file_name


def restore(url: str | None, file: Path, *, replace: bool = False) -> BackupFacts:
    """Wiederherstellen: put a backup into an empty database, or in the place of one.

    Parameters
    ----------
    url : str or None
        Address of the target.
    file : Path
        The backup.
    replace : bool
        Whether what the target holds may be overwritten.

    Raises
    ------
    Damaged, CannotDecrypt, StoreFault
        Where the file is damaged, a key is missing, or the target holds data; nothing is changed then.
    """
    engine = make_engine(url)
    address, keys_file = engine.url, key_file_of(engine.url)
    engine.dispose()
    keys = load_keys(keys_file)
    if keys is None:
        raise CannotDecrypt("no-key", file=keys_file)
    found = backup.restore(file, address, keys, replace=replace)
    store = open_store(address)
    try:
        note_restore(Desk(store, COMMAND_LINE), file.name, found.made_at)
    finally:
        store.engine.dispose()
    return _facts(file, found)


@workflow(Action.RESTORE)
def note_restore(work: Work, file_name: str, made_at: str) -> str:
    """Wiederherstellung vermerken: from here on the audit goes on after the backup."""
    work.allow_new(ObjectScope())
    work.record("installation", "database", None, file=file_name, made_at=made_at)
    return file_name


def new_key() -> str:
    """Return a new random key in base64, as ``FOERDERKETTE_KEY`` takes it."""
    return KeyRing.make().written()[0]


def rotate_keys(url: str | None, *, forget_old: bool = False) -> Rotated:
    """Schlüssel wechseln: encrypt everything anew under a new key; no other program may run meanwhile.

    Where the keys are in a file, a new one is put there first. Where they are in ``FOERDERKETTE_KEY``, the
    new one must stand there before the old one. Done again after an interruption, it goes on with that key.

    Parameters
    ----------
    url : str or None
        Address.
    forget_old : bool
        Whether older keys are taken out of the file afterwards; older backups cannot be read then.

    Raises
    ------
    Refusal
        Where the environment holds no new key.
    CannotDecrypt
        Where a value cannot be opened; nothing is changed then.
    """
    store = open_store(url)
    try:
        file, is_in_environment = key_file_of(store.engine.url), bool(os.environ.get(KEY_VARIABLE))
        keys = _with_new_key(store, file, is_in_environment)
        with UnitOfWork(
            Store(store.engine, keys, store.now), actor=Agent(COMMAND_LINE.label), purpose="rotate keys"
        ) as unit:
            rows = rotation.rotate(unit)
            unit.describe("rotate-keys", "installation", "database", details={"key": keys.newest.id})
            unit.commit()
        if forget_old and not is_in_environment:
            keys = keys.only_newest()
            save_keys(keys, file, replace=True)
        return Rotated(rows, tuple(key.id.hex() for key in keys.keys))
    finally:
        store.engine.dispose()


def _with_new_key(store: Store, file: Path, is_in_environment: bool) -> KeyRing:
    if key_in_use(store.engine) != store.keys.newest.id:
        return store.keys  # the newest one is not used yet: put there by hand, or left by an interruption
    if is_in_environment:
        raise Refusal("no-new-key", variable=KEY_VARIABLE)
    keys = store.keys.with_new_key()
    save_keys(keys, file, replace=True)
    return keys


def _is_older(to: str, before: str) -> bool:
    order = (migrations.EMPTY, *migrations.versions())
    return to in order and before in order and order.index(to) < order.index(before)


def _facts(file: Path, made: backup.Manifest) -> BackupFacts:
    rows = sum(state.rows for state in made.tables.values())
    return BackupFacts(file, rows, made.made_at, made.anchor)
