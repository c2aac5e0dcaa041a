"""Ziele eines Hilfeplans: what the plan as a whole is for."""

from __future__ import annotations

from typing import Any

from plans.actions import Action
from plans.needs import Goal
from store import tables as t
from workflows.acting import Work, workflow
from workflows.cases.plans import take_plan, told
from workflows.cases.records import keep_case, load_case
from workflows.cases.to_rows import goal_columns
from workflows.scopes import admit


@workflow(Action.EDIT_PLAN)
def add_goal(work: Work, person_id: str, version: int, goal: Goal) -> dict[str, Any]:
    """Add a goal that was agreed.

    Returns
    -------
    dict
        ``goal_id``, and the new ``version`` of the help plan.
    """
    file = take_plan(work, person_id, version)
    after = keep_case(work, file, file.case.agree([goal]))
    added = max(work.unit.find(t.goal, help_plan_id=file.plan["id"]), key=lambda row: row["position"])
    work.record("goal", added["id"], file.plan["region_id"])
    return {"goal_id": added["id"], "version": after.plan["version"]}


@workflow(Action.EDIT_PLAN)
def change_goal(work: Work, goal_id: str, version: int, goal: Goal) -> dict[str, Any]:
    """Change a goal, or the day agreed for it.

    Returns
    -------
    dict
        ``id`` and new ``version`` of the goal.
    """
    row = admit(work, t.goal, goal_id)
    plan = work.unit.get(t.help_plan, row["help_plan_id"])
    load_case(work.unit, plan["person_id"]).agree([goal])  # refuses where the plan is closed
    changed = work.unit.change(t.goal, goal_id, version, **goal_columns(goal))
    work.record("goal", goal_id, row["region_id"])
    return told(changed)
