"""Ein Planungslauf: its progress while it is at work, then its figures, its changes and their release."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from web.desk.forms import request_key, version
from web.desk.guard import the_desk
from web.desk.planning.frame import blueprint, name_of
from web.desk.planning.watching import Told, progress_answer
from workflows.lists import Page
from workflows.planning_runs.runs import release_proposals
from workflows.planning_runs.watching import ask_to_stop, list_run_changes, read_run

ROWS_A_PAGE = 50


@blueprint.get("/laeufe/<run_id>")
def run(run_id: str) -> str:
    """Show a run: its progress, or what it has found and changed."""
    desk = the_desk()
    found = read_run(desk, run_id)
    earlier_id = found["summary"].get("earlier")
    only_changed = "alle" not in request.args and earlier_id is not None
    after = request.args.get("nach", "")
    page = Page(ROWS_A_PAGE, (after, after) if after else None)
    is_over = found["state"] in ("finished", "released")
    return render_template(
        "desk/planning/run.html",
        run=found,
        region=name_of(found["region_id"], g.words.lang),
        told=run_told(found),
        earlier=read_run(desk, earlier_id) if earlier_id else None,
        only_changed=only_changed,
        proposals=list_run_changes(desk, run_id, page, only_changed=only_changed) if is_over else None,
        is_first_page=not after,
    )


@blueprint.get("/laeufe/<run_id>/fortschritt")
def progress(run_id: str) -> Response:
    """Tell the progress of a run as it goes on (server-sent events); ``over`` at its end."""
    desk = the_desk()
    return progress_answer(lambda: read_run(desk, run_id), run_told)


@blueprint.post("/laeufe/<run_id>/anhalten")
def stop(run_id: str) -> BaseResponse:
    """Ask a run to end with the best plan found so far."""
    ask_to_stop(the_desk(request_key()), run_id)
    flash(g.words("desk.planning.stopping"))
    return redirect(url_for("planning.run", run_id=run_id), 303)


@blueprint.post("/laeufe/<run_id>/freigeben")
def release(run_id: str) -> BaseResponse:
    """Show the proposals of a run to the counsellors."""
    done = release_proposals(the_desk(request_key()), run_id, version())
    flash(g.words("desk.planning.released", **done))
    return redirect(url_for("planning.run", run_id=run_id), 303)


def run_told(found: dict[str, Any]) -> Told:
    """Say where a run stands: its phase, how long it has worked, and how much may still be avoidable."""
    words, told = g.words, found["summary"].get("progress")
    if not told:
        reading = words("desk.planning.reading")
        return Told(reading, reading)
    key = f"desk.planning.phase.{told['phase']}"
    phase = words(key) if key in words else words("desk.planning.phase.search")
    percent = round(100 * min(told["gap"], 1), 1)
    seconds = round(told["seconds"])
    return Told(phase, words("desk.planning.progress", phase=phase, seconds=seconds, percent=percent))
