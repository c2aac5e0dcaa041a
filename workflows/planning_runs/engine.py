"""Rechnung eines Planungslaufs: a snapshot goes to the engine, a checked plan with its words comes back.

Nothing here knows the store; it runs outside of any transaction, for as long as it is allowed to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matching
from matching.difference import Change, difference
from workflows.faults import CommandFault
from workflows.planned import Advice, PlannedRegion, bookings_of
from workflows.planning_runs.snapshot import Snapshot
from workflows.planning_runs.words import alternatives_of, change_words, said
from workflows.reasons import reasons
from workflows.replan_run import read_arrivals
from workflows.waiting import WaitingFigures, waiting_figures

TIME_LIMIT_SECONDS = 60.0

Progressing = Callable[[matching.Progress], None]
Stopping = Callable[[], bool]


@dataclass(frozen=True)
class RunSettings:
    """Einstellungen eines Planungslaufs.

    Parameters
    ----------
    mode : Mode
        How much may change since the last released run; a first run is always new.
    time_limit_seconds : float
        Wall time of the engine, > 0.
    gap : float
        Accepted share of the cost that may still be avoidable, 0 to 1.
    workers, seed : int
        Threads, >= 1; and seed, >= 0.
    steps : int or None
        Work instead of time, > 0: the same store and seed then give the same proposals.
    arrivals : Path or None
        For the mode ``projection``: problem folder whose people are those expected.
    """

    mode: matching.Mode = matching.Mode.NEW
    time_limit_seconds: float = TIME_LIMIT_SECONDS
    gap: float = 0.0001
    workers: int = 1
    seed: int = 0
    steps: int | None = None
    arrivals: Path | None = None

    def __post_init__(self) -> None:
        if (self.mode is matching.Mode.PROJECTION) != (self.arrivals is not None):
            raise CommandFault("arrivals-mode", {})

    def options(self) -> matching.SolveOptions:
        """The same for the engine."""
        return matching.SolveOptions(self.time_limit_seconds, self.gap, self.workers, self.seed, self.steps)

    def stored(self) -> dict[str, Any]:
        """The same as JSON; of the arrivals only that there are some."""
        return {
            "mode": self.mode.value,
            "time_limit_seconds": self.time_limit_seconds,
            "gap": self.gap,
            "workers": self.workers,
            "seed": self.seed,
            "steps": self.steps,
            "with_arrivals": self.arrivals is not None,
        }

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> RunSettings:
        """Read back what `stored` wrote; expected arrivals are not kept, so they cannot be planned again."""
        names = ("time_limit_seconds", "gap", "workers", "seed", "steps")
        return cls(matching.Mode(stored["mode"]), **{name: stored[name] for name in names})


@dataclass(frozen=True)
class EarlierRun:
    """Letzter freigegebener Lauf: what a new plan starts from.

    Parameters
    ----------
    run_id : str
        Which one.
    plan : mapping of need id to slot id or None
        What it proposed.
    seat_prices : mapping of capacity id to float
        Weighted waiting days.
    """

    run_id: str
    plan: Mapping[str, str | None]
    seat_prices: Mapping[str, float]


@dataclass(frozen=True)
class Advised:
    """Vorschlag in Worten: what a plan has for one need.

    Parameters
    ----------
    need_id, person_id, organisation_id : str
        The need, whose it is, and the office that decides.
    slot_id : str or None
        The slot; None = none.
    reasons, alternatives : list of dict
        Why, and the best slots that were refused, in German and English.
    change : dict or None
        What is other than in the last released plan, and why.
    """

    need_id: str
    person_id: str
    organisation_id: str
    slot_id: str | None
    reasons: list[dict[str, Any]]
    alternatives: list[dict[str, Any]]
    change: dict[str, Any] | None


@dataclass(frozen=True)
class Outcome:
    """Ergebnis eines Planungslaufs.

    Parameters
    ----------
    result : matching.Result
        Plan, cost, proven bound and prices.
    proposals : tuple of Advised
        One for each open need that is not booked.
    changes : tuple of Change
        Every need whose slot differs from the last released plan.
    earlier_run_id : str or None
        The last released run, if there was one.
    planned, first_come : WaitingFigures
        How long people wait, by this plan and first come, first served.
    """

    result: matching.Result
    proposals: tuple[Advised, ...]
    changes: tuple[Change, ...]
    earlier_run_id: str | None
    planned: WaitingFigures
    first_come: WaitingFigures


def plan_region(
    snapshot: Snapshot,
    settings: RunSettings,
    earlier: EarlierRun | None = None,
    progress: Progressing | None = None,
    stop: Stopping | None = None,
) -> Outcome:
    """Plan a snapshot, check the plan, and say in words why each need has its slot or none.

    Parameters
    ----------
    snapshot : Snapshot
        A region on one instant.
    settings : RunSettings
        How.
    earlier : EarlierRun, optional
        What to start from.
    progress, stop : callable, optional
        Told where the engine stands; asked whether to end with the best plan so far.

    Raises
    ------
    ProblemFault
        Where the store holds what cannot be planned, or the arrivals cannot be read.
    RuntimeError
        Where the independent check finds that the plan breaks a rule.
    """
    problem = snapshot.problem
    result, changes = _solve(problem, settings, earlier, progress, stop)
    checked = matching.check(problem, result.plan)
    if not checked.feasible:
        raise RuntimeError(f"the plan breaks rules: {dict(checked.violations)}")
    region = planned_region(snapshot, result.plan, result.seat_prices)

    def tell() -> None:
        if progress is not None:
            progress(matching.Progress(result.seconds, "reasons", result.cost, result.lower_bound))

    return Outcome(
        result=result,
        proposals=_advised(snapshot, region, changes, tell),
        changes=tuple(changes),
        earlier_run_id=earlier.run_id if earlier else None,
        planned=_figures(checked),
        first_come=_figures(matching.check(problem, matching.first_come(problem))),
    )


def planned_region(
    snapshot: Snapshot, plan: Mapping[str, str | None], seat_prices: Mapping[str, float]
) -> PlannedRegion:
    """Lay a plan over a snapshot, so that advice can be asked for."""
    slots = {slot.id: slot for slot in snapshot.supply.slots}
    return PlannedRegion(
        slots=slots,
        capacities={capacity.id: capacity for capacity in snapshot.supply.capacities},
        plan=plan,
        bookings=bookings_of(plan, slots),
        seat_prices=seat_prices,
        actor_names={office.id: office.name for office in snapshot.offices.values()},
        kinds={id: need.kind for id, (need, _) in snapshot.needs.items()},
        person_of={id: person.id for id, (_, person) in snapshot.needs.items()},
        advice=Advice(snapshot.problem, plan, seat_prices),
    )


def _solve(
    problem: matching.Problem,
    settings: RunSettings,
    earlier: EarlierRun | None,
    progress: Progressing | None,
    stop: Stopping | None,
) -> tuple[matching.Result, list[Change]]:
    arrivals = None if settings.arrivals is None else read_arrivals(settings.arrivals)
    if earlier is None and arrivals is None:
        return matching.solve(problem, settings.options(), progress, stop), []
    booked = {
        id: problem.slots.ids[slot]
        for id, slot in zip(problem.needs.ids, problem.needs.fixed.tolist(), strict=True)
        if slot >= 0
    }
    start = booked | dict(earlier.plan if earlier else {})
    done = matching.replan(
        problem,
        start,
        earlier.seat_prices if earlier else None,
        settings.options(),
        settings.mode,
        arrivals,
        progress,
        stop,
    )
    return done.result, difference(problem, start, done.result.plan) if earlier else []


def _advised(
    snapshot: Snapshot, region: PlannedRegion, changes: list[Change], tell: Callable[[], None]
) -> tuple[Advised, ...]:
    changed = {change.need: change for change in changes}
    found = []
    for id, (need, person) in snapshot.needs.items():
        if need.fixed_slot:
            continue
        tell()
        slot = region.planned_slot(id)
        change = changed.get(id)
        found.append(
            Advised(
                need_id=id,
                person_id=person.id,
                organisation_id=person.organisation_id,
                slot_id=slot.id if slot else None,
                reasons=[said(reason.code, reason.text) for reason in reasons(region, need)],
                alternatives=alternatives_of(region, id),
                change=None if change is None else change_words(region, change),
            )
        )
    return tuple(found)


def _figures(checked: matching.Check) -> WaitingFigures:
    return waiting_figures(checked.waiting_days.values(), len(checked.waiting_days) + len(checked.unserved))
