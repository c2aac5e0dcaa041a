"""Eine Berechnung: asked for, watched while it is at work, and its answer; who leaves finds it here again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from flask import abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from web.desk.forms import day_of, request_key
from web.desk.guard import the_desk
from web.desk.pdf import pdf_answer
from web.desk.planning.asked import (
    CHANGES,
    FOR_EVERYBODY,
    MOST_CHANGES,
    PARTS,
    Asked,
    SimulationAsked,
    asked_of_form,
    asked_of_reckoning,
    changes_of,
    field_name,
    simulation_of_form,
    simulation_of_reckoning,
)
from web.desk.planning.frame import blueprint, name_of
from web.desk.planning.shown import asked_file, shown_report
from web.desk.planning.watching import Told, progress_answer
from web.sheets.council_report import council_report
from workflows.acting import Desk
from workflows.planning_room.kept_reports import read_report
from workflows.planning_room.office import ONLINE, has_plan, list_towns, open_groups
from workflows.planning_room.reckon import begin_reckoning
from workflows.planning_room.reckonings import (
    list_reckonings,
    read_reckoning,
    reckoning_stands,
    stop_reckoning,
)
from workflows.planning_room.simulated import CHOSEN_POLICIES, WEEKS
from workflows.planning_room.tables import Report

PAGES = {
    "luecken": "gaps",
    "mehr-plaetze": "savings",
    "was-waere-wenn": "what-if",
    "bericht": "report",
    "simulation": "simulation",
}
"""Question by the last part of the address of its page."""

WITHOUT_PLAN = ("report", "simulation")
"""Questions that have an answer also where no plan was released yet."""

MORE = "more"
"""The button that asks for room for one more change, without reckoning anything."""

PATIENCE_SECONDS = 3.0
"""So long the page itself waits, so that what is reckoned quickly is there at once."""
LOOK_EVERY_SECONDS = 0.1

Row = dict[str, Any]
Form = Asked | SimulationAsked

FORMS: dict[str, tuple[Callable[[Desk, str], Form], Callable[[Row], Form]]] = {
    "what-if": (asked_of_form, asked_of_reckoning),
    "simulation": (simulation_of_form, simulation_of_reckoning),
}
"""Questions that ask for more than the region: what reads their form, and what fills it in again."""


def question_page(about: str, region_id: str) -> str:
    """Show a question with the button that asks it, and the newest answers; or how to get a plan first."""
    desk = the_desk()
    if about not in WITHOUT_PLAN and not has_plan(desk, region_id):
        region = name_of(region_id, g.words.lang)
        return render_template("desk/planning/no_plan.html", about=about, region_id=region_id, region=region)
    return _shown(about, region_id, FORMS[about][0](desk, region_id) if about in FORMS else None)


@blueprint.post("/<region_id>/rechnen/<page>")
def reckon(region_id: str, page: str) -> Response | tuple[str, int]:
    """Begin a reckoning and lead to it; whoever asks the same while it is at work is led to the same."""
    desk = the_desk(request_key())
    is_planned = has_plan(desk, region_id)
    about = PAGES.get(page) or abort(404)
    if about not in WITHOUT_PLAN and not is_planned:
        return redirect(f"{url_for('planning.show', region_id=region_id)}/{page}", 303)
    wanted: Row = {}
    if about in FORMS:
        asked = FORMS[about][0](desk, region_id)
        if MORE in request.form and isinstance(asked, Asked):
            return _shown(about, region_id, asked.with_one_more()), 200
        if asked.has_faults:
            return _shown(about, region_id, asked), 400
        wanted = asked.wanted()
    id = begin_reckoning(desk, region_id, about, wanted)
    _be_patient(desk, id)
    return redirect(url_for("planning.reckoning", reckoning_id=id), 303)


@blueprint.get("/rechnungen/<reckoning_id>")
def reckoning(reckoning_id: str) -> str | Response:
    """Show a reckoning: its progress, then its answer as page and files; or that it ended without one."""
    found = read_reckoning(the_desk(), reckoning_id)
    report = _report_of(found)
    if report is not None and (file := asked_file(report.tables)) is not None:
        return file
    about = found["question"]
    asked = FORMS[about][1](found["asked"]) if about in FORMS else None
    return _shown(about, found["region_id"], asked, found, report)


@blueprint.get("/rechnungen/<reckoning_id>/fortschritt")
def reckoning_progress(reckoning_id: str) -> Response:
    """Tell the progress of a reckoning as it goes on (server-sent events); ``over`` at its end."""
    desk = the_desk()
    return progress_answer(lambda: reckoning_stands(desk, reckoning_id), reckoning_told)


@blueprint.post("/rechnungen/<reckoning_id>/anhalten")
def reckoning_stop(reckoning_id: str) -> Response:
    """End a reckoning without an answer."""
    stop_reckoning(the_desk(request_key()), reckoning_id)
    return redirect(url_for("planning.reckoning", reckoning_id=reckoning_id), 303)


@blueprint.get("/rechnungen/<reckoning_id>/bericht")
def report_file(reckoning_id: str) -> Response:
    """Set the report for a council from its reckoning: waits, gaps and what the network can bear."""
    found, lang = read_reckoning(the_desk(), reckoning_id), g.words.lang
    if found["question"] != "report" or found["answer"] is None:
        abort(404)
    parts = {name: read_report(data) for name, data in found["answer"][lang].items()}
    region, on = name_of(found["region_id"], lang), day_of(found["started_at"])
    assert isinstance(on, date)
    return pdf_answer(council_report(parts, region, on, lang), "bericht.pdf")


def reckoning_told(found: Row) -> Told:
    """Say where a reckoning stands: its part, how much of it is done, and how long it has worked."""
    words, told = g.words, found["summary"].get("progress")
    part = words(f"desk.planning.reckoning.part.{told['part'] if told else 'begin'}")
    if told and told["of"] > 1:
        part = words("desk.planning.reckoning.counted", part=part, number=told["done"] + 1, of=told["of"])
    return Told(part, words("desk.planning.reckoning.progress", part=part, seconds=found["seconds"] or 0))


def _shown(
    about: str, region_id: str, asked: Form | None, found: Row | None = None, report: Report | None = None
) -> str:
    """The page of a question, with one reckoning of it where one is asked for."""
    desk = the_desk()
    return render_template(
        "desk/planning/question.html",
        about=about,
        page=next(page for page, question in PAGES.items() if question == about),
        region_id=region_id,
        region=name_of(region_id, g.words.lang),
        reckoning=found,
        told=reckoning_told(found) if found and found["state"] == "running" else None,
        report=shown_report(report) if report else None,
        earlier=[
            (one, _title(one))
            for one in list_reckonings(desk, region_id, about)
            if found is None or one["id"] != found["id"]
        ],
        asked=asked,
        choices=CHANGES,
        parts=PARTS,
        **(_choices(desk, region_id) if about == "what-if" else {}),
        weeks=WEEKS,
        policies=CHOSEN_POLICIES,
    )


def _choices(desk: Desk, region_id: str) -> Row:
    """What the form of a what-if lets choose from."""
    return {
        "groups": open_groups(desk, region_id, g.words.lang),
        "places": [ONLINE, *(town["name"] for town in list_towns(desk, region_id))],
        "field_name": field_name,
        "for_everybody": FOR_EVERYBODY,
        "most_changes": MOST_CHANGES,
        "more": MORE,
        "is_more": MORE in request.form,
    }


def _report_of(found: Row) -> Report | None:
    """The one report that answers a question, in the language of the page; that for a council is a file."""
    if found["answer"] is None or found["question"] == "report":
        return None
    report = read_report(found["answer"][g.words.lang][found["question"]])
    if found["question"] != "what-if":
        return report
    key, values = report.title
    return replace(report, title=(key, {**values, "name": _title(found)}))


def _title(found: Row) -> str:
    """What was asked: how much is simulated, or the change and once it is known the group; else empty."""
    if found["question"] == "simulation":
        return str(g.words("desk.planning.simulation.asked", **found["asked"]))
    if found["question"] != "what-if":
        return ""
    asked, words = found["asked"], g.words
    told = found["answer"][words.lang]["what-if"]["title"][1] if found["answer"] else {}
    changes = changes_of(asked)
    names = told.get("names", [told.get("name", "")] * len(changes))
    parts = [_named_change(one, name) for one, name in zip(changes, names, strict=True)]
    parts += [
        str(words(f"desk.planning.what-if.told.{field}", number=asked[field]))
        for field in FOR_EVERYBODY
        if asked.get(field) not in (None, 0)
    ]
    return "; ".join(parts) or str(words("desk.planning.what-if.changes.keep"))


def _named_change(asked: Mapping[str, Any], name: str) -> str:
    change = str(g.words(f"desk.planning.what-if.changes.{asked['do']}"))
    return f"{change}: {name}" if name else change


def _be_patient(desk: Desk, reckoning_id: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and reckoning_stands(desk, reckoning_id)["state"] == "running":
        time.sleep(LOOK_EVERY_SECONDS)
