"""Die Fallseite: who, what next, the chain as a timeline and a table, and everything recorded beside it."""

from __future__ import annotations

from datetime import date

from flask import g, render_template

from web.desk.cases.blueprint import blueprint
from web.desk.cases.chain import chain_of
from web.desk.cases.common import organisation_name, take_case
from web.desk.cases.drawing import draw_case
from web.desk.cases.history import history_of
from web.desk.cases.said import recipient_of, said
from web.sheets.languages import languages
from workflows.wording import month_text


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
        open_ids={step.row["id"] for step in chain if not step.is_over},
        planned=[one for one in case["appointments"] if one["state"] == "planned"],
        analysis=case["analyses"][-1] if case["analyses"] else None,
        goal_text=lambda goal: goal["text_de" if g.words.lang == "de" else "text_en"],
        name_of=lambda id: organisation_name(case, id),
        recipient=lambda consent: recipient_of(case, consent),
        said=said,
        sheet_languages=languages(g.words.lang),
        spoken=(case["analyses"][-1]["languages"] if case["analyses"] else []),
        month=lambda day: month_text(day, g.words.lang),
    )
