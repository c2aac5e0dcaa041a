"""Referenzprozess ansehen: its steps with what they should take and what they took in a region."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from datetime import timedelta

from network.kinds import Stage, kind_of
from plans.actions import Action
from plans.process import ProcessStep, reference_process
from plans.roles import ObjectScope
from plans.rules import Rule
from store import tables as t
from store.queries.planning_room import begun_stamp
from store.queries.process import StepDates, started_between
from workflows.acting import Look, question
from workflows.kept import Kept

YEAR_DAYS = 365
COURSES = (Stage.COURSE, Stage.VOCATIONAL_LANGUAGE)
"""Stages whose steps are counted: the process is that of courses."""


@dataclass(frozen=True)
class StepTimes:
    """Soll und Ist eines Schritts.

    Parameters
    ----------
    step : ProcessStep
        Which.
    target : Rule or None
        How many days it should take by the rules of today.
    cases : int or None
        Steps of help plans that were counted; None where they are too few to be shown.
    median_days : float or None
        What they took; None where it is not measured, or too few were counted.
    within_target : float or None
        Share of them that took no longer than they should, 0 to 1.
    """

    step: ProcessStep
    target: Rule | None
    cases: int | None
    median_days: float | None
    within_target: float | None


@question(Action.READ_PROCESS)
def read_process(look: Look, region_id: str) -> tuple[StepTimes, ...]:
    """Referenzprozess: every step with its target and the actual times of courses begun within a year.

    Raises
    ------
    Forbidden
        Where the region is none of the caller's.
    Missing
        Where there is no such region.
    """
    look.allow_new(ObjectScope(region_id))
    look.unit.get(t.region, region_id)
    from_on, steps = look.today - timedelta(days=YEAR_DAYS), reference_process().steps
    stamp = (look.today, begun_stamp(look.unit, region_id, from_on, look.today))

    def taken() -> list[list[int]]:
        found = started_between(look.unit, region_id, from_on, look.today)
        courses = [one for one in found if kind_of(one.kind).stage in COURSES]
        return [_days(step, courses) for step in steps]

    least = int(look.book.rule("minimum-published-count", look.today).value)
    kept = _KEPT.get(look, region_id, stamp, taken)
    return tuple(_times(look, step, days, least) for step, days in zip(steps, kept, strict=True))


_KEPT = Kept[list[list[int]]]()
"""How many days each step of the process took, by region."""


def _days(step: ProcessStep, courses: list[StepDates]) -> list[int]:
    """How many days a step took in each course where both dates are known, the shortest first."""
    if step.from_date is None or step.to_date is None:
        return []
    pairs = [(getattr(one, step.from_date), getattr(one, step.to_date)) for one in courses]
    return sorted((to - start).days for start, to in pairs if start is not None and to is not None)


def _times(look: Look, step: ProcessStep, days: list[int], least: int) -> StepTimes:
    target = look.book.rule(step.target, look.today) if step.target else None
    if not days or len(days) < least:
        return StepTimes(step, target, None, None, None)
    within = sum(day <= target.days for day in days) / len(days) if target else None
    return StepTimes(step, target, len(days), statistics.median(days), within)
