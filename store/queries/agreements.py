"""Listen von Vereinbarungen: which ones of some offices must be reviewed, or stand at one point."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa

from plans.agreement import AgreementState
from store.queries.paging import Page
from store.rows import ReadRows
from store.tables import agreement

Rows = list[dict[str, Any]]
_agreement = agreement.c


def due_reviews(unit: ReadRows, organisation_ids: Collection[str], until_on: date, page: Page) -> Rows:
    """Agreements in force, also while they are amended, whose review is due until a day."""
    in_force = (AgreementState.IN_FORCE, AgreementState.BEING_AMENDED)
    query = _of(organisation_ids, in_force).where(_agreement.review_due_on <= until_on)
    return _read(unit, page.of(query, _agreement.review_due_on, _agreement.id))


def in_state(unit: ReadRows, organisation_ids: Collection[str], state: AgreementState, page: Page) -> Rows:
    """Agreements in one state, in the order of their making."""
    return _read(unit, page.of(_of(organisation_ids, (state,)), _agreement.id, _agreement.id))


def _of(organisation_ids: Collection[str], states: Collection[AgreementState]) -> sa.Select[Any]:
    columns = (_agreement.id, _agreement.version, _agreement.household_id, _agreement.state)
    return sa.select(*columns, _agreement.language, _agreement.review_due_on).where(
        _agreement.organisation_id.in_(organisation_ids), _agreement.state.in_(states)
    )


def _read(unit: ReadRows, query: sa.Select[Any]) -> Rows:
    return [dict(row._mapping) for row in unit.execute(query)]
