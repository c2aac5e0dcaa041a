"""Zahlen eines Bezirks: waits of those who live in a town, and of the steps that began in one.

Each thing is split by one kind of district only, in a table of two dimensions whose totals are the tables of
`actual`. So whatever is swapped in one table to hide a small number (`workflows.small_grid`) changes no
other: two people of two towns who change kinds keep their profiles, places and months. A row that is not
there says nothing: nobody, fewer than five, or hidden to protect others. Means and shares are left out, since
they could be subtracted from those of everybody; medians cannot. A property test looks for another world
behind all tables together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from plans.actions import Action
from store.queries.planning_room import ELSEWHERE, ONLINE, BegunStep
from workflows.acting import Look, question
from workflows.kept import Kept
from workflows.planning_room.actual import (
    CLOCKS,
    DIMENSIONS,
    WAITING,
    Begun,
    alone,
    known_days,
    median_days,
    of_begun_steps,
    safe,
)
from workflows.planning_room.tables import Column, FigureTable, Report, Value
from workflows.small_cells import Hidden, SafeCounts
from workflows.small_grid import safe_grid

HOME, OFFERED_AT = "town", "offered-at"
SPLIT_BY: Mapping[str, tuple[str, ...]] = {HOME: ("kind",), OFFERED_AT: ("month",)}
"""By which things the steps of a district are split, nothing by both kinds of district."""


@question(Action.READ_PLANNING)
def read_districts(look: Look, region_id: str) -> dict[str, list[str]]:
    """Return the towns where people live who have begun a step within a year, and those where steps began.

    Raises
    ------
    Forbidden
        Where the region is none of the caller's.
    """

    def named(begun: Begun) -> dict[str, list[str]]:
        return {kind: sorted({str(DIMENSIONS[kind][1](step)) for step in begun.steps}) for kind in SPLIT_BY}

    return of_begun_steps(_DISTRICTS, look, region_id, (), named)


@question(Action.READ_PLANNING)
def read_district_report(
    look: Look, region_id: str, region: str, clock: str, kind: str, district: str
) -> Report:
    """Return the waits of one district as a report, as it was until a step changed.

    Raises
    ------
    Forbidden
        Where the region is none of the caller's.
    """
    said = f"actual.in-{district if district in (ONLINE, ELSEWHERE) else kind}"

    def report(begun: Begun) -> Report:
        return Report(
            title=("title.actual", {"region": region, "today": begun.today}),
            lead=[("actual.lead", {"from": begun.from_on}), (said, {"district": district})],
            tables=district_tables(begun.steps, kind, district, clock),
        )

    return of_begun_steps(_REPORTS, look, region_id, (region, clock, kind, district), report)


_DISTRICTS, _REPORTS = Kept[dict[str, list[str]]](), Kept[Report]()


def district_tables(
    steps: Sequence[BegunStep], kind: str, district: str, clock: str = WAITING
) -> list[FigureTable]:
    """Put the steps of a district into tables, one for each thing by which they are split.

    Parameters
    ----------
    steps : sequence of BegunStep
        Of all districts.
    kind : str
        `HOME` or `OFFERED_AT`.
    district : str
        Name of a town; one that nobody has gives tables without rows.
    clock : str
        Which of `CLOCKS` is drawn.
    """
    return [_table(steps, kind, district, by, clock) for by in SPLIT_BY[kind]]


def _table(steps: Sequence[BegunStep], kind: str, district: str, by: str, clock: str) -> FigureTable:
    look, value_of = DIMENSIONS[by]
    held: dict[Value, list[BegunStep]] = defaultdict(list)
    for step in steps:
        if DIMENSIONS[kind][1](step) == district:
            held[value_of(step)].append(step)
    rows: list[list[Value]] = [
        [value, count, *(median_days(known_days(held[value], one)) for one in CLOCKS)]
        for value, count in safe_cells(steps, kind, by).get(district, {}).items()
        if isinstance(count, int) and count
    ]
    columns = (
        Column(by, look),
        Column("people", "count"),
        *(Column(f"{one}_median", "number") for one in CLOCKS),
    )
    return FigureTable(f"district-{by}", columns, rows, bar=f"{clock}_median")


def safe_cells(steps: Sequence[BegunStep], kind: str, by: str) -> dict[Value, dict[Value, int | Hidden]]:
    """Persons by district and by another thing, as they may be shown; empty where none may.

    Where the total of a district or of the other thing is hidden, so is all that is part of it.
    """
    towns, values = alone(steps, kind)[0], alone(steps, by)[0]
    if not steps:
        return {}
    persons: dict[tuple[Value, Value], set[str]] = defaultdict(set)
    of_town: dict[Value, set[str]] = defaultdict(set)
    of_value: dict[Value, set[str]] = defaultdict(set)
    for step in steps:
        town, value = DIMENSIONS[kind][1](step), DIMENSIONS[by][1](step)
        for cell in (persons[town, value], of_town[town], of_value[value]):
            cell.add(step.person_id)
    of_towns, of_values = _as_shown(steps, kind, len(towns)), _as_shown(steps, by, len(values))
    shown = safe_grid(
        [[len(persons[town, value]) for value in values] for town in towns],
        of_towns,
        of_values,
        (
            [len(of_town[town]) for town in towns],
            [len(of_value[value]) for value in values],
            len({step.person_id for step in steps}),
        ),
    )
    if shown is None:
        return {}
    return {
        town: {
            value: Hidden.PROTECTING if isinstance(in_all, Hidden) or isinstance(there, Hidden) else cell
            for value, cell, in_all in zip(values, cells, of_values.cells, strict=True)
        }
        for town, cells, there in zip(towns, shown, of_towns.cells, strict=True)
    }


def _as_shown(steps: Sequence[BegunStep], dimension: str, many: int) -> SafeCounts:
    """The totals as the table of one dimension shows them."""
    return safe(steps, dimension) or SafeCounts((Hidden.PROTECTING,) * many, Hidden.PROTECTING)
