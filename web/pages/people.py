"""The counsellor's pages (Personen): the list, one chain as a timeline, and the best referrals for a step."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from web.pages.start import the_desk
from web.timeline import draw_timeline
from workflows.chain_view import chain_view
from workflows.people_view import people_view
from workflows.referral_view import referral_view

blueprint = Blueprint("people", __name__, url_prefix="/people")


@blueprint.get("")
def show() -> str:
    """List the people that pass the filter, those who need something done first at the top."""
    desk = the_desk()
    view, asked, faults = people_view(desk, request.args)
    return render_template("people.html", desk=desk, view=view, asked=asked, faults=faults)


@blueprint.get("/<person_id>")
def person(person_id: str) -> str:
    """Show the chain of one person."""
    desk = the_desk()
    chain = chain_view(desk, person_id)
    if chain is None:
        abort(404)
    return render_template("person.html", desk=desk, chain=chain, drawing=draw_timeline(chain, desk.today))


@blueprint.get("/<person_id>/needs/<need_id>")
def referrals(person_id: str, need_id: str) -> str:
    """Show the best referrals for one step, and what is not offered with the rule that excludes it."""
    desk = the_desk()
    view = referral_view(desk, person_id, need_id)
    if view is None:
        abort(404)
    return render_template("referrals.html", desk=desk, view=view)
