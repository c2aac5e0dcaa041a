"""Gruppen: who takes part in a group, and who waits for it, as its provider may see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plans.actions import Action
from plans.consent import Consent, DataCategory, Purpose, Recipient, allowed
from store import tables as t
from store.queries import referrals as queries
from store.queries.waiting_lists import free_seats, waiting_in_order
from workflows.acting import Look, Work, question, workflow
from workflows.consents.disclosing import Asked, note_shown
from workflows.consents.records import consent_from, recipient_from_store
from workflows.plain import plain
from workflows.referrals.scopes import incoming, scope_of_group

Row = Mapping[str, Any]


@workflow(Action.LIST_PARTICIPANTS)
def list_participants(work: Work, slot_group_id: str) -> list[dict[str, Any]]:
    """List the referrals that hold a seat of a group (Teilnehmende), with the names that may be seen today.

    Parameters
    ----------
    work : Work
        Called with a `Desk`; names are shown, so this is in the audit and noted.
    slot_group_id : str
        A group of the caller's organisation.

    Returns
    -------
    list of dict
        Referrals in the order of registration; ``person.name`` where a consent valid today covers it.

    Raises
    ------
    Missing
        Where there is no such group, or it is another organisation's.
    """
    group = _admit_group(work, slot_group_id)
    rows = queries.with_seat_in(work.unit, slot_group_id)
    names = _names_allowed(work, rows)
    note_shown(work, [(_asked(row), {DataCategory.IDENTITY}, names[row["id"]]) for row in rows])
    work.record("slot_group", slot_group_id, group["region_id"], referrals=len(rows))
    return [{**incoming(row), **names[row["id"]]} for row in rows]


@question(Action.LIST_PARTICIPANTS)
def list_waiting(look: Look, slot_group_id: str) -> dict[str, Any]:
    """List who waits for a group in the order of calling (Warteliste), without the persons.

    Returns
    -------
    dict
        ``free_seats``, and ``waiting``: referral, day of joining, expected start, and whether a seat is free
        for this one now.
    """
    _admit_group(look, slot_group_id)
    free = free_seats(look.unit, slot_group_id)
    told = ("referral_id", "joined_on", "expected_start_on")
    waiting = [
        {**{name: plain(entry[name]) for name in told}, "is_called": place < free}
        for place, entry in enumerate(waiting_in_order(look.unit, slot_group_id))
    ]
    return {"free_seats": free, "waiting": waiting}


def _admit_group(look: Look, slot_group_id: str) -> dict[str, Any]:
    look.reach()
    group = look.unit.get(t.slot_group, slot_group_id)
    look.allow(scope_of_group(look.unit, group), t.slot_group, slot_group_id)
    return group


def _names_allowed(work: Work, rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """For each referral the name as the recipient may see it today: nothing, or ``person.name``."""
    if not rows:
        return {}
    ids = {row["person_id"] for row in rows}
    names = {one["id"]: one["name"] for one in work.unit.find(t.person, t.person.c.id.in_(ids))}
    consents = [consent_from(one) for one in work.unit.find(t.consent, t.consent.c.person_id.in_(ids))]
    recipient = recipient_from_store(work.unit, rows[0]["recipient_id"])
    return {
        row["id"]: {"person.name": names[row["person_id"]]}
        if _sees_name(work, row, consents, recipient)
        else {}
        for row in rows
    }


def _sees_name(work: Work, row: Row, consents: Sequence[Consent], recipient: Recipient) -> bool:
    own = [consent for consent in consents if consent.person_id == row["person_id"]]
    return DataCategory.IDENTITY in row["carries"] and allowed(
        own, recipient, Purpose.REFERRAL, DataCategory.IDENTITY, work.today
    )


def _asked(row: Row) -> Asked:
    return Asked(row["person_id"], row["need_id"], row["recipient_id"], row["carries"], referral_id=row["id"])
