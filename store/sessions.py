"""Sitzungen: notes that a session was used, which is no act of its own and has no entry in the audit."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError

from store.engine import for_writing, is_busy
from store.faults import StoreBusy
from store.tables import session
from store.unit_of_work import Store

EVERY = timedelta(minutes=1)
"""So precisely it is kept when a session was used last: not every request writes."""


def seen(store: Store, session_id: str, last_seen_at: datetime) -> None:
    """Note that a session is used now, at most once in `EVERY`; whoever finds the database busy skips it.

    Parameters
    ----------
    session_id : str
        Which.
    last_seen_at : datetime
        What is noted so far, UTC.
    """
    now = store.now()
    if now - last_seen_at < EVERY:
        return
    used = session.update().where(session.c.id == session_id, session.c.last_seen_at < now)
    try:
        with for_writing(store.engine).begin() as connection:
            connection.execute(used.values(last_seen_at=now, updated_at=now))
    except StoreBusy:
        return
    except DBAPIError as error:
        if not is_busy(error):
            raise
