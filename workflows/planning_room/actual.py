"""How long people really waited (Tatsächliche Wartezeiten): both clocks by month, kind, level, profile, town.

For fairness the same by women with children, by need of literacy and by employment, each against all others.

Every table splits the same people by one thing alone, so no two of them can be subtracted from one another.
Counts are of persons; where a count is hidden so are the figures of its row.
"""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from network.kinds import SLOT_KINDS
from plans.actions import Action
from plans.roles import ObjectScope
from store.queries.planning_room import BegunStep, begun_stamp, begun_steps
from workflows.acting import Look, question
from workflows.kept import Kept
from workflows.planning_room.missing import level_of
from workflows.planning_room.tables import Column, FigureTable, Report, Value
from workflows.small_cells import SMALLEST_SHOWN, Count, Hidden, SafeCounts, safe_count, safe_counts
from workflows.small_links import linked_counts
from workflows.waiting import SIX_WEEKS_DAYS

Made = TypeVar("Made")

MONTHS = 12
WAITING, ACCESS = "waiting", "access"
CLOCKS = (WAITING, ACCESS)
"""Wartezeit from the registration, Zugangszeit from the entitlement, each to the start."""

RURAL_INHABITANTS = 20_000
"""Small towns and rural communities have fewer (BBSR, Stadt- und Gemeindetyp)."""
FULL_TIME_HALF_DAYS = 5
"""Half-days of a week, Monday to Friday in the daytime, that a full-time course takes."""


def _is_rural(step: BegunStep) -> bool:
    """Whether somebody lives in a town or community known to be small."""
    return step.inhabitants is not None and step.inhabitants < RURAL_INHABITANTS


def _is_part_time(step: BegunStep) -> bool:
    """Whether somebody is known to have no time for a full-time course."""
    if step.times is None:
        return False
    in_the_day = [time for time in step.times if not (time.startswith("sa-") or time.endswith("-ev"))]
    return len(in_the_day) < FULL_TIME_HALF_DAYS


def _stem(kind: str) -> str:
    return kind.partition("/from-")[0]


DIMENSIONS: dict[str, tuple[str, Callable[[BegunStep], Value]]] = {
    "month": ("month", lambda step: step.started_on.replace(day=1)),
    "kind": ("kind", lambda step: _stem(step.kind)),
    "level": ("level", lambda step: level_of(step.kind)),
    "profile": ("profile", lambda step: step.profile),
    "town": ("text", lambda step: step.town),
    "offered-at": ("place", lambda step: step.place),
    "mothers": ("equity", lambda step: "mothers" if step.is_mother else "others"),
    "literacy": ("equity", lambda step: "literacy" if "literacy" in step.tags else "others"),
    "employed": ("equity", lambda step: "employed" if "employed" in step.tags else "others"),
    "rural": ("equity", lambda step: "rural" if _is_rural(step) else "others"),
    "part-time": ("equity", lambda step: "part-time" if _is_part_time(step) else "others"),
}
"""What the tables split people by, and its look; the last five say who waits longer than all others."""


@dataclass(frozen=True)
class Begun:
    """Steps that began from a day on (begonnene Schritte)."""

    region_id: str
    from_on: date
    today: date
    steps: tuple[BegunStep, ...]


@question(Action.READ_PLANNING)
def read_begun_steps(look: Look, region_id: str) -> Begun:
    """Return the steps of a region that began within the last twelve whole months and since.

    The dates are exact and of single persons: whoever shows them shows `actual_report`.

    Raises
    ------
    Forbidden
        Where the region is none of the caller's.
    """
    look.allow_new(ObjectScope(region_id))
    return begun_within_a_year(look, region_id)


def begun_within_a_year(look: Look, region_id: str) -> Begun:
    """The steps of a region that began within the last twelve whole months and since."""
    from_on, today = year_of(look)
    return Begun(region_id, from_on, today, tuple(begun_steps(look.unit, region_id, from_on, today)))


@question(Action.READ_PLANNING)
def read_actual_report(look: Look, region_id: str, region: str, clock: str, by: str) -> Report:
    """Return `actual_report` split by one of `DIMENSIONS`, as it was until a step changed.

    Raises
    ------
    Forbidden
        Where the region is none of the caller's.
    """
    return of_begun_steps(
        _KEPT, look, region_id, (region, clock, by), lambda begun: actual_report(begun, region, clock, (by,))
    )


def of_begun_steps(
    kept: Kept[Made], look: Look, region_id: str, asked: tuple[str, ...], make: Callable[[Begun], Made]
) -> Made:
    """Return what is made of the steps of a region that began within a year, kept until one changes.

    Parameters
    ----------
    kept : Kept
        Where it is kept.
    asked : tuple of str
        What is asked for beside the region.
    make : callable
        Makes it of `begun_within_a_year`.

    Raises
    ------
    Forbidden
        Where the region is none of the caller's.
    """
    look.allow_new(ObjectScope(region_id))
    stamp = (look.today, begun_stamp(look.unit, region_id, *year_of(look)))
    return kept.get(look, (region_id, *asked), stamp, lambda: make(begun_within_a_year(look, region_id)))


_KEPT = Kept[Report]()


def year_of(look: Look) -> tuple[date, date]:
    """First and last day of the last twelve whole months and since."""
    return date(look.today.year - 1, look.today.month, 1), look.today


def actual_report(
    begun: Begun, region: str, clock: str = WAITING, by: Sequence[str] = tuple(DIMENSIONS)
) -> Report:
    """Put the waits into tables: one over everybody, and one for each dimension.

    Parameters
    ----------
    begun : Begun
        The steps.
    region : str
        Name of the region.
    clock : str
        Which of `CLOCKS` is drawn; the tables hold both.
    by : sequence of str
        Which of `DIMENSIONS`.
    """
    return Report(
        title=("title.actual", {"region": region, "today": begun.today}),
        lead=[("actual.lead", {"from": begun.from_on}), ("actual.clocks", {})],
        tables=[actual_table(begun.steps, name, clock) for name in ("", *by)],
    )


def actual_table(steps: Sequence[BegunStep], dimension: str, clock: str = WAITING) -> FigureTable:
    """Waits on both clocks by one of `DIMENSIONS`; over everybody where it is empty."""
    look = DIMENSIONS[dimension][0] if dimension else "who"
    found = _split(steps, dimension)
    keys = sorted(found, key=lambda key: _order(key, len(found[key])))
    shown = safe(steps, dimension) if dimension else SafeCounts(tuple(_everybody(steps) for _ in keys), 0)
    cells = shown.cells if shown is not None else (Hidden.PROTECTING,) * len(keys)
    rows: list[list[Value]] = [
        [key, cell, *(_figures(found[key]) if _tells(cell, dimension, found[key]) else [None] * len(FIGURES))]
        for key, cell in zip(keys, cells, strict=True)
    ]
    columns = (Column(dimension or "who", look), Column("people", "count"), *FIGURES)
    return FigureTable(f"actual-{dimension or 'all'}", columns, rows, bar=f"{clock}_median")


def _tells(cell: Count, dimension: str, steps: Sequence[BegunStep]) -> bool:
    """Whether a row has figures: where its count is shown, or hides over everybody only to protect others."""
    return isinstance(cell, int) or (not dimension and _persons(steps) >= SMALLEST_SHOWN)


def _split(steps: Sequence[BegunStep], dimension: str) -> dict[Value, list[BegunStep]]:
    of = DIMENSIONS[dimension][1] if dimension else lambda step: "everybody"
    found: dict[Value, list[BegunStep]] = defaultdict(list)
    for step in steps:
        found[of(step)].append(step)
    return found


def _persons(steps: Sequence[BegunStep]) -> int:
    return len({step.person_id for step in steps})


POSSIBLE: dict[str, set[tuple[object, object]]] = {
    "level": {(_stem(kind), level_of(kind)) for kind in SLOT_KINDS}
}
LINKED: dict[str, tuple[str, ...]] = {"kind": ("level", "offered-at"), "town": ("rural",)}
"""Tables that hang together: which level a kind can have, where it is offered and which towns are small,
anybody knows."""


def safe(steps: Sequence[BegunStep], dimension: str) -> SafeCounts | None:
    """Persons of each value of a dimension, in the order of its table, and in all; None: not to be shown."""
    for first, others in LINKED.items():
        if dimension in (first, *others):
            counts, beside = _linked(steps, first, others)
            return counts if dimension == first else beside[others.index(dimension)]
    return alone(steps, dimension)[1]


def _linked(
    steps: Sequence[BegunStep], first: str, others: Sequence[str]
) -> tuple[SafeCounts, list[SafeCounts | None]]:
    of = [DIMENSIONS[name][1] for name in (first, *others)]
    facts = [(step.person_id, *(value(step) for value in of)) for step in steps]
    beside = [alone(steps, name) for name in others]
    return linked_counts(facts, alone(steps, first), beside, [POSSIBLE.get(name, set()) for name in others])


def alone(steps: Sequence[BegunStep], dimension: str) -> tuple[list[Value], SafeCounts]:
    """Values of a dimension in the order of its table, and persons of each if it hung together with none.

    Where another table could be completed with the number of all, this one must not add up to it.
    """
    keys, found = _by_itself(steps, dimension)
    counts = [cell for cell in found.cells if isinstance(cell, int)]
    if counts and len(counts) == len(found.cells) and _hides_whole(steps):
        smallest = min(range(len(counts)), key=lambda n: counts[n])
        cells: list[Count] = [
            Hidden.PROTECTING if n == smallest else cell for n, cell in enumerate(found.cells)
        ]
        return keys, SafeCounts(tuple(cells), Hidden.PROTECTING)
    return keys, found


def _by_itself(steps: Sequence[BegunStep], dimension: str) -> tuple[list[Value], SafeCounts]:
    found = _split(steps, dimension)
    keys = sorted(found, key=lambda key: _order(key, len(found[key])))
    return keys, safe_counts([_persons(found[key]) for key in keys], _persons(steps))


def _hides_whole(steps: Sequence[BegunStep]) -> bool:
    """Whether one of the tables could be completed with the number of persons in all."""
    return any(isinstance(_by_itself(steps, name)[1].total, Hidden) for name in DIMENSIONS)


def _everybody(steps: Sequence[BegunStep]) -> Count:
    """Persons in all; hidden where one of the other tables could be completed with it."""
    totals = [_by_itself(steps, dimension)[1].total for dimension in DIMENSIONS]
    return next((total for total in totals if isinstance(total, Hidden)), safe_count(_persons(steps)))


FIGURES = (
    *(
        Column(f"{clock}_{figure}", "share" if figure == "six_weeks" else "number")
        for clock in CLOCKS
        for figure in ("median", "mean", "p90", "six_weeks")
    ),
    Column("on_time", "share"),
)
"""Columns of figures: of both clocks, and the share of the steps that began by the agreed day."""


def _order(key: Value, many: int) -> tuple[object, ...]:
    return (key,) if isinstance(key, date) else (-many, str(key))


def _figures(steps: Sequence[BegunStep]) -> list[Value]:
    found: list[Value] = []
    for clock in CLOCKS:
        found += _waits(known_days(steps, clock))
    agreed = [(step.person_id, step.started_on <= step.target_on) for step in steps if step.target_on]
    return [*found, safe_share(agreed)]


def known_days(steps: Sequence[BegunStep], clock: str) -> list[tuple[str, int]]:
    """Person and days waited on one of `CLOCKS`, of the steps of which they are known."""
    pairs = [(step, step.registered_on if clock == WAITING else step.entitled_on) for step in steps]
    return [(step.person_id, (step.started_on - day).days) for step, day in pairs if day]


def median_days(days: Sequence[tuple[str, int]]) -> float | None:
    """Median of the days of some persons; None where they are too few."""
    if len({person for person, _ in days}) < SMALLEST_SHOWN:
        return None
    return float(statistics.median(day for _, day in days))


def _waits(days: Sequence[tuple[str, int]]) -> list[Value]:
    """Median, mean, p90 and the share within six weeks; nothing where they are about too few people."""
    median = median_days(days)
    if median is None:
        return [None] * 4
    ordered = sorted(day for _, day in days)
    return [
        median,
        statistics.fmean(ordered),
        float(ordered[math.ceil(0.9 * len(ordered)) - 1]),
        safe_share([(person, day <= SIX_WEEKS_DAYS) for person, day in days]),
    ]


def safe_share(held: Sequence[tuple[str, bool]]) -> float | None:
    """Share of steps of which something holds; None where that would count out one to four persons.

    Parameters
    ----------
    held : sequence of (str, bool)
        Person of each step, and whether it holds.
    """
    sides = [{person for person, holds in held if holds is side} for side in (True, False)]
    if not held or any(0 < len(side) < SMALLEST_SHOWN for side in sides):
        return None
    return sum(holds for _, holds in held) / len(held)
