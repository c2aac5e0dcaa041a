"""Fahrzeiten: hand in the table by which the ways of a region are measured, see which holds, take it back."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from network.faults import PartnerFault
from network.model import Region
from web.desk.forms import request_key, version
from web.desk.guard import the_desk
from web.desk.planning.frame import blueprint, name_of
from workflows.partners.imports import problem
from workflows.partners.opened import open_network
from workflows.planning_room.travel_times import (
    hand_in_travel_times,
    list_travel_times,
    take_back_travel_times,
)


@blueprint.route("/<region_id>/fahrzeiten", methods=["GET", "POST"])
def travel_times(region_id: str) -> str | Response | tuple[str, int]:
    """Show the tables that were handed in, and take a new one."""
    if request.method == "GET":
        return _page(region_id)
    handed_in = request.files.get("file")
    if handed_in is None or not handed_in.filename:
        return _page(region_id, fault=g.words("desk.planning.travel.no-file")), 422
    try:
        hand_in_travel_times(the_desk(request_key()), region_id, handed_in.filename, handed_in.read())
    except PartnerFault as error:
        return _page(region_id, problems=[problem(one) for one in error.faults]), 422
    return redirect(url_for("planning.travel_times", region_id=region_id), 303)


@blueprint.post("/<region_id>/fahrzeiten/<travel_times_id>/zuruecknehmen")
def travel_times_back(region_id: str, travel_times_id: str) -> Response:
    """Take a table back."""
    take_back_travel_times(the_desk(request_key()), region_id, travel_times_id, version())
    return redirect(url_for("planning.travel_times", region_id=region_id), 303)


def _page(region_id: str, *, fault: str = "", problems: list[dict[str, Any]] | None = None) -> str:
    desk = the_desk()
    tables = list_travel_times(desk, region_id)
    holding = next((one for one in tables if one["holds"]), None)
    places = _places(open_network(desk, region_id).region) if holding else ()
    return render_template(
        "desk/planning/travel_times.html",
        region_id=region_id,
        region=name_of(region_id, g.words.lang),
        tables=tables,
        holding=holding,
        lacking=[name for name in places if name.casefold() not in holding["places"]] if holding else [],
        fault=fault,
        problems=problems or [],
    )


def _places(region: Region) -> list[str]:
    """Names of the places from and to which people of a region go."""
    offered_at = {region.home_of(id).name for id in region.offerings}
    return sorted({town.place.name for town in region.towns} | offered_at)
