"""Reihenfolge der Schritte: a step changes places with the one before it, in one go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from plans.actions import Action
from plans.steps import PlanStep
from workflows.acting import Work, workflow
from workflows.cases.plans import take_step
from workflows.cases.records import keep_case
from workflows.refusal import Refusal


@workflow(Action.EDIT_PLAN)
def bring_forward(work: Work, step_id: str, version: int) -> dict[str, Any]:
    """Let a step come before the one that it waits for; what followed it then follows that one.

    The distances stay with the places in the chain, not with the steps.

    Parameters
    ----------
    work : Work
        The workflow.
    step_id, version : str, int
        Which step, and its version that was read.

    Returns
    -------
    dict
        ``id`` of the step, and the new ``version`` of the help plan.

    Raises
    ------
    Refusal
        Where the step before it is over, or belongs to somebody else, or there is none.
    """
    file, step = take_step(work, step_id, version)
    before = next((one for one in file.case.open_steps if one.id == step.need.after), None)
    if before is None:
        raise Refusal("first-step", step=step_id)
    followers = [one for one in file.case.open_steps if one.need.after == step_id]
    case = file.case.with_step(_placed(step, before)).with_step(_after(before, step, step_id))
    for follower in followers:
        case = case.with_step(_after(follower, follower, before.id))
    after = keep_case(work, file, case)
    work.record("need", step_id, file.plan["region_id"], before=before.id)
    return {"id": step_id, "version": after.plan["version"]}


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
