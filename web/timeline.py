"""The chain as bars on a time axis (Zeitstrahl): where each bar begins and ends, as shares of the width.

Only positions are computed here; labels stay text in the page, so that they neither shrink nor overlap.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflows.chain_view import ChainStep, ChainView


@dataclass(frozen=True)
class Span:
    """A stretch of the axis, in percent of its width."""

    at: float
    width: float


@dataclass(frozen=True)
class StepDrawing:
    """The bars of one step; None where there is nothing to draw."""

    step: ChainStep
    access: Span | None
    wait: Span | None
    bar: Span | None
    target: float | None


@dataclass(frozen=True)
class Timeline:
    """The axis with its month marks, today, and one row for each step."""

    months: tuple[tuple[date, float], ...]
    labelled: tuple[tuple[date, float], ...]
    today: float
    rows: tuple[StepDrawing, ...]


class Axis:
    """Zeitachse: places days between two days, as shares of the width.

    Parameters
    ----------
    from_on, until_on : date
        First and last day.
    """

    def __init__(self, from_on: date, until_on: date) -> None:
        self.from_on = from_on
        self.days = max(1, (until_on - from_on).days + 1)

    def at(self, day: date) -> float:
        """Where a day stands, in percent of the width."""
        return round(100 * (day - self.from_on).days / self.days, 2)

    def span(self, from_on: date, until_on: date) -> Span | None:
        """The stretch between two days; None where it has no width."""
        width = round(100 * (until_on - from_on).days / self.days, 2)
        return Span(self.at(from_on), width) if width > 0 else None


def draw_timeline(chain: ChainView, today: date) -> Timeline:
    """Place the steps of a chain on one axis from the earliest to the latest day it names."""
    axis = Axis(chain.from_on.replace(day=1), chain.until_on)
    months = tuple((day, axis.at(day)) for day in month_starts(chain.from_on, chain.until_on))
    every = next(step for step in (1, 2, 3, 6, 12, 24, 10_000) if len(months) / step <= 6)
    labelled = tuple(months[::every])
    rows = tuple(_draw(step, axis) for step in chain.steps)
    return Timeline(months, labelled, axis.at(today), rows)


def month_starts(from_on: date, until_on: date) -> list[date]:
    """First days of the months that a stretch of days touches."""
    found, day = [], from_on.replace(day=1)
    while day <= until_on:
        found.append(day)
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return found


def _draw(step: ChainStep, axis: Axis) -> StepDrawing:
    slot, need = step.slot, step.need
    target = axis.at(need.target_on) if need.target_on else None
    if slot is None:
        return StepDrawing(step, None, None, None, target)
    ready_on = step.ready_on or slot.start_on
    waits_from = min(ready_on, slot.start_on)
    entitled_on = need.entitled_on or waits_from
    length = max(1, (slot.end_on - slot.start_on).days + 1)
    bar = Span(axis.at(slot.start_on), max(0.6, round(100 * length / axis.days, 2)))
    return StepDrawing(
        step=step,
        access=axis.span(entitled_on, waits_from) if entitled_on < waits_from else None,
        wait=axis.span(waits_from, slot.start_on),
        bar=bar,
        target=target,
    )
