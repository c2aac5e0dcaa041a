"""Planungslauf im Hintergrund: computed by a process of its own, so that no page waits for the engine.

The page that begins a run gets its id at once. The process gets store and caller through a pipe, notes its
progress in the store, and looks there whether somebody wants it to end; so any process may serve the pages.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import matching
from plans.roles import Grant, Role
from store.faults import StoreFault
from store.handover import handed_over, taken_over
from store.progress import note_progress
from workflows.access.rule_sets import desk_for
from workflows.acting import Caller, Desk
from workflows.planning_runs.engine import RunSettings
from workflows.planning_runs.run import compute_run
from workflows.planning_runs.runs import fail_run, start_run
from workflows.planning_runs.watching import is_asked_to_stop, take_run

EVERY_SECONDS = 1.0
"""So often progress is noted, and looked whether to end."""


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
    process = subprocess.Popen([sys.executable, "-m", __name__], stdin=subprocess.PIPE, text=True)
    follow_up = replace(desk, request_key=None)
    threading.Thread(target=_attend, args=(process, follow_up, run_id), name=f"attend {run_id}").start()
    return run_id


def _attend(process: subprocess.Popen[str], desk: Desk, run_id: str) -> None:
    """Hand the run over, wait for its end, and say so in the store where the process failed to."""
    process.communicate(_written(desk, run_id))
    if process.returncode:
        with suppress(StoreFault):
            fail_run(desk, run_id, "crashed")


def _written(desk: Desk, run_id: str) -> str:
    caller = desk.caller
    grants = [[grant.role, grant.region_id, grant.organisation_id] for grant in caller.grants]
    who = {"label": caller.label, "account_id": caller.account_id, "grants": grants}
    return json.dumps({"store": handed_over(desk.store), "caller": who, "run_id": run_id})


def compute(text: str) -> None:
    """Compute a run that was handed over; one that another process has taken is left to it."""
    given = json.loads(text)
    store, run_id = taken_over(given["store"]), given["run_id"]
    try:
        desk = desk_for(store, _caller(given["caller"]))
        if take_run(desk, run_id):
            compute_run(desk, run_id, _noting(desk, run_id), _looking(desk, run_id))
    finally:
        store.engine.dispose()


def _caller(who: dict[str, Any]) -> Caller:
    account_id = who["account_id"]
    grants = tuple(Grant(Role(role), account_id, region, office) for role, region, office in who["grants"])
    return Caller(who["label"], account_id, grants)


def _noting(desk: Desk, run_id: str) -> Callable[[matching.Progress], None]:
    """Note progress in the store, now and then."""
    is_time = _now_and_then()

    def note(progress: matching.Progress) -> None:
        if is_time():
            told = {"seconds": round(progress.seconds, 1), "phase": progress.phase, "gap": progress.gap}
            note_progress(desk.store, run_id, told)

    return note


def _looking(desk: Desk, run_id: str) -> Callable[[], bool]:
    """Look in the store whether to end, now and then."""
    is_time = _now_and_then()
    wanted = False

    def look() -> bool:
        nonlocal wanted
        if not wanted and is_time():
            wanted = is_asked_to_stop(desk, run_id)
        return wanted

    return look


def _now_and_then() -> Callable[[], bool]:
    """True at the first call and whenever `EVERY_SECONDS` have passed since it was true."""
    last = -EVERY_SECONDS

    def is_time() -> bool:
        nonlocal last
        now = time.monotonic()
        if now - last < EVERY_SECONDS:
            return False
        last = now
        return True

    return is_time


if __name__ == "__main__":
    compute(sys.stdin.read())
