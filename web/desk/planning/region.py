"""Planung einer Region: its runs, a new one, and what the last released plan says of waits and gaps."""

from __future__ import annotations

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from web.desk.forms import request_key
from web.desk.guard import the_desk
from web.desk.planning.frame import blueprint, my_regions, name_of
from workflows.planning_runs.background import begin_planning
from workflows.planning_runs.run import settings_for
from workflows.planning_runs.runs import count_marked_plans, list_runs
from workflows.planning_runs.watching import last_released_run, unserved_by_kind
from workflows.small_cells import safe_counts

MODES = ("fewest", "new")
"""How much a run may change; expected arrivals need a folder and are planned on the command line."""

TIME_LIMITS_SECONDS = (60, 300, 900, 3600)
_GAP, _WORKERS, _SEED = 0.0001, 1, 0


@blueprint.get("")
def regions() -> str | Response:
    """Lead to the region of whoever is signed in; let choose where there are several."""
    found = my_regions()
    if len(found) == 1:
        return redirect(url_for("planning.show", region_id=found[0]["region_id"]), 303)
    return render_template("desk/planning/regions.html", regions=found)


@blueprint.get("/<region_id>")
def show(region_id: str) -> str:
    """Show the last runs of a region, what has changed since, and the form for a new one."""
    desk = the_desk()
    runs = list_runs(desk, region_id)
    return render_template(
        "desk/planning/region.html",
        region_id=region_id,
        region=name_of(region_id, g.words.lang),
        runs=runs,
        running=next((run for run in runs if run["state"] == "running"), None),
        marked=count_marked_plans(desk, region_id),
        modes=MODES,
        time_limits=TIME_LIMITS_SECONDS,
    )


@blueprint.post("/<region_id>/laeufe")
def begin(region_id: str) -> Response:
    """Begin a run; a form that is sent twice begins one."""
    mode, limit = request.form.get("mode", MODES[0]), request.form.get("time_limit", "60")
    if mode not in MODES or limit not in map(str, TIME_LIMITS_SECONDS):
        abort(400)
    settings = settings_for(mode, float(limit), _GAP, _WORKERS, _SEED)
    run_id = begin_planning(the_desk(request_key()), region_id, settings)
    flash(g.words("desk.planning.begun"))
    return redirect(url_for("planning.run", run_id=run_id), 303)


@blueprint.get("/<region_id>/zahlen")
def figures(region_id: str) -> str:
    """Show how long people wait by the last released plan, beside first come, first served."""
    return render_template(
        "desk/planning/figures.html",
        region_id=region_id,
        region=name_of(region_id, g.words.lang),
        run=last_released_run(the_desk(), region_id),
    )


@blueprint.get("/<region_id>/luecken")
def gaps(region_id: str) -> str:
    """Show for which kinds of steps the last released plan found no slot; small counts are hidden."""
    desk = the_desk()
    run = last_released_run(desk, region_id)
    kinds = unserved_by_kind(desk, run["id"]) if run else []
    safe = safe_counts([many for _, many in kinds])
    return render_template(
        "desk/planning/gaps.html",
        region_id=region_id,
        region=name_of(region_id, g.words.lang),
        run=run,
        rows=[(kind, count) for (kind, _), count in zip(kinds, safe.cells, strict=True)],
        total=safe.total,
    )
