"""Vorhersage und Wirklichkeit: the start that a plan promised, against the start that came.

A promise is what the first released plan with a slot for a step said; later plans may have moved it, and
count as what came. Steps stand under the month of the *promised* start, so that those which never began are
not forgotten.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from plans.actions import Action
from plans.roles import ObjectScope
from store.queries.planning_room import PromisedStart, promised_starts, promises_stamp
from workflows.acting import Look, question
from workflows.kept import Kept
from workflows.planning_room.actual import safe_share
from workflows.planning_room.tables import Column, FigureTable, Report, Value
from workflows.small_cells import SMALLEST_SHOWN, Count, Hidden, SafeCounts, safe_count, safe_counts

KEPT_WITHIN_DAYS = 7
"""A promise is kept where the step begins no later than so many days after it, or earlier."""

DIMENSIONS: dict[str, tuple[str, Callable[[PromisedStart], Value]]] = {
    "month": ("month", lambda step: step.promised_on.replace(day=1)),
    "kind": ("kind", lambda step: step.kind.partition("/from-")[0]),
}
FIGURES = (
    Column("promised_wait_days", "number"),
    Column("came_wait_days", "number"),
    Column("later_days", "number"),
    Column("promise_kept", "share"),
    Column("not_begun", "share"),
)


@dataclass(frozen=True)
class Promised:
    """Steps that should have begun by today (versprochene Schritte): of single persons."""

    from_on: date
    today: date
    steps: tuple[PromisedStart, ...]


@question(Action.READ_PLANNING)
def read_promised(look: Look, region_id: str) -> Promised:
    """Return the steps that released plans promised to begin within the last twelve months and by today.

    They are of single persons: whoever shows them shows `forecast_report`.

    Raises
    ------
    Forbidden
        Where the region is none of the caller's.
    """
    look.allow_new(ObjectScope(region_id))
    return _promised(look, region_id)


@question(Action.READ_PLANNING)
def read_forecast_report(look: Look, region_id: str, region: str) -> Report:
    """Return the report of what plans promised and what came, kept until a step, a run or a slot changes.

    Parameters
    ----------
    region : str
        Name of the region.

    Raises
    ------
    Forbidden
        Where the region is none of the caller's.
    """
    look.allow_new(ObjectScope(region_id))
    stamp = (look.today, promises_stamp(look.unit, region_id))
    return _KEPT.get(
        look, (region_id, region), stamp, lambda: forecast_report(_promised(look, region_id), region)
    )


_KEPT = Kept[Report]()


def _promised(look: Look, region_id: str) -> Promised:
    from_on = date(look.today.year - 1, look.today.month, 1)
    return Promised(from_on, look.today, tuple(promised_starts(look.unit, region_id, from_on, look.today)))


def forecast_report(promised: Promised, region: str) -> Report:
    """Put promises beside what came: over everybody, by month and by kind."""
    return Report(
        title=("title.forecast", {"region": region, "today": promised.today}),
        lead=[("forecast.lead", {"from": promised.from_on}), ("balance.small", {})],
        tables=[forecast_table(promised.steps, name) for name in ("", *DIMENSIONS)],
    )


def forecast_table(steps: Sequence[PromisedStart], dimension: str) -> FigureTable:
    """Promises and what came by one of `DIMENSIONS`; over everybody where it is empty."""
    look = DIMENSIONS[dimension][0] if dimension else "who"
    found = _split(steps, dimension)
    cells = _safe(steps, dimension).cells if dimension else tuple(_everybody(steps) for _ in found)
    rows: list[list[Value]] = []
    for (key, some), cell in zip(found.items(), cells, strict=True):
        tells = isinstance(cell, int) or (not dimension and _persons(some) >= SMALLEST_SHOWN)
        rows.append([key, cell, *(_figures(some) if tells else [None] * len(FIGURES))])
    columns = (Column(dimension or "who", look), Column("people", "count"), *FIGURES)
    return FigureTable(f"forecast-{dimension or 'all'}", columns, rows, bar="later_days")


def _split(steps: Sequence[PromisedStart], dimension: str) -> dict[Value, list[PromisedStart]]:
    of = DIMENSIONS[dimension][1] if dimension else lambda step: "everybody"
    found: dict[Value, list[PromisedStart]] = defaultdict(list)
    for step in steps:
        found[of(step)].append(step)
    return dict(sorted(found.items(), key=lambda pair: _order(pair[0], len(pair[1]))))


def _order(key: Value, many: int) -> tuple[object, ...]:
    return (key,) if isinstance(key, date) else (-many, str(key))


def _persons(steps: Sequence[PromisedStart]) -> int:
    return len({step.person_id for step in steps})


def _safe(steps: Sequence[PromisedStart], dimension: str) -> SafeCounts:
    return safe_counts([_persons(some) for some in _split(steps, dimension).values()], _persons(steps))


def _everybody(steps: Sequence[PromisedStart]) -> Count:
    """Persons in all; hidden where one of the other tables could be completed with it."""
    totals = [_safe(steps, dimension).total for dimension in DIMENSIONS]
    return next((total for total in totals if isinstance(total, Hidden)), safe_count(_persons(steps)))


def _figures(steps: Sequence[PromisedStart]) -> list[Value]:
    begun = [step for step in steps if step.started_on is not None]
    known = [step for step in begun if step.registered_on is not None]
    waits = [
        _median(known, lambda step: _days(step.registered_on, step.promised_on)),
        _median(known, lambda step: _days(step.registered_on, step.started_on)),
        _median(begun, lambda step: _days(step.promised_on, step.started_on)),
    ]
    kept = [step for step in begun if _days(step.promised_on, step.started_on) <= KEPT_WITHIN_DAYS]
    late = {step.person_id for step in begun} - {step.person_id for step in kept}
    never = safe_share([(step.person_id, step.started_on is None) for step in steps])
    share = safe_share([(step.person_id, step in kept) for step in steps])
    # With both shares anybody knows how many began late.
    return [*waits, share, None if 0 < len(late) < SMALLEST_SHOWN and share is not None else never]


def _median(steps: Sequence[PromisedStart], days: Callable[[PromisedStart], int]) -> float | None:
    """Median of some days; nothing where they are about too few people."""
    if _persons(steps) < SMALLEST_SHOWN:
        return None
    return float(statistics.median(map(days, steps)))


def _days(since: date | None, until: date | None) -> int:
    """Days between two dates that are known."""
    assert since is not None and until is not None
    return (until - since) // timedelta(days=1)
