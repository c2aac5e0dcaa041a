"""Einstufung: what a placement test found, and what was chosen; a deviation needs a written reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from network.kinds import kind_of
from plans.actions import Action
from plans.analysis import Skills
from plans.placement import PlacementDecision, PlacementResult, decide
from plans.referral_table import ReferralState
from plans.roles import Role
from plans.steps import PlanStep, Precondition
from store import tables as t
from store.tables import Table
from workflows.acting import Work, workflow
from workflows.cases.booking import check_no_referral
from workflows.cases.days import check_has_been
from workflows.cases.households import organisation_of
from workflows.cases.plans import told
from workflows.cases.records import keep_step, open_case
from workflows.keeping import keep_person
from workflows.plain import plain, read
from workflows.scopes import scope_of
from workflows.versions import check_read

_TAKEN_UP = (ReferralState.ACCEPTED, ReferralState.IN_PROGRESS, ReferralState.COMPLETED)


@workflow(Action.RECORD_PLACEMENT_TEST)
def record_placement_test(
    work: Work, person_id: str, tested_on: date, kind: str, skills: Skills, tested_by: str
) -> dict[str, Any]:
    """Record what a placement test found: by the office, or by a provider to which the person was referred.

    Parameters
    ----------
    work, person_id : Work, str
        The workflow, and who was tested.
    tested_on : date
        Day of the test, not ahead of today.
    kind : str
        Kind of slot recommended, e.g. ``integration-course/from-3``.
    skills : Skills
        German by skill.
    tested_by : str
        Organisation that tested.

    Returns
    -------
    dict
        ``id`` and ``version`` of the placement.
    """
    person = _admit(work, t.person, person_id, person_id)
    check_has_been(work, "tested_on", tested_on)
    organisation_of(work, person["region_id"], tested_by)
    result = PlacementResult(person_id, tested_on, kind, skills, tested_by)
    id = work.unit.insert(
        t.placement,
        region_id=person["region_id"],
        person_id=person_id,
        tested_on=tested_on,
        kind=result.kind,
        skills=plain(skills),
        tested_by=tested_by,
    )
    work.record("placement", id, person["region_id"], kind=kind, tested_on=tested_on)
    return {"id": id, "version": 1}


@workflow(Action.RECORD_PLACEMENT_TEST)
def follow_placement(work: Work, placement_id: str, version: int) -> dict[str, Any]:
    """Choose what the test found; open steps of this course take its kind.

    Returns
    -------
    dict
        ``id`` and new ``version`` of the placement, and ``step_ids`` that took its kind.
    """
    return _decide(work, placement_id, version, None, "")


@workflow(Action.DEVIATE_FROM_PLACEMENT)
def deviate_from_placement(
    work: Work, placement_id: str, version: int, kind: str, reason: str
) -> dict[str, Any]:
    """Choose another kind or module than the test found, with a written reason (IntV § 11).

    Returns
    -------
    dict
        See `follow_placement`.

    Raises
    ------
    PlanFault
        Where the reason is missing or too short, or the choice is what the test found.
    """
    return _decide(work, placement_id, version, kind, reason)


def placement_from(row: Mapping[str, Any]) -> PlacementResult:
    """Make what a test found from its row."""
    skills = read(Skills, row["skills"], "skills")
    return PlacementResult(row["person_id"], row["tested_on"], row["kind"], skills, row["tested_by"])


def _decide(work: Work, id: str, version: int, kind: str | None, reason: str) -> dict[str, Any]:
    keep_person(work, _admit(work, t.placement, id, None)["person_id"])
    row = work.unit.get(t.placement, id)
    check_read(t.placement, row, version)
    decider = work.caller.account_id or work.caller.label
    result = placement_from(row)
    decision = decide(result, kind or result.kind, decider, work.today, reason)
    changed = work.unit.change(t.placement, id, version, **_columns(work, decision))
    step_ids = _place_steps(work, row["person_id"], decision.kind)
    facts = {"kind": decision.kind, "deviates": decision.deviates, "steps": step_ids}
    work.record("placement", id, row["region_id"], **facts)
    return {**told(changed), "step_ids": step_ids}


def _columns(work: Work, decision: PlacementDecision) -> dict[str, Any]:
    return {
        "decided_kind": decision.kind,
        "decided_by": work.caller.account_id,
        "decided_on": decision.decided_on,
        "reason": decision.reason or None,
    }


def _place_steps(work: Work, person_id: str, kind: str) -> list[str]:
    """Give open steps of the same course the kind that was chosen; they no longer wait for the test."""
    file = open_case(work.unit, person_id)
    placed = []
    for step in file.case.open_steps:
        if kind_of(step.need.kind) is not kind_of(kind) or step.need.fixed_slot is not None:
            continue
        if (after := _placed(step, kind)) != step:
            check_no_referral(work.unit, step.id)
            keep_step(work, file, after)
            file = open_case(work.unit, person_id)
            placed.append(step.id)
    return placed


def _placed(step: PlanStep, kind: str) -> PlanStep:
    left = step.preconditions - {Precondition.TEST_RESULT}
    return step.revise(replace(step.need, kind=kind), step.responsible, left)


def _admit(work: Work, table: Table, id: str, person_id: str | None) -> dict[str, Any]:
    """Like `workflows.scopes.admit`, also for a provider that has taken the person up."""
    work.reach()
    row = work.unit.get(table, id)
    scope = scope_of(work.unit, table, row)
    addressee = _addressee(work, person_id or row["person_id"])
    work.allow(replace(scope, recipient_id=addressee), table, id)
    return row


def _addressee(work: Work, person_id: str) -> str | None:
    """The provider among those for which the caller acts that has accepted the person."""
    own = [grant.organisation_id for grant in work.caller.grants if grant.role is Role.PROVIDER]
    referral = t.referral.c
    conditions = (referral.recipient_id.in_(own), referral.state.in_(_TAKEN_UP))
    found = work.unit.find(t.referral, *conditions, person_id=person_id, limit=1)
    return str(found[0]["recipient_id"]) if found else None
