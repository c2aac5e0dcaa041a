"""What a change would do (Was wäre wenn): planned without and with a scenario, side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

import matching
from matching.warm import STEPS, Warm, plan_warm
from workflows.planning_room.folder import read_planned_folder
from workflows.planning_room.scenario import Scenario, changed_tables, read_scenario
from workflows.planning_room.seats import copies_in, seat_groups
from workflows.planning_room.state import Planned
from workflows.planning_room.tables import Column, FigureTable, Report, Value
from workflows.small_cells import SMALLEST_SHOWN, Hidden, safe_counts
from workflows.waiting import WaitingFigures, waiting_figures

BETTER, WORSE, UNDECIDED, SAME, NO_EFFECT = "better", "worse", "undecided", "same", "no-effect"
NOTHING_DAYS = 0.5
"""What costs fewer weighted waiting days is nothing: all are shown whole."""
MANY_PEOPLE, FEW_STEPS = 1_000, 2_000
"""Above so many people the search takes fewer steps, so that an answer is there in seconds."""
FELT_DAYS = 0.5
"""A person gains or loses where the sum of their waits changes by more than this."""


@dataclass(frozen=True)
class Side:
    """One of the two plans (Seite).

    Parameters
    ----------
    waits : mapping of person id to float
        Sum of the waits of each person's open needs, days; a need without a slot waits to the horizon.
    unmet : frozenset of str
        Persons who lack at least one slot.
    """

    warm: Warm
    figures: WaitingFigures
    waits: Mapping[str, float]
    unmet: frozenset[str]
    chains: int


@dataclass(frozen=True)
class WhatIf:
    """Both sides of a scenario.

    Parameters
    ----------
    comparable : bool
        Whether costs are counted alike on both sides: not where the scenario changes the rules of the cost or
        who is there.
    changed : bool
        Whether the scenario changes anything at all.
    """

    planned: Planned
    scenario: Scenario
    before: Side
    after: Side
    comparable: bool
    changed: bool

    @property
    def slack(self) -> float:
        """What both plans may still be away from the best ones together, weighted waiting days."""
        sides = (self.before.warm, self.after.warm)
        return sum(side.cost - side.lower_bound for side in sides)

    @property
    def verdict(self) -> str:
        """Better, worse or without effect where the bounds prove it, else undecided; same: unchanged."""
        before, after = self.before.warm, self.after.warm
        if not self.changed:
            return SAME
        if self.comparable and after.cost < before.lower_bound:
            return BETTER
        if self.comparable and after.lower_bound > before.cost:
            return WORSE
        if self.comparable and max(self.slack, abs(after.cost - before.cost)) < NOTHING_DAYS:
            return NO_EFFECT
        return UNDECIDED


def what_if(
    problem: Path,
    plan: Path,
    scenario: Path,
    seed: int = 0,
    time_limit_seconds: float = 10.0,
    told: Callable[[str, int, int], None] | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> WhatIf:
    """Set a plan in a folder beside a scenario in a file; for the other parameters see `compare`.

    Parameters
    ----------
    problem, plan, scenario : Path
        Folder of the problem, the one that ``match`` has written, and the file of the scenario.

    Raises
    ------
    ProblemFault, PlanFault, CommandFault, OSError
        Where something given cannot be read or does not fit.
    """
    if told is not None:
        told("reading", 0, 1)
    planned = read_planned_folder(problem, plan)
    asked = read_scenario(scenario, seat_groups(planned.problem, planned.seat_prices))
    return compare(planned, asked, seed, time_limit_seconds, told, stop)


def compare(
    planned: Planned,
    asked: Scenario,
    seed: int = 0,
    time_limit_seconds: float = 10.0,
    told: Callable[[str, int, int], None] | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> WhatIf:
    """Plan once more without and with a scenario, with the same steps.

    Parameters
    ----------
    planned : Planned
        The present problem and its plan.
    asked : Scenario
        What changes.
    time_limit_seconds : float
        For both plans together.
    """
    tell = told or (lambda part, done, of: None)
    groups = seat_groups(planned.problem, planned.seat_prices)
    tables = planned.tables()
    other_tables, touched = changed_tables(tables, groups, asked)
    limit = time_limit_seconds / 2

    def side(of: matching.Problem) -> Side:
        warm = plan_warm(
            of,
            planned.plan,
            planned.proof.with_copies(copies_in(of)),
            touched,
            steps=STEPS if len(of.people.ids) <= MANY_PEOPLE else FEW_STEPS,
            seed=seed,
            time_limit_seconds=limit,
            groups_anew=True,
            stop=stop,
        )
        return _side(of, warm)

    tell("before", 0, 1)
    before = side(planned.problem)
    changed = other_tables != tables
    tell("after", 0, 1)
    comparable = not asked.rules and not asked.arrivals
    after = before
    if changed:
        problem = matching.problem_from_tables(other_tables)
        after = side(problem)
        if comparable:
            before = _no_worse(planned.problem, before, after)
            after = _no_worse(problem, after, before)
    return WhatIf(planned, asked, before, after, comparable, changed)


def _no_worse(problem: matching.Problem, mine: Side, other: Side) -> Side:
    """One side, planned as the other one where that can be done here too and is the better plan.

    So one more group never looks bad, nor a cancelled one good, only because a search was short.
    """
    kept = matching.check(problem, other.warm.plan)
    if not kept.feasible or kept.cost >= mine.warm.cost:
        return mine
    warm = replace(mine.warm, plan=other.warm.plan, cost=kept.cost, waiting_days=kept.waiting_days)
    return _side(problem, warm)


def _side(problem: matching.Problem, warm: Warm) -> Side:
    needs, horizon = problem.needs, problem.parameters.horizon_end.toordinal()
    waits = dict.fromkeys(problem.people.ids, 0.0)
    unmet: set[str] = set()
    open_needs = 0
    for row, need in enumerate(needs.ids):
        if needs.fixed[row] >= 0:
            continue
        open_needs += 1
        person = problem.people.ids[needs.person[row]]
        if need in warm.waiting_days:
            waits[person] += warm.waiting_days[need]
        else:
            waits[person] += max(0, horizon - int(needs.earliest[row]))
            unmet.add(person)
    with_needs = {problem.people.ids[person] for person in set(needs.person.tolist())}
    figures = waiting_figures(warm.waiting_days.values(), open_needs)
    return Side(warm, figures, waits, frozenset(unmet), len(with_needs - unmet))


def what_if_report(found: WhatIf) -> Report:
    """Put both sides into tables; people by profile only, never one by one."""
    parameters = found.planned.problem.parameters
    lead: list[tuple[str, dict[str, object]]] = [(f"whatif.{found.verdict}", {"slack": round(found.slack)})]
    if found.changed and not found.comparable:
        lead.append(("whatif.not-comparable", {}))
    return Report(
        title=("title.whatif", {"name": found.scenario.name, "today": parameters.today}),
        lead=lead,
        tables=[_figures_table(found), _profiles_table(found)],
    )


def _figures_table(found: WhatIf) -> FigureTable:
    before, after = _figures(found.before), _figures(found.after)
    rows: list[list[Value]] = [
        [
            name,
            *(_apart(name, before[name], after[name]) if found.changed else (before[name], before[name], 0)),
        ]
        for name in before
    ]
    columns = (
        Column("figure", "figure"),
        *(Column(name, "number") for name in ("before", "after", "difference")),
    )
    return FigureTable("whatif-figures", columns, rows)


COUNTS = ("served", "unserved", "completed_chains")
"""Figures that count persons or steps: they are hidden where they are small, or their difference is."""


def _figures(side: Side) -> dict[str, Value]:
    """Figures of a side; means rounded, since exact ones would tell over how many steps they go."""
    served, unserved = safe_counts([side.figures.served, side.figures.unserved]).cells
    waits = (side.figures.mean_days, side.figures.median_days, side.figures.p90_days)
    mean, median, p90 = (None,) * 3 if side.figures.served < SMALLEST_SHOWN else waits
    return {
        "cost": side.warm.cost,
        "lower_bound": side.warm.lower_bound,
        "mean_days": mean if mean is None else round(mean, 1),
        "median_days": median,
        "p90_days": p90,
        "served": served,
        "unserved": unserved,
        "completed_chains": safe_counts([side.chains, len(side.unmet)]).cells[0],
    }


def _apart(name: str, before: Value, after: Value) -> list[Value]:
    """Both sides of a figure and their difference; a count that changes by few is shown for one side only."""
    if isinstance(before, Hidden) or isinstance(after, Hidden):
        return [before, after, Hidden.PROTECTING]
    if not isinstance(before, int | float) or not isinstance(after, int | float):
        return [before, after, None]
    if name in COUNTS and 0 < abs(after - before) < SMALLEST_SHOWN:
        return [before, Hidden.PROTECTING, Hidden.SMALL]
    return [before, after, after - before]


def _profiles_table(found: WhatIf) -> FigureTable:
    """Waits before and after by profile, of the people who are on both sides."""
    people: dict[str, list[str]] = {}
    for person in found.before.waits:
        if person in found.after.waits:
            people.setdefault(found.planned.profile_of.get(person, ""), []).append(person)
    profiles = sorted(people, key=lambda profile: (-len(people[profile]), profile))
    sizes = safe_counts([len(people[profile]) for profile in profiles]).cells
    rows = [
        [profile or "everybody", size, *_compared(found, people[profile], size)]
        for profile, size in zip(profiles, sizes, strict=True)
    ]
    columns = (
        Column("profile", "profile" if all(profiles) else "who"),
        Column("people", "count"),
        Column("wait_before", "number"),
        Column("wait_after", "number"),
        Column("people_gain", "count"),
        Column("people_lose", "count"),
        Column("verdict", "verdict"),
    )
    return FigureTable("whatif-profiles", columns, rows)


def _compared(found: WhatIf, people: list[str], size: Value) -> list[Value]:
    if isinstance(size, Hidden):
        return [None, None, size, size, None]
    before = [found.before.waits[person] for person in people]
    after = [found.after.waits[person] for person in people]
    apart = [b - a for a, b in zip(before, after, strict=True)]
    gain, lose = sum(x < -FELT_DAYS for x in apart), sum(x > FELT_DAYS for x in apart)
    cells = safe_counts([gain, lose, len(people) - gain - lose]).cells
    return [fmean(before), fmean(after), cells[0], cells[1], _verdict(found, sum(apart))]


def _verdict(found: WhatIf, apart_days: float) -> str:
    """Whether a profile waits longer or shorter by more than both plans may be away from the best ones."""
    if not found.changed:
        return SAME
    if abs(apart_days) <= found.slack:
        return UNDECIDED
    return BETTER if apart_days < 0 else WORSE
