"""Hilfepläne aufnehmen: how a workflow takes up a help plan or a step to change it."""

from __future__ import annotations

from typing import Any

from plans.steps import PlanStep
from store import tables as t
from workflows.acting import Work
from workflows.cases.records import CaseFile, case_file, open_case
from workflows.keeping import keep_person
from workflows.scopes import admit, plan_of
from workflows.versions import check_read


def take_plan(work: Work, person_id: str, version: int) -> CaseFile:
    """Take up the help plan of a person to change it.

    Parameters
    ----------
    work, person_id : Work, str
        The workflow, and whose plan.
    version : int
        The version of the help plan that was read.

    Raises
    ------
    Missing, Forbidden
        See `workflows.scopes.admit`.
    Stale, NotAllowed
        See `workflows.versions.check_read`.
    """
    admit(work, t.person, person_id)
    keep_person(work, person_id)
    plan = plan_of(work.unit, person_id)
    check_read(t.help_plan, plan, version)
    return case_file(work.unit, plan)


def take_step(work: Work, need_id: str, version: int) -> tuple[CaseFile, PlanStep]:
    """Take up a step of a help plan to change it; like `take_plan`, with the version of the step."""
    keep_person(work, admit(work, t.need, need_id)["person_id"])
    row = work.unit.get(t.need, need_id)
    check_read(t.need, row, version)
    file = open_case(work.unit, row["person_id"])
    return file, file.case.step(need_id)


def told(row: dict[str, Any]) -> dict[str, Any]:
    """What a workflow answers about a row that it changed."""
    return {"id": row["id"], "version": row["version"]}
