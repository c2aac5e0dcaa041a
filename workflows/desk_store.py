"""Der Speicher hinter den Seiten: opened for the desk, its sign of life, and the key that signs its forms."""

from __future__ import annotations

from pathlib import Path

from store.faults import StoreFault
from store.opening import open_store
from store.tables import region
from store.unit_of_work import ReadingUnit, Store


def open_desk_store(database: str | None = None, key_file: Path | None = None) -> Store:
    """Open the store of an installation.

    Parameters
    ----------
    database : str, optional
        Address; ``DATABASE_URL`` or the user's own file by default.
    key_file : Path, optional
        Where its keys are.

    Raises
    ------
    StoreFault
        Where it cannot be reached, is of another version, or has no key that fits.
    """
    return open_store(database, key_file=key_file)


def check_desk_store(database: str | None = None, key_file: Path | None = None) -> None:
    """Open the store of an installation and close it again; raises what `open_desk_store` raises."""
    open_store(database, key_file=key_file).engine.dispose()


def is_readable(store: Store) -> bool:
    """Whether the store answers."""
    try:
        with ReadingUnit(store) as unit:
            unit.count(region)
    except StoreFault:
        return False
    return True


def form_key(store: Store) -> bytes:
    """Return the key that signs the forms of an installation; new with every new master key."""
    return store.keys.newest.mac(b"forms", b"desk")
