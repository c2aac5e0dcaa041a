"""Seite „Antwort per Link“: a provider without an account answers one referral, once, by a link.

The token in the address is the permission, so that no answer of these pages names it to anybody else.
"""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, g, render_template, request, url_for

from plans.referral_details import NO_DETAILS, Details
from plans.referral_table import TRANSITIONS, Consequence, Reason, ReferralAction, ReferralState
from web.desk import forms
from web.desk.guard import the_store
from web.desk.pace import Pace
from web.desk.referrals.disclosed import shown_fields
from workflows.partners.own_groups import list_own_groups
from workflows.referrals.answer_links import ANSWERS, LinkIsOver, answer_by_link, bearer_of
from workflows.referrals.provider import read_incoming_referral
from workflows.refusals_shown import REFUSALS, shown

blueprint = Blueprint("by_link", __name__, url_prefix="/antwort")

OFTEN, WITHIN_SECONDS = 30, 60.0
"""So often one address may ask within this time; a token cannot be guessed, but asking costs."""

REFUSED_IN_THE_FORM = (409, 422)


def pace_of_links() -> Pace:
    """Return what counts how often the links of an application are asked for."""
    return Pace(OFTEN, WITHIN_SECONDS)


@blueprint.before_request
def slow_down() -> None:
    """Let nobody try out tokens, or have the same file shown again and again."""
    pace = current_app.extensions["pace_of_links"]
    assert isinstance(pace, Pace)
    if not pace.allows(request.remote_addr or ""):
        abort(429)


@blueprint.after_request
def keep_the_token(response: Response) -> Response:
    """No address that is opened from here is told the token, and no search engine lists it."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.errorhandler(LinkIsOver)
def over(refusal: LinkIsOver) -> tuple[str, int]:
    """Say that a link is over, or was used; what it was for is not said."""
    key = "done" if refusal.code == "link-answered" else "over"
    told = refusal.text(g.words.lang)
    return render_template("desk/provider/by_link_over.html", key=key, told=told), 410


@blueprint.get("/<token>")
def show(token: str) -> str:
    """Show the referral with what a consent covers, and what can be answered."""
    return _page(token)


@blueprint.post("/<token>/<answer>")
def answer(token: str, answer: str) -> str | tuple[str, int]:
    """Answer the referral: accept, put on the waiting list, or reject."""
    bearer = bearer_of(the_store(), token)
    if answer not in ANSWERS:
        abort(404)
    action = ReferralAction(answer)
    try:
        answer_by_link(bearer.desk, bearer.link_id, forms.version(), action, _details(action))
    except forms.FieldFault as fault:
        return _page(token, answer, g.words(f"desk.field.{fault.code}")), 422
    except REFUSALS as refusal:
        seen = shown(refusal, g.words.lang)
        if isinstance(refusal, LinkIsOver) or seen.status not in REFUSED_IN_THE_FORM:
            raise
        return _page(token, answer, seen.sentence), seen.status
    told = g.words(f"desk.by-link.told.{action}")
    return render_template("desk/provider/by_link_over.html", key="done", told=told)


def _details(action: ReferralAction) -> Details:
    """What an answer asks for, from its form."""
    if action is ReferralAction.WAITLIST:
        return Details(expected_start_on=forms.asked_day("expected_start_on"))
    if action is ReferralAction.REJECT:
        consequence = forms.one_of(Consequence, "consequence") if forms.text("consequence") else None
        return Details(forms.one_of(Reason, "reason"), forms.text("text"), consequence)
    return NO_DETAILS


def _page(token: str, answered: str = "", fault: str = "") -> str:
    bearer = bearer_of(the_store(), token)
    referral = read_incoming_referral(bearer.desk, bearer.referral_id)
    state = ReferralState(referral["state"])
    groups = {group.id: group for group in list_own_groups(bearer.desk)}
    return render_template(
        "desk/provider/by_link.html",
        referral=referral,
        person=shown_fields(referral["fields"]),
        group=groups.get(referral["slot_group_id"]),
        actions=ANSWERS,
        transitions={action: TRANSITIONS[state, action] for action in ANSWERS},
        consequences=tuple(Consequence),
        answered=answered,
        fault=fault,
        address=lambda action: url_for("by_link.answer", token=token, answer=action),
    )
