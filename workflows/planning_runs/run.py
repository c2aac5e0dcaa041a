"""Ein Planungslauf von Anfang bis Ende: begin, read, compute, keep; whatever happens, its state is true."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import matching
from store.faults import StoreFault
from workflows.acting import Desk
from workflows.match_run import MatchReport
from workflows.planning_runs.engine import Outcome, Progressing, RunSettings, Stopping, plan_region
from workflows.planning_runs.runs import (
    fail_run,
    finish_run,
    settings_of_run,
    snapshot_for_run,
    start_run,
)


@dataclass(frozen=True)
class DoneRun:
    """Beendeter Lauf: its id and version, its summary as stored, and what the engine answered."""

    run_id: str
    version: int
    summary: dict[str, Any]
    outcome: Outcome


def run_planning(
    desk: Desk,
    region_id: str,
    settings: RunSettings | None = None,
    progress: Progressing | None = None,
    stop: Stopping | None = None,
) -> DoneRun:
    """Plan a region: three short transactions, and between them the engine without any.

    Parameters
    ----------
    desk : Desk
        Who asks; a request key counts for the beginning.
    region_id : str
        Which region.
    settings : RunSettings, optional
        How to plan.
    progress, stop : callable, optional
        Told where the engine stands; true ends it with the best plan and bound found, which are kept.

    Raises
    ------
    Refusal
        Where another run of the region is at work.
    Forbidden, Missing
        Where the caller may not, or there is no such region.
    ProblemFault, PlanFault
        Where the store holds what cannot be planned; the run is marked failed.
    """
    settings = settings or RunSettings()
    run_id = start_run(desk, region_id, settings)
    return compute_run(replace(desk, request_key=None), run_id, progress, stop, settings)


def compute_run(
    desk: Desk,
    run_id: str,
    progress: Progressing | None = None,
    stop: Stopping | None = None,
    settings: RunSettings | None = None,
) -> DoneRun:
    """Compute a run that has begun and keep what it found; see `run_planning`.

    Parameters
    ----------
    settings : RunSettings, optional
        How to plan; by default as the run was begun, which cannot be with expected arrivals.
    """
    try:
        settings = settings or settings_of_run(desk, run_id)
        snapshot, earlier = snapshot_for_run(desk, run_id)
        outcome = plan_region(snapshot, settings, earlier, progress, stop)
        kept = finish_run(desk, run_id, snapshot, outcome)
    except BaseException as error:  # also a second Ctrl-C
        with suppress(StoreFault):  # a store that cannot be reached leaves the run to be found crashed
            fail_run(desk, run_id, type(error).__name__)
        raise
    return DoneRun(run_id, kept["version"], kept["summary"], outcome)


def settings_for(
    mode: str, time_limit_seconds: float, gap: float, workers: int, seed: int, arrivals: Path | None = None
) -> RunSettings:
    """Return the settings for a mode by its name (``new``, ``fewest``, ``projection``); see `RunSettings`."""
    return RunSettings(matching.Mode(mode), time_limit_seconds, gap, workers, seed, arrivals=arrivals)


def report_of_run(done: DoneRun) -> MatchReport:
    """Set the waits of a run beside first come, first served."""
    outcome = done.outcome
    return MatchReport(
        result=outcome.result,
        planned=outcome.planned,
        first_come=outcome.first_come,
        first_come_cost=outcome.result.first_come_cost,
        interrupted=outcome.result.status is matching.Status.INTERRUPTED,
    )
