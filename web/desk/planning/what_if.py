"""Was wäre wenn: a group more, another size, or one less, beside what is planned now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask import g, render_template, request
from werkzeug.wrappers import Response

from network.actors import HALF_DAYS
from web.desk.guard import the_desk
from web.desk.planning.frame import blueprint, name_of
from web.desk.planning.shown import asked_file, shown_report
from workflows.planning_room.office import has_plan, open_groups, open_planning_state
from workflows.planning_room.scenario import DO, MOST_SEATS, NUMBERS, Change, Scenario
from workflows.planning_room.state import PlannedRegion
from workflows.planning_room.tables import Report
from workflows.planning_room.whatif import compare, what_if_report

PARTS = ("am", "pm", "ev")
SEED, SECONDS = 1, 10.0
FIELDS = ("do", "group", "seats", "shift_days", "part")
WORK_DAYS = ("mo", "tu", "we", "th")
"""Days of a group whose part of the day changes: Monday to Thursday, as evening groups have them."""


@dataclass(frozen=True)
class Asked:
    """Was gefragt ist, as it came in the address.

    Parameters
    ----------
    faults : dict of str to str
        Field -> key of what is wrong with it.
    """

    do: str
    group: str
    seats: str
    shift_days: str
    part: str
    faults: dict[str, str]


@blueprint.get("/<region_id>/was-waere-wenn")
def what_if(region_id: str) -> str | Response | tuple[str, int]:
    """Ask for a change, and show both sides of it; the address holds all that was asked."""
    about = {"region_id": region_id, "region": name_of(region_id, g.words.lang)}
    desk = the_desk()
    if not has_plan(desk, region_id):
        return render_template("desk/planning/no_plan.html", name="what_if", **about)
    groups = open_groups(desk, region_id, g.words.lang)
    asked = _asked({slot for slot, _ in groups})
    planned = None
    if "do" in request.args and not asked.faults:
        planned = open_planning_state(desk, region_id, g.words.lang)
    report = _compared(planned, asked) if planned else None
    if report is not None and (file := asked_file(report.tables)) is not None:
        return file
    page = render_template(
        "desk/planning/what_if.html",
        **about,
        asked=asked,
        groups=groups,
        choices=DO,
        parts=PARTS,
        report=shown_report(report) if report else None,
    )
    return page, 400 if asked.faults else 200


def _compared(planned: PlannedRegion, asked: Asked) -> Report:
    name = f"{g.words('desk.planning.what-if.changes.' + asked.do)}: {planned.names[asked.group]}"
    return what_if_report(compare(planned, Scenario(name, (_change(asked),)), SEED, SECONDS))


def _asked(groups: Collection[str]) -> Asked:
    values = {
        name: request.args.get(name, "").strip() for name in ("do", "group", "seats", "shift_days", "part")
    }
    values["do"] = values["do"] or DO[0]
    faults = {}
    if "do" in request.args:
        if values["do"] not in DO:
            faults["do"] = "choose"
        if values["group"] not in groups:
            faults["group"] = "choose"
        if values["part"] not in ("", *PARTS):
            faults["part"] = "choose"
        if not _is_number(values["seats"], 0, MOST_SEATS):
            faults["seats"] = "seats"
        if not _is_number(values["shift_days"], *NUMBERS["shift_days"]):
            faults["shift_days"] = "days"
    return Asked(**values, faults=faults)


def _is_number(text: str, least: float, most: float) -> bool:
    """Whether a field is empty or holds a whole number in a range."""
    digits = text.removeprefix("-")
    return not text or (digits.isascii() and digits.isdigit() and least <= int(text) <= most)


def _change(asked: Asked) -> Change:
    halves = frozenset(half for half in HALF_DAYS if half[:2] in WORK_DAYS and half[3:] == asked.part)
    return Change(
        asked.do,
        asked.group,
        shift_days=int(asked.shift_days or 0),
        seats=int(asked.seats) if asked.seats else None,
        times=halves or None,
    )
