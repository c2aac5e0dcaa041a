"""Ein Schritt weiter: one step of a referral with all that hangs on it, in the transaction of a workflow.

The plan room decides (`plans.referral.apply`); here follow the seat, the waiting list, the dates of the step
in the help plan, its mark for a re-plan, and the note of what was sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from plans.referral import apply
from plans.referral_details import NO_DETAILS, Details
from plans.referral_table import TRANSITIONS, Party, ReferralAction, ReferralState, SeatEffect
from store import tables as t
from store.seats import give_back, take
from workflows.acting import Work
from workflows.cases.records import keep_step, mark_replan, open_case
from workflows.consents.disclosing import Asked, disclose
from workflows.consents.records import consents_from_store
from workflows.referrals import waiting_list
from workflows.referrals.records import ReferralFile, keep_last_event
from workflows.refusal import Refusal


def advance(
    work: Work,
    file: ReferralFile,
    action: ReferralAction,
    by: Party,
    details: Details = NO_DETAILS,
    slot: Mapping[str, Any] | None = None,
) -> ReferralFile:
    """Do one step of a referral that was taken up (`workflows.referrals.records.take_up`).

    Parameters
    ----------
    work, file : Work, ReferralFile
        The workflow, and the referral as it stands.
    action, by : ReferralAction, Party
        What, and who.
    details : Details
        What the step asks for.
    slot : mapping, optional
        Row of another slot that is taken instead of the one drafted.

    Returns
    -------
    ReferralFile
        As it stands then.

    Raises
    ------
    PlanFault
        Where the plan room refuses the step: state, party, time, details, consent.
    NoSeat
        Where it needs a seat and none is free; nothing is written then.
    Refusal
        Where the list to be joined is full, or something is missing for the start.
    """
    if slot is not None:
        place = {"slot_id": slot["id"], "slot_group_id": slot["slot_group_id"]}
        file = ReferralFile({**file.row, **place}, replace(file.referral, slot_id=slot["id"]))
    sends = TRANSITIONS.get((file.referral.state, action))
    consents = consents_from_store(work.unit, file.referral.person_id)
    after = apply(file.referral, action, by, work.today, details, consents, work.book)
    _move_seat(work, file.row["slot_group_id"], after.events[-1].seat)
    moved = keep_last_event(work, file, after)
    waiting_list.follow(work, file.row, after)
    if after.state is not ReferralState.REQUESTED:
        close_answer_links(work, file.id)
    _follow_in_plan(work, moved)
    if sends is not None and sends.asks_consent:
        disclose(work, asked_by(moved))
    return moved


def end_referral(
    work: Work, file: ReferralFile, action: ReferralAction, by: Party, details: Details = NO_DETAILS
) -> ReferralFile:
    """End a referral that was taken up; like `advance`, for whoever closes a plan or a group.

    Raises
    ------
    ValueError
        Where the action does not end it.
    """
    row = TRANSITIONS.get((file.referral.state, action))
    if row is not None and not row.to.is_end:
        raise ValueError(f"{action} does not end a referral")
    return advance(work, file, action, by, details)


def asked_by(file: ReferralFile) -> Asked:
    """What the recipient of a referral wants to see."""
    referral, recipient_id = file.referral, file.row["recipient_id"]
    return Asked(
        referral.person_id, referral.need_id, recipient_id, referral.carries, referral_id=referral.id
    )


def close_answer_links(work: Work, referral_id: str) -> None:
    """End the links by which a referral could be answered without an account."""
    for row in work.unit.find(t.answer_link, referral_id=referral_id, ended_at=None):
        work.unit.change(t.answer_link, row["id"], ended_at=work.now)


def _move_seat(work: Work, slot_group_id: str, effect: SeatEffect) -> None:
    if effect is SeatEffect.HOLD:
        take(work.unit, slot_group_id)
    elif effect is SeatEffect.FREE:
        give_back(work.unit, slot_group_id)


def _follow_in_plan(work: Work, file: ReferralFile) -> None:
    """Take over into the step what the referral has come to; what was only drafted is no matter for it."""
    if file.row["sent_on"] is None:
        return
    plan = open_case(work.unit, file.referral.person_id)
    event = file.referral.events[-1]
    before = plan.case.step(file.referral.need_id)
    is_over = before.state.is_end and file.referral.state.is_end
    if event.action is ReferralAction.START and before.preconditions:
        raise Refusal("not-ready", referral=file.id)
    after = before if is_over else before.after_referral(file.referral)
    if after != before:
        keep_step(work, plan, after, marks_replan=event.marks_replan)
    elif event.marks_replan and plan.case.closure is None:
        mark_replan(work, plan.plan)
