"""Stände der Datenbank: brings a database to a version of the schema, up or down, also when installed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.engine import Connection, Engine

from store.engine import for_writing
from store.faults import CannotOpen

FOLDER = Path(__file__).parent
EMPTY = "base"
"""Name of the version without any table."""


def migrate(engine: Engine, to: str = "head") -> str:
    """Bring a database to a version, in one transaction: it arrives there or stays as it was.

    Parameters
    ----------
    engine : Engine
        Of `store.engine.make_engine`.
    to : str
        ``head`` (newest), ``base`` (no tables), or the name of a version.

    Returns
    -------
    str
        The version it is at now.

    Raises
    ------
    CannotOpen
        Where the version, or the one the database is at, is not known to this program.
    """
    with for_writing(engine).begin() as connection:
        at = _current(connection)
        steps = _steps_between(at, to)
        config = _config()
        config.attributes["connection"] = connection
        if steps is not None:
            (command.upgrade if steps else command.downgrade)(config, to)
        return _current(connection)


def current(engine: Engine) -> str:
    """Version that a database is at; ``base`` where it has none of our tables."""
    with engine.connect() as connection:
        return _current(connection)


@cache
def head() -> str:
    """Return the newest version, which the program needs; read once, since every store that is opened asks.

    Raises
    ------
    CommandError
        Where there are two newest ones.
    """
    found = ScriptDirectory.from_config(_config()).get_current_head()
    return found or EMPTY


@cache
def versions() -> tuple[str, ...]:
    """Names of all versions, oldest first."""
    walk = ScriptDirectory.from_config(_config()).walk_revisions()
    return tuple(reversed([script.revision for script in walk]))


def check_is_current(engine: Engine) -> None:
    """Raise `CannotOpen` where a database is at another version than the program needs."""
    found = current(engine)
    if found != head():
        raise CannotOpen("wrong-schema", found=found, wanted=head())


def _current(connection: Connection) -> str:
    return MigrationContext.configure(connection).get_current_revision() or EMPTY


def _steps_between(at: str, to: str) -> bool | None:
    """Answer whether the way leads up (True) or down (False); None where there is nothing to do."""
    order = (EMPTY, *versions())
    wanted = order[-1] if to == "head" else to
    for name in (at, wanted):
        if name not in order:
            raise CannotOpen("unknown-schema", found=name, known=", ".join(order))
    return None if at == wanted else order.index(wanted) > order.index(at)


def _config() -> Config:
    config = Config()
    # A percent sign would be read as the beginning of a placeholder.
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


__all__ = ["EMPTY", "CommandError", "check_is_current", "current", "head", "migrate", "versions"]
