"""A planning run: proposals with reasons for every open need, one run at a time, none lost without a word."""

import subprocess
import sys
import threading
from datetime import timedelta

import pytest

import matching
from plans.roles import Role
from store import tables as t
from store.faults import Missing
from store.tables import ProposalState, RunState
from store.unit_of_work import ReadingUnit
from tests.store.builders import TODAY, described
from tests.workflows.desks import REGION, a_caller
from tests.workflows.planning_runs.builders import a_place, at
from workflows.acting import Desk
from workflows.background import GRACE_SECONDS
from workflows.planning_runs.engine import RunSettings
from workflows.planning_runs.run import run_planning
from workflows.planning_runs.runs import (
    count_marked_plans,
    fail_run,
    list_runs,
    release_proposals,
    start_run,
)
from workflows.refusal import Forbidden, Refusal

QUICK = RunSettings(steps=500, seed=1, time_limit_seconds=30)


@pytest.fixture
def place(store):
    return a_place(store)


def proposals(place, run_id):
    with ReadingUnit(place.store) as unit:
        return {row["need_id"]: row for row in unit.find(t.proposal, planning_run_id=run_id)}


def planned(place, settings=QUICK):
    return run_planning(place.planner(), REGION, settings)


def released(place, settings=QUICK):
    done = planned(place, settings)
    release_proposals(place.planner(), done.run_id, run_of(place, done.run_id)["version"])
    return done


def run_of(place, run_id):
    return place.row(t.planning_run, run_id)


def test_every_open_need_gets_a_proposal_with_its_reasons(place):
    soon, later = place.group(seats=1, start_in_days=3), place.group(seats=1, start_in_days=20)
    needs = [place.person()[0] for _ in range(3)]
    done = planned(place)
    rows = proposals(place, done.run_id)
    assert set(rows) == set(needs)
    assert {row["slot_id"] for row in rows.values()} == {soon, later, None}
    for row in rows.values():
        assert row["state"] is ProposalState.PROPOSED
        assert row["organisation_id"] == place.office
        assert all(reason["de"] and reason["en"] != reason["de"] for reason in row["reasons"])
        assert row["reasons"]


def test_the_run_keeps_its_proof_and_the_waits(place):
    place.group()
    place.person()
    run = run_of(place, planned(place).run_id)
    assert run["state"] is RunState.FINISHED
    assert run["status"] == "optimal"
    assert run["cost_days"] == run["bound_days"] > 0
    assert run["summary"]["planned"]["median_days"] == 7
    assert len(run["problem_hash"]) > 20


def test_a_free_slot_that_was_refused_is_kept_as_alternative_in_both_languages(place):
    place.group(start_in_days=3)
    later = place.group(start_in_days=20)
    (need,) = place.person()
    row = proposals(place, planned(place).run_id)[need]
    (alternative,) = row["alternatives"]
    assert alternative["slot_id"] == later
    assert alternative["waiting_days"] == 20
    assert "Wartezeit" in alternative["de"] and "wait" in alternative["en"]


def test_booked_needs_get_no_proposal_and_keep_their_seat(place):
    slot = place.group(seats=1)
    booked, waiting = place.person()[0], place.person()[0]
    place.booked(booked, slot)
    rows = proposals(place, planned(place).run_id)
    assert set(rows) == {waiting}
    assert rows[waiting]["slot_id"] is None


def test_a_region_without_needs_or_slots_is_planned_as_well(place):
    assert planned(place).summary["proposals"] == 0
    (need,) = place.person()
    assert proposals(place, planned(place).run_id)[need]["reasons"][0]["code"] == "no-offer"


def test_the_same_store_seed_and_steps_give_the_same_proposals(place):
    for days in (3, 9, 30):
        place.group(seats=3, start_in_days=days)
    for _ in range(12):
        place.person(needs=2)
    first, second = (proposals(place, planned(place).run_id) for _ in range(2))
    told = ("slot_id", "reasons", "alternatives", "change")
    assert {id: [row[name] for name in told] for id, row in first.items()} == {
        id: [row[name] for name in told] for id, row in second.items()
    }


def test_a_stop_keeps_the_best_plan_and_its_bound(place):
    for days in (3, 9, 30):
        place.group(seats=3, minimum=2, start_in_days=days)
    for _ in range(12):
        place.person(needs=2)
    done = run_planning(place.planner(), REGION, RunSettings(gap=0), stop=lambda: True)
    run = run_of(place, done.run_id)
    assert run["state"] is RunState.FINISHED
    assert run["status"] == "interrupted"
    assert 0 <= run["bound_days"] <= run["cost_days"]
    assert len(proposals(place, done.run_id)) == 24


def test_progress_is_told(place):
    place.group()
    place.person()
    seen = []
    run_planning(place.planner(), REGION, QUICK, progress=seen.append)
    assert seen and all(isinstance(one, matching.Progress) for one in seen)


def test_two_runs_of_a_region_at_once_are_refused(place):
    start_run(place.planner(), REGION, QUICK)
    with pytest.raises(Refusal, match="at work since") as refused:
        start_run(place.planner(), REGION, QUICK)
    assert "Planungslauf" in refused.value.text("de")


def test_of_two_that_begin_at_the_same_instant_one_is_refused(place):
    outcomes, together = [], threading.Barrier(2)

    def begin():
        together.wait()
        try:
            outcomes.append(start_run(place.planner(), REGION, QUICK))
        except Refusal as refused:
            outcomes.append(refused)

    threads = [threading.Thread(target=begin) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(isinstance(one, Refusal) for one in outcomes) == [False, True]


def test_a_run_whose_process_is_gone_is_marked_failed_by_the_next(place):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    crashed = start_run(place.planner(), REGION, QUICK)
    settings = run_of(place, crashed)["settings"]
    settings["process"]["id"] = gone.pid
    place.changed(t.planning_run, crashed, settings=settings)
    (shown,) = list_runs(place.planner(), REGION)
    assert (shown["state"], shown["summary"]) == ("failed", {"failed": "crashed"})
    start_run(place.planner(), REGION, QUICK)
    assert run_of(place, crashed)["state"] is RunState.FAILED


def test_a_run_of_another_machine_is_taken_for_crashed_when_its_time_is_over(place):
    crashed = start_run(place.planner(), REGION, QUICK)
    settings = run_of(place, crashed)["settings"]
    settings["process"]["host"] = "another machine"
    place.changed(t.planning_run, crashed, settings=settings)
    with pytest.raises(Refusal):
        start_run(place.planner(), REGION, QUICK)
    place.store = at(place.store, hour=13)
    assert QUICK.time_limit_seconds + GRACE_SECONDS < 3600
    start_run(place.planner(), REGION, QUICK)
    assert run_of(place, crashed)["state"] is RunState.FAILED


def test_an_error_in_the_middle_marks_the_run_failed_and_the_next_one_works(place):
    place.group()
    place.person()

    def broken(progress):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_planning(place.planner(), REGION, QUICK, progress=broken)
    (shown,) = list_runs(place.planner(), REGION)
    assert (shown["state"], shown["summary"]) == ("failed", {"failed": "KeyboardInterrupt"})
    assert planned(place).summary["proposals"] == 1


def test_a_run_that_was_ended_by_hand_keeps_nothing(place):
    place.group()
    place.person()
    ended = []

    def end(progress):
        if not ended:
            ended.append(list_runs(place.planner(), REGION)[0]["id"])
            fail_run(place.planner(), ended[0], "by hand")

    with pytest.raises(Refusal, match="over already"):
        run_planning(place.planner(), REGION, QUICK, progress=end)
    assert proposals(place, ended[0]) == {}
    assert run_of(place, ended[0])["summary"] == {"failed": "by hand"}


def test_a_need_that_ended_while_the_engine_worked_gets_no_proposal(place):
    place.group()
    gone, kept = place.person()[0], place.person()[0]
    done = []

    def drop(progress):
        if not done:
            done.append(True)
            place.changed(t.need, gone, state="dropped", done_on=TODAY)

    finished = run_planning(place.planner(), REGION, QUICK, progress=drop)
    assert set(proposals(place, finished.run_id)) == {kept}


def test_a_release_outdates_older_proposals_and_clears_the_marks_that_the_run_saw(place):
    place.group()
    (need,) = place.person()
    plan = place.row(t.need, need)["help_plan_id"]
    place.changed(t.help_plan, plan, replan_marked_at=place.store.now())
    first = released(place)
    assert first.summary["marked_plans"] == 1
    assert count_marked_plans(place.planner(), REGION) == 0
    second = released(place)
    assert proposals(place, first.run_id)[need]["state"] is ProposalState.OUTDATED
    assert proposals(place, second.run_id)[need]["state"] is ProposalState.PROPOSED


def test_a_mark_made_after_the_run_looked_stays(place):
    (need,) = place.person()
    done = planned(place)
    plan = place.row(t.need, need)["help_plan_id"]
    place.changed(t.help_plan, plan, replan_marked_at=place.store.now() + timedelta(seconds=1))
    release_proposals(place.planner(), done.run_id, run_of(place, done.run_id)["version"])
    assert count_marked_plans(place.planner(), REGION) == 1


def test_only_a_finished_run_is_released_and_no_older_one_after_it(place):
    place.person()
    first = planned(place)
    place.store = at(place.store, hour=14)
    second = released(place)
    with pytest.raises(Refusal, match="later planning run"):
        release_proposals(place.planner(), first.run_id, run_of(place, first.run_id)["version"])
    with pytest.raises(Refusal, match="released already"):
        release_proposals(place.planner(), second.run_id, run_of(place, second.run_id)["version"])


def test_the_next_plan_says_what_has_changed_and_why(place):
    slot = place.group(seats=2)
    first, second = place.person()[0], place.person()[0]
    released(place)
    with place.unit() as uow:
        uow.delete(t.need, first)
        described(uow).commit()
    third = place.person()[0]
    done = released(place, RunSettings(matching.Mode.FEWEST, steps=500, seed=1))
    rows = proposals(place, done.run_id)
    assert rows[second]["change"] is None
    assert rows[third]["slot_id"] == slot
    assert rows[third]["change"]["code"] == "new-need"
    assert done.summary["changes"] == {"new": 1}


def test_the_words_of_a_change_name_nobody_else(place):
    place.group(seats=1, start_in_days=3)
    place.group(seats=1, start_in_days=30)
    needs = [place.person()[0] for _ in range(2)]
    released(place)
    place.changed(t.need, needs[1], weight=50.0)
    place.changed(t.need, needs[0], weight=0.5)
    place.store = at(place.store, hour=14)
    rows = proposals(place, released(place).run_id)
    changes = [row["change"] for row in rows.values() if row["change"]]
    assert len(changes) == 2
    for change in changes:
        assert not any(need in change[lang] for need in needs for lang in ("de", "en"))


def test_only_planners_of_the_region_may_run_read_and_release(place):
    done = planned(place)
    version = run_of(place, done.run_id)["version"]
    counsellor = place.counsellor()
    foreign = Desk(place.store, a_caller(Role.PLANNER, "acc-x", region="elsewhere"))
    with pytest.raises(Forbidden):
        start_run(counsellor, REGION, QUICK)
    with pytest.raises(Forbidden):
        list_runs(foreign, REGION)
    with pytest.raises(Missing):
        release_proposals(foreign, done.run_id, version)
    with pytest.raises(Forbidden):
        release_proposals(counsellor, done.run_id, version)


def test_a_mark_stays_where_a_step_has_changed_since_the_run_looked(place):
    (need,) = place.person()
    plan = place.row(t.need, need)["help_plan_id"]
    place.changed(t.help_plan, plan, replan_marked_at=place.store.now())
    done = planned(place)
    place.store = at(place.store, hour=13)
    place.changed(t.need, need, weight=2.0)
    release_proposals(place.planner(), done.run_id, run_of(place, done.run_id)["version"])
    assert count_marked_plans(place.planner(), REGION) == 1
