"""Anfragen: a draft is made, a seat is held, a waiting list is joined; what an office does with referrals."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from network.kinds import SLOT_KINDS
from plans.consent import DataCategory
from plans.referral import Referral
from plans.referral_details import Details
from plans.referral_table import Party, ReferralAction
from plans.waiting import ClockDates
from store import tables as t
from store.faults import Missing, NoSeat
from store.queries.pools import ways_in_with_seats
from store.tables import new_id
from workflows.acting import Work
from workflows.cases.booking import check_no_referral
from workflows.consents.records import recipient_from_store
from workflows.keeping import keep_person
from workflows.referrals.advancing import advance
from workflows.referrals.carries import needed_for
from workflows.referrals.pools import Choice, Slot, equals_with_seats
from workflows.referrals.records import ReferralFile, insert_draft
from workflows.refusal import Refusal


def draft(
    work: Work, need_id: str, slot_id: str, carries: Collection[DataCategory] | None = None
) -> ReferralFile:
    """Draft a referral of a step to a slot; nothing leaves, no seat is held.

    Parameters
    ----------
    work : Work
        The workflow; has asked for permission.
    need_id, slot_id : str
        Which step, and to where.
    carries : collection of DataCategory, optional
        What the recipient is told; by default what the kind needs (`needed_for`).

    Raises
    ------
    Missing
        Where there is no such step, or no such slot in its region.
    Refusal
        Where the slot is gone, has begun or serves another kind, or another referral of the step is open.
    """
    need = work.unit.get(t.need, need_id)
    slot = work.unit.get(t.slot, slot_id)
    if slot["region_id"] != need["region_id"]:
        raise Missing("missing", table=t.slot.name, id=slot_id)
    keep_person(work, need["person_id"])
    check_slot(slot, need["kind"], work.today)
    check_no_referral(work.unit, need_id)
    referral = Referral(
        id=new_id(t.referral.c.id.info["prefix"]),
        person_id=need["person_id"],
        need_id=need_id,
        slot_id=slot_id,
        kind=slot["kind"],
        recipient=recipient_from_store(work.unit, slot["organisation_id"]),
        carries=frozenset(carries or needed_for(slot["kind"])),
        clocks=ClockDates(need["entitled_on"], need["registered_on"]),
    )
    office_id = work.unit.get(t.person, need["person_id"])["organisation_id"]
    return insert_draft(work, referral, slot, office_id)


def earliest_slot(work: Work, need_id: str, offering_id: str) -> str:
    """Return the slot of an offering that serves a step, has a free seat and starts first.

    Raises
    ------
    Refusal
        Where none has a free seat.
    """
    need = work.unit.get(t.need, need_id)
    from_on = _from_on(work, need["earliest_on"])
    for slot in ways_in_with_seats(work.unit, offering_id, need["kind"], from_on):
        if slot["region_id"] == need["region_id"]:
            return str(slot["id"])
    raise Refusal("no-way-in", offering=offering_id, kind=need["kind"], on=from_on)


def hold_seat(work: Work, file: ReferralFile, *, pooled: bool = True) -> tuple[ReferralFile, Choice]:
    """Send a drafted referral and hold a seat: in its slot, or in the first equal one with a free seat.

    Parameters
    ----------
    work, file : Work, ReferralFile
        The workflow, and the referral taken up (`workflows.referrals.records.take_up`) or just drafted.
    pooled : bool
        Whether an equal slot of the same offering may be taken where the one asked for is full.

    Returns
    -------
    tuple of ReferralFile and Choice
        The referral as it stands, and which slot was taken.

    Raises
    ------
    NoSeat
        Where no seat is free in any of them.
    Refusal
        Where the slot is gone or has begun, or deviates from a placement result without a written reason.
    PlanFault
        Where the plan room refuses: wrong state, no consent.
    """
    slot = ready_slot(work, file)
    earliest_on = work.unit.get(t.need, file.referral.need_id)["earliest_on"]
    full: list[str] = []
    for one in (slot, *(equals_with_seats(work.unit, slot, _from_on(work, earliest_on)) if pooled else ())):
        try:
            held = advance(work, file, ReferralAction.REQUEST, Party.COUNSELLOR, slot=one)
        except NoSeat:
            full.append(one["id"])
        else:
            return held, Choice(one, slot["id"], tuple(full))
    raise NoSeat("full", group=slot["slot_group_id"])


def join_list(work: Work, file: ReferralFile, expected_start_on: date) -> ReferralFile:
    """Send a drafted referral to the waiting list of its group, with the day on which a seat is expected.

    Raises
    ------
    Refusal
        Where the list is full, or for a reason of `hold_seat`.
    PlanFault
        Where the plan room refuses: wrong state, no consent, a day in the past.
    """
    ready_slot(work, file)
    details = Details(expected_start_on=expected_start_on)
    return advance(work, file, ReferralAction.JOIN_WAITLIST, Party.COUNSELLOR, details)


def ready_slot(work: Work, file: ReferralFile) -> Slot:
    """Return the slot of a referral that is about to be sent; refuse one that cannot be asked for."""
    slot = work.unit.get(t.slot, file.referral.slot_id)
    check_slot(slot, work.unit.get(t.need, file.referral.need_id)["kind"], work.today)
    _check_placement(work, file.referral)
    return slot


def check_slot(slot: Slot, kind: str, on: date) -> None:
    """Refuse a slot that is gone, has begun, or serves another kind than is needed."""
    if slot["gone_on"] is not None:
        raise Refusal("slot-gone", slot=slot["id"], on=slot["gone_on"])
    if slot["start_on"] < on:
        raise Refusal("slot-begun", slot=slot["id"], on=slot["start_on"])
    if slot["kind"] != kind:
        raise Refusal("slot-other-kind", slot=slot["id"], kind=slot["kind"], needed=kind)


def _check_placement(work: Work, referral: Referral) -> None:
    """Ask for a written reason where the kind is not what the last placement test found (IntV § 11)."""
    if not _follows_a_test(referral.kind):
        return
    placement = t.placement.c
    found = work.unit.find(
        t.placement, person_id=referral.person_id, order_by=(placement.tested_on, placement.id)
    )
    if found and referral.kind not in (found[-1]["kind"], found[-1]["decided_kind"]):
        raise Refusal("deviation-undecided", kind=referral.kind, found=found[-1]["kind"])


def _follows_a_test(kind: str) -> bool:
    return any("tested" in states for states in SLOT_KINDS[kind].requires) if kind in SLOT_KINDS else False


def _from_on(work: Work, earliest_on: date) -> date:
    return max(work.today, earliest_on)


def outline(file: ReferralFile, **more: Any) -> dict[str, Any]:
    """What a workflow answers: where a referral stands now, as JSON."""
    row = file.row
    return {
        "referral_id": row["id"],
        "version": row["version"],
        "state": row["state"].value,
        "slot_id": row["slot_id"],
        "hold_until_on": row["hold_until_on"].isoformat() if row["hold_until_on"] else None,
        **more,
    }
