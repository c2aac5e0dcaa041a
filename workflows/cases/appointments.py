"""Gesprächstermine: agreed, moved, cancelled, missed; the next one stands in the help plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from plans.actions import Action
from store import tables as t
from store.rows import ReadRows
from store.tables import AppointmentState
from workflows.acting import Work, workflow
from workflows.cases.days import check_has_been, check_is_ahead
from workflows.cases.plans import take_plan, told
from workflows.cases.records import keep_case, open_case
from workflows.keeping import keep_person
from workflows.refusal import Refusal
from workflows.scopes import admit
from workflows.versions import check_read


@workflow(Action.SET_APPOINTMENT)
def set_appointment(work: Work, person_id: str, version: int, planned_on: date) -> dict[str, Any]:
    """Agree a talk, also with somebody who has not arrived yet.

    Parameters
    ----------
    work, person_id, version
        The workflow, the person, and the version of the help plan that was read.
    planned_on : date
        Day, today or later.

    Returns
    -------
    dict
        ``appointment_id``, and the new ``version`` of the help plan.
    """
    file = take_plan(work, person_id, version)
    check_is_ahead(work, "planned_on", planned_on)
    id = agree_appointment(work, file.plan, planned_on)
    after = keep_case(work, file, file.case.meet(next_on(work.unit, file.plan["id"])))
    work.record("appointment", id, file.plan["region_id"], planned_on=planned_on)
    return {"appointment_id": id, "version": after.plan["version"]}


@workflow(Action.SET_APPOINTMENT)
def move_appointment(work: Work, appointment_id: str, version: int, planned_on: date) -> dict[str, Any]:
    """Move a talk to another day, today or later.

    Returns
    -------
    dict
        ``id`` and new ``version`` of the appointment.
    """
    check_is_ahead(work, "planned_on", planned_on)
    return _change(work, appointment_id, version, planned_on=planned_on)


@workflow(Action.SET_APPOINTMENT)
def cancel_appointment(work: Work, appointment_id: str, version: int) -> dict[str, Any]:
    """Cancel a talk."""
    return _change(work, appointment_id, version, state=AppointmentState.CANCELLED)


@workflow(Action.SET_APPOINTMENT)
def note_missed_appointment(work: Work, appointment_id: str, version: int) -> dict[str, Any]:
    """Note that somebody did not come to a talk whose day has come."""
    row = admit(work, t.appointment, appointment_id)
    check_has_been(work, "planned_on", row["planned_on"])
    return _change(work, appointment_id, version, state=AppointmentState.MISSED)


def agree_appointment(work: Work, plan: Mapping[str, Any], planned_on: date) -> str:
    """Write an appointment with the counsellor of a plan, unless there is one on that day. Returns its id."""
    known = {"help_plan_id": plan["id"], "planned_on": planned_on, "state": AppointmentState.PLANNED}
    for row in work.unit.find(t.appointment, **known):
        return str(row["id"])
    return work.unit.insert(
        t.appointment,
        **known,
        region_id=plan["region_id"],
        account_id=plan["counsellor_id"],
        is_overall=False,
    )


def next_on(unit: ReadRows, plan_id: str) -> date | None:
    """Return the day of the first appointment of a plan that is still to come, or was not accounted for."""
    planned = unit.find(t.appointment, help_plan_id=plan_id, state=AppointmentState.PLANNED)
    return min((row["planned_on"] for row in planned), default=None)


def cancel_all(work: Work, plan_id: str) -> None:
    """Cancel every appointment of a plan that was agreed."""
    for row in work.unit.find(t.appointment, help_plan_id=plan_id, state=AppointmentState.PLANNED):
        work.unit.change(t.appointment, row["id"], row["version"], state=AppointmentState.CANCELLED)


def _change(work: Work, id: str, version: int, **values: Any) -> dict[str, Any]:
    plan = work.unit.get(t.help_plan, admit(work, t.appointment, id)["help_plan_id"])
    keep_person(work, plan["person_id"])
    row = work.unit.get(t.appointment, id)
    check_read(t.appointment, row, version)
    if row["state"] is not AppointmentState.PLANNED:
        raise Refusal("appointment-over", appointment=id, state=row["state"])
    changed = work.unit.change(t.appointment, id, version, **values)
    file = open_case(work.unit, plan["person_id"])
    keep_case(work, file, file.case.meet(next_on(work.unit, plan["id"])))
    work.record("appointment", id, row["region_id"], **values)
    return told(changed)
