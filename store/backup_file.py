"""Sicherungsdatei: one file with a checksum over everything in it, a table of contents, and the data.

First line: name of the format and SHA-256 of all that follows; then a ZIP archive with ``manifest.json``.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from store.faults import Damaged, StoreFault

FORMAT = b"foerderkette-backup/1"
MANIFEST = "manifest.json"
_HEAD_BYTES = len(FORMAT) + 1 + 64 + 1
_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True)
class TableState:
    """Stand einer Tabelle: how many rows, and the SHA-256 of them in the order of their keys."""

    rows: int
    digest: str


@dataclass(frozen=True)
class Manifest:
    """Inhaltsverzeichnis einer Sicherung.

    Parameters
    ----------
    dialect : str
        ``sqlite`` or ``postgresql``.
    schema : str
        Version of the schema.
    made_at : str
        Instant, ISO 8601, UTC.
    key_ids : list of str
        Keys that the secrets may need, in hexadecimal (only their names).
    anchor : str
        End of the audit (`store.journal.Anchor`), empty where there is no entry.
    tables : mapping of str to TableState
        What each table holds.
    """

    dialect: str
    schema: str
    made_at: str
    key_ids: list[str]
    anchor: str
    tables: Mapping[str, TableState]


Fill = Callable[[zipfile.ZipFile], Manifest]
"""Writes the data into an archive and says what it wrote."""


def write_backup(file: Path, fill: Fill) -> Manifest:
    """Write a backup file, whole or not at all, readable only for its owner; then read it back and check it.

    Raises
    ------
    StoreFault
        Where the file exists already or cannot be written.
    """
    if file.exists():
        raise StoreFault("target-not-empty", target=file)
    new = file.with_name(f"{file.name}.new-{os.getpid()}")
    try:
        with os.fdopen(os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as out:
            manifest = _write(out, fill)
        check_backup(new)
        new.replace(file)
    except OSError as error:
        raise StoreFault("cannot-write", file=file, why=error.strerror or error) from error
    finally:
        new.unlink(missing_ok=True)
    return manifest


def check_backup(file: Path) -> Manifest:
    """Check the checksum of a whole backup file, and return its manifest.

    Raises
    ------
    Damaged
        Where a single byte is missing or changed, or it is no backup.
    """
    try:
        with file.open("rb") as source:
            head = source.read(_HEAD_BYTES)
            if not head.startswith(FORMAT + b" ") or not head.endswith(b"\n"):
                raise Damaged("backup-damaged", file=file, why="no backup of this program")
            if _digest(source) != head[len(FORMAT) + 1 : -1].decode("ascii", "replace"):
                raise Damaged("backup-damaged", file=file, why="checksum")
        with zipfile.ZipFile(file) as archive:
            return _read_manifest(json.loads(archive.read(MANIFEST)))
    except (OSError, zipfile.BadZipFile, ValueError, KeyError, TypeError) as error:
        raise Damaged("backup-damaged", file=file, why=error) from error


def _write(out: BinaryIO, fill: Fill) -> Manifest:
    out.write(b" " * _HEAD_BYTES)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        manifest = fill(archive)
        archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1, sort_keys=True))
    out.seek(_HEAD_BYTES)
    digest = _digest(out)
    out.seek(0)
    out.write(FORMAT + b" " + digest.encode() + b"\n")
    out.flush()
    os.fsync(out.fileno())
    return manifest


def _digest(source: BinaryIO) -> str:
    found = hashlib.sha256()
    while block := source.read(_BLOCK_BYTES):
        found.update(block)
    return found.hexdigest()


def _read_manifest(values: dict[str, Any]) -> Manifest:
    tables = {name: TableState(**state) for name, state in values.pop("tables").items()}
    return Manifest(**values, tables=tables)
