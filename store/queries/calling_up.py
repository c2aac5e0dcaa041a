"""Nachrücken: who in an office waits for a kind of seat and could begin with one sooner than planned."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from plans.help_plan import Phase
from plans.referral_table import OPEN
from plans.steps import StepState
from store import tables as t
from store.rows import ReadRows
from store.tables import ProposalState, RunState


class Waiting(NamedTuple):
    """Wartender Schritt: whose it is, and when it begins as last proposed (None: not at all)."""

    need_id: str
    person_id: str
    household_id: str
    planned_on: date | None


def waiting_longest(
    unit: ReadRows, organisation_id: str, kind: str, start_on: date, limit: int
) -> list[Waiting]:
    """Return steps of an office's people for which nothing was asked yet and that would begin after a day.

    Parameters
    ----------
    unit : ReadRows
        Reads.
    organisation_id : str
        The office.
    kind : str
        What is needed.
    start_on : date
        A step that may begin only later, or is proposed to begin by then, is left out.
    limit : int
        At most so many, >= 1.

    Returns
    -------
    list of Waiting
        Who would begin last first, those without any date before them; of equals who came first.
    """
    n, p, plan, s, r = t.need, t.person, t.help_plan, t.slot, t.referral
    proposal, run = t.proposal, t.planning_run
    planned_on = (
        sa.select(sa.func.max(s.c.start_on))
        .join(proposal, proposal.c.slot_id == s.c.id)
        .join(run, run.c.id == proposal.c.planning_run_id)
        .where(proposal.c.need_id == n.c.id, proposal.c.state == ProposalState.PROPOSED)
        .where(run.c.state == RunState.RELEASED)
        .scalar_subquery()
    )
    asked = sa.exists().where(r.c.need_id == n.c.id, r.c.state.in_(OPEN))
    waiting = (
        sa.select(n.c.id, n.c.person_id, p.c.household_id, planned_on.label("planned_on"), plan.c.arrived_on)
        .join(p, p.c.id == n.c.person_id)
        .join(plan, plan.c.id == n.c.help_plan_id)
        .where(plan.c.organisation_id == organisation_id, plan.c.phase == Phase.ACTIVE)
        .where(n.c.kind == kind, n.c.state == StepState.OPEN, n.c.earliest_on <= start_on, ~asked)
        .subquery()
    )
    w = waiting.c
    query = (
        sa.select(w.id, w.person_id, w.household_id, w.planned_on)
        .where(sa.or_(w.planned_on.is_(None), w.planned_on > start_on))
        .order_by(w.planned_on.is_not(None), w.planned_on.desc(), w.arrived_on, w.id)
        .limit(limit)
    )
    return [Waiting._make(row) for row in unit.execute(query)]
