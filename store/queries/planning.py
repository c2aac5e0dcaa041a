"""Planungsläufe: what a run reads and changes in many rows at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from store import tables as t
from store.queries.paging import Page
from store.queries.snapshot import OPEN_STEPS
from store.rows import ReadRows, WriteRows
from store.tables import ProposalState, RunState

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
    is_open = (
        p.c.region_id == region_id,
        p.c.state == ProposalState.PROPOSED,
        p.c.planning_run_id != but_run_id,
    )
    # In the order in which all lock; whoever keeps one of them is waited for here.
    unit.execute(sa.select(p.c.id).where(*is_open).order_by(p.c.id).with_for_update(key_share=True)).all()
    return unit.execute(
        p.update()
        .where(*is_open)
        .values(state=ProposalState.OUTDATED, version=p.c.version + 1, updated_at=unit.now)
    ).rowcount


def clear_marks(unit: WriteRows, region_id: str, until: datetime) -> int:
    """Clear the marks for a re-plan of all plans in which nothing has changed since an instant.

    A plan that is marked already is not marked anew, so a change after the instant shows in its rows only.
    The version of a plan stays: no field that a person edits is changed.

    Parameters
    ----------
    unit : UnitOfWork
        Writes.
    region_id : str
        Which region.
    until : datetime
        When planning looked, UTC.

    Returns
    -------
    int
        How many marks were cleared.
    """
    plan, n, r = t.help_plan, t.need, t.referral
    later_need = sa.exists().where(n.c.help_plan_id == plan.c.id, n.c.updated_at > until)
    later_referral = sa.exists().where(
        n.c.help_plan_id == plan.c.id, r.c.need_id == n.c.id, r.c.updated_at > until
    )
    marked = sa.select(plan.c.id).where(plan.c.region_id == region_id, plan.c.replan_marked_at <= until)
    # In the order in which all lock; whoever keeps one of them is waited for here.
    unit.execute(marked.order_by(plan.c.id).with_for_update(key_share=True)).all()
    target = plan.update().where(
        plan.c.region_id == region_id,
        plan.c.replan_marked_at <= until,
        plan.c.updated_at <= until,
        ~later_need,
        ~later_referral,
    )
    return unit.execute(target.values(replan_marked_at=None, updated_at=unit.now)).rowcount


def proposals_for_office(
    unit: ReadRows, organisation_id: str, states: Iterable[ProposalState], limit: int
) -> list[dict[str, Any]]:
    """Return released proposals that an office decides on, those that start first first.

    Parameters
    ----------
    unit : ReadRows
        Reads.
    organisation_id : str
        The office.
    states : iterable of ProposalState
        Which proposals.
    limit : int
        At most so many.

    Returns
    -------
    list of dict
        Columns of the proposal without `decline_why`, and of its need, slot and offering.
    """
    p, run, s = t.proposal, t.planning_run, t.slot
    order = (s.c.start_on.is_(None), s.c.start_on, p.c.id)
    # Chosen before the rest is read, so that it is read for those that are shown only.
    chosen = (
        sa.select(p.c.id)
        .join(run, run.c.id == p.c.planning_run_id)
        .outerjoin(s, s.c.id == p.c.slot_id)
        .where(
            p.c.organisation_id == organisation_id,
            p.c.state.in_(list(states)),
            run.c.state == RunState.RELEASED,
        )
        .order_by(*order)
        .limit(limit)
        .subquery()
    )
    query = _with_slot().join(chosen, chosen.c.id == p.c.id).order_by(*order)
    return [dict(row._mapping) for row in unit.execute(query)]


def released_proposal(unit: ReadRows, proposal_id: str) -> dict[str, Any] | None:
    """Return one proposal of a released run, as `proposals_for_office` does; None where there is none."""
    p, run = t.proposal, t.planning_run
    query = _with_slot().add_columns(p.c.organisation_id).join(run, run.c.id == p.c.planning_run_id)
    found = unit.execute(query.where(p.c.id == proposal_id, run.c.state == RunState.RELEASED)).first()
    return None if found is None else dict(found._mapping)


def proposals_of_run(unit: ReadRows, run_id: str, limit: int) -> list[dict[str, Any]]:
    """Return the proposals of a run, as `proposals_for_office` does, in the order of their needs."""
    p = t.proposal
    # Chosen before the rest is read, as above.
    in_order = sa.select(p.c.id).where(p.c.planning_run_id == run_id).order_by(p.c.need_id).limit(limit)
    chosen = in_order.subquery()
    query = _with_slot().join(chosen, chosen.c.id == p.c.id).order_by(p.c.need_id)
    return [dict(row._mapping) for row in unit.execute(query)]


def proposals_page(unit: ReadRows, run_id: str, page: Page, *, only_changed: bool) -> list[dict[str, Any]]:
    """Return a page of the proposals of a run, by needs: all, or those that differ from the plan before."""
    p = t.proposal
    query = _with_slot().where(p.c.planning_run_id == run_id)
    if only_changed:
        query = query.where(p.c.change.is_not(None))
    return [dict(row._mapping) for row in unit.execute(page.of(query, p.c.need_id, p.c.need_id))]


def free_seats(unit: ReadRows, slot_ids: Iterable[str]) -> dict[str, int]:
    """Return the seats free now for some slots that are still offered; others are left out."""
    s, g = t.slot, t.slot_group
    query = (
        sa.select(s.c.id, (g.c.seats - g.c.taken - g.c.booked_elsewhere).label("free"))
        .join(g, g.c.id == s.c.slot_group_id)
        .where(s.c.id.in_(sorted(slot_ids)), s.c.gone_on.is_(None), g.c.gone_on.is_(None))
    )
    return {row.id: int(row.free) for row in unit.execute(query)}


def _with_slot() -> sa.Select[Any]:
    """Proposals with their need, slot and offering."""
    p, n, s, g, offering, o = t.proposal, t.need, t.slot, t.slot_group, t.offering, t.organisation
    own = ("id", "version", "state", "planning_run_id", "need_id", "person_id", "slot_id", "referral_id")
    return (
        sa.select(
            *(p.c[name] for name in own),
            *(p.c.reasons, p.c.alternatives, p.c.change, p.c.decided_at),
            *(n.c.kind, n.c.goal_de, n.c.goal_en, n.c.target_on),
            *(s.c.start_on, s.c.end_on, s.c.place_name),
            offering.c.name.label("offering"),
            o.c.name.label("provider"),
            (g.c.seats - g.c.taken - g.c.booked_elsewhere).label("free_seats"),
        )
        .join(n, n.c.id == p.c.need_id)
        .outerjoin(s, s.c.id == p.c.slot_id)
        .outerjoin(g, g.c.id == s.c.slot_group_id)
        .outerjoin(offering, offering.c.id == s.c.offering_id)
        .outerjoin(o, o.c.id == s.c.organisation_id)
    )
