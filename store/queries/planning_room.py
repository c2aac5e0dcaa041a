"""Was die Planungswerkstatt liest: profiles, names of offerings, and the dates of steps that have begun."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from plans.model import Gender
from plans.needs import Relation
from plans.referral_table import Reason, ReferralOutcome
from plans.steps import StepState
from store import tables as t
from store.rows import ReadRows
from store.tables import GroupShape

ONLINE, ELSEWHERE = "online", "elsewhere"


class BegunStep(NamedTuple):
    """Begonnener Schritt: whose, of which kind and profile, and the dates of both clocks as far as known.

    `is_mother` says whether the person is a woman whose household has children; `times` are the half-days of
    the last analysis, and `inhabitants` those of the town, None where nobody has said. `place` is the town of
    the slot by referral: `ONLINE` where there is none, `ELSEWHERE` where the step began without a referral.
    """

    person_id: str
    profile: str
    town: str
    kind: str
    target_on: date | None
    entitled_on: date | None
    registered_on: date | None
    started_on: date
    tags: frozenset[str] = frozenset()
    is_mother: bool = False
    times: frozenset[str] | None = None
    inhabitants: int | None = None
    place: str = ELSEWHERE


def profiles_by_person(unit: ReadRows, region_id: str) -> dict[str, str]:
    """Return the profile of everybody in a region by the id of the person."""
    query = sa.select(t.person.c.id, t.person.c.profile).where(t.person.c.region_id == region_id)
    return {row.id: row.profile for row in unit.execute(query)}


def offering_names(unit: ReadRows, region_id: str) -> dict[str, str]:
    """Return the names of all offerings of a region by their ids, also of those that are gone."""
    query = sa.select(t.offering.c.id, t.offering.c.name).where(t.offering.c.region_id == region_id)
    return {row.id: row.name for row in unit.execute(query)}


def count_arrivals(unit: ReadRows, region_id: str, after_on: date, until_on: date) -> int:
    """Return how many people of a region came after a day and until another.

    Counted by the arrival of those who were announced, by the beginning of the help plan of all others.
    """
    plan = t.help_plan.c
    came = sa.func.coalesce(plan.arrived_on, sa.func.date(plan.created_at))
    query = sa.select(sa.func.count()).where(plan.region_id == region_id, came > after_on, came <= until_on)
    return int(unit.execute(query).scalar_one())


class WayIn(NamedTuple):
    """Einstieg: a way into a group, with what tells whether a change of the group is worth a question."""

    id: str
    offering_id: str
    start_on: date
    entry_module: int
    group_id: str
    shape: GroupShape
    minimum: int
    seats: int


def ways_into_groups(unit: ReadRows, region_id: str, from_on: date, until_on: date) -> list[WayIn]:
    """Return the slots of a region that start between two days, both included, by their ids."""
    s, g = t.slot, t.slot_group
    query = (
        sa.select(
            *(s.c.id, s.c.offering_id, s.c.start_on, s.c.entry_module),
            *(g.c.id, g.c.shape, g.c.minimum, g.c.seats),
        )
        .join(g, g.c.id == s.c.slot_group_id)
        .where(s.c.region_id == region_id, s.c.start_on.between(from_on, until_on))
        .where(s.c.gone_on.is_(None), g.c.gone_on.is_(None))
        .order_by(s.c.id)
    )
    return [WayIn._make(row) for row in unit.execute(query)]


def begun_stamp(unit: ReadRows, region_id: str, from_on: date, until_on: date) -> tuple[Any, ...]:
    """Return what changes when a step does that began between two days, an analysis or the region."""
    n = t.need.c
    query = sa.select(sa.func.count(), sa.func.sum(n.version), sa.func.max(n.updated_at))
    steps = unit.execute(query.where(n.region_id == region_id, n.started_on.between(from_on, until_on))).one()
    analyses = sa.select(sa.func.count()).where(t.analysis.c.region_id == region_id)
    referrals = _stamp(unit, region_id, t.referral)
    region = sa.select(t.region.c.version).where(t.region.c.id == region_id)
    return (*steps, unit.execute(analyses).scalar_one(), *referrals, unit.execute(region).scalar_one())


def begun_steps(unit: ReadRows, region_id: str, from_on: date, until_on: date) -> list[BegunStep]:
    """Return the steps of a region that began between two days, both included, by their ids."""
    n, p, h = t.need, t.person, t.household
    times, inhabitants = _times(unit, region_id), _inhabitants(unit, region_id)
    places = _places(unit, region_id, from_on, until_on)
    query = (
        sa.select(
            *(p.c.id, p.c.profile, h.c.home_name),
            *(n.c.kind, n.c.target_on, n.c.entitled_on, n.c.registered_on, n.c.started_on),
            *(p.c.tags, p.c.gender, h.c.children, n.c.id.label("need_id")),
        )
        .join(p, p.c.id == n.c.person_id)
        .join(h, h.c.id == p.c.household_id)
        .where(n.c.region_id == region_id, n.c.started_on.between(from_on, until_on))
        .order_by(n.c.id)
    )
    return [
        BegunStep._make(
            [
                *row[:-3],
                row.gender is Gender.FEMALE and bool(row.children),
                times.get(row.id),
                inhabitants.get(row.home_name),
                places.get(row.need_id, ELSEWHERE),
            ]
        )
        for row in unit.execute(query)
    ]


def _times(unit: ReadRows, region_id: str) -> dict[str, frozenset[str]]:
    """When each person can attend, by the last analysis."""
    plan, a = t.help_plan, t.analysis
    query = (
        sa.select(plan.c.person_id, a.c.content)
        .join(plan, plan.c.id == a.c.help_plan_id)
        .where(a.c.region_id == region_id)
        .order_by(a.c.number)
    )
    return {row.person_id: frozenset(row.content["availability"]["times"]) for row in unit.execute(query)}


def _places(unit: ReadRows, region_id: str, from_on: date, until_on: date) -> dict[str, str]:
    """Town of the slot in which each step began by referral; the last one where it began anew."""
    r, s = t.referral, t.slot
    query = (
        sa.select(r.c.need_id, s.c.place_name, s.c.online)
        .join(s, s.c.id == r.c.slot_id)
        .where(r.c.region_id == region_id, r.c.started_on.between(from_on, until_on))
        .order_by(r.c.started_on, r.c.id)
    )
    return {
        row.need_id: ONLINE if row.online or not row.place_name else row.place_name
        for row in unit.execute(query)
    }


def _inhabitants(unit: ReadRows, region_id: str) -> dict[str, int | None]:
    towns = unit.execute(sa.select(t.region.c.towns).where(t.region.c.id == region_id)).scalar_one()
    return {town["name"]: town.get("population") for town in towns}


class Passage(NamedTuple):
    """Übergang: a completed step, how its referral ended, and the one behind it as far as it has come."""

    person_id: str
    kind: str
    done_on: date
    outcome: ReferralOutcome | None
    next_kind: str
    next_placed_on: date | None
    next_started_on: date | None


def passages(unit: ReadRows, region_id: str, from_on: date, until_on: date) -> list[Passage]:
    """Return the steps completed between two days, both included, after whose end another is to begin."""
    n, r = t.need, t.referral
    after = n.alias("after")
    query = (
        sa.select(n.c.person_id, n.c.kind, n.c.done_on, r.c.outcome)
        .add_columns(after.c.kind.label("next_kind"), after.c.placed_on, after.c.started_on)
        .join(after, after.c.after_need_id == n.c.id)
        .outerjoin(r, (r.c.need_id == n.c.id) & r.c.outcome.is_not(None))
        .where(n.c.region_id == region_id, n.c.done_on.between(from_on, until_on))
        .where(n.c.state == StepState.DONE, after.c.relation == Relation.END)
        .where(after.c.state != StepState.DROPPED)
        .order_by(after.c.id)
    )
    return [Passage._make(row) for row in unit.execute(query)]


class PromisedStart(NamedTuple):
    """Versprochener Beginn: what the first released plan with a slot for a step promised, and what came."""

    person_id: str
    kind: str
    promised_on: date
    registered_on: date | None
    started_on: date | None


def promised_starts(unit: ReadRows, region_id: str, from_on: date, until_on: date) -> list[PromisedStart]:
    """Return the steps whose first promised start lies between two days, both included, by their ids."""
    p, run, s, n = t.proposal, t.planning_run, t.slot, t.need
    order = sa.func.row_number().over(partition_by=p.c.need_id, order_by=(run.c.started_at, p.c.id))
    promised = (
        sa.select(p.c.need_id, s.c.start_on, order.label("place"))
        .join(run, run.c.id == p.c.planning_run_id)
        .join(s, s.c.id == p.c.slot_id)
        .where(run.c.region_id == region_id, run.c.state == t.RunState.RELEASED)
        .subquery()
    )
    query = (
        sa.select(n.c.person_id, n.c.kind, promised.c.start_on, n.c.registered_on, n.c.started_on)
        .join(promised, promised.c.need_id == n.c.id)
        .where(promised.c.place == 1, promised.c.start_on.between(from_on, until_on))
        .order_by(n.c.id)
    )
    return [PromisedStart._make(row) for row in unit.execute(query)]


class BegunGroup(NamedTuple):
    """Gruppe, deren Beginn vorbei ist: its seats, who began by referral or elsewhere, when it was gone."""

    kind: str
    start_on: date
    seats: int
    elsewhere: int
    minimum: int
    gone_on: date | None
    begun: int


class Appeared(NamedTuple):
    """Beginn einer Vermittlung, day by day: whose, and whether the person came."""

    person_id: str
    day: date
    came: bool


def running_stamp(unit: ReadRows, region_id: str) -> tuple[Any, ...]:
    """Return what changes when a group or a referral of a region does."""
    return _stamp(unit, region_id, t.slot_group, t.referral)


def passages_stamp(unit: ReadRows, region_id: str) -> tuple[Any, ...]:
    """Return what changes when a step or a referral of a region does."""
    return _stamp(unit, region_id, t.need, t.referral)


def promises_stamp(unit: ReadRows, region_id: str) -> tuple[Any, ...]:
    """Return what changes when a step, a planning run or a slot of a region does."""
    return _stamp(unit, region_id, t.need, t.planning_run, t.slot)


def _stamp(unit: ReadRows, region_id: str, *tables: sa.Table) -> tuple[Any, ...]:
    """Counts and newest changes of the rows of a region."""
    return tuple(
        value
        for table in (one.c for one in tables)
        for value in unit.execute(
            sa.select(sa.func.count(), sa.func.max(table.updated_at)).where(table.region_id == region_id)
        ).one()
    )


def begun_groups(unit: ReadRows, region_id: str, from_on: date, until_on: date) -> list[BegunGroup]:
    """Return the groups of a region that should have begun between two days, both included, by their ids."""
    g, r = t.slot_group, t.referral
    begun = sa.select(sa.func.count(r.c.person_id.distinct())).where(
        r.c.slot_group_id == g.c.id, r.c.started_on.is_not(None)
    )
    query = (
        sa.select(t.offering.c.kind, g.c.start_on, g.c.seats, g.c.booked_elsewhere)
        .add_columns(g.c.minimum, g.c.gone_on, begun.correlate(g).scalar_subquery())
        .join(t.offering, t.offering.c.id == g.c.offering_id)
        .where(g.c.region_id == region_id, g.c.start_on.between(from_on, until_on))
        .order_by(g.c.id)
    )
    return [BegunGroup._make(row) for row in unit.execute(query)]


def appearances(unit: ReadRows, region_id: str, from_on: date, until_on: date) -> list[Appeared]:
    """Return who began by referral, and who did not come, between two days, both included."""
    r = t.referral
    missed = r.c.started_on.is_(None) & (r.c.reason == Reason.NO_SHOW)
    day = sa.func.coalesce(r.c.started_on, r.c.ended_on)
    query = (
        sa.select(r.c.person_id, r.c.started_on, r.c.ended_on)
        .where(
            r.c.region_id == region_id, r.c.started_on.is_not(None) | missed, day.between(from_on, until_on)
        )
        .order_by(r.c.id)
    )
    rows = unit.execute(query)
    return [
        Appeared(row.person_id, row.started_on or row.ended_on, row.started_on is not None) for row in rows
    ]
