"""Antworten: what a provider does with referrals that were sent to it; it sees what a consent covers now."""

from __future__ import annotations

from datetime import date
from typing import Any

from plans.actions import Action
from plans.referral import ReferralEvent
from plans.referral_details import NO_DETAILS, Details
from plans.referral_table import Consequence, Party, Reason, ReferralAction, ReferralOutcome
from workflows.acting import Work, workflow
from workflows.consents.disclosing import disclose
from workflows.plain import plain
from workflows.referrals.advancing import advance, asked_by
from workflows.referrals.records import load_referral
from workflows.referrals.scopes import admit_referral, admit_to_change, incoming


@workflow(Action.READ_INCOMING_REFERRAL)
def read_incoming_referral(work: Work, referral_id: str) -> dict[str, Any]:
    """Read a referral that was sent to the own organisation (eingegangene Vermittlung).

    Returns
    -------
    dict
        The referral without the person, its steps, and as ``fields`` what a consent valid today covers of
        what the referral carries; nothing of the person once it has ended. What is shown is noted.

    Raises
    ------
    Missing
        Where there is none, it was never sent, or it was sent to others.
    """
    row = admit_referral(work, referral_id)
    file = load_referral(work.unit, referral_id)
    fields = {} if file.referral.state.is_end else disclose(work, asked_by(file))
    work.record("referral", referral_id, row["region_id"], fields=sorted(fields))
    return {**incoming(row), "events": [_shown(event) for event in file.referral.events], "fields": fields}


@workflow(Action.ACCEPT_REFERRAL)
def accept_referral(work: Work, referral_id: str, version: int) -> dict[str, Any]:
    """Accept a referral (zusagen): the seat held is given, or one is taken for somebody who waits.

    Raises
    ------
    NoSeat
        Where somebody who waits is accepted and no seat is free.
    PlanFault
        Where the hold has run out, or the state does not allow it.
    """
    return _answer(work, referral_id, version, ReferralAction.ACCEPT)


@workflow(Action.WAITLIST_REFERRAL)
def waitlist_referral(work: Work, referral_id: str, version: int, expected_start_on: date) -> dict[str, Any]:
    """Put a requested referral on the waiting list (Warteliste) with the day on which a seat is expected."""
    details = Details(expected_start_on=expected_start_on)
    return _answer(work, referral_id, version, ReferralAction.WAITLIST, details)


@workflow(Action.REJECT_REFERRAL)
def reject_referral(
    work: Work,
    referral_id: str,
    version: int,
    reason: Reason,
    text: str = "",
    consequence: Consequence | None = None,
) -> dict[str, Any]:
    """Reject a referral (absagen) with a reason; the consequence is suggested where none is chosen."""
    details = Details(reason=reason, text=text, consequence=consequence)
    return _answer(work, referral_id, version, ReferralAction.REJECT, details)


@workflow(Action.CALL_OFF_REFERRAL)
def call_off_referral(
    work: Work,
    referral_id: str,
    version: int,
    reason: Reason,
    text: str = "",
    consequence: Consequence | None = None,
) -> dict[str, Any]:
    """Call off a seat that was given (Platz zurücknehmen), such as where a group is not reached."""
    details = Details(reason=reason, text=text, consequence=consequence)
    return _answer(work, referral_id, version, ReferralAction.CALL_OFF, details)


@workflow(Action.START_REFERRAL)
def start_referral(work: Work, referral_id: str, version: int) -> dict[str, Any]:
    """Note that the person has started today (Beginn).

    Raises
    ------
    Refusal
        Where something that must be there before the start has not been noted yet by the office.
    """
    return _answer(work, referral_id, version, ReferralAction.START)


@workflow(Action.COMPLETE_REFERRAL)
def complete_referral(
    work: Work, referral_id: str, version: int, outcome: ReferralOutcome, text: str = ""
) -> dict[str, Any]:
    """Note that a step is completed (Abschluss) and with which result; the step of the help plan is done."""
    return _answer(work, referral_id, version, ReferralAction.COMPLETE, Details(text=text, outcome=outcome))


@workflow(Action.FAIL_REFERRAL)
def fail_referral(
    work: Work,
    referral_id: str,
    version: int,
    reason: Reason,
    text: str = "",
    consequence: Consequence | None = None,
) -> dict[str, Any]:
    """Note that somebody did not come (nicht erschienen) or dropped out (abgebrochen); the seat is free."""
    details = Details(reason=reason, text=text, consequence=consequence)
    return _answer(work, referral_id, version, ReferralAction.FAIL, details)


def _answer(
    work: Work, referral_id: str, version: int, action: ReferralAction, details: Details = NO_DETAILS
) -> dict[str, Any]:
    file = advance(work, admit_to_change(work, referral_id, version), action, Party.PROVIDER, details)
    facts = {"state": file.row["state"], "reason": file.row["reason"], "outcome": file.row["outcome"]}
    work.record("referral", referral_id, file.row["region_id"], **facts)
    return incoming(file.row)


def _shown(event: ReferralEvent) -> dict[str, Any]:
    """A step as the recipient sees it: why the side of the person did something is not its business."""
    shown: dict[str, Any] = {"action": event.action, "by": event.by, "on": event.on, "to": event.to}
    if event.by is Party.PROVIDER:
        shown["details"] = event.details
    return {name: plain(value) for name, value in shown.items()}
