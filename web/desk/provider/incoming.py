"""Seiten „Eingang“: referrals that were sent to the own organisation, and the answers to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from plans.referral_table import (
    TRANSITIONS,
    Consequence,
    Party,
    Reason,
    ReferralAction,
    ReferralOutcome,
    ReferralState,
    possible,
)
from web.desk import forms
from web.desk.guard import the_desk
from web.desk.referrals.disclosed import shown_fields
from workflows.acting import Desk
from workflows.partners.own_groups import list_own_groups
from workflows.referrals import provider
from workflows.referrals.lists import list_incoming_referrals
from workflows.refusals_shown import REFUSALS, shown

blueprint = Blueprint("provider", __name__, url_prefix="/eingang")

STATES = (
    ReferralState.REQUESTED,
    ReferralState.WAITLISTED,
    ReferralState.ACCEPTED,
    ReferralState.IN_PROGRESS,
)
"""What can still be answered, the most urgent first."""

REFUSED_IN_THE_FORM = (409, 422)


@blueprint.get("")
def show() -> str:
    """Show what was sent to the own organisation and waits for something."""
    desk = the_desk()
    lists = [(state, list_incoming_referrals(desk, state).rows) for state in STATES]
    groups = {group.id: group for group in list_own_groups(desk)}
    return render_template("desk/provider/show.html", lists=lists, groups=groups)


@blueprint.get("/<referral_id>")
def read(referral_id: str) -> str:
    """Show one referral with what a consent covers, and what can be answered."""
    return _page(referral_id)


@blueprint.post("/<referral_id>/<answer>")
def answer(referral_id: str, answer: str) -> Response | tuple[str, int]:
    """Answer a referral: accept, put on the waiting list, reject, call off, start, complete, fail."""
    if answer not in ANSWERS:
        provider.read_incoming_referral(the_desk(), referral_id)
        abort(404)
    try:
        ANSWERS[answer](the_desk(forms.request_key()), referral_id, forms.version())
    except forms.FieldFault as fault:
        return _page(referral_id, answer, g.words(f"desk.field.{fault.code}")), 422
    except REFUSALS as refusal:
        seen = shown(refusal, g.words.lang)
        if seen.status not in REFUSED_IN_THE_FORM:
            raise
        return _page(referral_id, answer, seen.sentence), seen.status
    return redirect(url_for("provider.read", referral_id=referral_id), 303)


def _accept(desk: Desk, referral_id: str, version: int) -> None:
    provider.accept_referral(desk, referral_id, version)


def _waitlist(desk: Desk, referral_id: str, version: int) -> None:
    provider.waitlist_referral(desk, referral_id, version, forms.asked_day("expected_start_on"))


def _start(desk: Desk, referral_id: str, version: int) -> None:
    provider.start_referral(desk, referral_id, version)


def _complete(desk: Desk, referral_id: str, version: int) -> None:
    outcome = forms.one_of(ReferralOutcome, "outcome")
    provider.complete_referral(desk, referral_id, version, outcome, forms.text("text"))


def _with_reason(workflow: Callable[..., Any]) -> Callable[[Desk, str, int], None]:
    def run(desk: Desk, referral_id: str, version: int) -> None:
        reason = forms.one_of(Reason, "reason")
        consequence = forms.one_of(Consequence, "consequence") if forms.text("consequence") else None
        workflow(desk, referral_id, version, reason, forms.text("text"), consequence)

    return run


ANSWERS: Mapping[str, Callable[[Desk, str, int], None]] = {
    ReferralAction.ACCEPT: _accept,
    ReferralAction.WAITLIST: _waitlist,
    ReferralAction.REJECT: _with_reason(provider.reject_referral),
    ReferralAction.CALL_OFF: _with_reason(provider.call_off_referral),
    ReferralAction.START: _start,
    ReferralAction.COMPLETE: _complete,
    ReferralAction.FAIL: _with_reason(provider.fail_referral),
}


def _page(referral_id: str, answered: str = "", fault: str = "") -> str:
    referral = provider.read_incoming_referral(the_desk(), referral_id)
    state = ReferralState(referral["state"])
    groups = {group.id: group for group in list_own_groups(the_desk())}
    return render_template(
        "desk/provider/referral.html",
        referral=referral,
        person=shown_fields(referral["fields"]),
        state=state,
        group=groups.get(referral["slot_group_id"]),
        actions=[action for action in possible(state, Party.PROVIDER) if action in ANSWERS],
        transitions={action: TRANSITIONS[state, action] for action in possible(state, Party.PROVIDER)},
        outcomes=tuple(ReferralOutcome),
        consequences=tuple(Consequence),
        answered=answered,
        fault=fault,
        event_terms=_event_terms,
        address=lambda action: url_for("provider.answer", referral_id=referral_id, answer=action),
    )


def _event_terms(event: Mapping[str, Any]) -> tuple[ReferralAction, Party]:
    return ReferralAction(event["action"]), Party(event["by"])
