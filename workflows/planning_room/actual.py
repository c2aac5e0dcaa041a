"""How long people really waited (Tatsächliche Wartezeiten): both clocks by month, kind, level, profile, town.

For fairness the same by women with children, by need of literacy and by employment, each against all others.

Every table splits the same people by one thing alone, so no two of them can be subtracted from one another.
Counts are of persons; where a count is hidden so are the figures of its row. A share that would count out
few, alone or as what is left of the share of everybody, is not shown, nor are mean and p90: both bound it.
"""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from plans.actions import Action
from plans.roles import ObjectScope
from store.queries.planning_room import BegunStep, begun_stamp, begun_steps
from workflows.acting import Look, question
from workflows.kept import Kept
from workflows.planning_room.missing import LEVELS_OF_KINDS, level_of
from workflows.planning_room.tables import Column, FigureTable, Report, Value
from workflows.small_cells import (
    SMALLEST_SHOWN,
    Count,
    Hidden,
    SafeCounts,
    closed_rows,
    is_small,
    not_adding_up,
    safe_count,
    safe_counts,
)
from workflows.small_links import linked_counts
from workflows.waiting import SIX_WEEKS_DAYS

Made = TypeVar("Made")

MONTHS = 12
WAITING, ACCESS = "waiting", "access"
CLOCKS = (WAITING, ACCESS)
"""Wartezeit from the registration, Zugangszeit from the entitlement, each to the start."""

EVERYBODY = "everybody"
"""The one row of a table that splits people by nothing."""

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
    hidden = [not _tells(cell, dimension, found[key]) for key, cell in zip(keys, cells, strict=True)]
    figures = _figures([found[key] for key in keys], hidden)
    rows = [[key, cell, *row] for key, cell, row in zip(keys, cells, figures, strict=True)]
    columns = (Column(dimension or "who", look), Column("people", "count"), *FIGURES)
    return FigureTable(f"actual-{dimension or 'all'}", columns, rows, bar=f"{clock}_median")


def _tells(cell: Count, dimension: str, steps: Sequence[BegunStep]) -> bool:
    """Whether a row has figures: where its count is shown, or hides over everybody only to protect others."""
    return isinstance(cell, int) or (not dimension and _persons(steps) >= SMALLEST_SHOWN)


def _split(steps: Sequence[BegunStep], dimension: str) -> dict[Value, list[BegunStep]]:
    of = DIMENSIONS[dimension][1] if dimension else lambda step: EVERYBODY
    found: dict[Value, list[BegunStep]] = defaultdict(list)
    for step in steps:
        found[of(step)].append(step)
    return found


def _persons(steps: Sequence[BegunStep]) -> int:
    return len({step.person_id for step in steps})


POSSIBLE: dict[str, set[tuple[object, object]]] = {"level": LEVELS_OF_KINDS}
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
        return keys, not_adding_up(found)
    return keys, found


def _by_itself(steps: Sequence[BegunStep], dimension: str) -> tuple[list[Value], SafeCounts]:
    found = _split(steps, dimension)
    keys = sorted(found, key=lambda key: _order(key, len(found[key])))
    return keys, safe_counts([_persons(found[key]) for key in keys], _persons(steps))


def _hides_whole(steps: Sequence[BegunStep]) -> bool:
    """Whether one of the tables could be completed with the number of persons in all."""
    return any(isinstance(_by_itself(steps, name)[1].total, Hidden) for name in DIMENSIONS)


def counts_beside(look: Look, region_id: str) -> dict[str, dict[Value, Count]]:
    """Return `shown_counts` of a region, for tables of mostly the same people."""
    return of_begun_steps(_BESIDE, look, region_id, (), lambda begun: shown_counts(begun.steps))


_BESIDE = Kept[dict[str, dict[Value, Count]]]()


def shown_counts(steps: Sequence[BegunStep]) -> dict[str, dict[Value, Count]]:
    """Persons by kind, by month and, by nothing, everybody as the tables show them."""
    found: dict[str, dict[Value, Count]] = {"": {EVERYBODY: _everybody(steps)}}
    for name in ("kind", "month"):
        keys, counts = alone(steps, name)[0], safe(steps, name)
        cells = counts.cells if counts is not None else (Hidden.PROTECTING,) * len(keys)
        found[name] = dict(zip(keys, cells, strict=True))
    return found


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


def _figures(rows: Sequence[Sequence[BegunStep]], hidden: Sequence[bool]) -> list[list[Value]]:
    """`FIGURES` of each row of a table; None where they are hidden, or about too few people."""
    found: list[list[Value]] = [[] for _ in rows]
    for clock in CLOCKS:
        days = [known_days(steps, clock) for steps in rows]
        shares = safe_shares([_within(some) for some in days], hidden)
        for row, some, is_hidden, share in zip(found, days, hidden, shares, strict=True):
            row += [None] * 4 if is_hidden else _waits(some, share)
    on_time = safe_shares([_on_time(steps) for steps in rows], hidden)
    return [[*row, share] for row, share in zip(found, on_time, strict=True)]


def _within(days: Sequence[tuple[str, int]]) -> list[tuple[str, bool]]:
    return [(person, day <= SIX_WEEKS_DAYS) for person, day in days]


def _on_time(steps: Sequence[BegunStep]) -> list[tuple[str, bool]]:
    return [(step.person_id, step.started_on <= step.target_on) for step in steps if step.target_on]


def known_days(steps: Sequence[BegunStep], clock: str) -> list[tuple[str, int]]:
    """Person and days waited on one of `CLOCKS`, of the steps of which they are known."""
    pairs = [(step, step.registered_on if clock == WAITING else step.entitled_on) for step in steps]
    return [(step.person_id, (step.started_on - day).days) for step, day in pairs if day]


def median_days(days: Sequence[tuple[str, int]]) -> float | None:
    """Median of the days of some persons; None where they are too few."""
    if len({person for person, _ in days}) < SMALLEST_SHOWN:
        return None
    return float(statistics.median(day for _, day in days))


def _waits(days: Sequence[tuple[str, int]], share: float | None) -> list[Value]:
    """Median, mean, p90 and the share within six weeks; p90 not where it is the longest wait of one person.

    Nothing where they are about too few people, the median alone where the share is hidden.
    """
    median = median_days(days)
    if median is None or share is None:
        return [median, None, None, None]
    ordered = sorted(day for _, day in days)
    at = math.ceil(0.9 * len(ordered))
    p90 = float(ordered[at - 1]) if at < len(ordered) else None
    return [median, statistics.fmean(ordered), p90, share]


def safe_shares(rows: Sequence[Sequence[tuple[str, bool]]], hidden: Sequence[bool]) -> list[float | None]:
    """Share of the steps of each row of a table of which something holds; None where it is hidden.

    Neither a share nor what is left of that of all rows counts out one to four persons.

    Parameters
    ----------
    rows : sequence of sequence of (str, bool)
        As `safe_share` takes them.
    hidden : sequence of bool
        Rows whose figures are hidden anyway.
    """
    whole_is_shown = len(rows) > 1 and safe_share([one for held in rows for one in held]) is not None
    closed = closed_rows([_sides(held) for held in rows], hidden, whole_is_shown)
    return [None if is_one else safe_share(held) for held, is_one in zip(rows, closed, strict=True)]


def _sides(held: Iterable[tuple[str, bool]]) -> tuple[int, int]:
    """Persons of whom something holds, and others; who has several steps may be both."""
    pairs = set(held)
    return sum(holds for _, holds in pairs), sum(not holds for _, holds in pairs)


def safe_share(held: Sequence[tuple[str, bool]]) -> float | None:
    """Share of steps of which something holds, in whole percent; None where it would count out few persons.

    An exact share would tell of how many steps it is one.

    Parameters
    ----------
    held : sequence of (str, bool)
        Person of each step, and whether it holds.
    """
    if not held or any(map(is_small, _sides(held))):
        return None
    return round(sum(holds for _, holds in held) / len(held), 2)
