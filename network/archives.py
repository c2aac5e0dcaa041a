"""Several partner files in one archive (Archiv): a zip as offices send it by mail, opened with care."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePosixPath

LARGEST_UNPACKED_MB = 100
"""A small archive may unpack to gigabytes; beyond this it is not opened."""
MOST_FILES = 100


class BrokenArchive(Exception):
    """The file is no zip, is damaged or encrypted, or holds more than may be unpacked."""


def files_of_archive(data: bytes) -> list[tuple[str, bytes]]:
    """Return name and content of every file in an archive, without its folders, sorted by name.

    Parameters
    ----------
    data
        The zip. What systems add by themselves (hidden files, ``__MACOSX``) is left out.

    Raises
    ------
    BrokenArchive
        Where it cannot be read, or holds more than `MOST_FILES` files or `LARGEST_UNPACKED_MB`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir() and not _is_hidden(one.filename)]
            unpacked = sum(one.file_size for one in members)
            if len(members) > MOST_FILES or unpacked > LARGEST_UNPACKED_MB * 1_000_000:
                raise BrokenArchive
            return sorted((PurePosixPath(one.filename).name, _content(archive, one)) for one in members)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, NotImplementedError):
        raise BrokenArchive from None


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Read no more than the archive says: a size that lies is found out."""
    with archive.open(member) as file:
        content = file.read(member.file_size + 1)
    if len(content) > member.file_size:
        raise BrokenArchive
    return content


def _is_hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or any(part.startswith(".") for part in parts)
