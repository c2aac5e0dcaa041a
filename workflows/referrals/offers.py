"""Angebote zu einem Schritt: what a counsellor sees of slots, and asking for one of them in one go."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Any

from plans.actions import Action
from plans.referral_table import OPEN
from store import tables as t
from store.rows import ReadRows
from workflows.acting import Look, Work, question, workflow
from workflows.plain import plain
from workflows.referrals.asking import draft, hold_seat, join_list, outline
from workflows.scopes import admit

_SLOT = ("id", "kind", "start_on", "end_on", "times", "online", "place_name", "organisation_id", "features")
_NEED = ("id", "version", "kind", "earliest_on", "target_on", "goal_de", "goal_en", "state")


@question(Action.SUGGEST_SLOTS)
def describe_slots(look: Look, need_id: str, slot_ids: Collection[str]) -> dict[str, Any]:
    """Describe a step and slots of its region, so that they can be told apart.

    Parameters
    ----------
    look : Look
        Who asks.
    need_id : str
        The step.
    slot_ids : collection of str
        Slots, such as those that `workflows.planning_runs.suggest.suggest_slots` offers.

    Returns
    -------
    dict
        ``need``; ``person_id`` and ``person_name``; ``referral``: the open one of the step with ``id``,
        ``version``, ``state``, ``slot_id`` and ``hold_until_on``, or None; ``last_referral`` the same of the
        newest one, open or not; ``slots`` by id, with
        ``offering``, ``organisation``, ``phone``, ``free``, ``minimum`` and ``taken`` seats of the group;
        unknown ids and those of other regions are left out.
    """
    row = admit(look, t.need, need_id)
    unit = look.unit
    slots = unit.find(t.slot, t.slot.c.id.in_(sorted(slot_ids)), region_id=row["region_id"])
    referrals = sorted(unit.find(t.referral, need_id=need_id), key=itemgetter("created_at", "id"))
    open_ = next((one for one in referrals if one["state"] in OPEN), None)
    return {
        "need": {name: plain(row[name]) for name in _NEED},
        "person_id": row["person_id"],
        "person_name": unit.get(t.person, row["person_id"])["name"],
        "referral": _referral(open_) if open_ else None,
        "last_referral": _referral(referrals[-1]) if referrals else None,
        "slots": _slots(unit, slots),
    }


@question(Action.LIST_PROPOSALS)
def names_of_people(look: Look, person_ids: Collection[str]) -> dict[str, str]:
    """Name people of the caller's offices, by id; others are left out."""
    offices = {grant.organisation_id for _, grant in look.reach() if grant is not None}
    rows = look.unit.find(t.person, t.person.c.id.in_(sorted(set(person_ids))))
    return {row["id"]: row["name"] for row in rows if row["organisation_id"] in offices}


@workflow(Action.REQUEST_SEAT)
def ask_for_seat(work: Work, need_id: str, slot_id: str) -> dict[str, Any]:
    """Draft a referral of a step to a slot and hold a seat there, whole or not at all.

    Returns
    -------
    dict
        The referral; ``choice`` says which slot was taken (`workflows.referrals.office.request_seat`).

    Raises
    ------
    Missing, Refusal, NoSeat, PlanFault
        See `workflows.referrals.asking.draft` and `hold_seat`.
    """
    admit(work, t.need, need_id)
    file, choice = hold_seat(work, draft(work, need_id, slot_id))
    work.record("referral", file.id, file.row["region_id"], need=need_id, **choice.explained)
    return outline(file, choice=choice.explained)


@workflow(Action.JOIN_WAITLIST)
def ask_to_wait(work: Work, need_id: str, slot_id: str, expected_start_on: date) -> dict[str, Any]:
    """Draft a referral of a step to a slot and join the waiting list of its group, whole or not at all.

    Raises
    ------
    Missing, Refusal, PlanFault
        See `workflows.referrals.asking.draft` and `join_list`.
    """
    admit(work, t.need, need_id)
    file = join_list(work, draft(work, need_id, slot_id), expected_start_on)
    work.record("referral", file.id, file.row["region_id"], need=need_id, group=file.row["slot_group_id"])
    return outline(file)


def _referral(row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("id", "version", "state", "slot_id", "recipient_id", "hold_until_on", "expected_start_on")
    return {name: plain(row[name]) for name in names}


def _slots(unit: ReadRows, slots: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Describe slots by their ids, with one look into each table."""
    groups, offerings, organisations = (
        _by_id(unit, table, {slot[f"{table.name}_id"] for slot in slots})
        for table in (t.slot_group, t.offering, t.organisation)
    )
    return {
        slot["id"]: _slot(
            slot,
            groups[slot["slot_group_id"]],
            offerings[slot["offering_id"]],
            organisations[slot["organisation_id"]],
        )
        for slot in slots
    }


def _by_id(unit: ReadRows, table: t.Table, ids: Collection[str]) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in unit.find(table, table.c.id.in_(sorted(ids)))}


def _slot(
    slot: Mapping[str, Any],
    group: Mapping[str, Any],
    offering: Mapping[str, Any],
    organisation: Mapping[str, Any],
) -> dict[str, Any]:
    taken = group["taken"] + group["booked_elsewhere"]
    return {
        **{name: plain(slot[name]) for name in _SLOT},
        "offering": offering["name"],
        "organisation": organisation["name"],
        "phone": organisation["phone"],
        "free": max(0, group["seats"] - taken),
        "minimum": group["minimum"],
        "taken": taken,
    }
