"""Aufbewahrung: what has been kept for how long, so that rules can say what has to go."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from plans.referral_table import ReferralState
from store.rows import ReadRows, WriteRows
from store.tables import audit_entry, help_plan, idempotency_key, referral, seat_record

_NEVER_SENT = (ReferralState.DRAFT, ReferralState.CANCELLED)


def closed_plans(unit: ReadRows, region_id: str) -> list[tuple[str, date]]:
    """Person and day of the closure of every closed help plan of a region, the oldest first.

    By ``ix_help_plan_erase_due_on``.
    """
    plan = help_plan.c
    query = (
        sa.select(plan.person_id, plan.closed_on)
        .where(plan.region_id == region_id, plan.erase_due_on.is_not(None))
        .order_by(plan.closed_on, plan.person_id)
    )
    return [(row.person_id, row.closed_on) for row in unit.execute(query)]


def drafts_unchanged_since(unit: ReadRows, region_id: str, before: datetime) -> list[tuple[str, datetime]]:
    """Id and last change of every referral of a region that was never sent, unchanged since an instant."""
    row = referral.c
    query = (
        sa.select(row.id, row.updated_at)
        .where(row.region_id == region_id, row.sent_on.is_(None), row.updated_at < before)
        .where(row.state.in_(_NEVER_SENT))
        .order_by(row.updated_at, row.id)
    )
    return [(row.id, row.updated_at) for row in unit.execute(query)]


def old_seat_records(unit: ReadRows, region_id: str, before: date) -> tuple[int, date | None]:
    """How many records of seats of a region are of a month before a day, and the first of these months."""
    month = seat_record.c.sent_month_on
    return _counted(unit, month, seat_record.c.region_id == region_id, month < before)


def forget_seat_records(unit: WriteRows, region_id: str, before: date) -> int:
    """Delete the records of seats of a region of months before a day. Returns how many."""
    record = seat_record.c
    target = seat_record.delete().where(record.region_id == region_id, record.sent_month_on < before)
    return unit.execute(target).rowcount


def old_request_keys(unit: ReadRows, before: datetime) -> tuple[int, datetime | None]:
    """How many keys of requests are older than an instant, and the oldest. By ``created_at``."""
    created = idempotency_key.c.created_at
    return _counted(unit, created, created < before)


def old_entries(unit: ReadRows, before: datetime) -> tuple[int, datetime | None]:
    """How many entries of the audit are older than an instant, and the oldest. By ``at``."""
    at = audit_entry.c.at
    return _counted(unit, at, at < before)


def _counted(unit: ReadRows, since: sa.Column[Any], *conditions: sa.ColumnElement[bool]) -> tuple[int, Any]:
    """How many rows meet all conditions, and the smallest value of a column."""
    columns = (sa.func.count().label("count"), sa.func.min(since).label("oldest"))
    found = unit.execute(sa.select(*columns).where(*conditions)).mappings().one()
    return found["count"], found["oldest"]
