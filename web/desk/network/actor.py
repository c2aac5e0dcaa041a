"""Akteur: one organisation with its offerings, groups, contact, cooperation, and what was changed when."""

from __future__ import annotations

from flask import render_template

from web.desk.guard import the_desk
from web.desk.network.frame import blueprint
from workflows.network_view import actor_view
from workflows.partners.actor_file import list_changes, read_actor


@blueprint.get("/<region_id>/akteure/<key>")
def actor(region_id: str, key: str) -> str:
    """Show one organisation; whoever may change it sees its history and buttons to edit."""
    file = read_actor(the_desk(), region_id, key)
    return render_template(
        "desk/network/actor.html",
        file=file,
        opened=file.opened,
        view=actor_view(file.opened.network, key),
        changes=list_changes(the_desk(), region_id, key) if file.may_edit else (),
    )
