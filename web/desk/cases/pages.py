"""Die Fallseite: who, what next, the chain as a timeline and a table, and everything recorded beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from flask import g, render_template, url_for

from web.desk.cases.blueprint import blueprint
from web.desk.cases.chain import chain_of
from web.desk.cases.drawing import draw_case
from web.desk.cases.history import history_of
from web.desk.cases.said import recipient_of, said
from web.desk.guard import the_desk
from workflows.cases.whole_case import read_case
from workflows.wording import month_text

Case = dict[str, Any]


@blueprint.get("/<person_id>")
def show(person_id: str) -> str:
    """Show the case of a person."""
    case = take_case(person_id)
    today = date.fromisoformat(case["today"])
    chain = chain_of(case)
    return render_template(
        "desk/cases/case.html",
        case=case,
        chain=chain,
        drawing=draw_case(chain, today),
        history=history_of(case),
        today=today,
        planned=[one for one in case["appointments"] if one["state"] == "planned"],
        analysis=case["analyses"][-1] if case["analyses"] else None,
        goal_text=lambda goal: goal["text_de" if g.words.lang == "de" else "text_en"],
        name_of=lambda id: organisation_name(case, id),
        recipient=lambda consent: recipient_of(case, consent),
        said=said,
        month=lambda day: month_text(day, g.words.lang),
    )


def take_case(person_id: str) -> Case:
    """Read a case for a page; the reading is in the audit with its purpose."""
    return read_case(replace(the_desk(), purpose=g.words("desk.case.purpose")), person_id)


def organisation_name(case: Mapping[str, Any], id: str) -> str:
    """Name of an organisation that the case names, or of the person."""
    if id == case["person"]["id"]:
        return str(case["person"]["name"])
    found = case["organisations"].get(id)
    return str(found["name"]) if found else id


def above(case: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Pages above a form of the case: my people, then the case."""
    person = case["person"]
    return (
        (g.words("desk.menu.people"), url_for("people.show")),
        (person["name"], url_for("cases.show", person_id=person["id"])),
    )
