"""Gespräche: agreed, moved, missed, and the talk in which every open step is reviewed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, g, request
from werkzeug.wrappers import Response

from network.kinds import kind_label
from plans.steps import Finding
from web.desk.cases.blueprint import blueprint
from web.desk.cases.common import Case, above, back_to, case_form, take_case
from web.desk.filling import Page
from web.desk.form_page import Control, Field, FormPage, lead_to, terms
from web.desk.forms import asked_day, day, one_of, request_key, text, version
from web.desk.guard import the_desk
from workflows.cases.appointments import (
    cancel_appointment,
    move_appointment,
    note_missed_appointment,
    set_appointment,
)
from workflows.cases.reviews import hold_review


@blueprint.route("/<person_id>/termin", methods=["GET", "POST"])
def appointment(person_id: str) -> Page:
    """Agree a talk."""
    case = take_case(person_id)

    def agree() -> str:
        set_appointment(the_desk(request_key()), person_id, version(), asked_day("planned_on"))
        return back_to(case)

    return case_form("appointment", case, (Field("planned_on", Control.DAY, required=True),)).answer(agree)


@blueprint.route("/<person_id>/termin/<appointment_id>", methods=["GET", "POST"])
def move(person_id: str, appointment_id: str) -> Page:
    """Move a talk to another day."""
    case = take_case(person_id)
    row = _appointment(case, appointment_id)
    fields = (Field("planned_on", Control.DAY, required=True),)
    known = {"planned_on": row["planned_on"], "version": row["version"]}

    def to_another_day() -> str:
        move_appointment(the_desk(request_key()), appointment_id, version(), asked_day("planned_on"))
        return back_to(case)

    form = FormPage("move-talk", fields, known, above(case), {"name": case["person"]["name"]})
    return form.answer(to_another_day)


@blueprint.post("/<person_id>/termin/<appointment_id>/absagen")
def cancel(person_id: str, appointment_id: str) -> Response:
    """Cancel a talk."""
    case = take_case(person_id)
    _appointment(case, appointment_id)
    cancel_appointment(the_desk(request_key()), appointment_id, version())
    return lead_to(back_to(case))


@blueprint.post("/<person_id>/termin/<appointment_id>/versaeumt")
def missed(person_id: str, appointment_id: str) -> Response:
    """Note that somebody did not come."""
    case = take_case(person_id)
    _appointment(case, appointment_id)
    note_missed_appointment(the_desk(request_key()), appointment_id, version())
    return lead_to(back_to(case))


@blueprint.route("/<person_id>/gespraech", methods=["GET", "POST"])
def talk(person_id: str) -> Page:
    """Review every open step in one talk, and agree the next one."""
    case = take_case(person_id)
    steps = [one for one in case["steps"] if one["state"] in ("open", "under-way")]

    def hold() -> str:
        findings = {
            one["id"]: (one_of(Finding, f"finding_{one['id']}"), text(f"why_{one['id']}")) for one in steps
        }
        hold_review(
            *(the_desk(request_key()), person_id, version(), asked_day("held_on"), findings),
            day("next_appointment_on"),
            is_overall=bool(request.form.get("is_overall")),
            note=text("note"),
        )
        return back_to(case)

    known = {"held_on": case["today"], **{f"finding_{one['id']}": Finding.OPEN.value for one in steps}}
    return case_form("talk", case, _talk_fields(steps), known).answer(hold)


def _talk_fields(steps: list[Mapping[str, Any]]) -> tuple[Field, ...]:
    lang = g.words.lang
    of_steps = [
        field
        for one in steps
        for field in (
            Field(
                *(f"finding_{one['id']}", Control.RADIOS, True, terms(Finding)),
                group="findings",
                own_label=kind_label(one["need"]["kind"], lang),
            ),
            Field(
                f"why_{one['id']}",
                group="findings",
                own_label=g.words("desk.form.field.why_of", step=kind_label(one["need"]["kind"], lang)),
            ),
        )
    ]
    return (
        Field("held_on", Control.DAY, required=True),
        *of_steps,
        Field("next_appointment_on", Control.DAY, group="afterwards"),
        Field("is_overall", Control.FLAG, group="afterwards"),
        Field("note", Control.LONG, group="afterwards"),
    )


def _appointment(case: Case, id: str) -> Mapping[str, Any]:
    for row in case["appointments"]:
        if row["id"] == id:
            found: Mapping[str, Any] = row
            return found
    abort(404)
