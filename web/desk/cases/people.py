"""Personen und Haushalt ändern: who somebody is, where and with whom they live, notice and arrival."""

from __future__ import annotations

from plans.help_plan import Phase
from web.desk.cases.blueprint import blueprint
from web.desk.cases.common import above, back_to, case_form, take_case
from web.desk.filling import Page
from web.desk.form_page import Control, Field, FormPage
from web.desk.forms import asked_day, request_key, version
from web.desk.guard import the_desk
from web.desk.people.entering import (
    home_fields,
    known_home,
    known_person,
    languages,
    notice_from,
    one_person,
    person_fields,
    spoken,
    the_home,
)
from workflows.cases.choices import list_choices
from workflows.cases.households import add_person, edit_household
from workflows.cases.persons import arrive, change_notice, edit_person


@blueprint.route("/<person_id>/person", methods=["GET", "POST"])
def person(person_id: str) -> Page:
    """Change who somebody is."""
    case = take_case(person_id)

    def change() -> str:
        edit_person(the_desk(request_key()), person_id, version(), one_person())
        return back_to(case)

    return case_form("person", case, person_fields(), known_person(case["person"])).answer(change)


@blueprint.route("/<person_id>/haushalt", methods=["GET", "POST"])
def household(person_id: str) -> Page:
    """Change where the household lives and which children live there."""
    case = take_case(person_id)
    choices = list_choices(the_desk())

    def change() -> str:
        edit_household(the_desk(request_key()), case["household"]["id"], version(), the_home(choices))
        return back_to(case)

    form = FormPage("household", home_fields(choices), known_home(case["household"]), above(case))
    return form.answer(change)


@blueprint.route("/<person_id>/haushalt/person", methods=["GET", "POST"])
def member(person_id: str) -> Page:
    """Add somebody to the household: here already, or announced like the person of the case."""
    case = take_case(person_id)
    is_announced = case["plan"]["phase"] == Phase.ANNOUNCED
    arrived_on = () if is_announced else (Field("arrived_on", Control.DAY, required=True),)
    known = {"version": case["household"]["version"], "arrived_on": case["plan"]["arrived_on"]}

    def add() -> str:
        beginning = (
            {"notice": notice_from(case["plan"])} if is_announced else {"arrived_on": asked_day("arrived_on")}
        )
        add_person(the_desk(request_key()), case["household"]["id"], version(), one_person(), **beginning)
        return back_to(case)

    return case_form("member", case, (*arrived_on, *person_fields()), known).answer(add)


@blueprint.route("/<person_id>/ankuendigung", methods=["GET", "POST"])
def notice(person_id: str) -> Page:
    """Change when somebody is expected, and the languages that the first talk needs."""
    case = take_case(person_id)
    plan = case["plan"]
    fields = (
        Field("expected_on", Control.DAY, required=True),
        Field("languages", Control.CHECKS, choices=languages(), label="notice_languages"),
    )

    def change() -> str:
        desk = the_desk(request_key())
        change_notice(desk, person_id, version(), asked_day("expected_on"), spoken())
        return back_to(case)

    known = {"expected_on": plan["expected_on"], "languages": plan["announced_languages"]}
    return case_form("notice", case, fields, known).answer(change)


@blueprint.route("/<person_id>/ankunft", methods=["GET", "POST"])
def arrival(person_id: str) -> Page:
    """Note that somebody who was announced has arrived."""
    case = take_case(person_id)

    def note() -> str:
        arrive(the_desk(request_key()), person_id, version(), asked_day("arrived_on"))
        return back_to(case)

    fields = (Field("arrived_on", Control.DAY, required=True),)
    return case_form("arrival", case, fields, {"arrived_on": case["today"]}).answer(note)
