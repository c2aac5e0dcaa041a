"""Zeitstrahl eines Falls: where the bars, waits and marks of each step stand on one axis."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from web.desk.cases.chain import ChainStep
from web.desk.forms import day_of
from web.timeline import Axis, Span, month_starts

LABELS = 6
"""Months that are named at most."""


@dataclass(frozen=True)
class StepBars:
    """Balken eines Schritts; None where there is nothing to draw.

    Parameters
    ----------
    step : ChainStep
        What they are about.
    access : Span or None
        From the entitlement to the start (Zugangszeit).
    wait : Span or None
        From the registration, or from when it could start, to the start (Wartezeit).
    bar : Span or None
        The step itself.
    target : float or None
        Where the day agreed stands.
    is_late : bool
        Whether that day is missed.
    """

    step: ChainStep
    access: Span | None
    wait: Span | None
    bar: Span | None
    target: float | None
    is_late: bool


@dataclass(frozen=True)
class CaseTimeline:
    """Zeitstrahl: month marks, today, and one row for each step."""

    months: tuple[tuple[date, float], ...]
    today: float
    rows: tuple[StepBars, ...]


def draw_case(steps: Iterable[ChainStep], today: date) -> CaseTimeline:
    """Place the steps of a case on one axis from the first to the last day they name.

    Parameters
    ----------
    steps : iterable of ChainStep
        In their order.
    today : date
        Open waits are drawn until this day.
    """
    chain = tuple(steps)
    days = [today, *(day for step in chain for day in _days(step))]
    axis = Axis(min(days).replace(day=1), max(days) + timedelta(days=7))
    months = month_starts(min(days), max(days))
    every = next(step for step in (1, 2, 3, 6, 12, 24, 10_000) if len(months) / step <= LABELS)
    rows = tuple(_bars(step, axis, today) for step in chain)
    return CaseTimeline(tuple((day, axis.at(day)) for day in months[::every]), axis.at(today), rows)


def _days(step: ChainStep) -> list[date]:
    entitled_on = day_of(step.row["clocks"]["entitled_on"])
    named = (entitled_on, step.waits_from(), step.start_on, step.end_on, step.target_on)
    return [day for day in named if day is not None]


def _bars(step: ChainStep, axis: Axis, today: date) -> StepBars:
    start_on = step.start_on or (None if step.is_over else today)
    from_on = step.waits_from()
    entitled_on = day_of(step.row["clocks"]["entitled_on"])
    return StepBars(
        step=step,
        access=axis.span(entitled_on, start_on) if entitled_on and start_on else None,
        wait=axis.span(from_on, start_on) if start_on and from_on and from_on < start_on else None,
        bar=_bar(step, axis, today),
        target=axis.at(step.target_on) if step.target_on else None,
        is_late=step.is_late(today),
    )


def _bar(step: ChainStep, axis: Axis, today: date) -> Span | None:
    if step.start_on is None:
        return None
    end_on = max(step.end_on or today, step.start_on)
    return axis.span(step.start_on, end_on + timedelta(days=1))
