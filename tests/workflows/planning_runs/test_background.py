"""A planning run in the background: a process of its own computes it, in the name of whoever began it."""

import threading
from contextlib import contextmanager
from unittest.mock import patch

import pytest

from store import tables as t
from store.queries.paging import Page
from store.unit_of_work import ReadingUnit
from tests.workflows.desks import REGION
from tests.workflows.planning_runs.builders import a_place_of_processes
from workflows.background import written_desk
from workflows.planning_runs import background
from workflows.planning_runs.background import begin_planning, compute
from workflows.planning_runs.engine import RunSettings
from workflows.planning_runs.runs import fail_run, start_run
from workflows.planning_runs.watching import (
    ask_to_stop,
    is_asked_to_stop,
    list_run_changes,
    read_run,
    take_run,
)
from workflows.refusal import Refusal

QUICK = RunSettings(steps=500, seed=1, time_limit_seconds=30)


@pytest.fixture
def place(make_url):
    with a_place_of_processes(make_url("sqlite")) as place:
        yield place


def begun(place):
    return start_run(place.planner(), REGION, QUICK)


def hand_over(place, run_id, is_left=lambda: False):
    compute(written_desk(place.planner(), run_id), is_left)


def entries(place, run_id):
    with ReadingUnit(place.store) as unit:
        return unit.find(t.audit_entry, object_id=run_id)


def test_a_process_of_its_own_computes_the_run_in_the_name_of_whoever_began_it(place):
    place.person()
    run_id = begin_planning(place.planner(), REGION, QUICK)
    (attending,) = (one for one in threading.enumerate() if one.name == f"attend {run_id}")
    attending.join()
    run = read_run(place.planner(), run_id)
    assert (run["state"], run["summary"]["proposals"]) == ("finished", 1)
    assert {(row["actor_label"], row["account_id"]) for row in entries(place, run_id)} == {
        ("Muster, Anna", "acc-paula")
    }


def test_a_request_that_comes_twice_is_computed_once(place):
    run_id = begun(place)
    hand_over(place, run_id)
    first = read_run(place.planner(), run_id)
    hand_over(place, run_id)
    assert read_run(place.planner(), run_id) == first
    assert take_run(place.planner(), run_id) is False


def test_a_run_that_is_asked_to_stop_ends_with_the_best_plan_so_far(place):
    place.person()
    run_id = begun(place)
    assert not is_asked_to_stop(place.planner(), run_id)
    ask_to_stop(place.planner(), run_id)
    hand_over(place, run_id)
    assert read_run(place.planner(), run_id)["status"] in ("interrupted", "optimal")
    with pytest.raises(Refusal, match="over already"):
        ask_to_stop(place.planner(), run_id)


def test_a_run_whose_beginner_has_gone_ends_with_the_best_plan_so_far(place):
    for _ in range(3):
        place.group(seats=1)
        place.person()
    left, alone = begun(place), []
    hand_over(place, left, lambda: alone.append(1) or True)
    run = read_run(place.planner(), left)
    assert (run["state"], run["status"] in ("interrupted", "optimal")) == ("finished", True)
    assert len(alone) == 1, "it looked, and not again once it was to end"


@contextmanager
def seen_while_computing(place, run_id):
    """What `read_run` answers while the engine tells its progress."""
    seen = []
    note = background.note_progress

    def note_and_look(*given):
        note(*given)
        seen.append(read_run(place.planner(), run_id))

    with patch.object(background, "note_progress", note_and_look):
        yield seen


def test_progress_can_be_read_while_it_is_computed_and_leaves_no_entry(place):
    place.group()
    place.person()
    run_id = begun(place)
    with seen_while_computing(place, run_id) as seen:
        hand_over(place, run_id)
    assert {run["state"] for run in seen} == {"running"}
    assert {"seconds", "phase", "gap"} == set(seen[0]["summary"]["progress"])
    assert [row["action"] for row in entries(place, run_id)] == ["run-planning"] * 3  # begin, take, keep


def test_a_run_that_is_over_keeps_its_summary(place):
    run_id = begun(place)
    fail_run(place.planner(), run_id, "by hand")
    background.note_progress(place.store, t.planning_run, run_id, {"phase": "late"})
    assert read_run(place.planner(), run_id)["summary"] == {"failed": "by hand"}


def test_a_process_that_cannot_work_leaves_a_failed_run(place, capfd):
    with patch("workflows.background.written_desk", lambda *_: "{}"):
        run_id = begin_planning(place.planner(), REGION, QUICK)
        (attending,) = (one for one in threading.enumerate() if one.name == f"attend {run_id}")
        attending.join()
    assert read_run(place.planner(), run_id)["summary"] == {"failed": "crashed"}
    assert "KeyError" in capfd.readouterr().err  # for whoever runs the server


def test_changes_are_read_page_by_page(place):
    for _ in range(3):
        place.person()
    run_id = begun(place)
    hand_over(place, run_id)
    assert list_run_changes(place.planner(), run_id).rows == []
    first = list_run_changes(place.planner(), run_id, only_changed=False)
    assert len(first.rows) == 3 and first.after is None
    begun_with = list_run_changes(place.planner(), run_id, Page(2), only_changed=False)
    two = list_run_changes(place.planner(), run_id, Page(2, begun_with.after), only_changed=False)
    assert [row["id"] for row in (*begun_with.rows, *two.rows)] == [row["id"] for row in first.rows]
    assert two.after is None
