"""Groups that should open, merge or move, and seats that stay empty and why (Gruppen und leere Plätze)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from workflows.planning_room.fit import FIT_RULES, Fit, Ints
from workflows.planning_room.seats import SeatGroup
from workflows.planning_room.tables import Column, FigureTable, Value
from workflows.small_cells import (
    SMALLEST_SHOWN,
    Count,
    Hidden,
    SafeCounts,
    is_small,
    safe_count,
    safe_counts,
)

PARTS = ("am", "pm", "ev")
FITS = len(FIT_RULES)
NOBODY_WAITS, BETTER_ELSEWHERE = "nobody-waits", "together"
OPEN, MERGE, MOVE, CLOSE = "open", "merge", "move", "close"
MERGE_DAYS, MERGE_KM = 42, 30.0
MOST_EMPTY = 40
ABOUT = (
    Column("slot", "name"),
    Column("kind", "kind"),
    Column("offering", "name"),
    Column("actor", "name"),
    Column("start", "date"),
)
"""Columns that say which group a row is about, for `about_group`."""


@dataclass(frozen=True)
class Wanted:
    """Who could use each slot sooner than what the plan gives them (Nachfrage).

    Parameters
    ----------
    failing : array of int, slots by rules
        Needs that would gain by the date but fall out at each rule; the last column counts those who fit.
    movable : array of int, slots by parts of the day
        Needs that fall out by the half-day only and are free in another part of the same days.
    people : list of set of int
        Persons who fit each slot.
    """

    failing: Ints
    movable: Ints
    people: list[set[int]]


def wanted(fit: Fit) -> Wanted:
    """Go through all open needs once and note where they would gain and what stands against it."""
    problem, slots = fit.problem, fit.problem.slots
    found = Wanted(
        np.zeros((len(slots.ids), FITS + 1), np.int64),
        np.zeros((len(slots.ids), len(PARTS)), np.int64),
        [set() for _ in slots.ids],
    )
    today = problem.parameters.today.toordinal()
    for need in np.flatnonzero(problem.needs.fixed < 0).tolist():
        window = fit.window(need)
        if window is None:
            continue
        of_kind = fit.slots_of_kind[int(problem.needs.kind[need])]
        start, held = slots.start[of_kind], int(fit.chosen[need])
        gain = (start >= max(window[0], today)) & (start <= window[1] if window[1] is not None else True)
        if held >= 0:
            gain = gain & (start < slots.start[held])
        if gain.any():
            _note(fit, found, need, of_kind[gain])
    return found


def _note(fit: Fit, found: Wanted, need: int, slots: Ints) -> None:
    rules = list(fit.suits(need, slots).values())
    stage = np.argmin(np.array([*rules, np.zeros(len(slots), np.bool_)]), axis=0)
    stage = np.where(stage == len(rules), FITS, stage)
    np.add.at(found.failing, (slots, stage), 1)
    person = int(fit.problem.needs.person[need])
    for slot in slots[stage == FITS].tolist():
        found.people[slot].add(person)
    free = fit.problem.sets[fit.problem.people.times[person]]
    for slot in slots[stage == FIT_RULES.index("half-day")].tolist():
        days = {half.partition("-")[0] for half in fit.problem.sets[fit.problem.slots.times[slot]]}
        for number, part in enumerate(PARTS):
            found.movable[slot, number] += all(f"{day}-{part}" in free for day in days)


def closed_table(fit: Fit, groups: Sequence[SeatGroup], asked: Wanted) -> FigureTable:
    """Groups that the plan leaves below their minimum, and what could be done with each."""
    closed = [group for group in groups if group.minimum and not fit.runs[fit.problem.slot_row[group.slot]]]
    rows: list[list[Value]] = []
    for group in sorted(closed, key=lambda one: (one.start, one.slot)):
        people = _fitting(fit, group, asked)
        advice, detail = _advice(fit, group, closed, asked)
        gain = _shown_gain(len(people), group.minimum, advice == OPEN)
        rows.append([*about_group(group), group.minimum, gain, advice, detail])
    columns = (
        *ABOUT,
        Column("minimum", "count"),
        Column("people_who_gain", "count"),
        Column("advice", "advice"),
        Column("advice_detail", "name"),
    )
    return FigureTable("closed-groups", columns, rows)


def _shown_gain(many: int, minimum: int, opens: bool) -> Count:
    """Persons who would gain, hidden also where the advice would leave a small number no choice.

    A group that needs four opens with four of one to four, one that needs two does not with one: then the
    number beside is hidden like it.
    """
    without_choice = (SMALLEST_SHOWN - 1, SMALLEST_SHOWN) if opens else (0, 1)
    if minimum == (SMALLEST_SHOWN - 1 if opens else 2) and many in without_choice:
        return Hidden.PROTECTING
    return safe_count(many)


def about_group(group: SeatGroup) -> list[Value]:
    """Which group a row is about: the values of `ABOUT`."""
    return [group.slot, group.kind, group.offering, group.actor, date.fromordinal(group.start)]


def _fitting(fit: Fit, group: SeatGroup, asked: Wanted) -> set[int]:
    rows = [fit.problem.slot_row[slot] for slot in group.slots]
    return set().union(*(asked.people[row] for row in rows))


def _advice(fit: Fit, group: SeatGroup, closed: Sequence[SeatGroup], asked: Wanted) -> tuple[str, str | None]:
    people = _fitting(fit, group, asked)
    if len(people) >= group.minimum:
        return OPEN, None
    for other in closed:
        others, enough = _fitting(fit, other, asked), max(group.minimum, other.minimum)
        pinned = _pins(people, others, enough) or _pins(others, people, enough)
        if _could_merge(fit, group, other) and len(people | others) >= enough and not pinned:
            return MERGE, other.slot
    movable = asked.movable[[fit.problem.slot_row[slot] for slot in group.slots]].sum(axis=0)
    best = int(np.argmax(movable))
    if len(people) + movable[best] >= group.minimum and movable[best]:
        return MOVE, PARTS[best]
    return CLOSE, None


def _pins(few: set[int], others: set[int], enough: int) -> bool:
    """Whether few people, to be enough together with others, must be as many as few can be."""
    at_most = SMALLEST_SHOWN - 1
    return is_small(len(few)) and enough - max(len(others), at_most) >= at_most


def _could_merge(fit: Fit, group: SeatGroup, other: SeatGroup) -> bool:
    if group is other or group.kind != other.kind or abs(group.start - other.start) > MERGE_DAYS:
        return False
    slots = fit.problem.slots
    a, b = (fit.problem.slot_row[one.slot] for one in (group, other))
    if slots.online[a] or slots.online[b]:
        return bool(slots.online[a] and slots.online[b])
    north = (slots.lat[a] - slots.lat[b]) * 111.2
    east = (slots.lon[a] - slots.lon[b]) * 111.2 * np.cos(np.radians(slots.lat[a]))
    return bool(np.hypot(north, east) <= MERGE_KM)


@dataclass(frozen=True)
class _Empty:
    """A group that runs with empty seats: those left, the persons on the others, and why."""

    group: SeatGroup
    left: int
    persons: int
    why: str


def _empties(fit: Fit, groups: Sequence[SeatGroup], asked: Wanted) -> dict[tuple[str, str], list[_Empty]]:
    """Groups that run with empty seats, by kind and reason."""
    found: dict[tuple[str, str], list[_Empty]] = defaultdict(list)
    for group in groups:
        row = fit.problem.slot_row[group.slot]
        left = int(fit.left[row])
        if left > 0 and fit.runs[row]:
            why = _why_empty(fit, group, asked)
            one = _Empty(group, left, max(0, group.seats - left), why)
            found[group.kind.partition("/from-")[0], why].append(one)
    return found


def empty_table(fit: Fit, groups: Sequence[SeatGroup], asked: Wanted) -> FigureTable:
    """Groups that run with empty seats, most seats first, and what keeps people from them.

    Who knows the seats of a group knows from the empty ones how many persons have the others, so these are
    hidden like persons. Groups of fewer than five seats are left out: one that is full would tell by not
    being there.
    """
    rows: list[list[Value]] = []
    for some in _empties(fit, groups, asked).values():
        large = [one for one in some if one.group.seats >= SMALLEST_SHOWN]
        for one, cell in zip(large, _persons_on_seats(some).cells, strict=False):
            rows.append(
                [*about_group(one.group), Hidden.PROTECTING if _is_hidden(cell) else one.left, one.why]
            )
    rows.sort(key=lambda cells: (_is_hidden(cells[5]), -_number(cells[5]), str(cells[0])))
    columns = *ABOUT, Column("empty_seats", "count"), Column("empty_because", "reason")
    return FigureTable("empty-seats", columns, rows[:MOST_EMPTY])


def empty_reasons_table(fit: Fit, groups: Sequence[SeatGroup], asked: Wanted) -> FigureTable:
    """Empty seats by kind and reason, over all groups that run; hidden as in `empty_table`."""
    rows: list[list[Value]] = []
    for (kind, why), some in _empties(fit, groups, asked).items():
        is_hidden = _is_hidden(_persons_on_seats(some).total)
        rows.append([kind, why, Hidden.PROTECTING if is_hidden else sum(one.left for one in some)])
    rows.sort(key=lambda cells: (-_number(cells[2]), str(cells[0]), str(cells[1])))
    columns = Column("kind", "kind"), Column("empty_because", "reason"), Column("empty_seats", "count")
    return FigureTable("empty-reasons", columns, rows, bar="empty_seats")


def _persons_on_seats(some: Sequence[_Empty]) -> SafeCounts:
    """Persons on the seats of each larger group with empty ones, then those of all smaller ones together."""
    large = [one.persons for one in some if one.group.seats >= SMALLEST_SHOWN]
    small = sum(one.persons for one in some if one.group.seats < SMALLEST_SHOWN)
    return safe_counts([*large, small])


def _is_hidden(value: Value) -> bool:
    return isinstance(value, Hidden)


def _number(value: Value) -> int:
    return value if isinstance(value, int) else 0


def _why_empty(fit: Fit, group: SeatGroup, asked: Wanted) -> str:
    """The rule at which most of those fall out who would gain by the date."""
    failing = asked.failing[[fit.problem.slot_row[slot] for slot in group.slots]].sum(axis=0)
    if not failing.any():
        return NOBODY_WAITS
    if failing[FITS]:
        return BETTER_ELSEWHERE
    return FIT_RULES[int(np.argmax(failing))]
