"""Neuplanung: whether what was changed in a help plan can change where its open steps should take place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from plans.help_plan import Case


def is_plan_outdated(before: Case, after: Case) -> bool:
    """Answer whether seats proposed for a case may no longer be the right ones.

    Parameters
    ----------
    before, after : Case
        The case before and after a change.

    Returns
    -------
    bool
        True where steps are open and something that planning reads has changed: an open step, other than by
        a seat given or proposed to it, or the analysis.
    """
    return bool(after.open_steps) and _planned(before) != _planned(after)


def _planned(case: Case) -> tuple[Any, ...]:
    if not case.analyses:
        return ()
    plan = case.help_plan()
    needs = tuple(replace(need, fixed_slot=None, proposed_slot=None) for need in plan.needs)
    return (needs, replace(plan.analysis, analysed_on=case.analyses[0].analysed_on))
