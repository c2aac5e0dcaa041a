"""Ein Planungslauf von Anfang bis Ende: begin, read, compute, keep; whatever happens, its state is true."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from store.faults import StoreFault
from workflows.acting import Desk
from workflows.planning_runs.engine import Outcome, Progressing, RunSettings, Stopping, plan_region
from workflows.planning_runs.runs import fail_run, finish_run, snapshot_for_run, start_run


@dataclass(frozen=True)
class DoneRun:
    """Beendeter Lauf: its id, its summary as stored, and what the engine answered."""

    run_id: str
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
    follow_up = replace(desk, request_key=None)
    try:
        snapshot, earlier = snapshot_for_run(follow_up, run_id)
        outcome = plan_region(snapshot, settings, earlier, progress, stop)
        summary = finish_run(follow_up, run_id, snapshot, outcome)
    except BaseException as error:  # also a second Ctrl-C
        with suppress(StoreFault):  # a store that cannot be reached leaves the run to be found crashed
            fail_run(follow_up, run_id, type(error).__name__)
        raise
    return DoneRun(run_id, summary, outcome)
