"""Questions that take long: one computation for all who ask the same, and an end whatever happens."""

import threading
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from plans.roles import Role
from store import tables as t
from store.faults import Missing
from store.progress import note_progress
from store.tables import RunState
from store.unit_of_work import ReadingUnit, utc_now
from tests.store.builders import a_finished_reckoning, a_finished_run, a_region, described
from tests.workflows.desks import REGION, a_caller
from tests.workflows.planning_runs.builders import a_place_of_processes
from workflows.acting import Desk
from workflows.background import GRACE_SECONDS, written_desk
from workflows.planning_room import reckon
from workflows.planning_room.kept_reports import read_report, written_report
from workflows.planning_room.reckon import begin_reckoning, compute, compute_reckoning
from workflows.planning_room.reckonings import (
    KEPT_FOR,
    MOST_AT_ONCE,
    TIME_LIMIT_SECONDS,
    list_reckonings,
    read_reckoning,
    start_reckoning,
    stop_reckoning,
    take_reckoning,
)
from workflows.planning_room.tables import Column, FigureTable, Report
from workflows.refusal import Forbidden, Refusal
from workflows.small_cells import Hidden


@pytest.fixture
def place(make_url):
    with a_place_of_processes(make_url("sqlite")) as place:
        yield place


def released(place):
    place.group()
    for _ in range(6):
        place.person()
    with place.unit() as uow:
        a_finished_run(uow, REGION, RunState.RELEASED)
        described(uow).commit()


def state_of(place, id):
    found = read_reckoning(place.planner(), id)
    return found["state"], found["summary"].get("failed")


def never():
    return False


def later(place, by):
    """The desk of the planner, so much later."""
    store = replace(place.store, now=lambda: utc_now() + by)
    return replace(place.planner(), store=store)


def test_a_process_of_its_own_answers_in_the_name_of_whoever_asked(place):
    released(place)
    id = begin_reckoning(place.planner(), REGION, "gaps", {})
    (attending,) = (one for one in threading.enumerate() if one.name == f"attend {id}")
    attending.join()
    found = read_reckoning(place.planner(), id)
    assert found["state"] == "finished"
    reports = {lang: read_report(parts["gaps"]) for lang, parts in found["answer"].items()}
    assert [table.key for table in reports["de"].tables] == [table.key for table in reports["en"].tables]
    with ReadingUnit(place.store) as unit:
        entries = unit.find(t.audit_entry, object_id=id)
    assert {row["account_id"] for row in entries} == {"acc-paula"}
    assert len(entries) == 3  # begin, take, finish


def test_who_asks_the_same_joins_what_is_at_work_and_it_is_computed_once(place):
    released(place)
    id = start_reckoning(place.planner(), REGION, "gaps", {})
    other = Desk(place.store, a_caller(Role.COORDINATOR, "acc-paula"))
    assert start_reckoning(other, REGION, "gaps", {}) == id
    assert start_reckoning(other, REGION, "what-if", {"do": "add"}) != id
    compute_reckoning(place.planner(), id)
    first = read_reckoning(place.planner(), id)
    compute_reckoning(other, id)
    assert read_reckoning(place.planner(), id) == first
    assert take_reckoning(other, id) is None
    assert start_reckoning(other, REGION, "gaps", {}) != id, "an answer is not what is asked anew"


def test_two_who_ask_at_the_same_instant_get_one(place):
    asked = threading.Barrier(2)
    ids = []

    def ask():
        asked.wait(30)
        ids.append(start_reckoning(place.planner(), REGION, "gaps", {}))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 2 and len(set(ids)) == 1


def test_only_so_many_are_at_work_at_once(place):
    for number in range(MOST_AT_ONCE):
        start_reckoning(place.planner(), REGION, "what-if", {"seats": number})
    with pytest.raises(Refusal, match="at once"):
        start_reckoning(place.planner(), REGION, "gaps", {})
    assert start_reckoning(place.planner(), REGION, "what-if", {"seats": 0}), "joining is no more work"


def test_one_that_is_stopped_has_no_answer_and_its_process_ends(place, monkeypatch):
    released(place)
    monkeypatch.setattr(reckon, "EVERY_SECONDS", 0.01)
    id = start_reckoning(place.planner(), REGION, "gaps", {})
    ended = threading.Event()

    def never_done(*_):
        stop_reckoning(place.planner(), id)
        assert ended.wait(60), "nobody saw that it was stopped"
        return {}

    monkeypatch.setattr(reckon, "ANSWERS", {"gaps": never_done})
    compute(written_desk(place.planner(), id), never, ended.set)
    assert state_of(place, id) == ("stopped", None)
    assert read_reckoning(place.planner(), id)["answer"] is None
    stop_reckoning(place.planner(), id)
    assert state_of(place, id) == ("stopped", None)


def test_one_whose_beginner_has_gone_has_failed_and_its_process_ends(place, monkeypatch):
    monkeypatch.setattr(reckon, "EVERY_SECONDS", 0.01)
    id = start_reckoning(place.planner(), REGION, "gaps", {})
    ended = threading.Event()
    monkeypatch.setattr(reckon, "ANSWERS", {"gaps": lambda *_: {"de": {}} if ended.wait(60) else {}})
    compute(written_desk(place.planner(), id), lambda: True, ended.set)
    assert state_of(place, id) == ("failed", "crashed")
    assert read_reckoning(place.planner(), id)["answer"] is None


def test_one_that_nobody_stops_is_left_alone(place, monkeypatch):
    monkeypatch.setattr(reckon, "EVERY_SECONDS", 0.001)
    monkeypatch.setattr(reckon, "ANSWERS", {"gaps": lambda *_: {"de": {}, "en": {}}})
    id = start_reckoning(place.planner(), REGION, "gaps", {})
    given = written_desk(place.planner(), id)
    compute(given, never, lambda: pytest.fail("ended though nobody wanted it to"))
    assert state_of(place, id) == ("finished", None)


@pytest.mark.parametrize(
    ("error", "said"), [(ZeroDivisionError, "ZeroDivisionError"), (KeyboardInterrupt, "crashed")]
)
def test_a_fault_is_said_and_it_can_be_asked_again(place, monkeypatch, error, said):
    def broken(*_):
        raise error

    monkeypatch.setattr(reckon, "ANSWERS", {"gaps": broken})
    id = start_reckoning(place.planner(), REGION, "gaps", {})
    with pytest.raises(error):
        compute_reckoning(place.planner(), id)
    assert state_of(place, id) == ("failed", said)
    assert start_reckoning(place.planner(), REGION, "gaps", {}) != id


def test_without_a_plan_it_says_so(place):
    id = start_reckoning(place.planner(), REGION, "savings", {})
    with pytest.raises(Refusal):
        compute_reckoning(place.planner(), id)
    assert state_of(place, id) == ("failed", "reckoning-no-plan")


def test_a_process_that_is_gone_is_seen_and_stands_in_nobody_s_way(place):
    id = start_reckoning(place.planner(), REGION, "gaps", {})
    with place.unit() as uow:
        row = uow.get(t.reckoning, id)
        gone = {**row["settings"], "process": {**row["settings"]["process"], "id": 2**22 - 1}}
        uow.change(t.reckoning, id, row["version"], settings=gone)
        described(uow).commit()
    assert state_of(place, id) == ("failed", "crashed")
    assert list_reckonings(place.planner(), REGION, "gaps") == []
    assert start_reckoning(place.planner(), REGION, "gaps", {}) != id
    with ReadingUnit(place.store) as unit:
        assert unit.get(t.reckoning, id)["state"] == "failed"


def test_one_whose_time_is_long_over_is_taken_for_crashed(place):
    id = start_reckoning(place.planner(), REGION, "gaps", {})
    soon, late = (timedelta(seconds=TIME_LIMIT_SECONDS + GRACE_SECONDS + some) for some in (-60, 60))
    assert read_reckoning(later(place, soon), id)["state"] == "running"
    assert read_reckoning(later(place, late), id)["state"] == "failed"


def test_old_answers_go_when_the_next_question_is_asked(place):
    with place.unit() as uow:
        old = a_finished_reckoning(uow, REGION, started_at=utc_now() - KEPT_FOR - timedelta(hours=1))
        young = a_finished_reckoning(uow, REGION, started_at=utc_now() - KEPT_FOR + timedelta(hours=1))
        described(uow).commit()
    start_reckoning(place.planner(), REGION, "gaps", {})
    assert [one["id"] for one in list_reckonings(place.planner(), REGION, "report")] == [young]
    with pytest.raises(Missing):
        read_reckoning(place.planner(), old)


def test_answers_about_another_region_are_not_there(place):
    with place.unit() as uow:
        a_region(uow, "anderswo")
        id = a_finished_reckoning(uow, "anderswo")
        described(uow).commit()
    with pytest.raises(Missing):
        read_reckoning(place.planner(), id)
    with pytest.raises(Forbidden):
        start_reckoning(place.planner(), "anderswo", "gaps", {})


def test_progress_stands_beside_what_is_at_work_only(place):
    id = start_reckoning(place.planner(), REGION, "gaps", {})
    told = {"part": "seats", "done": 1, "of": 5}
    note_progress(place.store, t.reckoning, id, told)
    assert read_reckoning(place.planner(), id)["summary"] == {"progress": told}
    stop_reckoning(place.planner(), id)
    note_progress(place.store, t.reckoning, id, told)
    assert read_reckoning(place.planner(), id)["summary"] == {}


def test_a_report_is_read_again_as_it_was_written():
    columns = (Column("offering", "name"), Column("people", "count"), Column("share", "share"))
    rows = [
        ["off-1", 7, 0.25],
        ["off-2", Hidden.SMALL, None],
        [date(2026, 11, 30), Hidden.PROTECTING, np.float64(1.5)],
    ]
    names = {"off-1": "Kurs", "off-2": "Beratung"}
    table = FigureTable("missing-kind", columns, rows, bar="people")
    report = Report(
        ("title.gaps", {"today": date(2026, 11, 30)}), [("gaps.people", {"n": 7})], [table], names
    )
    assert read_report(written_report(report)) == report


def test_names_that_no_table_shows_are_not_kept_and_numbers_without_an_end_are_none():
    table = FigureTable("missing-kind", (Column("offering", "name"),), [["off-1"], [float("inf")]])
    report = Report(("title.gaps", {}), [], [table], {"off-1": "Kurs", "off-2": "Beratung"})
    written = written_report(report)
    assert written["names"] == {"off-1": "Kurs"}
    assert read_report(written).tables[0].rows[1] == [None]
