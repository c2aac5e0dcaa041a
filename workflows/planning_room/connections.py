"""Übergänge aus eigenen Daten: how the end of one step met the start of the next, and level out level in.

A step counts where it was completed within the last twelve months and at least six weeks ago, so that what
follows could have begun; what has not begun counts as not begun. So no count here is part of one of the
figures of steps that have begun, and none can be subtracted from them. How many began the next step is less
than those who have begun its kind, though: where these are hidden (`actual`), so are the figures.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from network.actors import CEFR_LEVELS
from network.kinds import KINDS
from plans.actions import Action
from plans.referral_table import ReferralOutcome
from plans.roles import ObjectScope
from store.queries.planning_room import Passage, passages, passages_stamp
from workflows.acting import Look, question
from workflows.kept import Kept
from workflows.planning_room.actual import counts_beside, safe_share
from workflows.planning_room.missing import UNKNOWN, level_of
from workflows.planning_room.tables import Column, FigureTable, Value
from workflows.small_cells import SMALLEST_SHOWN, Count, Hidden, safe_counts
from workflows.waiting import SIX_WEEKS_DAYS

SIX_WEEKS = timedelta(days=SIX_WEEKS_DAYS)


@dataclass(frozen=True)
class Passages:
    """Steps that were completed and have one behind them (Übergänge): of single persons."""

    steps: tuple[Passage, ...]


@question(Action.READ_PLANNING)
def read_passages(look: Look, region_id: str) -> Passages:
    """Return the steps completed from the first day of a month a year ago until six weeks ago.

    They are of single persons: whoever shows them shows `connection_table`.

    Raises
    ------
    Forbidden
        Where the region is none of the caller's.
    """
    look.allow_new(ObjectScope(region_id))
    return _passages(look, region_id)


@question(Action.READ_PLANNING)
def read_connections(look: Look, region_id: str) -> FigureTable:
    """Return `connection_table`, as it was until a step or a referral changed.

    Raises
    ------
    Forbidden
        Where the region is none of the caller's.
    """
    look.allow_new(ObjectScope(region_id))
    beside = counts_beside(look, region_id)["kind"]
    stamp = (look.today, passages_stamp(look.unit, region_id), tuple(beside.items()))
    return _KEPT.get(look, region_id, stamp, lambda: connection_table(_passages(look, region_id), beside))


_KEPT = Kept[FigureTable]()


def _passages(look: Look, region_id: str) -> Passages:
    from_on = date(look.today.year - 1, look.today.month, 1)
    return Passages(tuple(passages(look.unit, region_id, from_on, look.today - SIX_WEEKS)))


def connection_table(found: Passages, beside: Mapping[Value, Count]) -> FigureTable:
    """Days from the end of a step to the start of the next, by both kinds; nothing about fewer than five.

    Parameters
    ----------
    beside : mapping
        Persons who have begun by kind, as they are shown elsewhere.
    """
    of_pair: dict[tuple[str, str], list[Passage]] = defaultdict(list)
    for step in found.steps:
        of_pair[_stem(step.kind), _stem(step.next_kind)].append(step)
    pairs = sorted(of_pair, key=lambda pair: (-len(of_pair[pair]), pair))
    cells = safe_counts([len({step.person_id for step in of_pair[pair]}) for pair in pairs]).cells
    rows: list[list[Value]] = []
    for pair, cell in zip(pairs, cells, strict=True):
        is_hidden = isinstance(cell, Hidden) or isinstance(beside.get(pair[1]), Hidden)
        rows.append([*pair, cell, *([None] * len(FIGURES) if is_hidden else _figures(of_pair[pair]))])
    columns = (Column("kind", "kind"), Column("next_kind", "kind"), Column("people", "count"), *FIGURES)
    return FigureTable("connections", columns, rows, bar="gap_median")


FIGURES = (
    Column("gap_median", "number"),
    Column("gap_six_weeks", "share"),
    Column("placed_before_end", "share"),
    Column("level_missing", "share"),
)


def _stem(kind: str) -> str:
    return kind.partition("/from-")[0]


def _figures(steps: Sequence[Passage]) -> list[Value]:
    begun = [(step.person_id, step.next_started_on - step.done_on) for step in steps if step.next_started_on]
    levels = [(step.person_id, lacks) for step in steps if (lacks := _lacks_level(step)) is not None]
    return [
        _median([(person, gap.days) for person, gap in begun]),
        safe_share([(step.person_id, _by(step.next_started_on, step.done_on + SIX_WEEKS)) for step in steps]),
        safe_share([(step.person_id, _by(step.next_placed_on, step.done_on)) for step in steps]),
        safe_share(levels),
    ]


def _by(came_on: date | None, day: date) -> bool:
    return came_on is not None and came_on <= day


def _median(days: Sequence[tuple[str, int]]) -> float | None:
    """Median of some days; nothing where they are about too few people."""
    if len({person for person, _ in days}) < SMALLEST_SHOWN:
        return None
    return float(statistics.median(day for _, day in days))


def _lacks_level(step: Passage) -> bool | None:
    """Whether the next step asks for a higher level than was reached; None where it cannot be told.

    Reached is the level that a kind leads to where its goal was, else the one that was brought along.
    """
    asked, brought = level_of(step.next_kind), level_of(step.kind)
    kind = KINDS.get(_stem(step.kind))
    if kind is None or kind.level_out is None or step.outcome is None:
        return None
    reached = kind.level_out if step.outcome is ReferralOutcome.GOAL_REACHED else brought
    if UNKNOWN in (asked, reached):
        return None
    return CEFR_LEVELS.index(asked) > CEFR_LEVELS.index(reached)
