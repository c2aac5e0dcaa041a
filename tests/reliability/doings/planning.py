"""Planning runs and their proposals."""

from __future__ import annotations

from plans.referral_table import Reason
from store import tables as t
from store.unit_of_work import ReadingUnit
from tests.reliability.interrupting import Fresh, Life, call
from tests.workflows.desks import REGION
from tests.workflows.planning_runs.builders import Place, a_place
from workflows.planning_room.reckonings import (
    fail_reckoning,
    finish_reckoning,
    start_reckoning,
    stop_reckoning,
    take_reckoning,
)
from workflows.planning_room.travel_times import keep_travel_times, take_back_travel_times
from workflows.planning_runs.deciding import accept_proposal, decline_proposal
from workflows.planning_runs.engine import RunSettings, plan_region
from workflows.planning_runs.runs import (
    fail_run,
    finish_run,
    release_proposals,
    snapshot_for_run,
    start_run,
)
from workflows.planning_runs.watching import ask_to_stop, take_run

QUICK = RunSettings(steps=50, seed=1, time_limit_seconds=30)


def of_planning_runs(fresh: Fresh) -> Life:
    """A run that fails, and one that is computed, kept and released."""
    place = a_place(fresh())
    place.group()
    place.person()
    desk = place.planner()
    failed = yield call(start_run, desk, REGION, QUICK)
    yield call(take_run, desk, failed)
    yield call(ask_to_stop, desk, failed)
    yield call(fail_run, desk, failed, "by hand")
    run_id = start_run(desk, REGION, QUICK)
    snapshot, earlier = snapshot_for_run(desk, run_id)
    outcome = plan_region(snapshot, QUICK, earlier)
    kept = yield call(finish_run, desk, run_id, snapshot, outcome)
    yield call(release_proposals, desk, run_id, kept["version"])


def of_reckonings(fresh: Fresh) -> Life:
    """One that is stopped, one that fails, and one that is answered; an old one is forgotten."""
    place = a_place(fresh())
    desk = place.planner()
    stopped = yield call(start_reckoning, desk, REGION, "gaps", {})
    yield call(stop_reckoning, desk, stopped)
    failed = start_reckoning(desk, REGION, "gaps", {})
    yield call(take_reckoning, desk, failed)
    yield call(fail_reckoning, desk, failed, "by hand")
    answered = start_reckoning(desk, REGION, "gaps", {})
    yield call(finish_reckoning, desk, answered, {"de": {}, "en": {}})


def of_travel_times(fresh: Fresh) -> Life:
    """A table that is handed in, and taken back."""
    desk = a_place(fresh()).planner()
    id = yield call(keep_travel_times, desk, REGION, "x.csv", [["Musterstadt", "Neudorf", 20.0]])
    yield call(take_back_travel_times, desk, REGION, id, 1)


def of_proposals(fresh: Fresh) -> Life:
    """One that is accepted and one that is declined."""
    place = a_place(fresh())
    place.group()
    needs = [place.person()[0] for _ in range(2)]
    place.lets_refer(*needs)
    desk = place.planner()
    run_id = start_run(desk, REGION, QUICK)
    snapshot, earlier = snapshot_for_run(desk, run_id)
    kept = finish_run(desk, run_id, snapshot, plan_region(snapshot, QUICK, earlier))
    release_proposals(desk, run_id, kept["version"])
    yield call(accept_proposal, place.counsellor(), *_proposal_for(place, needs[0]))
    proposal = _proposal_for(place, needs[1])
    yield call(decline_proposal, place.counsellor(), *proposal, Reason.CHILDCARE)


def _proposal_for(place: Place, need_id: str) -> tuple[str, int]:
    with ReadingUnit(place.store) as unit:
        (row,) = unit.find(t.proposal, need_id=need_id)
    return row["id"], row["version"]
