"""Vermitteln: what an office does with referrals of its people."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from plans.actions import Action
from plans.consent import DataCategory
from plans.referral_details import Details
from plans.referral_table import Consequence, Party, Reason, ReferralAction
from store import tables as t
from workflows.acting import Work, workflow
from workflows.plain import plain
from workflows.referrals.advancing import end_referral
from workflows.referrals.asking import draft, earliest_slot, hold_seat, join_list, outline
from workflows.referrals.records import load_referral
from workflows.referrals.scopes import admit_referral, admit_to_change
from workflows.refusal import Refusal
from workflows.scopes import admit


@workflow(Action.DRAFT_REFERRAL)
def draft_referral(
    work: Work,
    need_id: str,
    slot_id: str | None = None,
    offering_id: str | None = None,
    carries: Collection[DataCategory] | None = None,
) -> dict[str, Any]:
    """Draft a referral of a step (Vermittlung vorbereiten); nothing leaves, no seat is held yet.

    Parameters
    ----------
    work : Work
        Called with a `Desk`.
    need_id : str
        Which step.
    slot_id, offering_id : str, optional
        One of them: a slot, or an offering of which the slot with a free seat that starts first is taken.
    carries : collection of DataCategory, optional
        What the recipient is told; by default what the kind needs.

    Returns
    -------
    dict
        Id, version, state and slot of the referral.

    Raises
    ------
    Missing, Refusal
        See `workflows.referrals.asking.draft`.
    """
    admit(work, t.need, need_id)
    if (slot_id is None) == (offering_id is None):
        raise Refusal("slot-or-offering", need=need_id)
    chosen = slot_id or earliest_slot(work, need_id, offering_id or "")
    file = draft(work, need_id, chosen, carries)
    work.record("referral", file.id, file.row["region_id"], need=need_id, slot=chosen)
    return outline(file)


@workflow(Action.REQUEST_SEAT)
def request_seat(work: Work, referral_id: str, version: int, pooled: bool = True) -> dict[str, Any]:
    """Send a drafted referral and hold a seat (Platz anfragen); the hold expires by rule.

    Parameters
    ----------
    work : Work
        Called with a `Desk`.
    referral_id, version : str, int
        Which referral, as it was read.
    pooled : bool
        Whether an equal slot of the same offering may be taken where the one drafted is full.

    Returns
    -------
    dict
        The referral; ``choice`` says which slot was taken, and which before it were full.

    Raises
    ------
    NoSeat, Refusal, PlanFault
        See `workflows.referrals.asking.hold_seat`.
    """
    file, choice = hold_seat(work, admit_to_change(work, referral_id, version), pooled=pooled)
    work.record("referral", file.id, file.row["region_id"], **choice.explained)
    return outline(file, choice=choice.explained)


@workflow(Action.JOIN_WAITLIST)
def join_waitlist(work: Work, referral_id: str, version: int, expected_start_on: date) -> dict[str, Any]:
    """Send a drafted referral to the waiting list of its group (auf die Warteliste setzen lassen).

    Raises
    ------
    Refusal, PlanFault
        See `workflows.referrals.asking.join_list`.
    """
    file = join_list(work, admit_to_change(work, referral_id, version), expected_start_on)
    work.record("referral", file.id, file.row["region_id"], group=file.row["slot_group_id"])
    return outline(file)


@workflow(Action.CANCEL_REFERRAL)
def cancel_referral(
    work: Work,
    referral_id: str,
    version: int,
    reason: Reason,
    text: str = "",
    consequence: Consequence | None = None,
) -> dict[str, Any]:
    """Cancel a referral from the side of the person (Vermittlung zurückziehen); its seat becomes free.

    Raises
    ------
    PlanFault
        Where it has ended, or the reason is none for this, or needs words.
    """
    file = admit_to_change(work, referral_id, version)
    details = Details(reason=reason, text=text, consequence=consequence)
    file = end_referral(work, file, ReferralAction.CANCEL, Party.COUNSELLOR, details)
    work.record("referral", file.id, file.row["region_id"], reason=reason)
    return outline(file)


@workflow(Action.READ_REFERRAL)
def read_referral(work: Work, referral_id: str) -> dict[str, Any]:
    """Read a referral of the own office with every step that was done, and why."""
    row = admit_referral(work, referral_id)
    file = load_referral(work.unit, referral_id)
    work.record("referral", referral_id, row["region_id"])
    return {**outline(file), **plain(file.referral)}
