"""Listen einer Beraterin: what is due, late or agreed for the people that one account looks after.

Each list is one query that begins with the help plans or the appointments of the account, by index.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from plans.steps import StepState
from store.queries.paging import Page
from store.rows import ReadRows
from store.tables import appointment, help_plan, need, person, slot

Rows = list[dict[str, Any]]
_plan, _need, _person = help_plan.c, need.c, person.c
_follower = need.alias("follower")


@dataclass(frozen=True)
class Own:
    """Eigene Personen: those that one account looks after within its organisations.

    Parameters
    ----------
    account_id : str
        Whose.
    organisation_ids : collection of str
        Where the account may.
    """

    account_id: str
    organisation_ids: Collection[str]


def own_people(unit: ReadRows, own: Own, page: Page) -> Rows:
    """All people whose plans are open, by id of the plan: phase, next appointment, days that are due."""
    query = _open_plans(own, *_DATES)
    return _read(unit, page.of(query, _plan.id, _plan.id))


def due_reviews(unit: ReadRows, own: Own, until_on: date, page: Page) -> Rows:
    """Plans whose review is due until a day, the most urgent first."""
    query = _open_plans(own, *_DATES).where(_plan.review_due_on <= until_on)
    return _read(unit, page.of(query, _plan.review_due_on, _plan.id))


def marked_for_replan(unit: ReadRows, own: Own, page: Page) -> Rows:
    """Plans that are marked for a re-plan, the longest marked first."""
    query = _open_plans(own, *_DATES).where(_plan.replan_marked_at.is_not(None))
    return _read(unit, page.of(query, _plan.replan_marked_at, _plan.id))


def waiting_since(unit: ReadRows, own: Own, registered_until_on: date, page: Page) -> Rows:
    """Steps registered until a day that have not started, the longest waiting first."""
    columns = (_need.id.label("step_id"), _need.kind, _need.registered_on, _need.placed_on, _need.target_on)
    query = (
        _open_plans(own, *columns)
        .join(need, _need.help_plan_id == _plan.id)
        .where(
            _need.state == StepState.OPEN,
            _need.started_on.is_(None),
            _need.registered_on <= registered_until_on,
        )
    )
    return _read(unit, page.of(query, _need.registered_on, _need.id))


def ending_without_follow_on(unit: ReadRows, own: Own, until_on: date, page: Page) -> Rows:
    """Steps under way that end until a day, with one that follows them and has no seat yet."""
    after = _follower.c
    columns = (
        *(_need.id.label("step_id"), _need.kind, slot.c.end_on),
        *(after.id.label("next_step_id"), after.kind.label("next_kind")),
    )
    query = (
        _open_plans(own, *columns)
        .join(need, _need.help_plan_id == _plan.id)
        .join(slot, slot.c.id == _need.fixed_slot_id)
        .join(_follower, after.after_need_id == _need.id)
        .where(
            _need.state == StepState.UNDER_WAY,
            after.state == StepState.OPEN,
            # In a function, so that no database begins with all steps of the region that have no seat.
            sa.func.coalesce(after.fixed_slot_id, "") == "",
            slot.c.end_on <= until_on,
        )
    )
    return _read(unit, page.of(query, slot.c.end_on, after.id))


def next_appointments(unit: ReadRows, own: Own, from_on: date, page: Page) -> Rows:
    """Talks agreed with the account from a day on, the next first."""
    agreed = appointment.c
    query = (
        sa.select(agreed.id, agreed.version, agreed.planned_on, *_WHO)
        .select_from(appointment)
        .join(help_plan, _plan.id == agreed.help_plan_id)
        .join(person, _person.id == _plan.person_id)
        .where(
            agreed.account_id == own.account_id,
            # In full, so that both databases can use the index on appointments that are agreed.
            agreed.state == sa.literal_column("'planned'"),
            agreed.planned_on >= from_on,
            _plan.organisation_id.in_(own.organisation_ids),
        )
    )
    return _read(unit, page.of(query, agreed.planned_on, agreed.id))


_WHO = (_plan.person_id, _person.name, _person.household_id)
_DATES = (
    *(_plan.id, _plan.version, _plan.phase, _plan.expected_on, _plan.arrived_on, _plan.next_appointment_on),
    *(_plan.review_due_on, _plan.overall_review_due_on, _plan.replan_marked_at),
)


def _open_plans(own: Own, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    return (
        sa.select(*columns, *_WHO)
        .select_from(help_plan)
        .join(person, _person.id == _plan.person_id)
        .where(
            _plan.counsellor_id == own.account_id,
            _plan.closed_on.is_(None),
            _plan.organisation_id.in_(own.organisation_ids),
        )
    )


def _read(unit: ReadRows, query: sa.Select[Any]) -> Rows:
    rows = [dict(row._mapping) for row in unit.execute(query)]
    for row in rows:
        row["name"] = unit.keys.decrypt(row["name"], person.name, "name", row["person_id"])
    return rows
