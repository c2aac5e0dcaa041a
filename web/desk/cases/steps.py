"""Schritte bearbeiten: from a template or one by one, changed, moved, prepared, dated, given up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from network.kinds import SLOT_KINDS, kind_label
from network.labels import FEATURES, label
from plans.needs import Goal
from plans.step_draft import Follows, StepDraft
from plans.steps import Precondition
from plans.waiting import ClockDates
from web.desk.cases.blueprint import blueprint
from web.desk.cases.common import Case, above, back_to, case_form, responsible, take_case, take_step
from web.desk.filling import Page
from web.desk.form_page import Choices, Control, Field, FormPage, lead_to, terms
from web.desk.forms import asked, asked_day, day, one_of, request_key, some_of, text, version
from web.desk.guard import the_desk
from web.desk.people.entering import situations
from workflows.cases.choices import list_choices
from workflows.cases.clocks import note_dates
from workflows.cases.order import bring_forward
from workflows.cases.steps import add_chain, add_step, change_step, drop_step, fulfil_precondition

CLOCK_DAYS = ("entitled_on", "registered_on", "placed_on", "started_on")


@blueprint.route("/<person_id>/vorlage", methods=["GET", "POST"])
def template(person_id: str) -> Page:
    """Add the usual chain of steps for a situation."""
    case = take_case(person_id)
    fields = (
        Field("template", Control.SELECT, required=True, choices=situations()),
        Field("earliest_on", Control.DAY, required=True),
        Field("entitled_on", Control.DAY),
    )
    known = {"template": case["person"]["profile"], "earliest_on": case["today"]}

    def add() -> str:
        add_chain(
            *(the_desk(request_key()), person_id, version(), asked("template")),
            earliest_on=asked_day("earliest_on"),
            entitled_on=day("entitled_on"),
        )
        return back_to(case)

    return case_form("template", case, fields, known).answer(add)


@blueprint.route("/<person_id>/schritte/neu", methods=["GET", "POST"])
def new_step(person_id: str) -> Page:
    """Add one step."""
    case = take_case(person_id)
    fields = (
        *_step_fields(case),
        Field("after", Control.SELECT, choices=_open_steps(case)),
        Field("entitled_on", Control.DAY),
    )

    def add() -> str:
        follows = Follows(text("after") or None)
        desk = the_desk(request_key())
        add_step(desk, person_id, version(), _draft(), follows, day("entitled_on"))
        return back_to(case)

    known = {"earliest_on": case["today"], "responsible": case["office"]}
    return case_form("new-step", case, fields, known).answer(add)


@blueprint.route("/<person_id>/schritte/<step_id>", methods=["GET", "POST"])
def step(person_id: str, step_id: str) -> Page:
    """Change what a step is, who is responsible, from when and until when."""
    case = take_case(person_id)
    row = take_step(case, step_id)
    need = row["need"]
    known = {
        **{name: need[name] for name in ("kind", "earliest_on", "target_on", "features")},
        **{name: need["goal"][name] for name in ("text_de", "text_en")},
        "responsible": row["responsible"],
        "preconditions": row["preconditions"],
    }

    def change() -> str:
        change_step(the_desk(request_key()), step_id, version(), _draft())
        return back_to(case)

    return _of_step("step", case, row, _step_fields(case), known).answer(change)


@blueprint.post("/<person_id>/schritte/<step_id>/frueher")
def earlier(person_id: str, step_id: str) -> Response:
    """Let a step change places with the one before it, or come before one further up that the form names."""
    case = take_case(person_id)
    take_step(case, step_id)
    bring_forward(the_desk(request_key()), step_id, version(), text("before") or None)
    return lead_to(f"{back_to(case)}#step-{step_id}")


@blueprint.route("/<person_id>/schritte/<step_id>/voraussetzung", methods=["GET", "POST"])
def precondition(person_id: str, step_id: str) -> Page:
    """Note that something a step was waiting for is there now."""
    case = take_case(person_id)
    row = take_step(case, step_id)
    missing = terms(Precondition(one) for one in row["preconditions"])
    fields = (Field("precondition", Control.RADIOS, required=True, choices=missing),)

    def fulfil() -> str:
        found = one_of(Precondition, "precondition")
        fulfil_precondition(the_desk(request_key()), step_id, version(), found)
        return back_to(case)

    return _of_step("precondition", case, row, fields, {}).answer(fulfil)


@blueprint.route("/<person_id>/schritte/<step_id>/daten", methods=["GET", "POST"])
def dates(person_id: str, step_id: str) -> Page:
    """Note the four dates of both clocks where no referral leads them."""
    case = take_case(person_id)
    row = take_step(case, step_id)

    def note() -> str:
        found = ClockDates(*(day(name) for name in CLOCK_DAYS))
        note_dates(the_desk(request_key()), step_id, version(), found)
        return back_to(case)

    fields = tuple(Field(name, Control.DAY) for name in CLOCK_DAYS)
    return _of_step("dates", case, row, fields, row["clocks"]).answer(note)


@blueprint.route("/<person_id>/schritte/<step_id>/aufgeben", methods=["GET", "POST"])
def drop(person_id: str, step_id: str) -> Page:
    """Give a step up, with a reason."""
    case = take_case(person_id)
    row = take_step(case, step_id)

    def give_up() -> str:
        drop_step(the_desk(request_key()), step_id, version(), asked("why"))
        return back_to(case)

    fields = (Field("why", Control.LONG, required=True),)
    return _of_step("drop", case, row, fields, {}, is_grave=True).answer(give_up)


def _of_step(
    key: str,
    case: Case,
    row: Mapping[str, Any],
    fields: tuple[Field, ...],
    known: Mapping[str, Any],
    *,
    is_grave: bool = False,
) -> FormPage:
    """A form about a step: it carries the version of the step."""
    named = {"name": case["person"]["name"], "step": kind_label(row["need"]["kind"], g.words.lang)}
    return FormPage(key, fields, {**known, "version": row["version"]}, above(case), named, is_grave)


def _step_fields(case: Case) -> tuple[Field, ...]:
    organisations = list_choices(the_desk())["organisations"]
    lang = g.words.lang
    features = tuple((one, label("feature", one, lang)) for one in sorted(FEATURES))
    return (
        Field("kind", Control.SELECT, required=True, choices=_kinds()),
        Field("text_de", required=True, label="goal_de"),
        Field("text_en", label="goal_en"),
        Field("responsible", Control.SELECT, required=True, choices=responsible(case, organisations)),
        Field("earliest_on", Control.DAY, required=True),
        Field("target_on", Control.DAY),
        Field("features", Control.CHECKS, choices=features),
        Field("preconditions", Control.CHECKS, choices=terms(Precondition)),
    )


def _kinds() -> Choices:
    return tuple((kind, kind_label(kind, g.words.lang)) for kind in SLOT_KINDS)


def _open_steps(case: Case) -> Choices:
    """Open steps that another one can follow."""
    lang = g.words.lang
    open_ = (one for one in case["steps"] if one["state"] in ("open", "under-way"))
    return tuple((one["id"], kind_label(one["need"]["kind"], lang)) for one in open_)


def _draft() -> StepDraft:
    goal_de = asked("text_de")
    return StepDraft(
        kind=asked("kind"),
        goal=Goal(goal_de, text("text_en") or goal_de),
        responsible=asked("responsible"),
        earliest_on=asked_day("earliest_on"),
        target_on=day("target_on"),
        features=frozenset(request.form.getlist("features")) & FEATURES,
        preconditions=some_of(Precondition, "preconditions"),
    )
