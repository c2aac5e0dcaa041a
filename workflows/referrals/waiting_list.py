"""Warteliste: who joins or leaves the list of a group, and who is next while a seat is free.

Nobody has to be told by the machine: whoever stands so near to the head of the list that a seat is free is
called, and every list of the office and of the provider says so, at every moment.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from plans.referral import Referral
from plans.referral_table import ReferralState
from store import tables as t
from store.queries.locks import keep_to_itself
from store.queries.waiting_lists import free_seats_of, waiting_first
from store.rows import ReadRows
from workflows.acting import Work
from workflows.refusal import Refusal


def priority_of(weight: float) -> int:
    """Return the place in the order of calling that follows from the weight of a need, > 0.

    The heavier need is called first: obligated persons before those who are admitted if seats are left
    (IntV § 7(4), AufenthG § 44(4)); equal weights by the longer wait.
    """
    return round(1000 / weight)


def follow(work: Work, before: Mapping[str, Any], after: Referral) -> None:
    """Enter a referral on the list of its group, or take it off, as its state says.

    Parameters
    ----------
    work : Work
        The workflow.
    before : mapping
        Row of the referral before its last step.
    after : Referral
        After it.

    Raises
    ------
    Refusal
        Where an office asks for a place on a list that is full.
    """
    waited, waits = before["state"] is ReferralState.WAITLISTED, after.state is ReferralState.WAITLISTED
    if waits and not waited:
        if before["state"] is ReferralState.DRAFT:
            _check_room(work, before["slot_group_id"])
        _enter(work, before, after.events[-1].details.expected_start_on)
    if waited and not waits:
        for entry in work.unit.find(t.waiting_list_entry, referral_id=after.id, left_on=None):
            left_on = after.events[-1].on
            work.unit.change(t.waiting_list_entry, entry["id"], entry["version"], left_on=left_on)


def called(unit: ReadRows, slot_group_ids: Collection[str]) -> frozenset[str]:
    """Return the ids of the referrals that wait for one of some groups and for whom a seat is free now."""
    free = free_seats_of(unit, slot_group_ids)
    return frozenset(one["referral_id"] for one in waiting_first(unit, free))


def _check_room(work: Work, slot_group_id: str) -> None:
    keep_to_itself(work.unit, t.slot_group, slot_group_id)
    limit = work.unit.get(t.slot_group, slot_group_id)["waitlist_limit"]
    if (
        limit is not None
        and work.unit.count(t.waiting_list_entry, slot_group_id=slot_group_id, left_on=None) >= limit
    ):
        raise Refusal("waiting-list-full", group=slot_group_id, limit=limit)


def _enter(work: Work, row: Mapping[str, Any], expected_start_on: date | None) -> None:
    work.unit.insert(
        t.waiting_list_entry,
        region_id=row["region_id"],
        slot_group_id=row["slot_group_id"],
        referral_id=row["id"],
        priority=priority_of(work.unit.get(t.need, row["need_id"])["weight"]),
        joined_on=work.today,
        expected_start_on=expected_start_on,
    )
