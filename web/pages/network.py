"""The coordinator's page (Netz): who offers what, where and when; and where the chain breaks."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from web.map_drawing import draw_map
from web.pages.start import the_desk
from workflows.network_view import actor_view, network_choices, network_view, read_network_filter
from workflows.weak_points import weak_points

blueprint = Blueprint("network", __name__, url_prefix="/network")


@blueprint.get("")
def show() -> str:
    """Show the offers that pass the filter in the address, as map and list, and the weak points."""
    desk = the_desk()
    choices = network_choices(desk.network)
    asked, faults = read_network_filter(request.args, choices)
    view = network_view(desk.network, asked)
    origin = choices.towns.get(asked.town)
    return render_template(
        "network.html",
        desk=desk,
        choices=choices,
        asked=asked,
        faults=faults,
        view=view,
        drawing=draw_map(view, origin, asked.km),
        weak=weak_points(desk.network, desk.today),
    )


@blueprint.get("/actor/<actor_id>")
def actor(actor_id: str) -> str:
    """Show one organisation with its offers, next dates and cooperation."""
    desk = the_desk()
    view = actor_view(desk.network, actor_id)
    if view is None:
        abort(404)
    return render_template("actor.html", desk=desk, view=view)
