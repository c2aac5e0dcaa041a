"""Planungsläufe: begin, finish, fail, release: one of a region at a time, and none ends without a word."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from plans.actions import Action
from plans.roles import ObjectScope
from store import tables as t
from store.faults import Conflict
from store.queries import planning as queries
from store.queries.snapshot import marked_plans
from store.rows import ReadRows
from store.secrets import fingerprint
from store.tables import ProposalState, RunState
from workflows.acting import Look, Work, question, workflow
from workflows.background import INNER, has_crashed, this_process
from workflows.planning_runs.engine import EarlierRun, Outcome, RunSettings
from workflows.planning_runs.snapshot import Snapshot, take_snapshot
from workflows.refusal import Refusal

Row = dict[str, Any]


@workflow(Action.RUN_PLANNING)
def start_run(work: Work, region_id: str, settings: RunSettings) -> str:
    """Begin a planning run of a region; a crashed one that stands in the way is marked failed.

    Parameters
    ----------
    work : Work
        Who asks.
    region_id : str
        Which region.
    settings : RunSettings
        How to plan.

    Returns
    -------
    str
        Id of the run.

    Raises
    ------
    Refusal
        Where another run of the region is at work.
    """
    work.allow_new(ObjectScope(region_id))
    work.unit.get(t.region, region_id)
    crashed = _clear_crashed(work, region_id)
    try:
        id = work.unit.insert(
            t.planning_run,
            region_id=region_id,
            state=RunState.RUNNING,
            today_on=work.today,
            horizon_end_on=work.today,
            settings=settings.stored() | {"process": this_process()},
            problem_hash="",
            started_at=work.now,
            summary={},
            started_by=work.caller.account_id,
        )
    except Conflict as error:
        if error.values["rule"] != "uq_planning_run_running":
            raise
        # Somebody began at the same instant.
        raise Refusal("planning-runs", since=_clock(work.now)) from error
    work.record("planning_run", id, region_id, settings=settings.stored(), crashed=crashed)
    return id


@question(Action.RUN_PLANNING)
def snapshot_for_run(look: Look, run_id: str) -> tuple[Snapshot, EarlierRun | None]:
    """Return what a run plans: the region as it is, and the last released run."""
    run = admit(look, run_id)
    return take_snapshot(look, run["region_id"]), last_released(look.unit, run["region_id"])


@question(Action.RUN_PLANNING)
def settings_of_run(look: Look, run_id: str) -> RunSettings:
    """Return how a run was asked to plan."""
    return RunSettings.read(admit(look, run_id)["settings"])


@workflow(Action.RUN_PLANNING)
def finish_run(work: Work, run_id: str, snapshot: Snapshot, outcome: Outcome) -> dict[str, Any]:
    """Keep what a run has found: its proof, its prices, and one proposal for each open need.

    Needs that ended meanwhile get none.

    Returns
    -------
    dict
        ``version`` of the run now, and its ``summary``.

    Raises
    ------
    Refusal
        Where the run is over already, because somebody took it for crashed.
    """
    run = admit(work, run_id)
    if run["state"] is not RunState.RUNNING:
        raise Refusal("planning-over", run=run_id, state=run["state"])
    open_ids = queries.still_open(work.unit, (one.need_id for one in outcome.proposals))
    rows = [
        {
            **asdict(one),
            "region_id": run["region_id"],
            "planning_run_id": run_id,
            "state": ProposalState.PROPOSED,
        }
        for one in outcome.proposals
        if one.need_id in open_ids
    ]
    work.unit.insert_all(t.proposal, rows)
    result = outcome.result
    summary = summary_of(snapshot, outcome, len(rows))
    changed = work.unit.change(
        t.planning_run,
        run_id,
        run["version"],
        state=RunState.FINISHED,
        today_on=snapshot.today,
        horizon_end_on=snapshot.horizon_end,
        problem_hash=fingerprint(snapshot.tables),
        finished_at=work.now,
        status=str(result.status),
        cost_days=result.cost,
        bound_days=result.lower_bound,
        summary=summary,
        seat_prices={name: price for name, price in sorted(result.seat_prices.items()) if price > 0},
    )
    work.record("planning_run", run_id, run["region_id"], proposals=len(rows), status=str(result.status))
    return {"version": changed["version"], "summary": summary}


@workflow(Action.RUN_PLANNING)
def fail_run(work: Work, run_id: str, why: str) -> None:
    """Mark a run as failed, so that another one can begin; one that is over stays as it is.

    Parameters
    ----------
    work : Work
        Who asks; also by hand, for a run that hangs.
    run_id : str
        Which run.
    why : str
        A word for the reason, such as the class of an error; nothing about a person.
    """
    run = admit(work, run_id)
    if run["state"] is RunState.RUNNING:
        _fail(work, run, why)
    work.record("planning_run", run_id, run["region_id"], failed=why)


@workflow(Action.RELEASE_PROPOSALS)
def release_proposals(work: Work, run_id: str, version: int) -> dict[str, Any]:
    """Show the proposals of a finished run to the counsellors; older ones are outdated.

    Marks for a re-plan that were there when the run looked are cleared.

    Returns
    -------
    dict
        ``proposals``, ``outdated`` and ``marks_cleared``, counted.

    Raises
    ------
    Refusal
        Where the run has not finished, is released, or a later one is released already.
    """
    run = admit(work, run_id)
    if run["state"] is not RunState.FINISHED:
        raise Refusal("planning-not-finished", run=run_id, state=run["state"])
    last = _last_released(work.unit, run["region_id"])
    if last is not None and last["started_at"] > run["started_at"]:
        raise Refusal("planning-older", run=run_id, later=last["id"])
    work.unit.change(t.planning_run, run_id, version, state=RunState.RELEASED)
    counts = {
        "proposals": work.unit.count(t.proposal, planning_run_id=run_id),
        "outdated": queries.outdate_proposals(work.unit, run["region_id"], run_id),
        "marks_cleared": queries.clear_marks(
            work.unit, run["region_id"], datetime.fromisoformat(run["summary"]["taken_at"])
        ),
    }
    work.record("planning_run", run_id, run["region_id"], **counts)
    return counts


@question(Action.READ_PLANNING)
def list_runs(look: Look, region_id: str, limit: int = 20) -> list[dict[str, Any]]:
    """List the last runs of a region, newest first; one that has crashed is shown as failed.

    Parameters
    ----------
    look : Look
        Who asks.
    region_id : str
        Which region.
    limit : int
        At most so many, >= 1.
    """
    look.allow_new(ObjectScope(region_id))
    run = t.planning_run
    order = [run.c.started_at.desc()]
    rows = look.unit.find(run, region_id=region_id, order_by=order, limit=limit)
    return [shown_run(row, look.now) for row in rows]


@question(Action.READ_PLANNING)
def count_marked_plans(look: Look, region_id: str) -> int:
    """Return how many plans of a region wait to be planned again."""
    look.allow_new(ObjectScope(region_id))
    return marked_plans(look.unit, region_id)


def last_released(unit: ReadRows, region_id: str) -> EarlierRun | None:
    """Return the last run of a region whose proposals were released; None where there is none."""
    run = _last_released(unit, region_id)
    if run is None:
        return None
    return EarlierRun(run["id"], queries.planned_slots(unit, run["id"]), run["seat_prices"] or {})


def released_prices(unit: ReadRows, region_id: str) -> tuple[str | None, dict[str, float]]:
    """Return the last released run of a region and what its seats cost others; None and {} without one."""
    run = _last_released(unit, region_id)
    return (None, {}) if run is None else (run["id"], run["seat_prices"] or {})


def summary_of(snapshot: Snapshot, outcome: Outcome, proposals: int) -> dict[str, Any]:
    """Return the figures of a run as JSON: waits, changes, what was left out; ids of nobody."""
    kinds = [change.kind.value for change in outcome.changes]
    return {
        "taken_at": snapshot.taken_at.isoformat(),
        "proposals": proposals,
        "planned": asdict(outcome.planned),
        "first_come": asdict(outcome.first_come),
        "first_come_cost_days": outcome.result.first_come_cost,
        "earlier": outcome.earlier_run_id,
        "engine_seconds": round(outcome.result.seconds, 1),
        "changes": {kind: kinds.count(kind) for kind in sorted(set(kinds))},
        "left_out": asdict(snapshot.left_out),
        "marked_plans": snapshot.marked_plans,
    }


def admit(look: Look, run_id: str) -> Row:
    """Return a run that is the caller's."""
    look.reach()
    run = look.unit.get(t.planning_run, run_id)
    look.allow(ObjectScope(run["region_id"]), t.planning_run, run_id)
    return run


def _last_released(unit: ReadRows, region_id: str) -> Row | None:
    run = t.planning_run
    order = [run.c.started_at.desc()]
    found = unit.find(run, region_id=region_id, state=RunState.RELEASED, order_by=order, limit=1)
    return found[0] if found else None


def _clear_crashed(work: Work, region_id: str) -> list[str]:
    """Mark a running run that has crashed as failed; refuse where it is alive."""
    crashed = []
    for run in work.unit.find(t.planning_run, region_id=region_id, state=RunState.RUNNING):
        if not has_crashed(run, work.now):
            raise Refusal("planning-runs", since=_clock(run["started_at"]))
        _fail(work, run, "crashed")
        crashed.append(run["id"])
    return crashed


def _fail(work: Work, run: Row, why: str) -> None:
    work.unit.change(
        t.planning_run,
        run["id"],
        run["version"],
        state=RunState.FAILED,
        finished_at=work.now,
        summary={"failed": why},
    )


def shown_run(run: Row, now: datetime) -> dict[str, Any]:
    """Return a run as JSON; one that has crashed as failed."""
    is_lost = run["state"] is RunState.RUNNING and has_crashed(run, now)
    return {
        "id": run["id"],
        "region_id": run["region_id"],
        "version": run["version"],
        "state": (RunState.FAILED if is_lost else run["state"]).value,
        "started_at": run["started_at"].isoformat(),
        "finished_at": run["finished_at"].isoformat() if run["finished_at"] else None,
        "status": run["status"],
        "cost_days": run["cost_days"],
        "bound_days": run["bound_days"],
        "settings": {name: value for name, value in run["settings"].items() if name not in INNER},
        "summary": {"failed": "crashed"} if is_lost else run["summary"],
    }


def _clock(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%d %H:%M UTC")
