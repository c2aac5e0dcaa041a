"""Platznachweise: seats of somebody who is erased become free; records without a name stay of their use."""

from __future__ import annotations

from plans.referral_table import TRANSITIONS, Reason, ReferralAction, ReferralState, SeatEffect
from plans.waiting import Clock, read_clock
from store import tables as t
from store.seats import give_back
from workflows.acting import Work
from workflows.cases.from_rows import clocks_from
from workflows.privacy.held import Row, Rows


def sent_referrals(held: Rows) -> list[Row]:
    """Referrals of a person of which somebody else was told."""
    return [row for row in held["referral"] if row["sent_on"] is not None]


def groups_to_free(held: Rows) -> list[str]:
    """Groups in which a person holds a seat that a withdrawal gives back, in the order in which all lock."""
    return sorted(row["slot_group_id"] for row in held["referral"] if _end(row)[1] is SeatEffect.FREE)


def settle_seats(work: Work, held: Rows) -> None:
    """Give the seats of a person back, and write a record without a name for each referral that was sent.

    Parameters
    ----------
    work : Work
        The workflow, which deletes the referrals afterwards.
    held : mapping
        What is held about the person (`workflows.privacy.held.held_about`).
    """
    for slot_group_id in groups_to_free(held):
        give_back(work.unit, slot_group_id)
    # In an order that says nothing about the order of their making.
    ordered = sorted(sent_referrals(held), key=lambda row: (row["kind"], row["recipient_id"], row["sent_on"]))
    work.unit.insert_all(t.seat_record, [_record(work, row) for row in ordered])


def _record(work: Work, row: Row) -> Row:
    state, seat = _end(row)
    dates, ended_on = clocks_from(row), row["ended_on"] or work.today
    days = {clock: read_clock(dates, clock, work.today, ended_on).days for clock in Clock}
    return {
        **{name: row[name] for name in ("region_id", "recipient_id", "kind", "outcome")},
        "state": state,
        "reason": row["reason"] if seat is None else Reason.CONSENT_WITHDRAWN,
        "sent_month_on": row["sent_on"].replace(day=1),
        "access_days": days[Clock.ACCESS],
        "waiting_days": days[Clock.WAITING],
    }


def _end(row: Row) -> tuple[ReferralState, SeatEffect | None]:
    """How a referral ends by a withdrawal, and what that means for its seat; None where it ended before."""
    way = TRANSITIONS.get((row["state"], ReferralAction.WITHDRAW_CONSENT))
    return (row["state"], None) if way is None else (way.to, way.seat)
