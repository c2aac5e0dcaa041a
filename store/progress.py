"""Fortschritt: notes how far long work is, which is no act of its own and has no entry in the audit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import DBAPIError

from store.engine import for_writing, is_busy
from store.faults import StoreBusy
from store.tables import Table
from store.unit_of_work import Store


def note_progress(store: Store, table: Table, id: str, progress: Mapping[str, Any]) -> None:
    """Note where something that is at work stands; whoever finds the database busy skips it.

    Parameters
    ----------
    table, id : Table, str
        Which planning run or reckoning; one that is over keeps its summary.
    progress : mapping
        JSON; stands as ``progress`` in the summary until it is over.
    """
    running = table.update().where(table.c.id == id, table.c.state == "running")
    try:
        with for_writing(store.engine).begin() as connection:
            connection.execute(running.values(summary={"progress": dict(progress)}))
    except StoreBusy:
        return
    except DBAPIError as error:
        if not is_busy(error):
            raise
