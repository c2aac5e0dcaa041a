"""Ziele, Erfolge und Abschluss: what the plan is for, what it has led to, how it ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort

from plans.case_records import Achievement, Closure, ClosureReason
from plans.needs import Goal
from web.desk.cases.blueprint import blueprint
from web.desk.cases.common import above, back_to, case_form, take_case
from web.desk.filling import Page
from web.desk.form_page import Control, Field, FormPage, terms
from web.desk.forms import asked, asked_day, day, one_of, request_key, text, version
from web.desk.guard import the_desk
from workflows.cases.closing import close_plan, record_achievement, reopen_plan
from workflows.cases.goals import add_goal, change_goal

GOAL_FIELDS = (
    Field("text_de", required=True, label="goal_de"),
    Field("text_en", label="goal_en"),
    Field("due_on", Control.DAY),
)


@blueprint.route("/<person_id>/ziele/neu", methods=["GET", "POST"])
def new_goal(person_id: str) -> Page:
    """Add a goal that was agreed."""
    case = take_case(person_id)

    def add() -> str:
        add_goal(the_desk(request_key()), person_id, version(), _goal())
        return back_to(case)

    return case_form("new-goal", case, GOAL_FIELDS).answer(add)


@blueprint.route("/<person_id>/ziele/<goal_id>", methods=["GET", "POST"])
def goal(person_id: str, goal_id: str) -> Page:
    """Change a goal, or the day agreed for it."""
    case = take_case(person_id)
    row: Mapping[str, Any] | None = next((one for one in case["goals"] if one["id"] == goal_id), None)
    if row is None:
        abort(404)

    def change() -> str:
        change_goal(the_desk(request_key()), goal_id, version(), _goal())
        return back_to(case)

    form = FormPage("goal", GOAL_FIELDS, row, above(case), {"name": case["person"]["name"]})
    return form.answer(change)


@blueprint.route("/<person_id>/erfolg", methods=["GET", "POST"])
def achievement(person_id: str) -> Page:
    """Note what was reached."""
    case = take_case(person_id)
    fields = (
        Field("what", Control.RADIOS, required=True, choices=terms(Achievement)),
        Field("achieved_on", Control.DAY, required=True),
    )

    def record() -> str:
        what = one_of(Achievement, "what")
        record_achievement(the_desk(request_key()), person_id, version(), asked_day("achieved_on"), what)
        return back_to(case)

    return case_form("achievement", case, fields, {"achieved_on": case["today"]}).answer(record)


@blueprint.route("/<person_id>/abschluss", methods=["GET", "POST"])
def closing(person_id: str) -> Page:
    """Close the help plan; every step must be over."""
    case = take_case(person_id)
    fields = (
        Field("closed_on", Control.DAY, required=True),
        Field("reason", Control.RADIOS, required=True, choices=terms(ClosureReason), label="closure_reason"),
        Field("text", Control.LONG, label="closure_text"),
    )

    def close() -> str:
        closure = Closure(asked_day("closed_on"), one_of(ClosureReason, "reason"), text("text"))
        close_plan(the_desk(request_key()), person_id, version(), closure)
        return back_to(case)

    known = {"closed_on": case["today"]}
    return case_form("closing", case, fields, known, is_grave=True).answer(close)


@blueprint.route("/<person_id>/oeffnen", methods=["GET", "POST"])
def reopening(person_id: str) -> Page:
    """Open a closed help plan again, with a talk."""
    case = take_case(person_id)

    def reopen() -> str:
        reopen_plan(the_desk(request_key()), person_id, version(), asked_day("next_appointment_on"))
        return back_to(case)

    fields = (Field("next_appointment_on", Control.DAY, required=True),)
    return case_form("reopening", case, fields).answer(reopen)


def _goal() -> Goal:
    goal_de = asked("text_de")
    return Goal(goal_de, text("text_en") or goal_de, day("due_on"))
