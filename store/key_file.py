"""Schlüsselablage: where the keys are: in the environment, or in a file that only its owner may read."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

from sqlalchemy.engine import URL

from store.engine import default_folder
from store.faults import CannotDecrypt, StoreFault
from store.secrets import KeyRing

KEY_VARIABLE = "FOERDERKETTE_KEY"
"""Environment variable with the keys in base64, newest first, separated by commas."""

FILE_NAME = "foerderkette.keys"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def key_file_of(url: URL) -> Path:
    """Key file beside a SQLite file; for a server, in the folder of the user's data."""
    is_file = url.get_backend_name() == "sqlite"
    folder = Path(url.database or "").absolute().parent if is_file else default_folder()
    return folder / FILE_NAME


def load_keys(file: Path) -> KeyRing | None:
    """Load the keys from ``FOERDERKETTE_KEY``, else from a key file.

    Returns
    -------
    KeyRing or None
        None where neither exists.

    Raises
    ------
    CannotDecrypt
        Where a key is broken, or the file can be read by others.
    """
    if words := os.environ.get(KEY_VARIABLE):
        return KeyRing.read([word.strip() for word in words.split(",")], KEY_VARIABLE)
    try:
        mode = file.stat().st_mode
        text = file.read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise CannotDecrypt("bad-key", where=file, why=error) from error
    if os.name == "posix" and mode & _OTHERS:
        raise CannotDecrypt("open-key-file", file=file)
    try:
        words_read = json.loads(text)["keys"]
        return KeyRing.read(words_read, str(file))
    except (ValueError, KeyError, TypeError) as error:
        raise CannotDecrypt("bad-key", where=file, why="no key file") from error


def save_keys(ring: KeyRing, file: Path, *, replace: bool = False) -> None:
    """Write a key file of mode 0600, whole or not at all.

    Parameters
    ----------
    ring : KeyRing
        What to keep.
    file : Path
        Where; the folder is made.
    replace : bool
        Whether a file that is there may be replaced.

    Raises
    ------
    FileExistsError
        Where there is one already and `replace` is not set.
    StoreFault
        Where it cannot be written.
    """
    new = file.with_name(f"{file.name}.new-{os.getpid()}")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            json.dump({"keys": ring.written()}, out, indent=1)
            out.flush()
            os.fsync(out.fileno())
        if replace:
            new.replace(file)
        else:
            file.hardlink_to(new)
    except FileExistsError:
        raise
    except OSError as error:
        raise StoreFault("cannot-write", file=file, why=error.strerror) from error
    finally:
        new.unlink(missing_ok=True)
