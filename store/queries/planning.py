"""Planungsläufe: what a run reads and changes in many rows at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from store import tables as t
from store.queries.snapshot import OPEN_STEPS
from store.rows import ReadRows, WriteRows
from store.tables import ProposalState

_AT_ONCE = 500
"""Ids in one SELECT; databases bound how many there may be."""


def planned_slots(unit: ReadRows, run_id: str) -> dict[str, str | None]:
    """Return the slot that a run proposed for each need, whatever has become of the proposal."""
    p = t.proposal
    query = sa.select(p.c.need_id, p.c.slot_id).where(p.c.planning_run_id == run_id)
    return {row.need_id: row.slot_id for row in unit.execute(query)}


def still_open(unit: ReadRows, need_ids: Iterable[str]) -> set[str]:
    """Return those of some needs that are there and open."""
    ids, n = sorted(need_ids), t.need
    found: set[str] = set()
    for begin in range(0, len(ids), _AT_ONCE):
        part = ids[begin : begin + _AT_ONCE]
        query = sa.select(n.c.id).where(n.c.id.in_(part), n.c.state.in_(OPEN_STEPS))
        found.update(row.id for row in unit.execute(query))
    return found


def outdate_proposals(unit: WriteRows, region_id: str, but_run_id: str) -> int:
    """Mark every proposal of a region that nobody has decided on, other than those of one run, as outdated.

    Returns
    -------
    int
        How many there were.
    """
    p = t.proposal
    target = p.update().where(
        p.c.region_id == region_id,
        p.c.state == ProposalState.PROPOSED,
        p.c.planning_run_id != but_run_id,
    )
    return unit.execute(
        target.values(state=ProposalState.OUTDATED, version=p.c.version + 1, updated_at=unit.now)
    ).rowcount


def clear_marks(unit: WriteRows, region_id: str, until: datetime) -> int:
    """Clear the marks for a re-plan that were made until an instant.

    The version of a plan stays: no field that a person edits is changed.

    Returns
    -------
    int
        How many plans were marked.
    """
    plan = t.help_plan
    target = plan.update().where(plan.c.region_id == region_id, plan.c.replan_marked_at <= until)
    return unit.execute(target.values(replan_marked_at=None, updated_at=unit.now)).rowcount
