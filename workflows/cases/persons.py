"""Personen: who they are, when they are expected, that they have arrived, and who looks after them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from plans.actions import Action
from plans.identity import Identity
from plans.needs import check_order
from plans.roles import Role
from store import tables as t
from workflows.acting import Work, workflow
from workflows.cases.days import check_has_been
from workflows.cases.households import mark_if_planned
from workflows.cases.plans import take_plan
from workflows.cases.records import keep_case
from workflows.cases.to_rows import identity_columns
from workflows.keeping import keep_person
from workflows.refusal import Refusal
from workflows.scopes import admit


@workflow(Action.EDIT_PERSON)
def edit_person(work: Work, person_id: str, version: int, person: Identity) -> dict[str, Any]:
    """Change who somebody is; other tags mark the help plan for a re-plan.

    Parameters
    ----------
    work, person_id, version
        The workflow, the person, and the version that was read.
    person : Identity
        As it shall be.

    Returns
    -------
    dict
        ``person_id``, and the new ``version``.
    """
    before = admit(work, t.person, person_id)
    check_has_been(work, "birth_on", person.birth_on)
    keep_person(work, person_id)
    changed = work.unit.change(t.person, person_id, version, **identity_columns(person))
    if changed["tags"] != before["tags"]:
        mark_if_planned(work, person_id)
    work.record("person", person_id, before["region_id"])
    return {"person_id": person_id, "version": changed["version"]}


@workflow(Action.EDIT_PLAN)
def change_notice(
    work: Work, person_id: str, version: int, expected_on: date, languages: Sequence[str]
) -> dict[str, Any]:
    """Take over what the reception centre says now of somebody who is still to come (Ankündigung ändern).

    Parameters
    ----------
    work, person_id, version
        The workflow, the person, and the version of the help plan that was read.
    expected_on : date
        Day on which the person is expected, not before the day of the notice.
    languages : sequence of str
        ISO 639-3, so that the first talk has an interpreter.

    Returns
    -------
    dict
        ``person_id``, and the new ``version`` of the help plan.
    """
    file = take_plan(work, person_id, version)
    after = keep_case(work, file, file.case.expect(expected_on, languages))
    work.record("help_plan", file.plan["id"], file.plan["region_id"], expected_on=expected_on)
    return {"person_id": person_id, "version": after.plan["version"]}


@workflow(Action.EDIT_PLAN)
def arrive(work: Work, person_id: str, version: int, arrived_on: date) -> dict[str, Any]:
    """Note that somebody who was announced has arrived.

    Parameters
    ----------
    work, person_id, version
        The workflow, the person, and the version of the help plan that was read.
    arrived_on : date
        Day of arrival, not ahead of today.

    Returns
    -------
    dict
        ``person_id``, and the new ``version`` of the help plan.
    """
    file = take_plan(work, person_id, version)
    check_has_been(work, "arrived_on", arrived_on)
    birth_on = work.unit.get(t.person, person_id)["birth_on"]
    check_order(person_id, "birth_on", birth_on, "arrived_on", arrived_on)
    after = keep_case(work, file, file.case.arrive(arrived_on))
    work.record("help_plan", file.plan["id"], file.plan["region_id"], arrived_on=arrived_on)
    return {"person_id": person_id, "version": after.plan["version"]}


@workflow(Action.ASSIGN_COUNSELLOR)
def assign_counsellor(work: Work, person_id: str, version: int, counsellor_id: str | None) -> dict[str, Any]:
    """Say who looks after a person; the appointments agreed pass on as well.

    Parameters
    ----------
    work, person_id, version
        The workflow, the person, and the version of the help plan that was read.
    counsellor_id : str or None
        Account of a counsellor of the office; None = nobody for now.

    Returns
    -------
    dict
        ``person_id``, and the new ``version`` of the help plan.

    Raises
    ------
    Refusal
        Where the account is no active counsellor of the office.
    """
    plan = take_plan(work, person_id, version).plan
    if counsellor_id is not None:
        _check_counsellor(work, counsellor_id, plan["organisation_id"])
    changed = work.unit.change(t.help_plan, plan["id"], version, counsellor_id=counsellor_id)
    agreed = {"help_plan_id": plan["id"], "state": t.AppointmentState.PLANNED}
    for row in work.unit.find(t.appointment, **agreed, account_id=plan["counsellor_id"]):
        work.unit.change(t.appointment, row["id"], row["version"], account_id=counsellor_id)
    work.record("help_plan", plan["id"], plan["region_id"], counsellor=counsellor_id)
    return {"person_id": person_id, "version": changed["version"]}


def _check_counsellor(work: Work, account_id: str, organisation_id: str) -> None:
    holds = {"account_id": account_id, "organisation_id": organisation_id, "role": Role.COUNSELLOR}
    is_counsellor = work.unit.count(t.role_grant, **holds, revoked_at=None)
    if not is_counsellor or not work.unit.count(t.account, id=account_id, is_active=True):
        raise Refusal("no-counsellor", account=account_id)
