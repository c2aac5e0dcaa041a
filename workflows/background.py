"""Arbeit im Hintergrund: computed by a process of its own, so that no page waits for it.

The page that begins it gets its id at once. The process gets store and caller through a pipe, notes its
progress in the store, and looks there whether somebody wants it to end; so any process may serve the pages.
The pipe stays open: where it closes, whoever began the work has stopped, and the work ends too. So a server
stops without waiting, and nothing goes on after it unseen.
"""

from __future__ import annotations

import json
import os
import platform
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from plans.roles import Grant, Role
from store.faults import StoreFault
from store.handover import handed_over, taken_over
from workflows.access.rule_sets import desk_for
from workflows.acting import Caller, Desk

EVERY_SECONDS = 1.0
"""So often it is looked whether to end, and at most so often progress is noted."""

GRACE_SECONDS = 900
"""So long after its time limit work that has not ended is taken for crashed: reading, wording, storing."""

INNER = ("process", "taken")
"""Settings that say who computes, not how."""


def begin_elsewhere(module: str, desk: Desk, id: str, fail: Callable[[Desk, str, str], None]) -> None:
    """Have a module computed by a process of its own, and attended by a thread.

    Parameters
    ----------
    module : str
        What is run; reads what is handed over from the first line of its standard input with `given_desk`,
        and ends once `is_left`.
    desk : Desk
        In whose name.
    id : str
        Of the row that says where it stands.
    fail : callable
        Says in the store that the process has failed: desk, id, ``crashed``.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for the server; the work sees by the pipe that it has gone
    )
    given = (process, replace(desk, request_key=None), id, fail)
    threading.Thread(target=_attend, args=given, name=f"attend {id}", daemon=True).start()


def _attend(
    process: subprocess.Popen[str], desk: Desk, id: str, fail: Callable[[Desk, str, str], None]
) -> None:
    """Hand it over, wait for its end, and say so in the store where the process failed to."""
    assert process.stdin is not None
    with process, suppress(BrokenPipeError):  # of a process that has ended before it was given anything
        process.stdin.write(f"{written_desk(desk, id)}\n")
        process.stdin.flush()
        process.wait()
    if process.returncode:
        with suppress(StoreFault):
            fail(desk, id, "crashed")


def written_desk(desk: Desk, id: str) -> str:
    """Write down what the process needs; it goes through a pipe, for it holds the keys."""
    caller = desk.caller
    grants = [[grant.role, grant.region_id, grant.organisation_id] for grant in caller.grants]
    who = {"label": caller.label, "account_id": caller.account_id, "grants": grants}
    return json.dumps({"store": handed_over(desk.store), "caller": who, "id": id})


@contextmanager
def given_desk(text: str) -> Iterator[tuple[Desk, str]]:
    """Open the desk that was handed over, with the id of what is to be computed."""
    given = json.loads(text)
    store = taken_over(given["store"])
    try:
        yield desk_for(store, _caller(given["caller"])), given["id"]
    finally:
        store.engine.dispose()


def _caller(who: dict[str, Any]) -> Caller:
    account_id = who["account_id"]
    grants = tuple(Grant(Role(role), account_id, region, office) for role, region, office in who["grants"])
    return Caller(who["label"], account_id, grants)


def is_left() -> bool:
    """Answer whether whoever began the work of this process has gone; see `begin_elsewhere`."""
    return bool(select.select([sys.stdin.fileno()], [], [], 0)[0])


def now_and_then() -> Callable[[], bool]:
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


def has_crashed(row: dict[str, Any], now: datetime) -> bool:
    """Answer whether work that says it is being done is not.

    That is so where its process on this machine is gone, or its time and `GRACE_SECONDS` are over.

    Parameters
    ----------
    row : dict
        A planning run or a reckoning; its settings hold ``time_limit_seconds`` and ``process``.
    """
    settings = row["settings"]
    limit = timedelta(seconds=settings["time_limit_seconds"] + GRACE_SECONDS)
    process = settings["process"]
    is_here = process["host"] == platform.node()
    return now > row["started_at"] + limit or (is_here and not _is_alive(process["id"]))


def _is_alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def this_process() -> dict[str, Any]:
    """Machine and number of this process, by which crashed work is found."""
    return {"host": platform.node(), "id": os.getpid()}
