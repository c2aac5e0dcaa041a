"""Überprüfungen: each step is found done, open or obstructed, in a talk about all of them or by itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from plans.actions import Action
from plans.case_records import Talk
from plans.steps import Finding, StepReview
from store import tables as t
from store.tables import AppointmentState
from workflows.acting import Work, workflow
from workflows.cases.appointments import agree_appointment, next_on
from workflows.cases.booking import check_no_referral
from workflows.cases.days import check_has_been
from workflows.cases.plans import take_plan, take_step, told
from workflows.cases.records import CaseFile, keep_case, keep_step


@workflow(Action.REVIEW_STEP)
def hold_review(
    work: Work,
    person_id: str,
    version: int,
    held_on: date,
    findings: Mapping[str, tuple[Finding, str]],
    next_appointment_on: date | None,
    *,
    is_overall: bool = False,
    note: str = "",
) -> dict[str, Any]:
    """Review every open step in one talk, and agree the next one.

    Parameters
    ----------
    work, person_id, version
        The workflow, the person, and the version of the help plan that was read.
    held_on : date
        Day of the talk; the appointment agreed for that day or before becomes the one that was held.
    findings : mapping of str to (Finding, str)
        For every open step, by id, what was found, and why where it is obstructed.
    next_appointment_on : date or None
        Next talk.
    is_overall : bool
        Whether the plan as a whole was reviewed as well.
    note : str
        What else was said; kept encrypted.

    Returns
    -------
    dict
        ``appointment_id`` of the talk, and the new ``version`` of the help plan.

    Raises
    ------
    PlanFault
        Where an open step has no finding, an obstructed one no reason, or the dates do not fit.
    """
    file = take_plan(work, person_id, version)
    check_has_been(work, "held_on", held_on)
    reviews = {id: StepReview(held_on, finding, why) for id, (finding, why) in findings.items()}
    for step_id, review in reviews.items():
        _check_end(work, step_id, review)
    talk_id = _note_talk(work, file, held_on, is_overall, note)
    if next_appointment_on is not None:
        agree_appointment(work, file.plan, next_appointment_on)
    case = file.case.review(Talk(held_on, is_overall), reviews, next_on(work.unit, file.plan["id"]))
    after = keep_case(work, file, case, appointment_id=talk_id)
    work.record("appointment", talk_id, file.plan["region_id"], held_on=held_on, steps=sorted(findings))
    return {"appointment_id": talk_id, "version": after.plan["version"]}


@workflow(Action.REVIEW_STEP)
def review_step(
    work: Work, step_id: str, version: int, reviewed_on: date, finding: Finding, why: str = ""
) -> dict[str, Any]:
    """Note what was found about one step between two talks.

    Returns
    -------
    dict
        ``id`` and new ``version`` of the step.
    """
    file, step = take_step(work, step_id, version)
    check_has_been(work, "reviewed_on", reviewed_on)
    review = StepReview(reviewed_on, finding, why)
    _check_end(work, step_id, review)
    row = keep_step(work, file, step.review(review))
    work.record("need", step_id, file.plan["region_id"], finding=finding, reviewed_on=reviewed_on)
    return told(row)


def _check_end(work: Work, step_id: str, review: StepReview) -> None:
    if review.finding is Finding.DONE:
        check_no_referral(work.unit, step_id, may_run=True)


def _note_talk(work: Work, file: CaseFile, held_on: date, is_overall: bool, note: str) -> str:
    """The appointment agreed for the day, or the last one before it, was held; otherwise there was none."""
    held = {
        "state": AppointmentState.HELD,
        "held_on": held_on,
        "is_overall": is_overall,
        "note": note or None,
    }
    on = t.appointment.c.planned_on
    agreed = work.unit.find(
        t.appointment,
        on <= held_on,
        help_plan_id=file.plan["id"],
        state=AppointmentState.PLANNED,
        order_by=on.desc(),
        limit=1,
    )
    if agreed:
        return str(work.unit.change(t.appointment, agreed[0]["id"], agreed[0]["version"], **held)["id"])
    return work.unit.insert(t.appointment, **file.about, account_id=file.plan["counsellor_id"], **held)
