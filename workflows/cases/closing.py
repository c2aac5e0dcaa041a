"""Erfolge und Abschluss: what a plan has led to, how it ended, and how it is opened again."""

from __future__ import annotations

from datetime import date
from typing import Any

from plans.actions import Action
from plans.case_records import Achievement, Closure
from workflows.acting import Work, workflow
from workflows.cases.appointments import agree_appointment, cancel_all
from workflows.cases.days import check_has_been, check_is_ahead
from workflows.cases.plans import take_plan
from workflows.cases.records import keep_case


@workflow(Action.RECORD_ACHIEVEMENT)
def record_achievement(
    work: Work, person_id: str, version: int, achieved_on: date, what: Achievement
) -> dict[str, Any]:
    """Note what was reached, such as a life without benefits.

    Returns
    -------
    dict
        ``person_id``, and the new ``version`` of the help plan.
    """
    file = take_plan(work, person_id, version)
    check_has_been(work, "achieved_on", achieved_on)
    after = keep_case(work, file, file.case.achieve(achieved_on, what))
    work.record("help_plan", file.plan["id"], file.plan["region_id"], what=what, achieved_on=achieved_on)
    return {"person_id": person_id, "version": after.plan["version"]}


@workflow(Action.CLOSE_PLAN)
def close_plan(work: Work, person_id: str, version: int, closure: Closure) -> dict[str, Any]:
    """Close a help plan whose steps are all over; appointments agreed are cancelled.

    Parameters
    ----------
    work, person_id, version
        The workflow, the person, and the version of the help plan that was read.
    closure : Closure
        When, and why.

    Returns
    -------
    dict
        ``person_id``, the new ``version`` of the help plan, and ``erase_due_on``, the day on which it must be
        erased.
    """
    file = take_plan(work, person_id, version)
    check_has_been(work, "closed_on", closure.closed_on)
    cancel_all(work, file.plan["id"])
    plan = keep_case(work, file, file.case.close(closure)).plan
    work.record("help_plan", plan["id"], plan["region_id"], reason=closure.reason)
    erase_due_on = plan["erase_due_on"].isoformat()
    return {"person_id": person_id, "version": plan["version"], "erase_due_on": erase_due_on}


@workflow(Action.REOPEN_PLAN)
def reopen_plan(work: Work, person_id: str, version: int, next_appointment_on: date) -> dict[str, Any]:
    """Open a closed help plan again, with a talk today or later.

    Returns
    -------
    dict
        ``person_id``, and the new ``version`` of the help plan.
    """
    file = take_plan(work, person_id, version)
    check_is_ahead(work, "next_appointment_on", next_appointment_on)
    after = keep_case(work, file, file.case.reopen(next_appointment_on))
    agree_appointment(work, after.plan, next_appointment_on)
    work.record("help_plan", file.plan["id"], file.plan["region_id"])
    return {"person_id": person_id, "version": after.plan["version"]}
