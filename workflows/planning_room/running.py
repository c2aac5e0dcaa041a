"""Wie Angebote liefen: seats that were used, groups that did not open, and people who did not come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from plans.actions import Action
from plans.roles import ObjectScope
from store.queries.planning_room import Appeared, BegunGroup, appearances, begun_groups, running_stamp
from workflows.acting import Look, question
from workflows.kept import Kept
from workflows.planning_room.actual import safe_share
from workflows.planning_room.tables import Column, FigureTable, Value
from workflows.small_cells import SMALLEST_SHOWN, safe_counts


@dataclass(frozen=True)
class Running:
    """Groups and starts of the last twelve months (Verlauf): of single persons, to be shown as tables."""

    groups: tuple[BegunGroup, ...]
    appearances: tuple[Appeared, ...]


@question(Action.READ_PLANNING)
def read_running(look: Look, region_id: str) -> Running:
    """Return groups that should have begun, and starts by referral, of the last twelve months.

    They are of single persons: whoever shows them shows `running_tables`.

    Raises
    ------
    Forbidden
        Where the region is none of the caller's.
    """
    look.allow_new(ObjectScope(region_id))
    return _running(look, region_id)


@question(Action.READ_PLANNING)
def read_running_tables(look: Look, region_id: str) -> tuple[FigureTable, FigureTable]:
    """Return `running_tables`, as they were until a group or a referral changed.

    Raises
    ------
    Forbidden
        Where the region is none of the caller's.
    """
    look.allow_new(ObjectScope(region_id))
    stamp = (look.today, running_stamp(look.unit, region_id))
    return _KEPT.get(look, region_id, stamp, lambda: running_tables(_running(look, region_id)))


_KEPT = Kept[tuple[FigureTable, FigureTable]]()


def _running(look: Look, region_id: str) -> Running:
    span = date(look.today.year - 1, look.today.month, 1), look.today
    return Running(
        tuple(begun_groups(look.unit, region_id, *span)), tuple(appearances(look.unit, region_id, *span))
    )


def running_tables(running: Running) -> tuple[FigureTable, FigureTable]:
    """Seat use and cancelled groups by kind, and no-shows by month."""
    return _seat_use(running.groups), _no_shows(running.appearances)


def is_cancelled(group: BegunGroup) -> bool:
    """Whether a group did not open: taken back by its day, or nobody came of those it needed."""
    is_gone = group.gone_on is not None and group.gone_on <= group.start_on
    return is_gone or (group.minimum > 0 and group.begun + group.elsewhere == 0)


def _seat_use(groups: Sequence[BegunGroup]) -> FigureTable:
    """Groups, those cancelled, seats of the others and the share of them used, by kind.

    Shares stand where nobody or at least five persons used the seats: seats are no persons, their users are.
    """
    of_kind: dict[str, list[BegunGroup]] = defaultdict(list)
    for group in groups:
        of_kind[group.kind].append(group)
    rows: list[list[Value]] = []
    for kind, some in sorted(of_kind.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        opened = [group for group in some if not is_cancelled(group)]
        seats = sum(group.seats for group in opened)
        used = sum(group.begun + group.elsewhere for group in opened)
        tells = seats > 0 and not 0 < used < SMALLEST_SHOWN
        rows.append([kind, len(some), len(some) - len(opened), seats, used / seats if tells else None])
    columns = (
        *(Column("kind", "kind"), Column("groups", "count"), Column("cancelled_groups", "count")),
        *(Column("seats", "count"), Column("used_share", "share")),
    )
    return FigureTable("seat-use", columns, rows, bar="used_share")


def _no_shows(starts: Sequence[Appeared]) -> FigureTable:
    """Persons who should have begun and the share of starts to which nobody came, by month."""
    of_month: dict[date, list[Appeared]] = defaultdict(list)
    for one in starts:
        of_month[one.day.replace(day=1)].append(one)
    months = sorted(of_month)
    people = [len({one.person_id for one in of_month[month]}) for month in months]
    rows: list[list[Value]] = []
    for month, cell in zip(months, safe_counts(people).cells, strict=True):
        share = safe_share([(one.person_id, not one.came) for one in of_month[month]])
        rows.append([month, cell, share if isinstance(cell, int) else None])
    columns = Column("month", "month"), Column("people", "count"), Column("no_shows", "share")
    return FigureTable("no-shows", columns, rows, bar="no_shows")
