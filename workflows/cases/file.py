"""Akte lesen: everything that the office knows of a person; reading it leaves an entry in the audit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plans.actions import Action
from plans.steps import PlanStep
from plans.waiting import is_overdue, read_clocks, start_due_on
from store import tables as t
from store.rows import ReadRows
from store.tables import Table
from workflows.acting import Work, workflow
from workflows.cases.records import CaseFile, open_case
from workflows.plain import plain
from workflows.refusal import Refusal
from workflows.scopes import admit

_PERSON = ("id", "version", "name", "birth_on", "gender", "contact", "profile", "tags")
_HOUSEHOLD = (
    *("id", "version", "home_name", "home_lat", "home_lon", "address", "children", "shared_childcare"),
)
_PLAN = (
    *("id", "version", "counsellor_id", "phase", "announced_on", "expected_on", "announced_by"),
    *("announced_languages", "arrived_on", "next_appointment_on", "review_due_on", "overall_review_due_on"),
    *("replan_marked_at", "closed_on", "closure_reason", "closure_text", "erase_due_on"),
)


@workflow(Action.READ_PERSON)
def read_person(work: Work, person_id: str) -> dict[str, Any]:
    """Read the file of a person.

    Parameters
    ----------
    work : Work
        The workflow; its desk must name a purpose.
    person_id : str
        Whose file.

    Returns
    -------
    dict
        As JSON values: ``person``, ``household``, ``plan``, ``analyses``, ``goals``, ``steps`` (with both
        clocks as they stand today), ``appointments``, ``achievements``, ``placements``. What can be edited
        has its ``version``.

    Raises
    ------
    Refusal
        Where no purpose is named.
    """
    person = admit(work, t.person, person_id)
    file = file_of(work, person)
    work.record("person", person_id, person["region_id"])
    return file


def file_of(work: Work, person: Mapping[str, Any]) -> dict[str, Any]:
    """Return the file of a person who was admitted, for workflows that read it (see `read_person`)."""
    if not work.desk.purpose.strip():
        raise Refusal("purpose-needed")
    file = open_case(work.unit, person["id"])
    household = work.unit.get(t.household, person["household_id"])
    placements = work.unit.find(t.placement, person_id=person["id"])
    return {
        "person": columns_of(person, _PERSON),
        "household": columns_of(household, _HOUSEHOLD),
        "plan": columns_of(file.plan, _PLAN),
        "analyses": [plain(analysis) for analysis in file.case.analyses],
        "steps": [_step(work, file, step) for step in file.case.steps],
        "goals": _rows(work.unit, t.goal, file, "id", "version", "text_de", "text_en", "due_on"),
        "appointments": _rows(
            *(work.unit, t.appointment, file, "id", "version", "state", "planned_on", "held_on"),
            *("is_overall", "note"),
        ),
        "achievements": _rows(work.unit, t.achievement, file, "what", "achieved_on"),
        "placements": [columns_of(row, _PLACEMENT) for row in placements],
    }


_PLACEMENT = (
    *("id", "version", "tested_on", "kind", "skills", "tested_by"),
    *("decided_kind", "decided_on", "reason"),
)


def _step(work: Work, file: CaseFile, step: PlanStep) -> dict[str, Any]:
    access, waiting = read_clocks(step.clocks, work.today, step.done_on)
    return {
        **plain(step),
        "id": step.id,
        "version": file.needs[step.id]["version"],
        "access": plain(access),
        "waiting": plain(waiting),
        "start_due_on": plain(start_due_on(step.clocks, work.book)),
        "is_overdue": not step.state.is_end and is_overdue(step.clocks, work.today, work.book),
    }


def _rows(unit: ReadRows, table: Table, file: CaseFile, *names: str) -> list[dict[str, Any]]:
    return [columns_of(row, names) for row in unit.find(table, help_plan_id=file.plan["id"])]


def columns_of(row: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Return some columns of a row as JSON values."""
    return {name: plain(row[name]) for name in names}
