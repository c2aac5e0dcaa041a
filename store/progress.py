"""Fortschritt: notes how far a planning run is, which is no act of its own and has no entry in the audit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import DBAPIError

from store.engine import for_writing, is_busy
from store.faults import StoreBusy
from store.tables import RunState, planning_run
from store.unit_of_work import Store


def note_progress(store: Store, run_id: str, progress: Mapping[str, Any]) -> None:
    """Note where a run that is at work stands; whoever finds the database busy skips it.

    Parameters
    ----------
    run_id : str
        Which; one that is over keeps its summary.
    progress : mapping
        JSON; stands as ``progress`` in the summary until the run is over.
    """
    running = planning_run.update().where(
        planning_run.c.id == run_id, planning_run.c.state == RunState.RUNNING
    )
    try:
        with for_writing(store.engine).begin() as connection:
            connection.execute(running.values(summary={"progress": dict(progress)}))
    except StoreBusy:
        return
    except DBAPIError as error:
        if not is_busy(error):
            raise
