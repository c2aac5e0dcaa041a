"""Vermittlung: handing a person on to a slot of another organisation, from the draft to its end.

Days are counted as the civil law does (BGB §§ 187, 188): the day of the request does not count, and the seat
is held until the end of the last day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from plans.consent import Consent, DataCategory, Purpose, Recipient, consents_of, missing_categories
from plans.fault import refuse
from plans.needs import check_id
from plans.referral_details import NO_DETAILS, Details, complete_details
from plans.referral_table import (
    TRANSITIONS,
    Party,
    ReferralAction,
    ReferralState,
    SeatEffect,
    Transition,
    possible,
)
from plans.rules import RuleBook, standard_rules
from plans.waiting import ClockDates


@dataclass(frozen=True)
class ReferralEvent:
    """Ereignis: one step that was done.

    Parameters
    ----------
    action, by, on : ReferralAction, Party, date
        What, who, when.
    to : ReferralState
        State reached.
    seat : SeatEffect
        What had to happen with the seat.
    marks_replan : bool
        Whether the plan was marked for a stable re-plan.
    details : Details
        Reason, consequence, result, as far as asked for.
    """

    action: ReferralAction
    by: Party
    on: date
    to: ReferralState
    seat: SeatEffect
    marks_replan: bool
    details: Details


@dataclass(frozen=True)
class Referral:
    """Vermittlung: one attempt to place one need of one person in one slot.

    Parameters
    ----------
    id, person_id, need_id, slot_id : str
        Of the referral, the person, the need, the slot.
    kind : str
        Kind of the slot; decides how long a seat is held.
    recipient : Recipient
        Organisation that offers the slot.
    carries : frozenset of DataCategory
        What the recipient is told; only what it needs.
    state : ReferralState
        Where it stands.
    clocks : ClockDates
        Entitled, registered, placed, started.
    hold_until_on : date or None
        Last day of the hold; set exactly while REQUESTED.
    events : tuple of ReferralEvent
        What was done so far.

    Raises
    ------
    PlanFault
        Where these do not go together.
    """

    id: str
    person_id: str
    need_id: str
    slot_id: str
    kind: str
    recipient: Recipient
    carries: frozenset[DataCategory]
    state: ReferralState = ReferralState.DRAFT
    clocks: ClockDates = field(default_factory=ClockDates)
    hold_until_on: date | None = None
    events: tuple[ReferralEvent, ...] = ()

    def __post_init__(self) -> None:
        for id_ in (self.id, self.person_id, self.need_id, self.slot_id):
            check_id(id_)
        if not self.carries or self.recipient.organisation_id is None:
            raise refuse("empty", self.id, field="recipient, carries")
        if not self._fits_together():
            raise refuse("impossible-referral", self.id, state=self.state)

    def _fits_together(self) -> bool:
        reached = self.events[-1].to if self.events else ReferralState.DRAFT
        is_placed = self.state in (
            *(ReferralState.ACCEPTED, ReferralState.IN_PROGRESS, ReferralState.COMPLETED),
            ReferralState.FAILED,
        )
        has_started = self.state in (ReferralState.IN_PROGRESS, ReferralState.COMPLETED)
        return (
            self.state is reached
            and (self.hold_until_on is not None) == (self.state is ReferralState.REQUESTED)
            and (self.clocks.placed_on is not None or not is_placed)
            and (self.clocks.started_on is not None or not has_started)
        )

    @property
    def ended_on(self) -> date | None:
        """Day of the end; None while open."""
        return self.events[-1].on if self.state.is_end else None


def apply(
    referral: Referral,
    action: ReferralAction,
    by: Party,
    on: date,
    details: Details = NO_DETAILS,
    consents: Iterable[Consent] = (),
    book: RuleBook | None = None,
) -> Referral:
    """Do one step of a referral.

    Parameters
    ----------
    referral : Referral
        As it stands.
    action, by, on : ReferralAction, Party, date
        What, who, when; not before the last step.
    details : Details
        What the transition asks for.
    consents : iterable of Consent
        Looked at where data leave (REQUEST, JOIN_WAITLIST).
    book : RuleBook, optional
        Dated rules; those of the project by default.

    Returns
    -------
    Referral
        With the new state; its last event says what must happen with the seat and the plan.

    Raises
    ------
    PlanFault
        Where the step is not possible in this state, not for this party, before the last one, without what it
        asks for, after the hold has run out, or without consent.
    """
    row = _row(referral, action, by)
    _check_time(referral, row, on)
    complete = complete_details(details, row, on, referral.id)
    if row.asks_consent:
        _check_consent(referral, consents, on)
    event = ReferralEvent(action, by, on, row.to, row.seat, row.marks_replan, complete)
    return replace(
        referral,
        state=row.to,
        clocks=_clocks(referral.clocks, row, on),
        hold_until_on=_hold_until(referral, row, on, book or standard_rules()),
        events=(*referral.events, event),
    )


def draft_after(
    ended: Referral, id: str, slot_id: str, recipient: Recipient, kind: str | None = None
) -> Referral:
    """Draft the next referral for a need whose last one ended without completion.

    Entitlement and registration are kept: whoever is refused goes on waiting since the first registration.

    Raises
    ------
    PlanFault
        Where the last one is still open, or was completed.
    """
    if not ended.state.is_end or ended.state is ReferralState.COMPLETED:
        raise refuse("still-open", ended.id, state=ended.state)
    return Referral(
        id,
        ended.person_id,
        ended.need_id,
        slot_id,
        kind or ended.kind,
        recipient,
        ended.carries,
        clocks=replace(ended.clocks, placed_on=None, started_on=None),
    )


def has_lost_consent(referral: Referral, consents: Iterable[Consent], on: date) -> bool:
    """Answer whether an open referral that was sent is no longer covered and must be cancelled.

    Parameters
    ----------
    referral : Referral
        Any.
    consents : iterable of Consent
        Those of the person count.
    on : date
        Today.
    """
    was_sent = bool(referral.events) and not referral.state.is_end
    return was_sent and bool(_missing(referral, consents, on))


def _row(referral: Referral, action: ReferralAction, by: Party) -> Transition:
    row = TRANSITIONS.get((referral.state, action))
    if row is None:
        allowed = possible(referral.state) or "–"
        raise refuse("wrong-state", referral.id, state=referral.state, action=action, allowed=allowed)
    if by not in row.by:
        raise refuse("not-yours", referral.id, action=action, by=by, allowed=row.by)
    return row


def _check_time(referral: Referral, row: Transition, on: date) -> None:
    if referral.events and on < referral.events[-1].on:
        raise refuse("before-last", referral.id, on=on, last_on=referral.events[-1].on)
    if referral.hold_until_on is None:
        return
    has_expired = on > referral.hold_until_on
    if row.action is ReferralAction.ACCEPT and has_expired:
        raise refuse("hold-expired", referral.id, hold_until_on=referral.hold_until_on)
    if row.action is ReferralAction.EXPIRE and not has_expired:
        raise refuse("hold-runs", referral.id, hold_until_on=referral.hold_until_on)


def _check_consent(referral: Referral, consents: Iterable[Consent], on: date) -> None:
    if missing := _missing(referral, consents, on):
        organisation = referral.recipient.organisation_id
        raise refuse("no-consent", referral.id, organisation=organisation, on=on, categories=missing)


def _missing(referral: Referral, consents: Iterable[Consent], on: date) -> frozenset[DataCategory]:
    own = consents_of(consents, referral.person_id)
    return missing_categories(own, referral.recipient, Purpose.REFERRAL, referral.carries, on)


def _clocks(clocks: ClockDates, row: Transition, on: date) -> ClockDates:
    if row.asks_consent and clocks.registered_on is None:
        return replace(clocks, registered_on=on)
    if row.to is ReferralState.ACCEPTED:
        return replace(clocks, placed_on=on)
    if row.to is ReferralState.IN_PROGRESS:
        return replace(clocks, started_on=on)
    return clocks


def _hold_until(referral: Referral, row: Transition, on: date, book: RuleBook) -> date | None:
    if row.to is not ReferralState.REQUESTED:
        return None
    return on + timedelta(days=book.rule_for_kind("seat-hold-days", referral.kind, on).days)
