"""Analyse aufnehmen: the competence and social analysis as one form, filled in from the last one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g, request

from network.labels import LABELS, half_day_label
from network.model import HALF_DAYS
from plans.analysis import (
    Analysis,
    Availability,
    Barrier,
    Cefr,
    Childcare,
    Literacy,
    Recognition,
    Resource,
    Skills,
)
from web.desk.cases.blueprint import blueprint
from web.desk.cases.common import Case, back_to, case_form, take_case
from web.desk.filling import Page
from web.desk.form_page import Control, Field, FormPage, terms
from web.desk.forms import asked_day, number, one_of, request_key, some_of, text, version
from web.desk.guard import the_desk
from web.desk.people.entering import languages
from workflows.cases.analysis import record_analysis

SKILLS = ("listening", "reading", "speaking", "writing")


@blueprint.route("/<person_id>/analyse", methods=["GET", "POST"])
def analysis(person_id: str) -> Page:
    """Record what was found out in a talk."""
    case = take_case(person_id)

    def record() -> str:
        record_analysis(the_desk(request_key()), person_id, version(), _analysis())
        return back_to(case)

    return _form(case).answer(record)


def _form(case: Case) -> FormPage:
    levels = tuple((level.value, level.value) for level in Cefr)
    fields = (
        Field("analysed_on", Control.DAY, required=True),
        *(Field(skill, Control.SELECT, required=True, choices=levels, group="german") for skill in SKILLS),
        Field("literacy", Control.SELECT, required=True, choices=terms(Literacy), group="german"),
        Field("languages", Control.CHECKS, choices=languages(), group="other-languages"),
        Field("schooling_years", Control.NUMBER, required=True, group="education"),
        Field("profession", group="education"),
        Field("recognition", Control.SELECT, required=True, choices=terms(Recognition), group="education"),
        Field("childcare", Control.SELECT, required=True, choices=terms(Childcare), group="attending"),
        Field(
            *("times", Control.CHECKS),
            choices=tuple((one, half_day_label(one, g.words.lang)) for one in HALF_DAYS),
            group="attending",
        ),
        Field("max_travel_km", Control.NUMBER, required=True, group="attending"),
        Field("can_attend_online", Control.FLAG, group="attending"),
        Field("resources", Control.CHECKS, choices=terms(Resource), group="situation"),
        Field("barriers", Control.CHECKS, choices=terms(Barrier), group="situation"),
    )
    return case_form("analysis", case, fields, _known(case))


def _known(case: Case) -> dict[str, Any]:
    """The last analysis; at first nothing but what is usual."""
    if not case["analyses"]:
        usual: dict[str, Any] = dict.fromkeys(SKILLS, Cefr.A0.value)
        return {**usual, "analysed_on": case["today"], "schooling_years": 8, "max_travel_km": 20}
    last: Mapping[str, Any] = case["analyses"][-1]
    flat = {**last, **last["german"], **last["availability"], "analysed_on": case["today"]}
    return {**flat, "max_travel_km": f"{flat['max_travel_km']:g}"}


def _analysis() -> Analysis:
    return Analysis(
        analysed_on=asked_day("analysed_on"),
        availability=Availability(
            frozenset(request.form.getlist("times")) & set(HALF_DAYS),
            number("max_travel_km"),
            bool(request.form.get("can_attend_online")),
        ),
        languages=tuple(one for one in request.form.getlist("languages") if one in LABELS["language"]),
        german=Skills(*(one_of(Cefr, skill) for skill in SKILLS)),
        literacy=one_of(Literacy, "literacy"),
        schooling_years=round(number("schooling_years")),
        profession=text("profession"),
        recognition=one_of(Recognition, "recognition"),
        childcare=one_of(Childcare, "childcare"),
        resources=some_of(Resource, "resources"),
        barriers=some_of(Barrier, "barriers"),
    )
