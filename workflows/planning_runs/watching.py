"""Einen Planungslauf verfolgen: where it stands, what it has found, and the wish that it ends now."""

from __future__ import annotations

from typing import Any

from plans.actions import Action
from plans.roles import ObjectScope
from store import tables as t
from store.queries import planning as queries
from store.queries.paging import Page
from store.tables import RunState
from workflows.acting import Look, Work, question, workflow
from workflows.background import this_process
from workflows.lists import Listed
from workflows.planning_runs.proposals import shown
from workflows.planning_runs.runs import admit, shown_run
from workflows.refusal import Refusal

FIRST_PAGE = Page()


@question(Action.READ_PLANNING)
def read_run(look: Look, run_id: str) -> dict[str, Any]:
    """Return a run as `list_runs` does, with its ``region_id``; while it is at work with its progress.

    Raises
    ------
    Missing
        Where there is no such run, or it is none of the caller's.
    """
    return shown_run(admit(look, run_id), look.now)


@question(Action.READ_PLANNING)
def list_run_changes(
    look: Look, run_id: str, page: Page = FIRST_PAGE, *, only_changed: bool = True
) -> Listed:
    """List the proposals of a run page by page, by need: those other than in the plan before, or all.

    Raises
    ------
    Missing
        See `read_run`.
    """
    admit(look, run_id)
    rows = queries.proposals_page(look.unit, run_id, page, only_changed=only_changed)
    kept = rows[: page.size]
    after = (kept[-1]["need_id"], kept[-1]["need_id"]) if len(rows) > len(kept) else None
    return Listed([shown(row) for row in kept], after)


@question(Action.READ_PLANNING)
def last_released_run(look: Look, region_id: str) -> dict[str, Any] | None:
    """Return the last run of a region whose proposals were released; None where there is none."""
    look.allow_new(ObjectScope(region_id))
    order = [t.planning_run.c.started_at.desc()]
    found = look.unit.find(
        t.planning_run, region_id=region_id, state=RunState.RELEASED, order_by=order, limit=1
    )
    return shown_run(found[0], look.now) if found else None


@workflow(Action.RUN_PLANNING)
def take_run(work: Work, run_id: str) -> bool:
    """Note that this process computes a run, so that it is found crashed when the process is gone.

    Returns
    -------
    bool
        False where another process has it already, or it is over.
    """
    run = admit(work, run_id)
    is_free = run["state"] is RunState.RUNNING and not run["settings"].get("taken")
    if is_free:
        settings = run["settings"] | {"process": this_process(), "taken": True}
        work.unit.change(t.planning_run, run_id, run["version"], settings=settings)
    work.record("planning_run", run_id, run["region_id"], taken=is_free)
    return is_free


@workflow(Action.RUN_PLANNING)
def ask_to_stop(work: Work, run_id: str) -> str:
    """Ask a run to end now with the best plan it has found, and its bound; it does so within seconds.

    Raises
    ------
    Refusal
        Where it is over already.
    """
    run = admit(work, run_id)
    if run["state"] is not RunState.RUNNING:
        raise Refusal("planning-over", run=run_id, state=run["state"])
    settings = run["settings"] | {"stop": True}
    work.unit.change(t.planning_run, run_id, run["version"], settings=settings)
    work.record("planning_run", run_id, run["region_id"], stop=True)
    return run_id


@question(Action.RUN_PLANNING)
def is_asked_to_stop(look: Look, run_id: str) -> bool:
    """Whether somebody has asked a run to end, or it is over already."""
    run = admit(look, run_id)
    return run["state"] is not RunState.RUNNING or bool(run["settings"].get("stop"))
