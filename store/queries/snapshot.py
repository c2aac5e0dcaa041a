"""Momentaufnahme: what planning must know of a region, read in few SELECTs and without any secret.

Where `household_ids` may be given, only those households are read; by default the whole region.
No name, birth date, contact, address or note is read, so nothing has to be decrypted.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from network.model import ActorType
from plans.consent import Consent, DataCategory, Purpose, Recipient
from plans.help_plan import Phase
from plans.referral_table import OPEN, WITH_SEAT, Reason, ReferralState
from plans.steps import StepState
from store import tables as t
from store.rows import ReadRows
from store.tables import GroupShape, ProposalState, RunState

Households = Collection[str] | None
"""Ids of households; None = all of the region."""

OPEN_STEPS = tuple(state for state in StepState if not state.is_end)
_REFUSALS = (ReferralState.REJECTED, ReferralState.CANCELLED)


class SlotRow(NamedTuple):
    """Einstieg mit seiner Gruppe: a way in, and how full the group is that it leads into."""

    id: str
    offering_id: str
    organisation_id: str
    kind: str
    entry_module: int
    start_on: date
    end_on: date
    place_name: str | None
    lat: float | None
    lon: float | None
    online: bool
    requires: frozenset[str]
    features: frozenset[str]
    times: frozenset[str]
    group_id: str
    shape: GroupShape
    group_start_on: date
    modules: int
    seats: int
    booked_elsewhere: int
    taken: int
    minimum: int


_SETS = ("requires", "features", "times")


class PersonRow(NamedTuple):
    """Person mit Haushalt: the pseudonym, its office, tags and home, and what the last analysis says."""

    id: str
    organisation_id: str
    household_id: str
    tags: frozenset[str]
    home_name: str
    home_lat: float
    home_lon: float
    shared_childcare: bool
    analysis: dict[str, Any]


class Seat(NamedTuple):
    """Gehaltener Platz: which slot a need has by a referral."""

    need_id: str
    slot_id: str


class Office(NamedTuple):
    """Akteur: name and type of an organisation."""

    id: str
    name: str
    type: ActorType


def offices(unit: ReadRows, region_id: str) -> list[Office]:
    """Return all organisations of a region, also those that are gone."""
    o = t.organisation
    query = sa.select(o.c.id, o.c.name, o.c.type).where(o.c.region_id == region_id).order_by(o.c.id)
    return [Office._make(row) for row in unit.execute(query)]


def ways_in(
    unit: ReadRows,
    region_id: str,
    from_on: date,
    until_on: date,
    household_ids: Households = None,
) -> list[SlotRow]:
    """Return the slots that start between two days, and those in which somebody of the region sits.

    Parameters
    ----------
    unit : ReadRows
        Reads.
    region_id : str
        Which region.
    from_on, until_on : date
        First and last day of a start; a slot that is no longer offered counts only where it is held.
    household_ids : collection of str, optional
        Only slots of the kinds of their open steps, and those in which they sit.
    """
    s, g = t.slot, t.slot_group
    offered = sa.and_(s.c.gone_on.is_(None), g.c.gone_on.is_(None), s.c.start_on.between(from_on, until_on))
    if household_ids is not None:
        own = _open_needs(region_id, household_ids).with_only_columns(t.need.c.kind)
        offered = sa.and_(offered, s.c.kind.in_(own))
    held = s.c.id.in_(_seats(region_id, household_ids).with_only_columns(t.referral.c.slot_id))
    columns = (sa.cast(s.c[name], sa.Text) if name in _SETS else s.c[name] for name in SlotRow._fields[:14])
    counts = (g.c.shape, g.c.start_on, g.c.modules, g.c.seats, g.c.booked_elsewhere, g.c.taken, g.c.minimum)
    query = (
        sa.select(*columns, g.c.id, *counts)
        .join(g, g.c.id == s.c.slot_group_id)
        .where(s.c.region_id == region_id, sa.or_(offered, held))
        .order_by(s.c.id)
    )
    return [SlotRow._make([*row[:11], *map(_terms, row[11:14]), *row[14:]]) for row in unit.execute(query)]


@lru_cache(maxsize=1024)
def _terms(written: str) -> frozenset[str]:
    """A set of words as the column holds it; many ways in have the same, and reading them takes long."""
    return frozenset(json.loads(written))


def open_needs(unit: ReadRows, region_id: str, household_ids: Households = None) -> list[dict[str, Any]]:
    """Return the open steps of all active plans of a region, and the steps for which one of them waits.

    Returns
    -------
    list of dict
        Rows of `need`, by id; a step that is over is there only where an open one waits for it.
    """
    n, waiting = t.need, _open_needs(region_id, household_ids)
    before = sa.select(n).where(
        n.c.id.in_(waiting.with_only_columns(n.c.after_need_id)), n.c.state.not_in(OPEN_STEPS)
    )
    found = [dict(row._mapping) for query in (waiting, before) for row in unit.execute(query)]
    return sorted(found, key=lambda row: str(row["id"]))


def people_with_needs(unit: ReadRows, region_id: str, household_ids: Households = None) -> list[PersonRow]:
    """Return everybody with an open step in an active plan, with the last analysis."""
    p, h, plan, a = t.person, t.household, t.help_plan, t.analysis
    later = a.alias("later")
    is_last = ~sa.exists().where(later.c.help_plan_id == a.c.help_plan_id, later.c.number > a.c.number)
    query = (
        sa.select(
            *(p.c.id, p.c.organisation_id, p.c.household_id, p.c.tags),
            *(h.c.home_name, h.c.home_lat, h.c.home_lon, h.c.shared_childcare, a.c.content),
        )
        .join(h, h.c.id == p.c.household_id)
        .join(plan, plan.c.person_id == p.c.id)
        .join(a, a.c.help_plan_id == plan.c.id)
        .where(
            p.c.id.in_(_open_needs(region_id, household_ids).with_only_columns(t.need.c.person_id)), is_last
        )
        .order_by(p.c.id)
    )
    return [PersonRow._make(row) for row in unit.execute(query)]


def held_seats(unit: ReadRows, region_id: str, household_ids: Households = None) -> list[Seat]:
    """Return which slot each open need has that a referral holds a seat for."""
    r = t.referral
    query = _seats(region_id, household_ids).with_only_columns(r.c.need_id, r.c.slot_id).order_by(r.c.need_id)
    return [Seat._make(row) for row in unit.execute(query)]


def planning_consents(unit: ReadRows, region_id: str, household_ids: Households = None) -> list[Consent]:
    """Return the consents to planning of everybody with an open step."""
    c = t.consent
    query = (
        sa.select(
            *(c.c.id, c.c.person_id, c.c.recipient_id, c.c.recipient_type),
            *(c.c.categories, c.c.from_on, c.c.until_on, c.c.withdrawn_on),
        )
        .where(
            c.c.purpose == Purpose.PLANNING,
            c.c.person_id.in_(_open_needs(region_id, household_ids).with_only_columns(t.need.c.person_id)),
        )
        .order_by(c.c.id)
    )
    return [
        Consent(
            row.id,
            row.person_id,
            Recipient(row.recipient_id, row.recipient_type),
            Purpose.PLANNING,
            frozenset(DataCategory(word) for word in row.categories),
            row.from_on,
            row.until_on,
            row.withdrawn_on,
        )
        for row in unit.execute(query)
    ]


def announced(unit: ReadRows, region_id: str, household_ids: Households = None) -> list[Seat]:
    """Return the slots of released proposals that nobody has decided on."""
    p, run = t.proposal, t.planning_run
    query = (
        sa.select(p.c.need_id, p.c.slot_id)
        .join(run, run.c.id == p.c.planning_run_id)
        .where(_is_announced(region_id), p.c.slot_id.is_not(None))
        .order_by(p.c.need_id, run.c.started_at)
    )
    return [Seat._make(row) for row in unit.execute(_of(query, p.c.person_id, household_ids))]


def refused_slots(unit: ReadRows, region_id: str, household_ids: Households = None) -> set[tuple[str, str]]:
    """Return who will not get which slot again: the person declined it, or its provider rejected them.

    Returns
    -------
    set of (person id, slot id)
        Of open needs only.
    """
    p, r = t.proposal, t.referral
    waiting = _open_needs(region_id, household_ids).with_only_columns(t.need.c.id)
    declined = sa.select(p.c.person_id, p.c.slot_id).where(
        p.c.state == ProposalState.DECLINED, p.c.slot_id.is_not(None), p.c.need_id.in_(waiting)
    )
    ended = sa.select(r.c.person_id, r.c.slot_id).where(
        r.c.need_id.in_(waiting),
        r.c.state.in_(_REFUSALS),
        sa.or_(r.c.state == ReferralState.REJECTED, r.c.reason == Reason.CLIENT_DECLINED),
        sa.or_(r.c.reason.is_(None), r.c.reason != Reason.NO_CAPACITY),
    )
    found = (row for query in (declined, ended) for row in unit.execute(query).mappings())
    return {(row["person_id"], row["slot_id"]) for row in found}


def announced_to_others(
    unit: ReadRows, region_id: str, household_ids: Collection[str], from_on: date
) -> dict[str, int]:
    """Return how many seats of each slot some households may want from a day on are announced to others.

    Whoever has a seat by now, and a step that is over, are not counted.
    """
    p, run, n, s = t.proposal, t.planning_run, t.need, t.slot
    kinds = _open_needs(region_id, household_ids).with_only_columns(n.c.kind)
    query = (
        sa.select(p.c.slot_id, sa.func.count().label("seats"))
        .join(run, run.c.id == p.c.planning_run_id)
        .join(n, n.c.id == p.c.need_id)
        .join(s, s.c.id == p.c.slot_id)
        .where(
            _is_announced(region_id),
            n.c.state.in_(OPEN_STEPS),
            s.c.region_id == region_id,
            s.c.kind.in_(kinds),
            s.c.start_on >= from_on,
            p.c.person_id.not_in(_members(household_ids)),
            ~_holds_seat(n.c.id),
        )
        .group_by(p.c.slot_id)
    )
    return {row.slot_id: row.seats for row in unit.execute(query)}


def marked_plans(unit: ReadRows, region_id: str) -> int:
    """Return how many plans wait to be planned again."""
    plan = t.help_plan
    return unit.count(plan, plan.c.replan_marked_at.is_not(None), region_id=region_id)


def _open_needs(region_id: str, household_ids: Households) -> sa.Select[Any]:
    n, plan = t.need, t.help_plan
    query = (
        sa.select(n)
        .join(plan, plan.c.id == n.c.help_plan_id)
        .where(n.c.region_id == region_id, n.c.state.in_(OPEN_STEPS), plan.c.phase == Phase.ACTIVE)
    )
    return _of(query, n.c.person_id, household_ids)


def _is_announced(region_id: str) -> sa.ColumnElement[bool]:
    """Whether a proposal of a run that is joined to it is released, and nobody has decided on it."""
    p, run = t.proposal, t.planning_run
    released = sa.and_(p.c.region_id == region_id, run.c.state == RunState.RELEASED)
    return sa.and_(released, p.c.state == ProposalState.PROPOSED)


def _of(query: sa.Select[Any], person_id: sa.ColumnElement[str], household_ids: Households) -> sa.Select[Any]:
    """The rows of the members of some households; all, where no household is named."""
    return query if household_ids is None else query.where(person_id.in_(_members(household_ids)))


def _members(household_ids: Collection[str]) -> sa.Select[Any]:
    return sa.select(t.person.c.id).where(t.person.c.household_id.in_(sorted(household_ids)))


def _holds_seat(need_id: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    r = t.referral
    return sa.exists().where(r.c.need_id == need_id, r.c.state.in_(OPEN), r.c.state.in_(WITH_SEAT))


def _seats(region_id: str, household_ids: Households) -> sa.Select[Any]:
    r, n = t.referral, t.need
    query = (
        sa.select(r)
        .join(n, n.c.id == r.c.need_id)
        .where(
            n.c.region_id == region_id,
            n.c.state.in_(OPEN_STEPS),
            r.c.state.in_(OPEN),  # the words of the partial index
            r.c.state.in_(WITH_SEAT),
        )
    )
    return _of(query, n.c.person_id, household_ids)
