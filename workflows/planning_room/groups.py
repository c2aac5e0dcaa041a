"""Groups that should open, merge or move, and seats that stay empty and why (Gruppen und leere Plätze)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from workflows.planning_room.fit import FIT_RULES, Fit, Ints
from workflows.planning_room.seats import SeatGroup
from workflows.planning_room.tables import Column, FigureTable, Value
from workflows.small_cells import safe_count

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
        rows.append([*about_group(group), group.minimum, safe_count(len(people)), advice, detail])
    columns = (
        *ABOUT,
        Column("minimum", "count"),
        Column("people_who_gain", "count"),
        Column("advice", "advice"),
        Column("advice_detail", "name"),
    )
    return FigureTable("closed-groups", columns, rows)


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
        together = people | _fitting(fit, other, asked)
        if _could_merge(fit, group, other) and len(together) >= max(group.minimum, other.minimum):
            return MERGE, other.slot
    movable = asked.movable[[fit.problem.slot_row[slot] for slot in group.slots]].sum(axis=0)
    best = int(np.argmax(movable))
    if len(people) + movable[best] >= group.minimum and movable[best]:
        return MOVE, PARTS[best]
    return CLOSE, None


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


def empty_table(fit: Fit, groups: Sequence[SeatGroup], asked: Wanted) -> FigureTable:
    """Groups that run with empty seats, most seats first, and what keeps people from them."""
    rows: list[list[Value]] = []
    for group in groups:
        row = fit.problem.slot_row[group.slot]
        left = int(fit.left[row])
        if left > 0 and fit.runs[row]:
            rows.append([*about_group(group), left, _why_empty(fit, group, asked)])
    rows.sort(key=lambda cells: (-_number(cells[5]), str(cells[0])))
    columns = *ABOUT, Column("empty_seats", "count"), Column("empty_because", "reason")
    return FigureTable("empty-seats", columns, rows[:MOST_EMPTY])


def empty_reasons_table(fit: Fit, groups: Sequence[SeatGroup], asked: Wanted) -> FigureTable:
    """Empty seats by kind and reason, over all groups that run."""
    seats: Counter[tuple[str, str]] = Counter()
    for group in groups:
        row = fit.problem.slot_row[group.slot]
        if fit.left[row] > 0 and fit.runs[row]:
            seats[group.kind.partition("/from-")[0], _why_empty(fit, group, asked)] += int(fit.left[row])
    columns = Column("kind", "kind"), Column("empty_because", "reason"), Column("empty_seats", "count")
    rows: list[list[Value]] = [
        [kind, why, n] for (kind, why), n in sorted(seats.items(), key=lambda x: (-x[1], x[0]))
    ]
    return FigureTable("empty-reasons", columns, rows, bar="empty_seats")


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
