"""A counsellor's lists name what is due, late or agreed for her own people, page by page and by index."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from plans.help_plan import Phase
from plans.roles import Role
from plans.steps import Precondition
from plans.waiting import ClockDates
from store import tables as t
from store.queries import people
from store.queries.paging import LARGEST_PAGE, Page
from store.queries.people import Own
from store.unit_of_work import ReadingUnit
from tests.query_plans import whole_tables_read
from tests.store.builders import a_group, a_need, a_person, a_plan, a_slot, a_unit, described
from tests.workflows.cases.scene import a_running_case
from tests.workflows.desks import REGION, the_machine
from workflows.cases.appointments import cancel_appointment
from workflows.cases.clocks import note_dates
from workflows.cases.lists import (
    list_due_reviews,
    list_long_waits,
    list_missing_follow_ons,
    list_next_appointments,
    list_own_people,
    list_replan_marks,
)
from workflows.cases.persons import assign_counsellor
from workflows.cases.steps import fulfil_precondition
from workflows.refusal import Forbidden

LISTS = (
    *(list_own_people, list_due_reviews, list_long_waits, list_missing_follow_ons),
    *(list_next_appointments, list_replan_marks),
)


@pytest.fixture
def scene(store):
    return a_running_case(store)


def names(listed):
    return [row["name"] for row in listed.rows]


def test_a_review_is_listed_from_the_day_on_which_it_is_due(scene):
    assert scene.plan("karim")["review_due_on"] == date(2026, 3, 31)
    assert names(list_due_reviews(scene.anna)) == []
    assert names(list_due_reviews(scene.anna, within_days=22)) == ["Amina Muster", "Karim Muster"]
    scene.calendar.today = date(2026, 3, 31)
    assert sorted(names(list_due_reviews(scene.anna))) == ["Amina Muster", "Karim Muster"]


def test_a_step_is_listed_when_it_waits_for_more_than_six_weeks(scene):
    scene.calendar.today = registered_on = date(2026, 3, 16)
    version = fulfil_precondition(scene.anna, scene.ids["step"], 1, Precondition.CHILDCARE_PLACE)["version"]
    waits = note_dates(scene.anna, scene.ids["step"], version, ClockDates(registered_on=registered_on))
    scene.calendar.today = registered_on + timedelta(days=42)
    assert list_long_waits(scene.anna).rows == []
    scene.calendar.today += timedelta(days=1)
    (row,) = list_long_waits(scene.anna).rows
    assert (row["step_id"], row["registered_on"]) == (scene.ids["step"], "2026-03-16")
    started = ClockDates(registered_on=registered_on, started_on=scene.calendar.today)
    note_dates(scene.anna, scene.ids["step"], waits["version"], started)
    assert list_long_waits(scene.anna).rows == []


def test_a_step_that_ends_is_listed_until_the_next_one_has_a_seat(scene):
    with a_unit(scene.store) as uow:
        group = a_group(uow, REGION, scene.ids["vhs"])
        end_on = date(2026, 6, 1)
        slot = a_slot(uow, REGION, scene.ids["vhs"], group, end_on=end_on)
        plan = uow.find(t.help_plan, person_id=scene.ids["karim"])[0]["id"]
        begun = {"state": "under-way", "started_on": date(2026, 3, 3), "fixed_slot_id": slot}
        first = a_need(uow, REGION, plan, **begun)
        second = a_need(uow, REGION, plan, kind="job/intake", after_need_id=first)
        described(uow).commit()
    scene.calendar.today = end_on - timedelta(days=57)
    assert list_missing_follow_ons(scene.anna).rows == []
    scene.calendar.today += timedelta(days=1)
    (row,) = list_missing_follow_ons(scene.anna).rows
    assert (row["step_id"], row["next_step_id"], row["end_on"]) == (first, second, "2026-06-01")
    with a_unit(scene.store) as uow:
        uow.change(t.need, second, 1, fixed_slot_id=slot)
        described(uow).commit()
    assert list_missing_follow_ons(scene.anna).rows == []


def test_the_next_talks_are_listed_until_they_are_cancelled(scene):
    (row,) = list_next_appointments(scene.anna).rows
    assert (row["name"], row["planned_on"]) == ("Amina Muster", "2026-04-07")
    assert list_next_appointments(scene.anna, from_on=date(2026, 4, 8)).rows == []
    cancel_appointment(scene.anna, scene.ids["appointment"], row["version"])
    assert list_next_appointments(scene.anna).rows == []


def test_a_plan_with_new_steps_is_listed_as_marked_for_a_re_plan(scene):
    assert names(list_replan_marks(scene.anna)) == ["Amina Muster"]


def test_lists_show_own_people_only(scene):
    carla = scene.desk(Role.COUNSELLOR, "carla", "office")
    elsewhere = scene.desk(Role.COUNSELLOR, "anna", "other-office")
    scene.calendar.today = date(2026, 4, 7)
    for asks in LISTS:
        for desk in (carla, elsewhere, the_machine(scene.store)):
            assert asks(desk).rows == []
        with pytest.raises(Forbidden):
            asks(scene.desk(Role.COORDINATOR, "anna", "office"))
    assign_counsellor(scene.anna, scene.ids["amina"], scene.version(), scene.ids["carla"])
    assert names(list_next_appointments(carla)) == names(list_own_people(carla)) == ["Amina Muster"]
    assert names(list_own_people(scene.anna)) == ["Karim Muster"]


def a_crowd(scene, number):
    """Plans of the same counsellor, many of them due on the same day."""
    with a_unit(scene.store) as uow:
        for n in range(number):
            person = a_person(uow, REGION, scene.ids["office"], name=f"Muster {n}")
            due_on = date(2026, 3, 1) + timedelta(days=n // 3)
            looked_after = {"counsellor_id": scene.ids["anna"], "review_due_on": due_on}
            a_plan(uow, REGION, scene.ids["office"], person, phase=Phase.ACTIVE, **looked_after)
        described(uow).commit()


@pytest.mark.parametrize("asks", [list_own_people, list_due_reviews])
def test_a_list_is_read_page_by_page_without_a_gap(scene, asks):
    a_crowd(scene, 10)
    scene.calendar.today = date(2026, 4, 7)
    whole = asks(scene.anna).rows
    assert len(whole) == 12
    page, read = Page(limit=5), []
    while True:
        listed = asks(scene.anna, page)
        assert len(listed.rows) <= 5
        read += listed.rows
        if listed.after is None:
            break
        page = replace(page, after=listed.after)
    assert read == whole


def test_a_page_has_a_bounded_number_of_rows():
    assert [Page(limit=limit).size for limit in (-1, 0, 7, 10_000)] == [1, 1, 7, LARGEST_PAGE]


QUERIES = {
    "own people": lambda unit, own, page: people.own_people(unit, own, page),
    "due reviews": lambda unit, own, page: people.due_reviews(unit, own, date(2026, 4, 7), page),
    "re-plan marks": lambda unit, own, page: people.marked_for_replan(unit, own, page),
    "long waits": lambda unit, own, page: people.waiting_since(unit, own, date(2026, 4, 7), page),
    "missing follow-ons": lambda unit, own, page: people.ending_without_follow_on(
        unit, own, date(2026, 4, 7), page
    ),
    "appointments": lambda unit, own, page: people.next_appointments(unit, own, date(2026, 4, 7), page),
}


@pytest.mark.parametrize("name", QUERIES)
def test_each_list_is_one_query_by_index(scene, name):
    own = Own(scene.ids["anna"], {scene.ids["office"]})
    with ReadingUnit(scene.store) as unit:
        assert whole_tables_read(unit, lambda: QUERIES[name](unit, own, Page())) == []
        without_index = t.help_plan.c.arrived_on > date(2026, 3, 1)
        assert whole_tables_read(unit, lambda: unit.find(t.help_plan, without_index)) != []
