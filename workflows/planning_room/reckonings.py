"""Berechnungen: questions of the planning room that take long, asked once by however many wait for them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from plans.actions import Action
from plans.roles import ObjectScope
from store import tables as t
from store.secrets import fingerprint
from store.tables import ReckoningState
from workflows.acting import Look, Work, question, workflow
from workflows.background import has_crashed, this_process
from workflows.refusal import Refusal

SIMULATION = "simulation"
QUESTIONS = ("gaps", "savings", "what-if", "report", SIMULATION)
"""What can be asked; `workflows.planning_room.reckon` answers."""

TIME_LIMIT_SECONDS = 900
"""So long a reckoning may take."""
TIME_LIMITS_SECONDS = {SIMULATION: 6 * 3600}
"""Questions that may take longer; of these only one is at work for a region at a time."""

MOST_AT_ONCE = 3
"""So many are at work for one region at a time; the pages of everybody stay quick beside them."""

KEPT_FOR = timedelta(days=14)
"""Answers that are older go when the next question about their region is asked."""

Row = dict[str, Any]


@workflow(Action.READ_PLANNING)
def start_reckoning(work: Work, region_id: str, about: str, asked: dict[str, Any]) -> str:
    """Begin a reckoning, or join the one that is at work on the same question about the same region.

    Parameters
    ----------
    work : Work
        Who asks.
    region_id : str
        About which region.
    about : str
        One of `QUESTIONS`.
    asked : dict
        What exactly, as JSON.

    Returns
    -------
    str
        Id of the reckoning.

    Raises
    ------
    Refusal
        Where `MOST_AT_ONCE` others are at work for the region, or another one of `TIME_LIMITS_SECONDS`.
    Conflict
        Where somebody asked the same at the same instant: ask once more, and it is joined.
    """
    work.allow_new(ObjectScope(region_id))
    work.unit.get(t.region, region_id)
    asked_hash = fingerprint({"question": about, "asked": asked}).hex()
    running = _alive(work, region_id)
    same = next((row["id"] for row in running if row["asked_hash"] == asked_hash), None)
    if same is None and len(running) >= MOST_AT_ONCE:
        raise Refusal("reckonings-busy", most=MOST_AT_ONCE)
    if same is None and about in TIME_LIMITS_SECONDS and any(row["question"] == about for row in running):
        raise Refusal("reckoning-long-busy")
    id = same or work.unit.insert(
        t.reckoning,
        region_id=region_id,
        state=ReckoningState.RUNNING,
        question=about,
        asked=asked,
        asked_hash=asked_hash,
        settings={
            "time_limit_seconds": TIME_LIMITS_SECONDS.get(about, TIME_LIMIT_SECONDS),
            "process": this_process(),
        },
        summary={},
        started_at=work.now,
        started_by=work.caller.account_id,
    )
    forgotten = _forget_old(work, region_id)
    work.record("reckoning", id, region_id, question=about, joined=same is not None, forgotten=forgotten)
    return id


@workflow(Action.READ_PLANNING)
def take_reckoning(work: Work, reckoning_id: str) -> Row | None:
    """Note that this process computes a reckoning; None where another one does, or it is over.

    Returns
    -------
    dict or None
        ``region_id``, ``question`` and what was ``asked``.
    """
    row = _admit(work, reckoning_id)
    is_free = row["state"] is ReckoningState.RUNNING and not row["settings"].get("taken")
    if is_free:
        settings = row["settings"] | {"process": this_process(), "taken": True}
        work.unit.change(t.reckoning, reckoning_id, row["version"], settings=settings)
    work.record("reckoning", reckoning_id, row["region_id"], taken=is_free)
    return {name: row[name] for name in ("region_id", "question", "asked")} if is_free else None


@workflow(Action.READ_PLANNING)
def finish_reckoning(work: Work, reckoning_id: str, answer: dict[str, Any]) -> None:
    """Keep the answer of a reckoning; one that was stopped meanwhile keeps none.

    Parameters
    ----------
    answer : dict
        JSON: figures whose small counts are hidden already.
    """
    row = _admit(work, reckoning_id)
    if row["state"] is ReckoningState.RUNNING:
        _end(work, row, ReckoningState.FINISHED, answer=answer)
    work.record("reckoning", reckoning_id, row["region_id"], finished=True)


@workflow(Action.READ_PLANNING)
def fail_reckoning(work: Work, reckoning_id: str, why: str) -> None:
    """Mark a reckoning as failed; one that is over stays as it is.

    Parameters
    ----------
    why : str
        A word for the reason, such as the class of an error; nothing about a person.
    """
    row = _admit(work, reckoning_id)
    if row["state"] is ReckoningState.RUNNING:
        _end(work, row, ReckoningState.FAILED, why)
    work.record("reckoning", reckoning_id, row["region_id"], failed=why)


@workflow(Action.READ_PLANNING)
def stop_reckoning(work: Work, reckoning_id: str) -> str:
    """End a reckoning without an answer, for all who wait for it; its process sees so within a second.

    One that is over already stays as it is.
    """
    row = _admit(work, reckoning_id)
    if row["state"] is ReckoningState.RUNNING:
        _end(work, row, ReckoningState.STOPPED)
    work.record("reckoning", reckoning_id, row["region_id"], stopped=True)
    return reckoning_id


@question(Action.READ_PLANNING)
def read_reckoning(look: Look, reckoning_id: str) -> Row:
    """Return a reckoning as JSON: its question, where it stands, and its answer once there is one.

    Raises
    ------
    Missing
        Where there is no such reckoning, or it is none of the caller's.
    """
    return _shown(_admit(look, reckoning_id), look)


@question(Action.READ_PLANNING)
def reckoning_stands(look: Look, reckoning_id: str) -> Row:
    """Return a reckoning like `read_reckoning`, without its answer."""
    return _shown(_admit(look, reckoning_id), look) | {"answer": None}


@question(Action.READ_PLANNING)
def list_reckonings(look: Look, region_id: str, about: str, limit: int = 5) -> list[Row]:
    """List the newest reckonings of one of `QUESTIONS` about a region that are at work or have an answer."""
    look.allow_new(ObjectScope(region_id))
    rows = t.reckoning.c
    worth_seeing = rows.state.in_([ReckoningState.RUNNING, ReckoningState.FINISHED])
    found = look.unit.find(
        t.reckoning,
        worth_seeing,
        order_by=[rows.started_at.desc()],
        limit=limit,
        region_id=region_id,
        question=about,
    )
    shown = (_shown(row, look) for row in found)
    return [one for one in shown if one["state"] in ("running", "finished")]


def _admit(look: Look, reckoning_id: str) -> Row:
    look.reach()
    row = look.unit.get(t.reckoning, reckoning_id)
    look.allow(ObjectScope(row["region_id"]), t.reckoning, reckoning_id)
    return row


def _alive(work: Work, region_id: str) -> list[Row]:
    """Reckonings of a region that are at work; those that have crashed are marked failed."""
    alive = []
    for row in work.unit.find(t.reckoning, region_id=region_id, state=ReckoningState.RUNNING):
        if has_crashed(row, work.now):
            _end(work, row, ReckoningState.FAILED, "crashed")
        else:
            alive.append(row)
    return alive


def _forget_old(work: Work, region_id: str) -> int:
    rows = t.reckoning.c
    old = work.unit.find(t.reckoning, rows.started_at < work.now - KEPT_FOR, region_id=region_id)
    for row in old:
        work.unit.delete(t.reckoning, row["id"])
    return len(old)


def _end(
    work: Work, row: Row, state: ReckoningState, why: str = "", answer: dict[str, Any] | None = None
) -> None:
    values = {"state": state, "summary": {"failed": why} if why else {}, "answer": answer}
    work.unit.change(t.reckoning, row["id"], row["version"], finished_at=work.now, **values)


def _shown(row: Row, look: Look) -> Row:
    """A reckoning as JSON; one that has crashed as failed."""
    is_running = row["state"] is ReckoningState.RUNNING
    is_lost = is_running and has_crashed(row, look.now)
    return {
        **{name: row[name] for name in ("id", "region_id", "question", "asked", "answer")},
        "state": (ReckoningState.FAILED if is_lost else row["state"]).value,
        "started_at": row["started_at"].isoformat(),
        "finished_at": row["finished_at"].isoformat() if row["finished_at"] else None,
        "seconds": round((look.now - row["started_at"]).total_seconds()) if is_running else None,
        "summary": {"failed": "crashed"} if is_lost else row["summary"],
    }
