"""Einstufung: what a test found, and what was chosen; a deviation is written down with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, g

from network.kinds import SLOT_KINDS, kind_label
from plans.analysis import Cefr, Skills
from web.desk.cases.analysis import SKILLS
from web.desk.cases.blueprint import blueprint
from web.desk.cases.common import above, back_to, case_form, take_case
from web.desk.filling import Page
from web.desk.form_page import Choices, Control, Field, FormPage
from web.desk.forms import asked, asked_day, one_of, request_key, text, version
from web.desk.guard import the_desk
from workflows.cases.choices import list_choices
from workflows.cases.placement import deviate_from_placement, follow_placement, record_placement_test


@blueprint.route("/<person_id>/einstufung", methods=["GET", "POST"])
def placement(person_id: str) -> Page:
    """Record what a placement test found."""
    case = take_case(person_id)
    organisations = list_choices(the_desk())["organisations"]
    levels = tuple((level.value, level.value) for level in Cefr)
    fields = (
        Field("tested_on", Control.DAY, required=True),
        Field("tested_by", Control.SELECT, True, tuple((o["id"], o["name"]) for o in organisations)),
        Field("kind", Control.SELECT, required=True, choices=_courses(), label="kind_found"),
        *(Field(skill, Control.SELECT, required=True, choices=levels, group="german") for skill in SKILLS),
    )

    def record() -> str:
        skills = Skills(*(one_of(Cefr, skill) for skill in SKILLS))
        found = (asked_day("tested_on"), asked("kind"), skills, asked("tested_by"))
        record_placement_test(the_desk(request_key()), person_id, *found)
        return back_to(case)

    known = {"tested_on": case["today"], "tested_by": case["office"]}
    return case_form("placement", case, fields, known).answer(record)


@blueprint.route("/<person_id>/einstufung/<placement_id>", methods=["GET", "POST"])
def choosing(person_id: str, placement_id: str) -> Page:
    """Choose what the test found, or something else for a written reason."""
    case = take_case(person_id)
    row: Mapping[str, Any] | None = next((p for p in case["placements"] if p["id"] == placement_id), None)
    if row is None:
        abort(404)
    fields = (
        Field("kind", Control.SELECT, required=True, choices=_courses(), label="kind_chosen"),
        Field("reason", Control.LONG, label="deviation_reason"),
    )

    def choose() -> str:
        desk, kind = the_desk(request_key()), asked("kind")
        if kind == row["kind"]:
            follow_placement(desk, placement_id, version())
        else:
            deviate_from_placement(desk, placement_id, version(), kind, text("reason"))
        return back_to(case)

    known = {"kind": row["decided_kind"] or row["kind"], "version": row["version"]}
    named = {"name": case["person"]["name"], "found": kind_label(row["kind"], g.words.lang)}
    return FormPage("choosing", fields, known, above(case), named).answer(choose)


def _courses() -> Choices:
    """Kinds of slots that a test can recommend: those that ask for one."""
    tested = (kind for kind, one in SLOT_KINDS.items() if any("tested" in states for states in one.requires))
    return tuple((kind, kind_label(kind, g.words.lang)) for kind in tested)
