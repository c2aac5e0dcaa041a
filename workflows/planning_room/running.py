"""Wie Angebote liefen: seats that were used, groups that did not open, and people who did not come.

Mostly the same people have begun steps (`actual`): what would count out few beside their numbers is hidden.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from plans.actions import Action
from plans.roles import ObjectScope
from store.queries.planning_room import Appeared, BegunGroup, appearances, begun_groups, running_stamp
from workflows.acting import Look, question
from workflows.kept import Kept
from workflows.planning_room.actual import EVERYBODY, counts_beside, safe_share
from workflows.planning_room.tables import Column, FigureTable, Value
from workflows.small_cells import SMALLEST_SHOWN, Count, Hidden, is_small, tells_beside

NO_SHOW_STEP = 0.05


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
    beside = counts_beside(look, region_id)
    stamp = (look.today, running_stamp(look.unit, region_id), *(tuple(of.items()) for of in beside.values()))
    return _KEPT.get(look, region_id, stamp, lambda: running_tables(_running(look, region_id), beside))


_KEPT = Kept[tuple[FigureTable, FigureTable]]()


def _running(look: Look, region_id: str) -> Running:
    span = date(look.today.year - 1, look.today.month, 1), look.today
    return Running(
        tuple(begun_groups(look.unit, region_id, *span)), tuple(appearances(look.unit, region_id, *span))
    )


def running_tables(
    running: Running, beside: Mapping[str, Mapping[Value, Count]]
) -> tuple[FigureTable, FigureTable]:
    """Seat use and cancelled groups by kind, and no-shows by month.

    Parameters
    ----------
    beside : mapping
        Persons who have begun by ``kind``, by ``month`` and, by nothing, everybody, as shown elsewhere.
    """
    return _seat_use(running.groups, beside["kind"]), _no_shows(running.appearances, beside)


def is_cancelled(group: BegunGroup) -> bool:
    """Whether a group did not open: taken back by its day, or nobody came of those it needed."""
    is_gone = group.gone_on is not None and group.gone_on <= group.start_on
    return is_gone or (group.minimum > 0 and group.begun + group.elsewhere == 0)


def _seat_use(groups: Sequence[BegunGroup], beside: Mapping[Value, Count]) -> FigureTable:
    """Groups, those cancelled, seats of the others and the share of them used, by kind.

    Seats are no persons, their users are: shares stand where nobody or at least five persons used the seats,
    of them by referral nobody or at least five, and nobody or at least five have begun otherwise.
    """
    of_kind: dict[str, list[BegunGroup]] = defaultdict(list)
    for group in groups:
        of_kind[group.kind].append(group)
    rows: list[list[Value]] = []
    for kind, some in sorted(of_kind.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        opened = [group for group in some if not is_cancelled(group)]
        seats = sum(group.seats for group in opened)
        begun = sum(group.begun for group in opened)
        used = begun + sum(group.elsewhere for group in opened)
        tells = seats > 0 and not any(map(is_small, (begun, used)))
        tells = tells and tells_beside(begun, beside.get(kind, 0))
        rows.append([kind, len(some), len(some) - len(opened), seats, used / seats if tells else None])
    columns = (
        *(Column("kind", "kind"), Column("groups", "count"), Column("cancelled_groups", "count")),
        *(Column("seats", "count"), Column("used_share", "share")),
    )
    return FigureTable("seat-use", columns, rows, bar="used_share")


def _no_shows(starts: Sequence[Appeared], beside: Mapping[str, Mapping[Value, Count]]) -> FigureTable:
    """Share of the starts by referral to which nobody came, by month and in all, in steps of five percent.

    The persons are not told, nor is the exact share, which tells of them: less those who have begun they are
    the ones who stayed away, and over all months as many as have used seats. Where a month is hidden all are.
    """
    of_month: dict[date, list[Appeared]] = defaultdict(list)
    for one in starts:
        of_month[one.day.replace(day=1)].append(one)
    whole = _missed(starts, beside[""].get(EVERYBODY, 0))
    rows: list[list[Value]] = [[EVERYBODY, Hidden.PROTECTING if whole is None else whole]]
    months = [
        (month, _missed(some, beside["month"].get(month, 0))) for month, some in sorted(of_month.items())
    ]
    if all(share is not None for _, share in months):
        rows += [[month, share] for month, share in months]
    columns = Column("month", "month"), Column("no_shows", "share")
    return FigureTable("no-shows", columns, rows if starts else [], bar="no_shows")


def _missed(starts: Sequence[Appeared], begun: Count) -> float | None:
    """Share of some starts to which nobody came; None where it would count out few."""
    came = {one.person_id for one in starts if one.came}
    share = safe_share([(one.person_id, not one.came) for one in starts])
    # Where hardly anybody came, nearly all who did came in other months.
    if share is None or len(came) < SMALLEST_SHOWN or not tells_beside(len(came), begun):
        return None
    return round(round(share / NO_SHOW_STEP) * NO_SHOW_STEP, 2)
