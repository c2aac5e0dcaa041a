"""Planung einer Region: its runs, and a new one."""

from __future__ import annotations

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from web.desk.forms import request_key
from web.desk.guard import the_desk
from web.desk.planning.frame import blueprint, my_regions, name_of
from workflows.planning_runs.background import begin_planning
from workflows.planning_runs.run import settings_for
from workflows.planning_runs.runs import count_marked_plans, list_runs

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
