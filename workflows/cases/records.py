"""Fallakte: a help plan is read from its rows, changed as the plan room says, and what changed is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from plans.help_plan import Case
from plans.model import Household
from plans.steps import PlanStep
from store import tables as t
from store.rows import ReadRows
from workflows.acting import Work
from workflows.cases.from_rows import CaseRows, case_from, household_from, person_from
from workflows.cases.replan import is_plan_outdated
from workflows.cases.to_rows import goal_columns, plan_columns, review_columns, step_columns
from workflows.plain import plain
from workflows.scopes import plan_of


@dataclass(frozen=True)
class CaseFile:
    """Fallakte: a case and the rows it was read from.

    Parameters
    ----------
    plan : mapping
        Row of `help_plan`.
    case : Case
        What the rows say.
    needs : mapping of str to mapping
        Rows of `need` by id.
    """

    plan: Mapping[str, Any]
    case: Case
    needs: Mapping[str, Mapping[str, Any]]

    @property
    def about(self) -> dict[str, Any]:
        """What every row of this plan says about where it belongs."""
        return {"region_id": self.plan["region_id"], "help_plan_id": self.plan["id"]}


def load_case(unit: ReadRows, person_id: str) -> Case:
    """Return the help plan of a person.

    Raises
    ------
    Missing
        Where there is no such person.
    """
    return open_case(unit, person_id).case


def open_case(unit: ReadRows, person_id: str) -> CaseFile:
    """Return the help plan of a person, with its rows.

    Raises
    ------
    Missing
        Where there is no such person.
    """
    return case_file(unit, plan_of(unit, person_id))


def case_file(unit: ReadRows, plan: Mapping[str, Any]) -> CaseFile:
    """Return the help plan of a row that is read already, with its other rows."""
    id = plan["id"]
    needs = unit.find(t.need, help_plan_id=id)
    rows = CaseRows(
        plan=plan,
        analyses=unit.find(t.analysis, help_plan_id=id),
        goals=unit.find(t.goal, help_plan_id=id),
        needs=needs,
        reviews=unit.find(t.review, t.review.c.need_id.in_([row["id"] for row in needs])) if needs else (),
        appointments=unit.find(t.appointment, help_plan_id=id),
        achievements=unit.find(t.achievement, help_plan_id=id, order_by=t.achievement.c.achieved_on),
    )
    return CaseFile(plan, case_from(rows), {row["id"]: row for row in needs})


def load_household(unit: ReadRows, household_id: str) -> Household:
    """Return a household with everybody who has an analysis and is still helped, as planning reads it.

    Raises
    ------
    Missing
        Where there is no such household.
    PlanFault
        Where nobody of it has an analysis.
    """
    household = unit.get(t.household, household_id)
    persons = unit.find(t.person, household_id=household_id)
    cases = [(row, load_case(unit, row["id"])) for row in persons]
    steps = [step for _, case in cases for step in case.steps]
    planned = (person_from(row, case, steps) for row, case in cases if case.analyses and not case.closure)
    return household_from(household, planned)


def keep_case(work: Work, file: CaseFile, after: Case, *, appointment_id: str | None = None) -> CaseFile:
    """Write what changed in a case; the row of the plan gets a new version in any case.

    Held talks and appointments are rows that `workflows.cases.appointments` writes.

    Parameters
    ----------
    work : Work
        The workflow.
    file, after : CaseFile, Case
        As it was read in this transaction, and as it shall be.
    appointment_id : str, optional
        Talk in which new reviews of steps were made.

    Returns
    -------
    CaseFile
        As it is now.

    Raises
    ------
    Stale
        Where somebody else changed the plan or a step in the meantime.
    """
    _keep_analyses(work, file, after)
    _keep_goals(work, file, after)
    _keep_steps(work, file, after, appointment_id)
    for achieved_on, what in after.achievements[len(file.case.achievements) :]:
        work.unit.insert(t.achievement, **file.about, what=what, achieved_on=achieved_on)
    columns = plan_columns(after, work.book)
    if file.plan["replan_marked_at"] is None and is_plan_outdated(file.case, after):
        columns["replan_marked_at"] = work.now
    plan = work.unit.change(t.help_plan, file.plan["id"], file.plan["version"], **columns)
    return case_file(work.unit, plan)


def keep_step(work: Work, file: CaseFile, after: PlanStep, *, marks_replan: bool = False) -> dict[str, Any]:
    """Write one changed step; the row of the plan changes only where it gets marked for a re-plan.

    Parameters
    ----------
    work, file : Work, CaseFile
        The workflow, and the help plan as it was read.
    after : PlanStep
        The step as it shall be.
    marks_replan : bool
        Whether the plan must be marked in any case, such as after a referral that failed.

    Returns
    -------
    dict
        Row of the need as it is now.
    """
    case = file.case.with_step(after)
    row = _change_step(work, file, after)
    if marks_replan or is_plan_outdated(file.case, case):
        mark_replan(work, file.plan)
    return row


def mark_replan(work: Work, plan: Mapping[str, Any]) -> None:
    """Mark a help plan for a stable re-plan, unless it is marked already."""
    if plan["replan_marked_at"] is None:
        work.unit.change(t.help_plan, plan["id"], plan["version"], replan_marked_at=work.now)


def _keep_analyses(work: Work, file: CaseFile, after: Case) -> None:
    known = len(file.case.analyses)
    for number, analysis in enumerate(after.analyses[known:], known + 1):
        work.unit.insert(
            t.analysis,
            **file.about,
            number=number,
            analysed_on=analysis.analysed_on,
            content=plain(analysis),
            analysed_by=work.caller.account_id,
        )


def _keep_goals(work: Work, file: CaseFile, after: Case) -> None:
    known = len(file.case.goals)
    for position, goal in enumerate(after.goals[known:], known + 1):
        work.unit.insert(t.goal, **file.about, position=position, **goal_columns(goal))


def _keep_steps(work: Work, file: CaseFile, after: Case, appointment_id: str | None) -> None:
    before = {step.id: step for step in file.case.steps}
    position = max((row["position"] for row in file.needs.values()), default=0)
    for step in after.steps:
        if step.id in before:
            if step != before[step.id]:
                _change_step(work, file, step, appointment_id)
            continue
        position += 1
        work.unit.insert(
            t.need,
            **file.about,
            id=step.id,
            person_id=file.case.person_id,
            position=position,
            **step_columns(step),
        )


def _change_step(
    work: Work, file: CaseFile, step: PlanStep, appointment_id: str | None = None
) -> dict[str, Any]:
    row = file.needs[step.id]
    known = len(file.case.step(step.id).reviews)
    for number, review in enumerate(step.reviews[known:], known + 1):
        work.unit.insert(
            t.review,
            region_id=row["region_id"],
            need_id=step.id,
            appointment_id=appointment_id,
            number=number,
            **review_columns(review),
        )
    return work.unit.change(t.need, step.id, row["version"], **step_columns(step))
