"""Planungslauf im Hintergrund: computed by a process of its own, so that no page waits for the engine."""

from __future__ import annotations

import sys
from collections.abc import Callable

import matching
from store import tables as t
from store.progress import note_progress
from workflows.acting import Desk
from workflows.background import begin_elsewhere, given_desk, is_left, now_and_then
from workflows.planning_runs.engine import RunSettings
from workflows.planning_runs.run import compute_run
from workflows.planning_runs.runs import fail_run, start_run
from workflows.planning_runs.watching import is_asked_to_stop, take_run


def begin_planning(desk: Desk, region_id: str, settings: RunSettings) -> str:
    """Begin a run and have a process of its own compute it; a request that comes twice begins one.

    Parameters
    ----------
    desk : Desk
        Who asks; a request key counts.
    region_id : str
        Which region.
    settings : RunSettings
        How to plan, without expected arrivals.

    Returns
    -------
    str
        Id of the run.

    Raises
    ------
    Refusal
        Where another run of the region is at work.
    Forbidden, Missing
        Where the caller may not, or there is no such region.
    """
    run_id = start_run(desk, region_id, settings)
    begin_elsewhere(__name__, desk, run_id, fail_run)
    return run_id


def compute(text: str, is_left: Callable[[], bool]) -> None:
    """Compute a run that was handed over; one that another process has taken is left to it.

    Parameters
    ----------
    text : str
        See `given_desk`.
    is_left : callable
        Whether whoever began it has gone; then it ends with the best plan so far.
    """
    with given_desk(text) as (desk, run_id):
        if take_run(desk, run_id):
            compute_run(desk, run_id, _noting(desk, run_id), _looking(desk, run_id, is_left))


def _noting(desk: Desk, run_id: str) -> Callable[[matching.Progress], None]:
    """Note progress in the store, now and then."""
    is_time = now_and_then()

    def note(progress: matching.Progress) -> None:
        if is_time():
            told = {"seconds": round(progress.seconds, 1), "phase": progress.phase, "gap": progress.gap}
            note_progress(desk.store, t.planning_run, run_id, told)

    return note


def _looking(desk: Desk, run_id: str, is_left: Callable[[], bool]) -> Callable[[], bool]:
    """Look whether to end, now and then."""
    is_time = now_and_then()
    wanted = False

    def look() -> bool:
        nonlocal wanted
        if not wanted and is_time():
            wanted = is_left() or is_asked_to_stop(desk, run_id)
        return wanted

    return look


if __name__ == "__main__":
    compute(sys.stdin.readline(), is_left)
