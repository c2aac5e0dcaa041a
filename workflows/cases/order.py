"""Reihenfolge der Schritte: a step comes before one that it waits for, in one go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from plans.actions import Action
from plans.help_plan import Case
from plans.steps import PlanStep
from workflows.acting import Work, workflow
from workflows.cases.plans import take_step
from workflows.cases.records import keep_case
from workflows.refusal import Refusal


@workflow(Action.EDIT_PLAN)
def bring_forward(work: Work, step_id: str, version: int, before_id: str | None = None) -> dict[str, Any]:
    """Let a step come before the one that it waits for; what followed it then follows that one.

    The distances stay with the places in the chain, not with the steps.

    Parameters
    ----------
    work : Work
        The workflow.
    step_id, version : str, int
        Which step, and its version that was read.
    before_id : str, optional
        The step that it is to come before; by default the one that it waits for.

    Returns
    -------
    dict
        ``id`` of the step, and the new ``version`` of the help plan.

    Raises
    ------
    Refusal
        Where the step that it is to come before is over, or belongs to somebody else, or is none before it.
    """
    file, _ = take_step(work, step_id, version)
    case, passed = _brought_forward(file.case, step_id)
    while before_id not in (None, passed):
        case, passed = _brought_forward(case, step_id)
    after = keep_case(work, file, case)
    work.record("need", step_id, file.plan["region_id"], before=passed)
    return {"id": step_id, "version": after.plan["version"]}


def _brought_forward(case: Case, step_id: str) -> tuple[Case, str]:
    """A case in which a step has changed places with the one before it, and which that was."""
    step = case.step(step_id)
    before = next((one for one in case.open_steps if one.id == step.need.after), None)
    if before is None:
        raise Refusal("first-step", step=step_id)
    followers = [one for one in case.open_steps if one.need.after == step_id]
    case = case.with_step(_placed(step, before)).with_step(_after(before, step, step_id))
    for follower in followers:
        case = case.with_step(_after(follower, follower, before.id))
    return case, before.id


def _placed(step: PlanStep, place: PlanStep) -> PlanStep:
    """A step in the place of another one."""
    return _after(step, place, place.need.after)


def _after(step: PlanStep, place: PlanStep, after: str | None) -> PlanStep:
    """A step that follows another one as closely as the step of that place did."""
    need = replace(
        step.need,
        after=after,
        relation=place.need.relation,
        lag_days=place.need.lag_days if after else 0,
        max_lag_days=place.need.max_lag_days if after else None,
    )
    return step.revise(need, step.responsible, step.preconditions)
