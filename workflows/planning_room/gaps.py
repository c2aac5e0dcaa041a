"""The gaps of a plan (Lücken): who has no slot and why, what one more seat would save, what stays empty."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workflows.planning_room.fit import Fit
from workflows.planning_room.folder import read_planned_folder
from workflows.planning_room.groups import (
    ABOUT,
    about_group,
    closed_table,
    empty_reasons_table,
    empty_table,
    wanted,
)
from workflows.planning_room.missing import (
    DIMENSIONS,
    Missing,
    missing_grid,
    missing_needs,
    missing_tables,
    safe_people_unmet,
)
from workflows.planning_room.seats import (
    Resolver,
    Saving,
    dearest,
    group_savings,
    seat_groups,
    seat_savings,
)
from workflows.planning_room.state import Planned
from workflows.planning_room.tables import Column, FigureTable, Report, Value
from workflows.small_cells import Hidden

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

    planned: Planned
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
    """Look for the gaps of a plan in a folder; for the other parameters see `gaps_of`.

    Parameters
    ----------
    problem, plan : Path
        Folder of the problem, and the one that ``match`` has written.

    Raises
    ------
    ProblemFault, CommandFault, OSError
        Where a folder cannot be read or the plan does not fit.
    """
    if told is not None:
        told("reading", 0, 1)
    return gaps_of(read_planned_folder(problem, plan), top, seed, time_limit_seconds, told, stop)


def gaps_of(
    planned: Planned,
    top: int = TOP,
    seed: int = 0,
    time_limit_seconds: float = 60.0,
    told: Told | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Gaps:
    """Look for the gaps of a plan.

    Parameters
    ----------
    planned : Planned
        The problem and its plan.
    top : int
        Seats planned once more, >= 0; of groups at most `TOP_GROUPS`.
    time_limit_seconds : float
        For each of these plans.
    told : callable, optional
        Told of the part at work, what is done of it and how much there is.
    stop : callable
        True ends with the savings found so far.
    """
    tell = told or (lambda part, done, of: None)
    fit = Fit.of(planned.problem, planned.plan)
    tell("missing", 0, 1)
    missing = missing_needs(planned, fit)
    ranked = dearest(seat_groups(planned.problem, planned.seat_prices), top)
    tell("resolve", 0, 1)
    resolver = Resolver(planned, seed, time_limit_seconds, stop)
    seats = _counted(seat_savings(resolver, ranked), "seats", len(ranked), tell, stop)
    largest = [one for one in ranked if one.minimum or len(one.slots) > 1][: min(top, TOP_GROUPS)]
    groups = _counted(group_savings(resolver, planned.tables(), largest), "groups", len(largest), tell, stop)
    before = resolver.before
    return Gaps(planned, fit, missing, seats, groups, before.cost, before.lower_bound)


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
    unmet = _unmet(gaps.planned, gaps.fit, gaps.missing)
    proof = ("gaps.proof", {"cost": round(gaps.cost), "bound": round(gaps.lower_bound)})
    many = len(DIMENSIONS) + 1
    tables = [*unmet.tables[:many], *_savings_tables(gaps), *unmet.tables[many:]]
    return replace(unmet, lead=[*unmet.lead, proof], tables=tables)


def unmet_report(planned: Planned) -> Report:
    """Put into tables who lacks a slot and why, and which groups and seats stay empty; nothing is planned."""
    fit = Fit.of(planned.problem, planned.plan)
    return _unmet(planned, fit, missing_needs(planned, fit))


def _unmet(planned: Planned, fit: Fit, missing: Sequence[Missing]) -> Report:
    problem = planned.problem
    groups, asked = seat_groups(problem, planned.seat_prices), wanted(fit)
    people = safe_people_unmet(missing)
    few = "gaps.few-people" if people is Hidden.SMALL else "gaps.hidden-people"
    return Report(
        title=("title.gaps", {"name": problem.parameters.name, "today": problem.parameters.today}),
        lead=[("gaps.people", {"n": people}) if isinstance(people, int) else (few, {})],
        tables=[
            *missing_tables(missing),
            missing_grid(missing),
            closed_table(fit, groups, asked),
            empty_reasons_table(fit, groups, asked),
            empty_table(fit, groups, asked),
        ],
    )


def savings_report(gaps: Gaps) -> Report:
    """Put into tables what one more seat and one more group saves, and nothing else."""
    proof = ("gaps.proof", {"cost": round(gaps.cost), "bound": round(gaps.lower_bound)})
    parameters = gaps.planned.problem.parameters
    title = ("title.savings", {"name": parameters.name, "today": parameters.today})
    return Report(title, [proof], _savings_tables(gaps))


def _savings_tables(gaps: Gaps) -> list[FigureTable]:
    return [_savings_table("seat-savings", gaps.seats), _savings_table("group-savings", gaps.groups)]


def _savings_table(key: str, savings: Sequence[Saving]) -> FigureTable:
    columns = (
        *ABOUT,
        Column("more_seats", "count"),
        Column("promised_days", "number"),
        Column("saved_days", "number"),
        Column("at_least_days", "number"),
        Column("at_most_days", "number"),
    )
    rows: list[list[Value]] = [
        [
            *about_group(one.group),
            *(one.seats, one.promised, one.saved, one.at_least, one.at_most),
        ]
        for one in savings
    ]
    return FigureTable(key, columns, rows, bar="saved_days")
