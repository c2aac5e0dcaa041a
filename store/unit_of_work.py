"""Vorgang: one transaction of one person for one purpose, with one entry in the audit.

Leaving the ``with`` block without `commit` rolls everything back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from store import journal
from store.engine import for_reading, for_writing, is_busy, pause, wait_seconds_of
from store.faults import NotAllowed, StoreBusy
from store.journal import Anchor, Entry
from store.rows import ReadRows, WriteRows
from store.secrets import KeyRing


def utc_now() -> datetime:
    """Return the present instant, UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Store:
    """Gedächtnis: a database and the keys to it.

    Parameters
    ----------
    engine : Engine
        Of `store.engine.make_engine`.
    keys : KeyRing
        Keys of this database.
    now : callable
        The clock, UTC; another one in tests and simulations.
    """

    engine: Engine
    keys: KeyRing
    now: Callable[[], datetime] = field(default=utc_now)


@dataclass(frozen=True)
class Agent:
    """Handelnde: who acts; taken from the session or the command line, never from the request.

    Parameters
    ----------
    label : str
        In words, as the audit shows it.
    account_id : str or None
        The account; None = the clock, or whoever may use the command line of the machine.
    """

    label: str
    account_id: str | None = None


class ReadingUnit(ReadRows):
    """Lesender Vorgang: sees one state of the database, and can change nothing.

    Parameters
    ----------
    store : Store
        Which one.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._open: Connection | None = None

    def __enter__(self) -> Self:
        self._open = _begun(for_reading(self._store.engine))
        super().__init__(self._open, self._store.keys)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None


class UnitOfWork(WriteRows):
    """Schreibender Vorgang: all of it happens, with exactly one entry in the audit, or nothing.

    Parameters
    ----------
    store : Store
        Which one.
    actor : Agent
        Who acts.
    purpose : str
        What for, in words; not empty.

    Raises
    ------
    StoreBusy
        At the beginning, where others kept the database for longer than the wait of the engine.
    """

    def __init__(self, store: Store, *, actor: Agent, purpose: str) -> None:
        if not purpose.strip():
            raise NotAllowed("no-purpose")
        self._store = store
        self.actor = actor
        self.purpose = purpose
        self._open: Connection | None = None
        self._was_opened = False
        self._entry: Entry | None = None

    def __enter__(self) -> Self:
        if self._was_opened:
            raise NotAllowed("not-open")
        self._was_opened = True
        self._open = _begun(for_writing(self._store.engine))
        super().__init__(self._open, self._store.keys, self._store.now())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def describe(
        self,
        action: str,
        object_type: str,
        object_id: str,
        *,
        region_id: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        """Say what this unit of work does: its entry in the audit.

        Parameters
        ----------
        action : str
            A `plans.actions.Action`, or a word for what only the command line does.
        object_type, object_id : str
            With what: usually a table and an id of it.
        region_id : str, optional
            Region of the object.
        details : mapping, optional
            Further facts as JSON: ids, numbers, days, terms. Never a name or other words about a person.

        Raises
        ------
        NotAllowed
            Where it was said already.
        """
        if self._entry is not None:
            raise NotAllowed("described-twice", action=self._entry.action)
        facts = dict(details or {})
        journal.canonical(facts)  # refuses at once what cannot be written
        self._entry = Entry(
            at=self.now,
            account_id=self.actor.account_id,
            actor_label=self.actor.label,
            purpose=self.purpose,
            action=str(action),
            object_type=object_type,
            object_id=object_id,
            region_id=region_id,
            details=facts,
        )

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Try a part that may be refused (Versuch): an exception undoes this part alone, and is raised on.

        Raises
        ------
        NotAllowed
            Where the unit is over.
        """
        if self._open is None:
            raise NotAllowed("not-open")
        with self._open.begin_nested():
            yield

    def commit(self) -> Anchor:
        """Write the entry of the audit, and make everything last.

        Returns
        -------
        Anchor
            Place of the entry in the audit.

        Raises
        ------
        NotAllowed
            Where `describe` was not called, or the unit is over. Nothing is changed then.
        """
        connection = self._open
        if connection is None:
            raise NotAllowed("not-open")
        if self._entry is None:
            self._end()
            raise NotAllowed("not-described")
        anchor = journal.append(connection, self.keys, self._entry)
        try:
            connection.commit()
        except BaseException:
            # What could not be committed may still hold its locks: it must not come back out of the pool.
            connection.invalidate()
            raise
        finally:
            self._end()
        return anchor

    def _end(self) -> None:
        if self._open is not None:
            self._open.close()  # rolls back what was not committed
            self._open = None


def _begun(engine: Engine) -> Connection:
    """Begin a transaction; where others are at work, wait for a bounded time."""
    started = time.monotonic()
    while True:
        connection: Connection | None = None
        try:
            connection = engine.connect()
            connection.begin()
            return connection
        except DBAPIError as error:
            if connection is not None:
                connection.close()
            waited_seconds = time.monotonic() - started
            if not is_busy(error):
                raise
            if waited_seconds > wait_seconds_of(engine):
                raise StoreBusy("busy", seconds=round(waited_seconds, 1)) from error
            pause(waited_seconds)
        except BaseException:
            if connection is not None:
                connection.close()
            raise
