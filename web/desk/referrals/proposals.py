"""Vorschläge der Planung: what a released plan proposes, accepted after the preview or declined."""

from __future__ import annotations

from typing import Any

from flask import abort, g, render_template, url_for
from werkzeug.wrappers import Response

from network.kinds import kind_label
from plans.referral_table import TRANSITIONS, Reason, ReferralAction, ReferralState
from web.desk.filling import Page
from web.desk.form_page import Control, Field, FormPage, lead_to, terms
from web.desk.forms import one_of, request_key, text, version
from web.desk.guard import the_desk
from web.desk.referrals.disclosed import preview_of
from web.desk.referrals.pages import blueprint
from workflows.consents.preview import preview_disclosure
from workflows.planning_runs.deciding import UNDECIDED, accept_proposal, decline_proposal
from workflows.planning_runs.proposals import list_proposals, read_proposal
from workflows.referrals.carries import needed_for
from workflows.referrals.offers import describe_slots, names_of_people

Row = dict[str, Any]

SHOWN = 50
"""Proposals on one page; the next ones follow when these are decided."""


@blueprint.get("/vorschlaege")
def proposals() -> str:
    """Show what the last released plan proposes for the people of the office."""
    found = list_proposals(the_desk(), limit=SHOWN)
    names = names_of_people(the_desk(), [one["person_id"] for one in found])
    return render_template("desk/referrals/proposals.html", found=found, names=names)


@blueprint.get("/vorschlaege/<proposal_id>")
def proposal(proposal_id: str) -> str:
    """Show one proposal with what the provider would see."""
    row, seen = _taken(proposal_id)
    if row["state"] not in UNDECIDED:
        abort(404)
    slot = seen["slots"][row["slot_id"]]
    views = preview_disclosure(the_desk(), row["need_id"], slot["organisation_id"])
    return render_template(
        "desk/referrals/ask.html",
        seen=seen,
        slot=slot,
        proposal=row,
        crumbs_above=_above(),
        preview=preview_of(views, needed_for(slot["kind"])),
    )


@blueprint.post("/vorschlaege/<proposal_id>/annehmen")
def accept(proposal_id: str) -> Response | tuple[str, int]:
    """Accept a proposal: the seat is held; where it was lost, say why and what can be had instead."""
    row, seen = _taken(proposal_id)
    done = accept_proposal(the_desk(request_key()), proposal_id, version())
    if done["accepted"]:
        return lead_to(f"{url_for('cases.show', person_id=row['person_id'])}#step-{row['need_id']}")
    page = render_template("desk/referrals/lost.html", done=done, seen=seen, crumbs_above=_above())
    return page, 409


@blueprint.route("/vorschlaege/<proposal_id>/ablehnen", methods=["GET", "POST"])
def decline(proposal_id: str) -> Page:
    """Decline a proposal with a reason."""
    row, seen = _taken(proposal_id)
    allowed = TRANSITIONS[ReferralState.DRAFT, ReferralAction.CANCEL].reasons
    fields = (
        Field(
            *("reason", Control.RADIOS, True),
            choices=terms(reason for reason in Reason if reason in allowed),
            label="decline_reason",
        ),
        Field("text", Control.LONG, label="cancel_text"),
    )

    def refuse() -> str:
        reason = one_of(Reason, "reason")
        decline_proposal(the_desk(request_key()), proposal_id, version(), reason, text("text"))
        return url_for("referrals.proposals")

    named = {"name": seen["person_name"], "kind": kind_label(row["kind"], g.words.lang)}
    return FormPage("decline", fields, {"version": row["version"]}, _above(), named).answer(refuse)


def _taken(proposal_id: str) -> tuple[Row, Row]:
    """A proposal of the office, with its step and slot.

    Also one that is decided: a form that is sent twice is answered as it was the first time.
    """
    row = read_proposal(the_desk(), proposal_id)
    if row["slot_id"] is None:
        abort(404)
    return row, describe_slots(the_desk(), row["need_id"], [row["slot_id"]])


def _above() -> tuple[tuple[str, str], ...]:
    return (
        (g.words("desk.menu.people"), url_for("people.show")),
        (g.words("desk.referrals.proposals.title"), url_for("referrals.proposals")),
    )
