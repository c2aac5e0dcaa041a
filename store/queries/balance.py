"""Was die Bilanz zählt: agreements and what became of their steps, talks, and what plans have led to."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from plans.agreement import AgreementState
from plans.case_records import Achievement
from plans.steps import Finding, StepState
from store import tables as t
from store.rows import ReadRows
from store.tables.people import AppointmentState


def balance_stamp(unit: ReadRows, region_id: str) -> tuple[Any, ...]:
    """Return what changes when a row does that a balance counts: counts, versions and newest changes."""
    found: list[Any] = []
    for table in (t.agreement, t.agreement_version, t.appointment, t.need, t.agreement_review, t.achievement):
        edited = (
            (sa.func.sum(table.c.version), sa.func.max(table.c.updated_at)) if "version" in table.c else ()
        )
        query = sa.select(sa.func.count(), *edited).where(table.c.region_id == region_id)
        found += unit.execute(query).one()
    return tuple(found)


class Party(NamedTuple):
    """Vertragspartei: who is a party of which agreement, since when all have signed; None: not yet."""

    agreement_id: str
    organisation_id: str
    person_id: str
    town: str
    state: AgreementState
    review_due_on: date | None
    signed_on: date | None


class AgreedStep(NamedTuple):
    """Vereinbarter Schritt, as the last version says it that all have signed."""

    need_id: str
    person_id: str
    responsible: str
    due_on: date | None
    state: StepState
    done_on: date | None


class Met(NamedTuple):
    """Gespräche mit einer Person in einem Monat."""

    person_id: str
    year: int
    month: int
    talks: int


def parties(unit: ReadRows, region_id: str) -> list[Party]:
    """Return the parties of all agreements of a region; those of one agreement stand together."""
    a, p, h, signed = t.agreement, t.agreement_party, t.household, _signed_versions(region_id)
    first = sa.select(signed.c.agreement_id, signed.c.signed_on).where(signed.c.number == 1).subquery()
    query = (
        sa.select(a.c.id, a.c.organisation_id, p.c.person_id, h.c.home_name)
        .add_columns(a.c.state, a.c.review_due_on, first.c.signed_on)
        .join(p, p.c.agreement_id == a.c.id)
        .join(h, h.c.id == a.c.household_id)
        .outerjoin(first, first.c.agreement_id == a.c.id)
        .where(a.c.region_id == region_id)
        .order_by(a.c.id, p.c.position)
    )
    return [Party._make(row) for row in unit.execute(query)]


def agreed_steps(unit: ReadRows, region_id: str) -> list[AgreedStep]:
    """Return every step that an agreement of a region holds or held, once, with the latest agreed date."""
    m, n, signed = t.measure, t.need, _signed_versions(region_id)
    query = (
        sa.select(m.c.need_id, m.c.person_id, m.c.responsible, m.c.due_on, n.c.state, n.c.done_on)
        .join(signed, signed.c.version_id == m.c.agreement_version_id)
        .join(n, n.c.id == m.c.need_id)
        .order_by(signed.c.signed_on, signed.c.number, m.c.need_id)
    )
    return list({row.need_id: AgreedStep._make(row) for row in unit.execute(query)}.values())


def last_findings(unit: ReadRows, region_id: str) -> list[tuple[str, Finding]]:
    """Return person and finding of each agreed step in the last review of its agreement that named it."""
    f, r, n = t.agreement_finding, t.agreement_review, t.need
    query = (
        sa.select(f.c.need_id, n.c.person_id, f.c.finding)
        .join(r, r.c.id == f.c.agreement_review_id)
        .join(n, n.c.id == f.c.need_id)
        .where(f.c.region_id == region_id)
        .order_by(r.c.reviewed_on, r.c.id)
    )
    last = {row.need_id: (row.person_id, row.finding) for row in unit.execute(query)}
    return list(last.values())


def talks(unit: ReadRows, region_id: str) -> list[Met]:
    """Return how many talks were held with each person of a region in each month."""
    a, plan = t.appointment, t.help_plan
    year, month = sa.extract("year", a.c.held_on), sa.extract("month", a.c.held_on)
    query = (
        sa.select(plan.c.person_id, year.label("year"), month.label("month"))
        .add_columns(sa.func.count().label("talks"))
        .join(plan, plan.c.id == a.c.help_plan_id)
        .where(a.c.region_id == region_id, a.c.state == AppointmentState.HELD)
        .group_by(plan.c.person_id, year, month)
    )
    rows = unit.execute(query)
    return [Met(row.person_id, int(row.year), int(row.month), row.talks) for row in rows]


def achievements(unit: ReadRows, region_id: str) -> list[tuple[str, Achievement]]:
    """Return who has achieved what in a region, each once."""
    a, plan = t.achievement, t.help_plan
    query = (
        sa.select(plan.c.person_id, a.c.what)
        .join(plan, plan.c.id == a.c.help_plan_id)
        .where(a.c.region_id == region_id)
        .distinct()
    )
    return [(row.person_id, row.what) for row in unit.execute(query)]


def _signed_versions(region_id: str) -> sa.Subquery:
    """Versions of agreements that all parties and the office have signed, with the day of the last one."""
    v, s, p = t.agreement_version, t.signature, t.agreement_party
    needed = sa.select(sa.func.count()).where(p.c.agreement_id == v.c.agreement_id)
    return (
        sa.select(v.c.id.label("version_id"), v.c.agreement_id, v.c.number)
        .add_columns(sa.func.max(s.c.signed_on).label("signed_on"))
        .join(s, s.c.agreement_version_id == v.c.id)
        .where(v.c.region_id == region_id)
        .group_by(v.c.id, v.c.agreement_id, v.c.number, v.c.office_signatures)
        .having(sa.func.count() >= needed.correlate(v).scalar_subquery() + v.c.office_signatures)
        .subquery()
    )
