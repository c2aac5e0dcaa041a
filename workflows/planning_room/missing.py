"""Needs without a slot or with a late one (Fehlende Plätze): who, where, when and why, in safe counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any, TypeVar

from network.kinds import SLOT_KINDS, kind_of
from workflows.planning_room.fit import REASONS, Fit
from workflows.planning_room.state import Planned
from workflows.planning_room.tables import Column, FigureTable, Value
from workflows.small_cells import Count, Hidden, SafeCounts, safe_together
from workflows.small_grid import safe_grid
from workflows.small_links import linked_counts

UNKNOWN = "–"
K = TypeVar("K", bound=Hashable)
PART_ORDER = ("am", "pm", "ev")


@dataclass(frozen=True)
class Missing:
    """A need that the plan serves not, or late (fehlender Platz).

    Parameters
    ----------
    late : bool
        Served, but after the agreed date, or without one after the long wait of the problem's parameters.
    times : str
        Parts of the week on which the person is free, joined by +.
    month : date
        First day of the month in which the need arises.
    reason : str
        One of ``fit.REASONS``.
    """

    need: str
    person: str
    kind: str
    level: str
    place: str
    times: str
    month: date
    late: bool
    reason: str


def missing_needs(planned: Planned, fit: Fit) -> tuple[Missing, ...]:
    """Every open need without a slot, or with a late one, in the order of the needs."""
    problem, needs = planned.problem, planned.problem.needs
    found = []
    for row in range(len(needs.ids)):
        until = _late_after(planned, fit, row)
        if needs.fixed[row] >= 0 or until is False:
            continue
        late = fit.chosen[row] >= 0
        person = problem.people.ids[needs.person[row]]
        kind = problem.kinds[needs.kind[row]]
        found.append(
            Missing(
                needs.ids[row],
                person,
                kind.partition("/from-")[0],
                level_of(kind),
                planned.town_of[person],
                _parts(problem.sets[problem.people.times[needs.person[row]]]),
                date.fromordinal(int(needs.earliest[row])).replace(day=1),
                bool(late),
                fit.reason(row, until if late else None),
            )
        )
    return tuple(found)


def _late_after(planned: Planned, fit: Fit, row: int) -> int | bool | None:
    """The last day in time of a late need, None for one without a slot, False for one that is in time."""
    slot = int(fit.chosen[row])
    if slot < 0:
        return None
    needs, window = planned.problem.needs, fit.window(row)
    target = int(needs.target[row])
    ready = window[0] if window else int(needs.earliest[row])
    last = target if target > 0 else ready + int(planned.problem.parameters.long_wait_days)
    return last if planned.problem.slots.start[slot] > last else False


def level_of(kind: str) -> str:
    """Level of German to bring along, where the catalogue knows the kind; else unknown."""
    if kind not in SLOT_KINDS:
        return UNKNOWN
    levels, _, module = kind_of(kind).entry_levels, *kind.partition("/from-")[1:]
    return levels[int(module) - 1 if module else 0] if levels else UNKNOWN


LEVELS_OF_KINDS: set[tuple[object, object]] = {
    (kind.partition("/from-")[0], level_of(kind)) for kind in SLOT_KINDS
}
"""Which level of German each kind of offering can ask for."""


def _parts(times: frozenset[str]) -> str:
    """Parts of the week: ``am+pm``; Saturday counts to its part of the day."""
    parts = {half_day.partition("-")[2] for half_day in times}
    return "+".join(part for part in PART_ORDER if part in parts) or "none"


def _kind(one: Missing) -> Value:
    return one.kind


def _reason(one: Missing) -> Value:
    return one.reason


PEOPLE = Column("people_unmet", "count"), Column("people_late", "count")
DIMENSIONS: Sequence[tuple[str, str, Callable[[Missing], Value]]] = (
    ("kind", "kind", _kind),
    ("level", "level", lambda one: one.level),
    ("place", "text", lambda one: one.place),
    ("half-day", "parts", lambda one: one.times),
    ("month", "month", lambda one: one.month),
    ("reason", "reason", _reason),
)


def missing_tables(missing: Sequence[Missing]) -> Iterator[FigureTable]:
    """Persons without a slot and with a late one, by each dimension, with the most frequent reason.

    Small counts are hidden, and where a count is hidden so is its reason.
    """
    parts = [_safe([one for one in missing if one.late is late]) for late in (False, True)]
    for name, look, value in DIMENSIONS:
        columns = [Column(name, look), *PEOPLE]
        rows = _rows(missing, value, [part[name][0] for part in parts])
        if name == "reason":
            rows = [row[:3] for row in rows]
        else:
            columns.append(Column("mostly_because", "reason"))
        yield FigureTable(f"missing-{name}", tuple(columns), rows, bar="people_unmet")


def missing_grid(missing: Sequence[Missing]) -> FigureTable:
    """Persons without a slot and with a late one by kind and reason; empty where it cannot be shown safely.

    Its totals are the tables by kind and by reason: small counts are hidden so that neither rows, columns
    nor those totals give them away.
    """
    kinds, reasons = (sorted({value(one) for one in missing}, key=str) for value in (_kind, _reason))
    reasons.sort(key=lambda reason: REASONS.index(str(reason)))
    parts = [
        _safe_grid([one for one in missing if one.late is late], kinds, reasons) for late in (False, True)
    ]
    columns = *(Column(name, name) for name in ("kind", "reason")), *PEOPLE
    rows: list[list[Value]] = []
    for (row, kind), (column, reason) in product(enumerate(kinds), enumerate(reasons)):
        cells: list[Value] = [None if part is None else part[row][column] for part in parts]
        if any(cell != 0 for cell in cells):
            rows.append([kind, reason, *cells])
    return FigureTable("missing-kind-reason", columns, [] if parts == [None, None] else rows)


def _safe_grid(
    missing: Sequence[Missing], kinds: Sequence[Value], reasons: Sequence[Value]
) -> list[list[Count]] | None:
    """Safe counts by kind and reason; None where they cannot be shown."""
    if not missing:
        return [[0] * len(reasons) for _ in kinds]
    both: dict[tuple[Value, Value], set[str]] = _people(missing, lambda one: (one.kind, one.reason))
    of_kind, of_reason = _people(missing, _kind), _people(missing, _reason)
    per_kind = [len(of_kind.get(kind, ())) for kind in kinds]
    per_reason = [len(of_reason.get(reason, ())) for reason in reasons]
    shown = _safe(missing)
    of_kinds, of_reasons = (
        SafeCounts(tuple(shown[name][0].get(key, 0) for key in keys), shown[name][1])
        for name, keys in (("kind", kinds), ("reason", reasons))
    )
    return safe_grid(
        [[len(both.get((kind, reason), ())) for reason in reasons] for kind in kinds],
        of_kinds,
        of_reasons,
        (per_kind, per_reason, _all(of_kind)),
    )


def _safe(missing: Sequence[Missing]) -> dict[str, tuple[dict[Value, Count], Count]]:
    """Persons by each dimension, and in all, as all tables together may show them.

    A kind has only certain levels, so what one of these two hides the other must not give away.
    """
    of = {name: _people(missing, value) for name, _, value in DIMENSIONS}
    keys = {name: list(people) for name, people in of.items()}
    counts = [[len(people) for people in split.values()] for split in of.values()]
    safe = dict(zip(of, safe_together(counts, [_all(of["kind"])] * len(of)), strict=True))
    facts = [(one.person, one.kind, one.level) for one in missing]
    linked = (keys["level"], safe["level"])
    safe["kind"], (levels,) = linked_counts(facts, (keys["kind"], safe["kind"]), [linked], [LEVELS_OF_KINDS])
    safe["level"] = levels or SafeCounts((Hidden.PROTECTING,) * len(keys["level"]), Hidden.PROTECTING)
    return {name: (dict(zip(keys[name], one.cells, strict=True)), one.total) for name, one in safe.items()}


def _rows(
    missing: Sequence[Missing], value: Callable[[Missing], Value], shown: Sequence[Mapping[Value, Count]]
) -> list[list[Value]]:
    unmet, late = (
        _people([one for one in missing if one.late is is_late], value) for is_late in (False, True)
    )
    rows: list[list[Value]] = []
    for key in sorted(unmet.keys() | late.keys(), key=lambda key: _order(key, unmet, late)):
        cells = [of.get(key, 0) for of in shown]
        is_hidden = any(isinstance(cell, Hidden) for cell in cells)
        mostly = None if is_hidden else _mostly([one for one in missing if value(one) == key])
        rows.append([key, *cells, mostly])
    return rows


def safe_people_unmet(missing: Sequence[Missing]) -> Count:
    """Persons without a slot; hidden where one of the tables could be completed with their number."""
    totals = [total for _, total in _safe([one for one in missing if not one.late]).values()]
    return next((total for total in totals if isinstance(total, Hidden)), totals[0])


def _mostly(missing: Sequence[Missing]) -> str | None:
    """The reason that concerns most needs."""
    counted = Counter(one.reason for one in missing)
    return min(counted, key=lambda reason: (-counted[reason], REASONS.index(reason)), default=None)


def _order(key: Value, unmet: dict[Value, set[str]], late: dict[Value, set[str]]) -> tuple[object, ...]:
    """Reasons and months in their order, all else the largest first."""
    if isinstance(key, date):
        return (key,)
    if key in REASONS:
        return (REASONS.index(str(key)),)
    return -len(unmet.get(key, ())), -len(late.get(key, ())), str(key)


def _people(missing: Sequence[Missing], value: Callable[[Missing], K]) -> dict[K, set[str]]:
    found: dict[K, set[str]] = defaultdict(set)
    for one in missing:
        found[value(one)].add(one.person)
    return found


def _all(people: Mapping[Any, set[str]]) -> int:
    return len(set().union(*people.values()))
