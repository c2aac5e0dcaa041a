"""Seiten „Meine Personen“: the list with what is due, search by exact name, a new household."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request, url_for

from web.desk.filling import Filling, Page, fill_in
from web.desk.form_page import lead_to
from web.desk.forms import asked_day, day, request_key, text
from web.desk.guard import the_desk
from web.desk.people.due import everything_due
from web.desk.people.entering import HERE, beginning, new_household_form, notice_of, one_person, the_home
from workflows import lists
from workflows.cases.choices import list_choices
from workflows.cases.households import announce_household, create_household
from workflows.cases.lists import list_next_appointments, list_own_people
from workflows.cases.search import search_people

blueprint = Blueprint("people", __name__, url_prefix="/personen")

PEOPLE_SHOWN = 50
TALKS_SHOWN = 10
SEARCH_LABELS = ("name", "birth_on")


@blueprint.get("")
def show() -> str:
    """Show everybody she looks after, and what is due today."""
    return _overview(Filling(), None)


@blueprint.post("/suche")
def search() -> Page:
    """Find somebody of the office by full name and day of birth; names stand in no address."""
    labels = {name: g.words(f"desk.form.field.{name}") for name in SEARCH_LABELS}
    found: list[dict[str, Any]] = []

    def look_up() -> Any:
        born_on = day("birth_on")
        if born_on is not None:
            found.extend(search_people(the_desk(), text("name"), born_on))
        if len(found) == 1:
            return lead_to(url_for("cases.show", person_id=found[0]["person_id"]))
        return _overview(Filling(typed=request.form), found)

    return fill_in(lambda filling: _overview(filling, None), look_up, {}, labels)


@blueprint.route("/neu", methods=["GET", "POST"])
def new() -> Page:
    """Begin with a household: here already, or announced before it arrives."""
    choices = list_choices(the_desk())
    form = new_household_form(choices)

    def begin() -> str:
        office_id, home, person = (
            text("office") or choices["offices"][0]["id"],
            the_home(choices),
            one_person(),
        )
        desk = the_desk(request_key())
        if beginning() == HERE:
            arrived_on = asked_day("arrived_on")
            made = create_household(desk, office_id, home, [person], arrived_on)
        else:
            made = announce_household(desk, office_id, home, [person], notice_of())
        return url_for("cases.show", person_id=made["person_ids"][0])

    return form.answer(begin)


def _overview(filling: Filling, found: list[dict[str, Any]] | None) -> str:
    desk = the_desk()
    page = lists.Page(limit=PEOPLE_SHOWN, after=_after())
    return render_template(
        "desk/people/overview.html",
        f=filling,
        found=found,
        due=everything_due(desk),
        people=list_own_people(desk, page),
        talks=list_next_appointments(desk, lists.Page(limit=TALKS_SHOWN)),
    )


def _after() -> tuple[str, str] | None:
    """Where the list goes on: the id of the last plan on the page before."""
    last = request.args.get("nach", "")
    return (last, last) if last else None
