"""Vorhersage und Wirklichkeit: the start that a plan promised, against the start that came.

A promise is what the first released plan with a slot for a step said; later plans may have moved it, and
count as what came. Steps stand under the month of the *promised* start, so that those which never began are
not forgotten. How many were kept, were late or never began follows from two shares, or from the persons here
less those who have begun (`actual`): where that would count out few, shares and persons are hidden.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from plans.actions import Action
from plans.roles import ObjectScope
from store.queries.planning_room import PromisedStart, promised_starts, promises_stamp
from workflows.acting import Look, question
from workflows.kept import Kept
from workflows.planning_room.actual import EVERYBODY, counts_beside, safe_share
from workflows.planning_room.tables import Column, FigureTable, Report, Value
from workflows.small_cells import (
    SMALLEST_SHOWN,
    Count,
    Hidden,
    SafeCounts,
    closed_rows,
    is_small,
    safe_count,
    safe_counts,
)

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


EXACT_STEP, ROUGH_STEP = 0.01, 0.05
"""Shares are told in whole percent, where numbers are hidden in steps of five: else they would follow."""

Beside = Mapping[str, Mapping[Value, Count]]


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
    beside = counts_beside(look, region_id)
    stamp = (look.today, promises_stamp(look.unit, region_id), *(tuple(of.items()) for of in beside.values()))
    return _KEPT.get(
        look, (region_id, region), stamp, lambda: forecast_report(_promised(look, region_id), region, beside)
    )


_KEPT = Kept[Report]()


def _promised(look: Look, region_id: str) -> Promised:
    from_on = date(look.today.year - 1, look.today.month, 1)
    return Promised(from_on, look.today, tuple(promised_starts(look.unit, region_id, from_on, look.today)))


def forecast_report(promised: Promised, region: str, beside: Beside) -> Report:
    """Put promises beside what came: over everybody, by month and by kind.

    Parameters
    ----------
    region : str
        Name of the region.
    beside : mapping
        Persons who have begun by ``kind`` and, by nothing, everybody, as they are shown elsewhere.
    """
    return Report(
        title=("title.forecast", {"region": region, "today": promised.today}),
        lead=[("forecast.lead", {"from": promised.from_on}), ("balance.small", {})],
        tables=[forecast_table(promised.steps, name, beside) for name in ("", *DIMENSIONS)],
    )


def forecast_table(steps: Sequence[PromisedStart], dimension: str, beside: Beside) -> FigureTable:
    """Promises and what came by one of `DIMENSIONS`; over everybody where it is empty."""
    look = DIMENSIONS[dimension][0] if dimension else "who"
    found, safe = _split(steps, dimension), _safe(steps, beside)
    if dimension:
        cells, closed = safe[dimension].counts.cells, safe[dimension].closed
    else:
        cells, closed = (
            (_everybody(steps, safe),) * len(found),
            [not _tells_of_all(steps, beside)] * len(found),
        )
    step = ROUGH_STEP if isinstance(_everybody(steps, safe), Hidden) else EXACT_STEP
    rows: list[list[Value]] = []
    for (key, some), cell, is_closed in zip(found.items(), cells, closed, strict=True):
        rows.append([key, cell, *_waits(some), *((None, None) if is_closed else _shares(some, step))])
    columns = (Column(dimension or "who", look), Column("people", "count"), *FIGURES)
    return FigureTable(f"forecast-{dimension or 'all'}", columns, rows, bar="later_days")


def _split(steps: Sequence[PromisedStart], dimension: str) -> dict[Value, list[PromisedStart]]:
    of = DIMENSIONS[dimension][1] if dimension else lambda step: EVERYBODY
    found: dict[Value, list[PromisedStart]] = defaultdict(list)
    for step in steps:
        found[of(step)].append(step)
    return dict(sorted(found.items(), key=lambda pair: _order(pair[0], len(pair[1]))))


def _order(key: Value, many: int) -> tuple[object, ...]:
    return (key,) if isinstance(key, date) else (-many, str(key))


def _persons(steps: Sequence[PromisedStart]) -> int:
    return len({step.person_id for step in steps})


@dataclass(frozen=True)
class _Safe:
    """Persons of a table and in all as they may be shown, and its rows without shares."""

    counts: SafeCounts
    closed: Sequence[bool]


def _safe(steps: Sequence[PromisedStart], beside: Beside) -> dict[str, _Safe]:
    """What may be shown by each of `DIMENSIONS`.

    Where one number is hidden, or one row without shares, or a kind is hidden among those who have begun, all
    numbers are, and all shares but that of all: less those who have begun they would leave the hidden ones.
    """
    found, kinds = {}, beside.get("kind", {})
    for name in DIMENSIONS:
        rows = _split(steps, name)
        counts = safe_counts([_persons(some) for some in rows.values()], _persons(steps))
        hidden = [
            isinstance(cell, Hidden) or (name == "kind" and isinstance(kinds.get(key), Hidden))
            for key, cell in zip(rows, counts.cells, strict=True)
        ]
        sides = [_sides(some) for some in rows.values()]
        found[name] = _Safe(counts, closed_rows(sides, hidden, _tells_of_all(steps, beside)))
    if any(any(one.closed) for one in found.values()):
        return {name: _Safe(_hiding_all(one.counts), [True] * len(one.closed)) for name, one in found.items()}
    return found


def _hiding_all(counts: SafeCounts) -> SafeCounts:
    return SafeCounts(
        tuple(Hidden.PROTECTING if isinstance(cell, int) else cell for cell in counts.cells),
        Hidden.PROTECTING,
    )


def _everybody(steps: Sequence[PromisedStart], safe: Mapping[str, _Safe]) -> Count:
    """Persons in all; hidden where one of the other tables could be completed with it."""
    totals = [one.counts.total for one in safe.values()]
    return next((total for total in totals if isinstance(total, Hidden)), safe_count(_persons(steps)))


def _tells_of_all(steps: Sequence[PromisedStart], beside: Beside) -> bool:
    """Whether the shares of all may be shown: they count out no few, and those who have begun are shown."""
    is_hidden = isinstance(beside.get("", {}).get(EVERYBODY), Hidden)
    return not is_hidden and not any(map(is_small, _sides(steps)))


def _waits(steps: Sequence[PromisedStart]) -> list[Value]:
    begun = [step for step in steps if step.started_on is not None]
    known = [step for step in begun if step.registered_on is not None]
    return [
        _median(known, lambda step: _days(step.registered_on, step.promised_on)),
        _median(known, lambda step: _days(step.registered_on, step.started_on)),
        _median(begun, lambda step: _days(step.promised_on, step.started_on)),
    ]


def _shares(steps: Sequence[PromisedStart], step: float) -> Iterator[float | None]:
    """Shares of promises kept, and of steps never begun, in some steps."""
    for holds in (_is_kept, _is_never):
        share = safe_share([(one.person_id, holds(one)) for one in steps])
        yield None if share is None else round(round(share / step) * step, 2)


def _sides(steps: Sequence[PromisedStart]) -> tuple[int, int, int]:
    """Persons whose step began as promised, late, or never."""
    kept, begun = (
        {step.person_id for step in steps if holds(step)}
        for holds in (_is_kept, lambda step: step.started_on is not None)
    )
    return len(kept), len(begun - kept), len({step.person_id for step in steps} - begun)


def _is_never(step: PromisedStart) -> bool:
    return step.started_on is None


def _is_kept(step: PromisedStart) -> bool:
    return step.started_on is not None and _days(step.promised_on, step.started_on) <= KEPT_WITHIN_DAYS


def _median(steps: Sequence[PromisedStart], days: Callable[[PromisedStart], int]) -> float | None:
    """Median of some days; nothing where they are about too few people."""
    if _persons(steps) < SMALLEST_SHOWN:
        return None
    return float(statistics.median(map(days, steps)))


def _days(since: date | None, until: date | None) -> int:
    """Days between two dates that are known."""
    assert since is not None and until is not None
    return (until - since) // timedelta(days=1)
