"""The gaps of a plan (Lücken): who has no slot and why, what one more seat would save, what stays empty."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from workflows.planning_room.fit import Fit
from workflows.planning_room.folder import PlannedFolder, read_planned_folder
from workflows.planning_room.groups import closed_table, empty_reasons_table, empty_table, wanted
from workflows.planning_room.missing import Missing, missing_needs, missing_tables
from workflows.planning_room.seats import (
    Resolver,
    Saving,
    dearest,
    group_savings,
    seat_groups,
    seat_savings,
)
from workflows.planning_room.tables import Column, FigureTable, Report, Value
from workflows.small_cells import safe_count

TOP = 10
TOP_GROUPS = 3
Told = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Gaps:
    """What a plan lacks.

    Parameters
    ----------
    seats, groups : tuple of Saving
        What one more seat, and one more group, saves where prices are highest; largest saving first.
    """

    folder: PlannedFolder
    fit: Fit
    missing: tuple[Missing, ...]
    seats: tuple[Saving, ...]
    groups: tuple[Saving, ...]
    cost: float
    lower_bound: float


def find_gaps(
    problem: Path,
    plan: Path,
    top: int = TOP,
    seed: int = 0,
    time_limit_seconds: float = 60.0,
    told: Told | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Gaps:
    """Look for the gaps of a plan.

    Parameters
    ----------
    problem, plan : Path
        Folder of the problem, and the one that ``match`` has written.
    top : int
        Seats planned once more, >= 0; of groups at most `TOP_GROUPS`.
    time_limit_seconds : float
        For each of these plans.
    told : callable, optional
        Told of the part at work, what is done of it and how much there is.
    stop : callable
        True ends with the savings found so far.

    Raises
    ------
    ProblemFault, CommandFault, OSError
        Where a folder cannot be read or the plan does not fit.
    """
    tell = told or (lambda part, done, of: None)
    tell("reading", 0, 1)
    folder = read_planned_folder(problem, plan)
    fit = Fit.of(folder.problem, folder.plan)
    tell("missing", 0, 1)
    missing = missing_needs(folder, fit)
    ranked = dearest(seat_groups(folder.problem, folder.seat_prices), top)
    tell("resolve", 0, 1)
    resolver = Resolver(folder, seed, time_limit_seconds, stop)
    seats = _counted(seat_savings(resolver, ranked), "seats", len(ranked), tell, stop)
    largest = [one for one in ranked if one.minimum or len(one.slots) > 1][: min(top, TOP_GROUPS)]
    groups = _counted(group_savings(resolver, folder.tables(), largest), "groups", len(largest), tell, stop)
    before = resolver.before
    return Gaps(folder, fit, missing, seats, groups, before.cost, before.lower_bound)


def _counted(
    savings: Iterator[Saving], part: str, of: int, tell: Told, stop: Callable[[], bool]
) -> tuple[Saving, ...]:
    found: list[Saving] = []
    while len(found) < of and not stop():
        tell(part, len(found), of)
        found.append(next(savings))
    return tuple(sorted(found, key=lambda one: (-one.saved, -one.promised, one.group.slot)))


def gaps_report(gaps: Gaps) -> Report:
    """Put the gaps into tables."""
    problem = gaps.folder.problem
    groups = seat_groups(problem, gaps.folder.seat_prices)
    asked = wanted(gaps.fit)
    unmet = {one.person for one in gaps.missing if not one.late}
    lead = {"cost": round(gaps.cost), "bound": round(gaps.lower_bound)}
    people = safe_count(len(unmet))
    return Report(
        title=("title.gaps", {"name": problem.parameters.name, "today": problem.parameters.today}),
        lead=[
            ("gaps.people", {"n": people}) if isinstance(people, int) else ("gaps.few-people", {}),
            ("gaps.proof", lead),
        ],
        tables=[
            *missing_tables(gaps.missing),
            _savings_table("seat-savings", gaps.seats),
            _savings_table("group-savings", gaps.groups),
            closed_table(gaps.fit, groups, asked),
            empty_reasons_table(gaps.fit, groups, asked),
            empty_table(gaps.fit, groups, asked),
        ],
    )


def _savings_table(key: str, savings: Sequence[Saving]) -> FigureTable:
    columns = (
        Column("slot"),
        Column("kind", "kind"),
        Column("offering", "name"),
        Column("actor", "name"),
        Column("start", "date"),
        Column("more_seats", "count"),
        Column("promised_days", "number"),
        Column("saved_days", "number"),
        Column("at_least_days", "number"),
        Column("at_most_days", "number"),
    )
    rows: list[list[Value]] = [
        [
            *(one.group.slot, one.group.kind, one.group.offering, one.group.actor),
            *(date.fromordinal(one.group.start), one.seats),
            *(one.promised, one.saved, one.at_least, one.at_most),
        ]
        for one in savings
    ]
    return FigureTable(key, columns, rows, bar="saved_days")
