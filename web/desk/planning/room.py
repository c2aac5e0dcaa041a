"""Planungswerkstatt: where the network breaks, what is missing and why, and how long people waited."""

from __future__ import annotations

from dataclasses import replace

from flask import abort, g, request
from werkzeug.wrappers import Response

from web.desk.guard import the_desk
from web.desk.planning.frame import blueprint, my_regions, name_of
from web.desk.planning.reckoning import question_page
from web.desk.planning.shown import report_answer
from workflows.partners.opened import open_network
from workflows.planning_room.actual import CLOCKS, DIMENSIONS, read_actual_report
from workflows.planning_room.connections import read_connections
from workflows.planning_room.districts import read_district_report, read_districts
from workflows.planning_room.office import analyse_opened
from workflows.planning_room.running import read_running_tables
from workflows.planning_runs.watching import last_released_run


@blueprint.get("/<region_id>/netzanalyse")
def analysis(region_id: str) -> str | Response:
    """Show what the network can bear, where it breaks, who finds a chain, and which handovers lack one."""
    my_regions()
    return report_answer(
        "analysis", region_id, analyse_opened(open_network(the_desk(), region_id), g.words.lang)
    )


@blueprint.get("/<region_id>/luecken")
def gaps(region_id: str) -> str:
    """Ask who lacks a slot and why, which groups do not open and which seats stay empty."""
    return question_page("gaps", region_id)


@blueprint.get("/<region_id>/mehr-plaetze")
def savings(region_id: str) -> str:
    """Ask what one more seat, and one more group, would save where seats are dearest."""
    return question_page("savings", region_id)


@blueprint.get("/<region_id>/was-waere-wenn")
def what_if(region_id: str) -> str:
    """Ask what a group more, another size, or one less would do; the address may fill the form in."""
    return question_page("what-if", region_id)


@blueprint.get("/<region_id>/simulation")
def simulation(region_id: str) -> str:
    """Ask how long people would wait in a year if seats were given in other ways."""
    return question_page("simulation", region_id)


@blueprint.get("/<region_id>/bericht")
def report(region_id: str) -> str:
    """Ask for the report for a council, and show those that were made."""
    return question_page("report", region_id)


@blueprint.get("/<region_id>/zahlen")
def figures(region_id: str) -> str | Response:
    """Show how long people really waited, on both clocks, everywhere or in one district; and by the plan."""
    by, clock = request.args.get("nach", "month"), request.args.get("uhr", CLOCKS[0])
    kind, _, district = request.args.get("ort", "").partition(":")
    if by not in DIMENSIONS or clock not in CLOCKS:
        abort(400)
    desk, name = the_desk(), name_of(region_id, g.words.lang)
    districts = read_districts(desk, region_id)
    if kind:
        if district not in districts.get(kind, ()):
            abort(404)
        report = read_district_report(desk, region_id, name, clock, kind, district)
    else:
        waits = read_actual_report(desk, region_id, name, clock, by)
        beside = [read_connections(desk, region_id), *read_running_tables(desk, region_id)]
        report = replace(waits, tables=[*waits.tables, *beside])
    return report_answer(
        "figures",
        region_id,
        report,
        run=last_released_run(desk, region_id),
        by=by,
        clock=clock,
        district=f"{kind}:{district}" if kind else "",
        districts=districts,
        dimensions=tuple(DIMENSIONS),
        clocks=CLOCKS,
    )
