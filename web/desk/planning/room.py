"""Planungswerkstatt: where the network breaks, what is missing and why, and how long people waited."""

from __future__ import annotations

from dataclasses import replace

from flask import abort, g, render_template, request
from werkzeug.wrappers import Response

from web.desk.guard import the_desk
from web.desk.pdf import pdf_answer
from web.desk.planning.frame import blueprint, my_regions, name_of
from web.desk.planning.shown import FILE, report_answer
from web.sheets.council_report import council_report
from workflows.partners.opened import open_network
from workflows.planning_room.actual import (
    CLOCKS,
    DIMENSIONS,
    actual_report,
    read_actual_report,
    read_begun_steps,
)
from workflows.planning_room.balance import balance_report, read_balance
from workflows.planning_room.forecast import forecast_report, read_promised
from workflows.planning_room.gaps import gaps_of, savings_report, unmet_report
from workflows.planning_room.office import analyse_opened, has_plan, open_planning_state
from workflows.planning_room.running import Running, read_running, running_tables
from workflows.planning_room.state import PlannedRegion
from workflows.planning_room.tables import Report
from workflows.planning_runs.watching import last_released_run

RECKON = "rechnen"
SEATS_TRIED, SECONDS_A_SEAT, SEED = 5, 3.0, 1
"""How many of the dearest seats are planned once more for a page, and how long each may take."""


@blueprint.get("/<region_id>/netzanalyse")
def analysis(region_id: str) -> str | Response:
    """Show what the network can bear, where it breaks, who finds a chain, and which handovers lack one."""
    my_regions()
    return report_answer(
        "analysis", region_id, analyse_opened(open_network(the_desk(), region_id), g.words.lang)
    )


@blueprint.get("/<region_id>/luecken")
def gaps(region_id: str) -> str | Response:
    """Show who lacks a slot and why, which groups do not open and which seats stay empty; once asked to."""
    planned = _reckoned_from("gaps", region_id)
    if not isinstance(planned, PlannedRegion):
        return planned
    return report_answer("gaps", region_id, replace(unmet_report(planned), names=planned.names))


@blueprint.get("/<region_id>/mehr-plaetze")
def savings(region_id: str) -> str | Response:
    """Show what one more seat, and one more group, would save where seats are dearest; once asked to."""
    planned = _reckoned_from("savings", region_id)
    if not isinstance(planned, PlannedRegion):
        return planned
    found = gaps_of(planned, SEATS_TRIED, SEED, SECONDS_A_SEAT)
    return report_answer("savings", region_id, replace(savings_report(found), names=planned.names))


@blueprint.get("/<region_id>/zahlen")
def figures(region_id: str) -> str | Response:
    """Show how long people really waited, on both clocks; and by the released plan."""
    by, clock = request.args.get("nach", "month"), request.args.get("uhr", CLOCKS[0])
    if by not in DIMENSIONS or clock not in CLOCKS:
        abort(400)
    desk = the_desk()
    waits = read_actual_report(desk, region_id, name_of(region_id, g.words.lang), clock, by)
    report = _with_running(waits, read_running(desk, region_id))
    run = last_released_run(desk, region_id)
    return report_answer(
        "figures", region_id, report, run=run, by=by, clock=clock, dimensions=tuple(DIMENSIONS), clocks=CLOCKS
    )


@blueprint.get("/<region_id>/bericht")
def report(region_id: str) -> Response:
    """Set the report for a council: waits, gaps and what the network can bear, with charts."""
    desk, lang = the_desk(), g.words.lang
    begun = read_begun_steps(desk, region_id)
    region = name_of(region_id, lang)
    parts = {
        "figures": _with_running(actual_report(begun, region), read_running(desk, region_id)),
        "balance": balance_report(read_balance(desk, region_id), region),
        "forecast": forecast_report(read_promised(desk, region_id), region),
    }
    planned = open_planning_state(desk, region_id, lang)
    if planned is not None:
        parts["gaps"] = replace(unmet_report(planned), names=planned.names)
    parts["analysis"] = analyse_opened(open_network(desk, region_id), lang)
    return pdf_answer(council_report(parts, region, begun.today, lang), "bericht.pdf")


def _with_running(report: Report, running: Running) -> Report:
    """Waits, and below them how seats were used, groups cancelled and starts missed."""
    return replace(report, tables=[*report.tables, *running_tables(running)])


def _reckoned_from(name: str, region_id: str) -> PlannedRegion | str:
    """What a page reckons from, once it is asked to; before, the page that offers it."""
    if not {RECKON, FILE} & set(request.args) and has_plan(the_desk(), region_id):
        region = name_of(region_id, g.words.lang)
        return render_template(f"desk/planning/{name}.html", region_id=region_id, region=region, report=None)
    return open_planning_state(the_desk(), region_id, g.words.lang) or _no_plan(name, region_id)


def _no_plan(name: str, region_id: str) -> str:
    region = name_of(region_id, g.words.lang)
    return render_template("desk/planning/no_plan.html", name=name, region_id=region_id, region=region)
