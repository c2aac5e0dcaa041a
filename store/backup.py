"""Sicherung und Wiederherstellung: one file from a running database, and back, checked on both ways."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL, Engine

from store import backup_postgresql, backup_sqlite
from store.backup_file import Manifest, TableState, check_backup, write_backup
from store.engine import for_reading, for_writing, make_engine
from store.faults import CannotDecrypt, Damaged, StoreFault
from store.journal import Anchor
from store.migrations import EMPTY, check_is_current, current, head, migrate
from store.secrets import KeyRing
from store.tables import audit_head, metadata
from store.unit_of_work import Store

__all__ = ["Manifest", "TableState", "back_up", "check_backup", "restore"]


def back_up(store: Store, file: Path) -> Manifest:
    """Write a backup while others go on working; it holds one state of the database.

    Secrets stay encrypted in it: the keys are no part of a backup, and must be kept apart from it.

    Parameters
    ----------
    store : Store
        What to back up.
    file : Path
        New file; its folder exists.

    Returns
    -------
    Manifest
        What it holds; its anchor proves later that the audit was not cut.

    Raises
    ------
    CannotOpen
        Where the database is at another version than the program needs.
    StoreFault
        Where the file exists already or cannot be written.
    """
    check_is_current(store.engine)
    fill = _fill_sqlite if store.engine.dialect.name == "sqlite" else _fill_postgresql
    try:
        return write_backup(file, lambda archive: fill(store, archive, file.absolute().parent))
    except sqlite3.Error as error:
        raise StoreFault("cannot-write", file=file, why=error) from error


def restore(file: Path, url: str | URL | None, keys: KeyRing, *, replace: bool = False) -> Manifest:
    """Put a backup into a database, in one transaction; the result is compared with the manifest, row by row.

    Parameters
    ----------
    file : Path
        A backup.
    url : str, URL or None
        Target, of the same kind as the origin; ``DATABASE_URL`` by default.
    keys : KeyRing
        Must hold the keys that the secrets need.
    replace : bool
        Whether a target that holds rows already may be overwritten.

    Raises
    ------
    Damaged
        Where the file is damaged, of another version of the schema, or of the other kind of database.
    CannotDecrypt
        Where a key is missing.
    StoreFault
        Where the target holds rows and `replace` is not set.
    """
    manifest = check_backup(file)
    if manifest.schema != head():
        raise Damaged("backup-schema", file=file, found=manifest.schema, wanted=head())
    if missing := set(manifest.key_ids) - {key.id.hex() for key in keys.keys}:
        raise CannotDecrypt("backup-key", file=file, key_id=", ".join(sorted(missing)))
    engine = make_engine(url)
    try:
        if engine.dialect.name != manifest.dialect:
            found, wanted = manifest.dialect, engine.dialect.name
            raise Damaged("backup-dialect", file=file, found=found, wanted=wanted)
        if _has_rows(engine) and not replace:
            raise StoreFault("target-not-empty", target=engine.url.render_as_string(hide_password=True))
        (_restore_sqlite if manifest.dialect == "sqlite" else _restore_postgresql)(file, engine, manifest)
    finally:
        engine.dispose()
    return manifest


def _fill_sqlite(store: Store, archive: zipfile.ZipFile, folder: Path) -> Manifest:
    with backup_sqlite.copied(Path(store.engine.url.database or ""), folder) as copy:
        archive.write(copy, backup_sqlite.MEMBER)
        copied = sa.create_engine(URL.create("sqlite", database=str(copy)))
        try:
            with copied.connect() as connection:
                anchor = _anchor(connection)
        finally:
            copied.dispose()
        return _manifest(store, backup_sqlite.states(copy), anchor)


def _fill_postgresql(store: Store, archive: zipfile.ZipFile, _folder: Path) -> Manifest:
    with for_reading(store.engine).connect() as connection:
        anchor = _anchor(connection)
        return _manifest(store, backup_postgresql.write_tables(connection, archive), anchor)


def _restore_sqlite(file: Path, engine: Engine, manifest: Manifest) -> None:
    target = Path(engine.url.database or "").absolute()
    with backup_sqlite.unpacked(file, target.parent) as copy:
        _compare(file, manifest, backup_sqlite.states(copy))
        engine.dispose()
        try:
            backup_sqlite.overwrite(target, copy)
        except sqlite3.Error as error:
            raise StoreFault("cannot-write", file=target, why=error) from error
    _compare(file, manifest, backup_sqlite.states(target))


def _restore_postgresql(file: Path, engine: Engine, manifest: Manifest) -> None:
    migrate(engine)
    with for_writing(engine).begin() as connection, zipfile.ZipFile(file) as archive:
        backup_postgresql.read_tables(connection, archive)
        _compare(file, manifest, backup_postgresql.states(connection))


def _compare(file: Path, manifest: Manifest, found: Mapping[str, TableState]) -> None:
    for name, state in manifest.tables.items():
        if found.get(name) != state:
            raise Damaged("backup-damaged", file=file, why=f"{name}: {found.get(name)} ≠ {state}")


def _manifest(store: Store, tables: Mapping[str, TableState], anchor: str) -> Manifest:
    return Manifest(
        dialect=store.engine.dialect.name,
        schema=head(),
        made_at=store.now().isoformat(timespec="seconds"),
        key_ids=[key.id.hex() for key in store.keys.keys],
        anchor=anchor,
        tables=tables,
    )


def _anchor(connection: sa.Connection) -> str:
    row = connection.execute(sa.select(audit_head.c.last_sequence, audit_head.c.last_hash)).one_or_none()
    return "" if row is None else str(Anchor(row.last_sequence, row.last_hash))


def _has_rows(engine: Engine) -> bool:
    if current(engine) == EMPTY:
        return bool(sa.inspect(engine).get_table_names())
    present = set(sa.inspect(engine).get_table_names())
    with engine.connect() as connection:
        return any(
            connection.execute(sa.select(table.c[table.primary_key.columns[0].name]).limit(1)).first()
            for table in metadata.sorted_tables
            if table.name in present
        )
