"""Haushalte anlegen: announced by the reception centre before they arrive, or met when they are here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from plans.actions import Action
from plans.case_records import ArrivalNotice
from plans.fault import refuse
from plans.help_plan import Case, Phase
from plans.identity import Home, Identity
from plans.needs import check_order
from plans.roles import Role
from store import tables as t
from store.faults import Missing
from workflows.acting import Look, Work, workflow
from workflows.cases.days import check_has_been
from workflows.cases.records import mark_replan
from workflows.cases.to_rows import home_columns, identity_columns, plan_columns
from workflows.keeping import keep_household
from workflows.scopes import admit
from workflows.versions import check_read


@workflow(Action.ANNOUNCE_HOUSEHOLD)
def announce_household(
    work: Work, organisation_id: str, home: Home, persons: Sequence[Identity], notice: ArrivalNotice
) -> dict[str, Any]:
    """Note the notice of a household that will arrive (Ankündigung).

    Parameters
    ----------
    work : Work
        The workflow.
    organisation_id : str
        Office that will look after it.
    home : Home
        Where it will live.
    persons : sequence of Identity
        Everybody who gets a help plan, at least one.
    notice : ArrivalNotice
        Who says so, and when they are expected.

    Returns
    -------
    dict
        ``household_id``, and ``person_ids`` in the order given.
    """
    office = admit(work, t.organisation, organisation_id)
    check_has_been(work, "announced_on", notice.announced_on)
    organisation_of(work, office["region_id"], notice.announced_by)
    return _begin(work, office, home, persons, notice, None)


@workflow(Action.CREATE_HOUSEHOLD)
def create_household(
    work: Work, organisation_id: str, home: Home, persons: Sequence[Identity], arrived_on: date
) -> dict[str, Any]:
    """Begin with a household that is here already.

    Parameters
    ----------
    work, organisation_id, home, persons
        See `announce_household`.
    arrived_on : date
        Day of arrival.

    Returns
    -------
    dict
        ``household_id``, and ``person_ids`` in the order given.
    """
    office = admit(work, t.organisation, organisation_id)
    check_has_been(work, "arrived_on", arrived_on)
    return _begin(work, office, home, persons, None, arrived_on)


@workflow(Action.CREATE_HOUSEHOLD)
def add_person(
    work: Work,
    household_id: str,
    version: int,
    person: Identity,
    *,
    arrived_on: date | None = None,
    notice: ArrivalNotice | None = None,
) -> dict[str, Any]:
    """Add somebody to a household: announced, or here already.

    Parameters
    ----------
    work, household_id, version
        The workflow, the household, and its version that was read.
    person : Identity
        Who.
    arrived_on, notice : date, ArrivalNotice, optional
        One of them, as in `create_household` and `announce_household`.

    Returns
    -------
    dict
        ``person_id``, and the new ``version`` of the household.
    """
    household = admit(work, t.household, household_id)
    check_read(t.household, household, version)
    if arrived_on is not None:
        check_has_been(work, "arrived_on", arrived_on)
    if notice is not None:
        organisation_of(work, household["region_id"], notice.announced_by)
    person_id = _add(work, household, person, notice, arrived_on)
    changed = work.unit.change(t.household, household_id, version)
    work.record("household", household_id, household["region_id"], person=person_id)
    return {"person_id": person_id, "version": changed["version"]}


@workflow(Action.EDIT_PERSON)
def edit_household(work: Work, household_id: str, version: int, home: Home) -> dict[str, Any]:
    """Change where a household lives and who lives there; what planning reads marks its plans for a re-plan.

    Returns
    -------
    dict
        ``household_id``, and the new ``version``.
    """
    household = admit(work, t.household, household_id)
    keep_household(work, household_id)
    columns = home_columns(home)
    changed = work.unit.change(t.household, household_id, version, **columns)
    if any(household[name] != changed[name] for name in columns if name != "address"):
        for person in work.unit.find(t.person, household_id=household_id):
            mark_if_planned(work, person["id"])
    work.record("household", household_id, household["region_id"])
    return {"household_id": household_id, "version": changed["version"]}


def organisation_of(look: Look, region_id: str, organisation_id: str) -> dict[str, Any]:
    """Return the row of an organisation of a region.

    Raises
    ------
    Missing
        Where the region has none of this id.
    """
    row = look.unit.get(t.organisation, organisation_id)
    if row["region_id"] != region_id:
        raise Missing("missing", table=t.organisation.name, id=organisation_id)
    return row


def mark_if_planned(work: Work, person_id: str) -> None:
    """Mark a person's help plan for a re-plan, where steps are open."""
    need = t.need.c
    for plan in work.unit.find(t.help_plan, person_id=person_id, phase=Phase.ACTIVE):
        if work.unit.count(t.need, need.done_on.is_(None), help_plan_id=plan["id"]):
            mark_replan(work, plan)


def _begin(
    work: Work,
    office: Mapping[str, Any],
    home: Home,
    persons: Sequence[Identity],
    notice: ArrivalNotice | None,
    arrived_on: date | None,
) -> dict[str, Any]:
    if not persons:
        raise refuse("no-members", "household")
    about = {"region_id": office["region_id"], "organisation_id": office["id"]}
    household_id = work.unit.insert(t.household, **about, **home_columns(home))
    household = {**about, "id": household_id}
    person_ids = [_add(work, household, person, notice, arrived_on) for person in persons]
    work.record("household", household_id, office["region_id"], persons=person_ids)
    return {"household_id": household_id, "person_ids": person_ids}


def _add(
    work: Work,
    household: Mapping[str, Any],
    person: Identity,
    notice: ArrivalNotice | None,
    arrived_on: date | None,
) -> str:
    check_has_been(work, "birth_on", person.birth_on)
    check_order("person", "birth_on", person.birth_on, "arrived_on", arrived_on)
    about = {"region_id": household["region_id"], "organisation_id": household["organisation_id"]}
    person_id = work.unit.insert(t.person, **about, household_id=household["id"], **identity_columns(person))
    case = Case(person_id, notice, arrived_on)
    counsellor_id = _own_counsellor(work, about["organisation_id"])
    columns = plan_columns(case, work.book)
    work.unit.insert(t.help_plan, **about, person_id=person_id, counsellor_id=counsellor_id, **columns)
    return person_id


def _own_counsellor(work: Work, organisation_id: str) -> str | None:
    """A counsellor who begins with a household looks after it, until somebody else is assigned."""
    grants = (
        grant
        for grant in work.caller.grants
        if grant.role is Role.COUNSELLOR and grant.organisation_id == organisation_id
    )
    return next((grant.account_id for grant in grants), None)
