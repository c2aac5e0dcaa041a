"""Antworten der Vorführung: a provider says yes, later, or no, from its account or by a link."""

from __future__ import annotations

from typing import Any

from plans.referral_details import NO_DETAILS, Details
from plans.referral_table import Reason, ReferralAction
from store import tables as t
from workflows.acting import Desk
from workflows.demo.lives import Life
from workflows.referrals import provider
from workflows.referrals.answer_links import answer_by_link, bearer_of

ANSWERS = {ReferralAction.ACCEPT: 0.84, ReferralAction.WAITLIST: 0.08, ReferralAction.REJECT: 0.08}
REJECTIONS = (Reason.NO_CAPACITY, Reason.LEVEL_MISMATCH, Reason.DISTANCE_OR_TIME, Reason.MISSING_DOCUMENTS)

Row = dict[str, Any]


def answered(life: Life, desk: Desk, row: Row, token: str) -> ReferralAction:
    """Let a provider read a request and answer it.

    Parameters
    ----------
    life : Life
        Whose request.
    desk : Desk
        Of whoever answers for the provider.
    row : dict
        The referral as it stands.
    token : str
        Of the link by which it is answered; empty = from the account.

    Returns
    -------
    ReferralAction
        One of `ANSWERS`.
    """
    answer = life.choose("an answer", ANSWERS)
    details = _details(life, answer, row)
    if token:
        bearer = bearer_of(life.world.simulation.store, token)
        provider.read_incoming_referral(bearer.desk, row["id"])
        answer_by_link(bearer.desk, bearer.link_id, row["version"], answer, details)
    else:
        provider.read_incoming_referral(desk, row["id"])
        _answer(desk, row, details)
    return answer


def _details(life: Life, answer: ReferralAction, row: Row) -> Details:
    if answer is ReferralAction.ACCEPT:
        return NO_DETAILS
    if answer is ReferralAction.REJECT:
        return Details(reason=life.take_turns("why a referral is rejected", REJECTIONS))
    start_on = life.world.simulation.row(t.slot, row["slot_id"])["start_on"]
    return Details(expected_start_on=max(start_on, life.today))


def _answer(desk: Desk, row: Row, details: Details) -> None:
    if details.reason is not None:
        provider.reject_referral(desk, row["id"], row["version"], details.reason)
    elif details.expected_start_on is not None:
        provider.waitlist_referral(desk, row["id"], row["version"], details.expected_start_on)
    else:
        provider.accept_referral(desk, row["id"], row["version"])
