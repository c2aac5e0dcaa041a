"""Akteur: one organisation with its offerings, groups, contact and cooperation."""

from __future__ import annotations

from flask import abort, render_template

from web.desk.guard import the_desk
from web.desk.network.frame import blueprint
from workflows.network_view import actor_view
from workflows.partners.opened import open_network


@blueprint.get("/<region_id>/akteure/<key>")
def actor(region_id: str, key: str) -> str:
    """Show one organisation."""
    opened = open_network(the_desk(), region_id)
    view = actor_view(opened.network, key)
    if view is None:
        abort(404)
    return render_template("desk/network/actor.html", opened=opened, view=view)
