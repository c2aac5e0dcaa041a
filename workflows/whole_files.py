"""Files that are there whole or not at all (ganze Dateien): written beside their place, then moved there."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_whole(file: Path, text: str, mode: int = 0o644) -> None:
    """Write a UTF-8 text file; an interruption leaves the old one, or none, never half of it.

    Parameters
    ----------
    file, text : Path, str
        Where, and what.
    mode : int
        Who may read it: everybody by default; 0o600 for data about people.

    Raises
    ------
    OSError
        Where its folder is missing or cannot be written.
    """
    handle, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as open_file:
            open_file.write(text)
        Path(name).chmod(mode)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
