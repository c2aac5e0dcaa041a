"""Schritte eines Hilfeplans: begun from a template or one by one, changed, moved, prepared, given up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from plans.actions import Action
from plans.analysis import needed_features
from plans.identity import check_known
from plans.needs import check_forest
from plans.step_draft import Follows, StepDraft
from plans.steps import PlanStep, Precondition
from plans.templates import profile, profiles
from store import tables as t
from store.rows import ReadRows
from workflows.acting import Work, workflow
from workflows.cases.booking import check_no_referral
from workflows.cases.from_rows import need_from
from workflows.cases.households import organisation_of
from workflows.cases.plans import take_plan, take_step, told
from workflows.cases.records import CaseFile, keep_case, keep_step
from workflows.scopes import plan_of


@workflow(Action.EDIT_PLAN)
def add_chain(
    work: Work,
    person_id: str,
    version: int,
    template: str,
    *,
    earliest_on: date,
    entitled_on: date | None = None,
    done: Iterable[str] = (),
    weight: float = 1.0,
    responsible: str | None = None,
) -> dict[str, Any]:
    """Add the usual chain of steps for a situation; each can then be changed.

    Parameters
    ----------
    work, person_id, version
        The workflow, the person, and the version of the help plan that was read.
    template : str
        Key of a chain of ``plans/templates.toml``; German as last analysed chooses the entry.
    earliest_on : date
        From when.
    entitled_on : date, optional
        Entitled or obliged on this day: the access time counts from here.
    done : iterable of str
        Keys of its steps that are done already.
    weight : float
        Priority, > 0.
    responsible : str, optional
        Organisation or the person; the office by default.

    Returns
    -------
    dict
        ``step_ids`` in the order of the chain, and the new ``version`` of the help plan.
    """
    file = take_plan(work, person_id, version)
    check_known("template", [template], [entry.key for entry in profiles()])
    actor_id = responsible or file.plan["organisation_id"]
    _check_responsible(work, file, actor_id)
    chain = profile(template)
    analysis = file.case.help_plan().analysis  # refuses where there is none yet
    needs = chain.needs(
        t.new_id("ned"),
        analysis.german.overall,
        earliest_on,
        entitled_on=entitled_on,
        weight=weight,
        done=frozenset(done),
        features=needed_features(analysis),
        book=work.book,
    )
    steps = [PlanStep(need, actor_id) for need in needs]
    goals = [] if chain.goal in file.case.goals else [chain.goal]
    after = keep_case(work, file, file.case.agree(goals, steps))
    step_ids = [step.id for step in steps]
    work.record("help_plan", file.plan["id"], file.plan["region_id"], template=template, steps=step_ids)
    return {"step_ids": step_ids, "version": after.plan["version"]}


@workflow(Action.EDIT_PLAN)
def add_step(
    work: Work,
    person_id: str,
    version: int,
    draft: StepDraft,
    follows: Follows | None = None,
    entitled_on: date | None = None,
) -> dict[str, Any]:
    """Add one step.

    Parameters
    ----------
    work, person_id, version
        The workflow, the person, and the version of the help plan that was read.
    draft : StepDraft
        What was agreed.
    follows : Follows, optional
        Its place in the chain.
    entitled_on : date, optional
        The access time counts from here.

    Returns
    -------
    dict
        ``step_id``, and the new ``version`` of the help plan.
    """
    file = take_plan(work, person_id, version)
    _check_responsible(work, file, draft.responsible)
    step = draft.begin(t.new_id("ned"), follows or Follows(), entitled_on)
    _check_place(work.unit, file, step)
    after = keep_case(work, file, file.case.agree((), [step]))
    work.record("need", step.id, file.plan["region_id"], kind=draft.kind)
    return {"step_id": step.id, "version": after.plan["version"]}


@workflow(Action.EDIT_PLAN)
def change_step(work: Work, step_id: str, version: int, draft: StepDraft) -> dict[str, Any]:
    """Change what a step is, who is responsible, from when and until when.

    Returns
    -------
    dict
        ``id`` and new ``version`` of the step.
    """
    file, step = take_step(work, step_id, version)
    _check_responsible(work, file, draft.responsible)
    if draft.kind != step.need.kind:
        check_no_referral(work.unit, step_id)
    return _keep(work, file, draft.revise(step))


@workflow(Action.EDIT_PLAN)
def move_step(work: Work, step_id: str, version: int, follows: Follows) -> dict[str, Any]:
    """Move a step to another place of the chain of its household.

    Raises
    ------
    PlanFault
        Where the step before is none of the household, or steps would wait for each other in a circle.
    """
    file, step = take_step(work, step_id, version)
    moved = step.revise(follows.place(step.need), step.responsible, step.preconditions)
    _check_place(work.unit, file, moved)
    return _keep(work, file, moved)


@workflow(Action.EDIT_PLAN)
def fulfil_precondition(work: Work, step_id: str, version: int, precondition: Precondition) -> dict[str, Any]:
    """Note that something a step was waiting for is there now."""
    file, step = take_step(work, step_id, version)
    return _keep(work, file, step.fulfil(precondition))


@workflow(Action.EDIT_PLAN)
def drop_step(work: Work, step_id: str, version: int, why: str) -> dict[str, Any]:
    """Give a step up today, with a reason that is kept as its last review.

    Raises
    ------
    Refusal
        Where a referral for it is still open: it is cancelled first, so that its seat becomes free.
    """
    file, step = take_step(work, step_id, version)
    check_no_referral(work.unit, step_id)
    return _keep(work, file, step.drop(work.today, why))


def _keep(work: Work, file: CaseFile, step: PlanStep) -> dict[str, Any]:
    row = keep_step(work, file, step)
    work.record("need", step.id, file.plan["region_id"], state=step.state)
    return told(row)


def _check_responsible(work: Work, file: CaseFile, actor_id: str) -> None:
    if actor_id != file.case.person_id:
        organisation_of(work, file.plan["region_id"], actor_id)


def _check_place(unit: ReadRows, file: CaseFile, step: PlanStep) -> None:
    """All steps of the household together must stay a forest, also those that are over."""
    household_id = unit.get(t.person, file.case.person_id)["household_id"]
    plans = [plan_of(unit, person["id"]) for person in unit.find(t.person, household_id=household_id)]
    rows = unit.find(t.need, t.need.c.help_plan_id.in_([plan["id"] for plan in plans]))
    others = [need_from(row) for row in rows if row["id"] != step.id]
    check_forest([*others, step.need])
