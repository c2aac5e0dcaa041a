"""Zeilen der Vermittlungen: a referral is read from its rows, and what one step changed is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from plans.referral import Referral, ReferralEvent
from plans.referral_details import Details
from plans.referral_table import ReferralState
from store import tables as t
from store.queries.locks import keep_to_itself
from store.rows import ReadRows
from workflows.acting import Work
from workflows.cases.from_rows import clocks_from
from workflows.consents.records import recipient_from_store
from workflows.keeping import keep_person

Row = Mapping[str, Any]


@dataclass(frozen=True)
class ReferralFile:
    """Vermittlungsakte: a referral and the row it was read from.

    Parameters
    ----------
    row : mapping
        Row of `referral`.
    referral : Referral
        What the rows say.
    """

    row: Row
    referral: Referral

    @property
    def id(self) -> str:
        """Id of the referral."""
        return self.referral.id


def load_referral(unit: ReadRows, referral_id: str) -> ReferralFile:
    """Return a referral with all its steps.

    Raises
    ------
    Missing
        Where there is none of this id.
    """
    row = unit.get(t.referral, referral_id)
    events = unit.find(t.referral_event, referral_id=referral_id, order_by=t.referral_event.c.number)
    recipient = recipient_from_store(unit, row["recipient_id"])
    return ReferralFile(row, referral_from(row, recipient, events))


def take_up(work: Work, referral_id: str) -> ReferralFile:
    """Return a referral that nobody else can change before this unit of work ends.

    The person is kept as well: whoever changes a consent of the same person waits, so that nothing is sent
    under a consent that is being withdrawn at the same time.

    Raises
    ------
    Missing
        Where there is none of this id.
    """
    keep_person(work, work.unit.get(t.referral, referral_id)["person_id"])
    keep_to_itself(work.unit, t.referral, referral_id)
    return load_referral(work.unit, referral_id)


def open_referrals_of(unit: ReadRows, person_id: str) -> tuple[str, ...]:
    """Return the ids of a person's referrals that have not ended, by group, so that all lock in one order."""
    is_open = t.referral.c.ended_on.is_(None)
    found = unit.find(t.referral, is_open, person_id=person_id, order_by=t.referral.c.slot_group_id)
    return tuple(row["id"] for row in found)


def referral_from(row: Row, recipient: Any, events: Iterable[Row]) -> Referral:
    """Make a referral from its row, its recipient, and the rows of its steps, oldest first."""
    return Referral(
        id=row["id"],
        person_id=row["person_id"],
        need_id=row["need_id"],
        slot_id=row["slot_id"],
        kind=row["kind"],
        recipient=recipient,
        carries=row["carries"],
        state=row["state"],
        clocks=clocks_from(row),
        hold_until_on=row["hold_until_on"],
        events=tuple(event_from(event) for event in events),
    )


def event_from(row: Row) -> ReferralEvent:
    """Make a step of a referral from its row."""
    details = Details(
        reason=row["reason"],
        text=row["reason_text"] or "",
        consequence=row["consequence"],
        outcome=row["outcome"],
        expected_start_on=row["expected_start_on"],
    )
    return ReferralEvent(
        action=row["action"],
        by=row["by"],
        on=row["done_on"],
        to=row["to_state"],
        seat=row["seat"],
        marks_replan=row["marks_replan"],
        details=details,
    )


def insert_draft(work: Work, referral: Referral, slot: Row, organisation_id: str) -> ReferralFile:
    """Write a new draft.

    Parameters
    ----------
    work, referral : Work, Referral
        The workflow, and the draft.
    slot : mapping
        Row of its slot.
    organisation_id : str
        Office that sends it.
    """
    work.unit.insert(
        t.referral,
        id=referral.id,
        region_id=slot["region_id"],
        person_id=referral.person_id,
        need_id=referral.need_id,
        slot_id=slot["id"],
        slot_group_id=slot["slot_group_id"],
        kind=referral.kind,
        organisation_id=organisation_id,
        recipient_id=referral.recipient.organisation_id,
        carries=referral.carries,
        state=referral.state,
        entitled_on=referral.clocks.entitled_on,
        registered_on=referral.clocks.registered_on,
    )
    return load_referral(work.unit, referral.id)


def keep_last_event(work: Work, file: ReferralFile, after: Referral) -> ReferralFile:
    """Write the last step of a referral: its event, and the row as it stands now."""
    event = after.events[-1]
    work.unit.insert(
        t.referral_event,
        region_id=file.row["region_id"],
        referral_id=file.id,
        number=len(after.events),
        account_id=work.caller.account_id,
        **_event_columns(event),
    )
    columns = _row_columns(file.row, after, event)
    row = work.unit.change(t.referral, file.id, file.row["version"], **columns)
    return ReferralFile(row, after)


def _event_columns(event: ReferralEvent) -> dict[str, Any]:
    details = event.details
    return {
        "action": event.action,
        "by": event.by,
        "done_on": event.on,
        "to_state": event.to,
        "seat": event.seat,
        "marks_replan": event.marks_replan,
        "reason": details.reason,
        "reason_text": details.text or None,
        "consequence": details.consequence,
        "outcome": details.outcome,
        "expected_start_on": details.expected_start_on,
    }


def _row_columns(before: Row, after: Referral, event: ReferralEvent) -> dict[str, Any]:
    clocks, details = after.clocks, event.details
    is_sent_now = before["state"] is ReferralState.DRAFT and not after.state.is_end
    return {
        "slot_id": after.slot_id,
        "slot_group_id": before["slot_group_id"],
        "state": after.state,
        "sent_on": event.on if is_sent_now else before["sent_on"],
        "hold_until_on": after.hold_until_on,
        "registered_on": clocks.registered_on,
        "placed_on": clocks.placed_on,
        "started_on": clocks.started_on,
        "expected_start_on": details.expected_start_on or before["expected_start_on"],
        "ended_on": after.ended_on,
        "reason": details.reason,
        "consequence": details.consequence,
        "outcome": details.outcome,
    }
