"""Somebody is found by exact name and birth date, and a file is read for a purpose that is kept."""

import json
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from plans.roles import Role
from plans.steps import Finding
from plans.waiting import ClockDates
from store import tables as t
from store.faults import Missing
from store.unit_of_work import ReadingUnit
from tests.workflows.cases.scene import a_running_case
from tests.workflows.desks import the_machine
from workflows.cases.clocks import note_dates
from workflows.cases.file import read_person
from workflows.cases.reviews import review_step
from workflows.cases.search import search_people
from workflows.refusal import Forbidden, Refusal

BIRTH_ON = date(1990, 5, 17)


@pytest.fixture
def scene(store):
    return a_running_case(store)


def last_entry(scene):
    with ReadingUnit(scene.store) as unit:
        return unit.connection.execute(sa.select(t.audit_entry).order_by("sequence")).all()[-1]


@pytest.mark.parametrize("name", ["Amina Muster", "AMINA  MUSTER", "Amína Muster"])
def test_somebody_is_found_however_the_name_is_written(scene, name):
    (found,) = search_people(scene.anna, name, BIRTH_ON)
    assert found == {
        "person_id": scene.ids["amina"],
        "household_id": scene.ids["household"],
        "phase": "active",
    }


def test_only_who_has_both_the_name_and_the_birth_date_is_found(scene):
    assert search_people(scene.anna, "Amina Muster", date(1990, 5, 18)) == []
    assert search_people(scene.anna, "Amina", BIRTH_ON) == []


def test_other_offices_do_not_find_anybody_and_the_machine_does(scene):
    assert search_people(scene.stranger, "Amina Muster", BIRTH_ON) == []
    assert len(search_people(the_machine(scene.store), "Amina Muster", BIRTH_ON)) == 1
    with pytest.raises(Forbidden):
        search_people(scene.desk(Role.PLANNER, "anna", "office"), "Amina Muster", BIRTH_ON)


def test_a_file_holds_everything_with_both_clocks_as_they_stand(scene):
    dates = ClockDates(date(2026, 3, 2), date(2026, 3, 9))
    version = note_dates(scene.anna, scene.ids["step"], 1, dates)["version"]
    review_step(scene.anna, scene.ids["step"], version, date(2026, 3, 9), Finding.OBSTRUCTED, "no seat yet")
    scene.calendar.today = date(2026, 4, 21)
    file = read_person(scene.anna, scene.ids["amina"])
    json.dumps(file)
    assert file["person"]["name"] == "Amina Muster"
    assert file["person"]["contact"]["email"] == "amina.muster@example.org"
    assert file["household"]["address"].startswith("Musterweg 1")
    assert (file["household"]["home_lat"], file["household"]["home_lon"]) == (51.501, 7.405)
    assert file["plan"]["next_appointment_on"] == "2026-04-07"
    (step,) = file["steps"]
    assert (step["access"]["days"], step["waiting"]["days"]) == (50, 43)
    assert (step["start_due_on"], step["is_overdue"]) == ("2026-04-20", True)
    assert step["reviews"] == [{"reviewed_on": "2026-03-09", "finding": "obstructed", "why": "no seat yet"}]
    assert [goal["text_en"] for goal in file["goals"]] == ["Work"]
    assert len(file["analyses"]) == len(file["appointments"]) == 1
    for part in ("person", "household", "plan"):
        assert file[part]["version"] >= 1


def test_reading_a_file_leaves_an_entry_with_its_purpose(scene):
    read_person(replace(scene.anna, purpose="first talk"), scene.ids["amina"])
    entry = last_entry(scene)
    assert (entry.action, entry.object_id, entry.purpose) == ("read-person", scene.ids["amina"], "first talk")
    assert entry.account_id == scene.ids["anna"]


def test_a_file_is_not_read_without_a_purpose(scene):
    before = last_entry(scene)
    with pytest.raises(Refusal, match="say what for"):
        read_person(replace(scene.anna, purpose=""), scene.ids["amina"])
    assert last_entry(scene) == before


def test_a_file_of_another_office_looks_as_if_it_were_not_there(scene):
    with pytest.raises(Missing) as foreign:
        read_person(scene.stranger, scene.ids["amina"])
    with pytest.raises(Missing) as missing:
        read_person(scene.stranger, "per-nobody")
    assert str(foreign.value).replace(scene.ids["amina"], "…") == str(missing.value).replace(
        "per-nobody", "…"
    )
    for role in (Role.ADMINISTRATOR, Role.AUDITOR, Role.COORDINATOR):
        with pytest.raises(Forbidden):
            read_person(scene.desk(role, "anna", "office"), scene.ids["amina"])
