"""Talks are agreed, held, missed or cancelled; steps are reviewed in them; plans are closed and reopened."""

from datetime import date

import pytest

from plans.case_records import Achievement, Closure, ClosureReason, Talk
from plans.fault import PlanFault
from plans.help_plan import Phase
from plans.roles import Role
from plans.steps import Finding, StepReview, StepState
from store import tables as t
from store.faults import Missing
from store.tables import AppointmentState
from store.unit_of_work import ReadingUnit
from tests.workflows.cases.scene import a_running_case
from workflows.cases.appointments import (
    cancel_appointment,
    move_appointment,
    note_missed_appointment,
    set_appointment,
)
from workflows.cases.closing import close_plan, record_achievement, reopen_plan
from workflows.cases.records import load_case
from workflows.cases.reviews import hold_review, review_step
from workflows.refusal import Refusal

APRIL_7 = date(2026, 4, 7)
MAY_5 = date(2026, 5, 5)
REACHED = Closure(date(2026, 3, 9), ClosureReason.GOALS_REACHED)


@pytest.fixture
def scene(store):
    return a_running_case(store)


def case_of(scene):
    with ReadingUnit(scene.store) as unit:
        return load_case(unit, scene.ids["amina"])


def appointments(scene):
    with ReadingUnit(scene.store) as unit:
        order = t.appointment.c.planned_on
        plan_id = scene.plan()["id"]
        return [
            (row["state"].value, row["planned_on"], row["held_on"])
            for row in unit.find(t.appointment, help_plan_id=plan_id, order_by=order)
        ]


def review(scene, held_on=APRIL_7, finding=(Finding.OPEN, ""), next_on=MAY_5, **more):
    findings = {scene.ids["step"]: finding}
    return hold_review(scene.anna, scene.ids["amina"], scene.version(), held_on, findings, next_on, **more)


def test_the_first_appointment_agreed_is_the_next_one(scene):
    set_appointment(scene.anna, scene.ids["amina"], scene.version(), date(2026, 3, 30))
    assert scene.plan()["next_appointment_on"] == date(2026, 3, 30)
    assert scene.plan()["review_due_on"] == date(2026, 3, 30)
    set_appointment(scene.anna, scene.ids["amina"], scene.version(), date(2026, 3, 30))
    assert len(appointments(scene)) == 2  # one a day
    with pytest.raises(PlanFault, match="today"):
        set_appointment(scene.anna, scene.ids["amina"], scene.version(), date(2026, 3, 8))


def test_an_appointment_that_is_moved_or_cancelled_changes_the_next_one(scene):
    move_appointment(scene.anna, scene.ids["appointment"], 1, date(2026, 4, 14))
    assert scene.plan()["next_appointment_on"] == date(2026, 4, 14)
    cancel_appointment(scene.anna, scene.ids["appointment"], 2)
    assert scene.plan()["next_appointment_on"] is None
    with pytest.raises(Refusal, match="agree a new one"):
        move_appointment(scene.anna, scene.ids["appointment"], 3, date(2026, 4, 14))


def test_nobody_has_missed_a_talk_that_lies_ahead(scene):
    with pytest.raises(PlanFault, match="planned_on"):
        note_missed_appointment(scene.anna, scene.ids["appointment"], 1)
    scene.calendar.today = APRIL_7
    note_missed_appointment(scene.anna, scene.ids["appointment"], 1)
    assert scene.row(t.appointment, "appointment")["state"] is AppointmentState.MISSED


def test_a_review_turns_the_appointment_into_a_talk_and_agrees_the_next(scene):
    scene.calendar.today = APRIL_7
    told = review(scene, finding=(Finding.OBSTRUCTED, "no seat yet"), note="will ask her sister")
    assert told["appointment_id"] == scene.ids["appointment"]
    assert appointments(scene) == [("held", APRIL_7, APRIL_7), ("planned", MAY_5, None)]
    assert scene.row(t.appointment, "appointment")["note"] == "will ask her sister"
    case = case_of(scene)
    assert case.talks == (Talk(APRIL_7),)
    assert case.step(scene.ids["step"]).reviews == (StepReview(APRIL_7, Finding.OBSTRUCTED, "no seat yet"),)
    assert (case.next_appointment_on, scene.plan()["review_due_on"]) == (MAY_5, MAY_5)
    with ReadingUnit(scene.store) as unit:
        (row,) = unit.find(t.review, need_id=scene.ids["step"])
    assert row["appointment_id"] == scene.ids["appointment"]


def test_a_talk_that_nobody_agreed_leaves_the_appointment_as_it_is(scene):
    scene.calendar.today = date(2026, 3, 20)
    review(scene, held_on=date(2026, 3, 20), next_on=None, is_overall=True)
    assert ("planned", APRIL_7, None) in appointments(scene)
    assert case_of(scene).talks == (Talk(date(2026, 3, 20), is_overall=True),)
    assert case_of(scene).next_appointment_on == APRIL_7


def test_a_review_states_every_open_step_and_says_why_one_is_obstructed(scene):
    scene.calendar.today = APRIL_7
    with pytest.raises(PlanFault, match="without a finding"):
        hold_review(scene.anna, scene.ids["amina"], scene.version(), APRIL_7, {}, MAY_5)
    with pytest.raises(PlanFault, match="why"):
        review(scene, finding=(Finding.OBSTRUCTED, " "))
    with pytest.raises(PlanFault, match="held_on"):
        review(scene, held_on=MAY_5)
    assert appointments(scene) == [("planned", APRIL_7, None)]


def test_a_step_found_done_is_over(scene):
    review_step(scene.anna, scene.ids["step"], 1, date(2026, 3, 9), Finding.DONE)
    step = case_of(scene).step(scene.ids["step"])
    assert (step.state, step.done_on) == (StepState.DONE, date(2026, 3, 9))
    with pytest.raises(PlanFault, match="make a new step"):
        review_step(scene.anna, scene.ids["step"], 2, date(2026, 3, 9), Finding.OPEN)


def test_a_plan_with_open_steps_is_not_closed(scene):
    with pytest.raises(PlanFault, match="still open"):
        close_plan(scene.anna, scene.ids["amina"], scene.version(), REACHED)
    assert appointments(scene) == [("planned", APRIL_7, None)]


def closed(scene):
    review_step(scene.anna, scene.ids["step"], 1, date(2026, 3, 9), Finding.DONE)
    return close_plan(scene.anna, scene.ids["amina"], scene.version(), REACHED)


def test_a_closed_plan_has_no_appointment_is_erased_in_time_and_takes_nothing_more(scene):
    record_achievement(
        *(scene.anna, scene.ids["amina"], scene.version(), date(2026, 3, 9), Achievement.WITHOUT_BENEFITS)
    )
    assert closed(scene)["erase_due_on"] == "2028-03-08"
    assert case_of(scene).lives_without_benefits
    assert (scene.plan()["phase"], scene.plan()["review_due_on"]) == (Phase.CLOSED, None)
    assert appointments(scene) == [("cancelled", APRIL_7, None)]
    with pytest.raises(PlanFault, match="reopen it"):
        set_appointment(scene.anna, scene.ids["amina"], scene.version(), APRIL_7)


def test_only_the_counsellor_of_the_person_closes_a_plan(scene):
    review_step(scene.anna, scene.ids["step"], 1, date(2026, 3, 9), Finding.DONE)
    with pytest.raises(Missing):
        carla = scene.desk(Role.COUNSELLOR, "carla", "office")
        close_plan(carla, scene.ids["amina"], scene.version(), REACHED)


def test_a_reopened_plan_has_a_next_talk_and_is_not_erased(scene):
    closed(scene)
    reopen_plan(scene.anna, scene.ids["amina"], scene.version(), date(2026, 3, 30))
    plan = scene.plan()
    assert (plan["phase"], plan["erase_due_on"]) == (Phase.ACTIVE, None)
    assert (plan["closed_on"], plan["closure_reason"]) == (None, None)
    assert plan["next_appointment_on"] == plan["review_due_on"] == date(2026, 3, 30)
    assert ("planned", date(2026, 3, 30), None) in appointments(scene)
    with pytest.raises(PlanFault, match="nothing to reopen"):
        reopen_plan(scene.anna, scene.ids["amina"], scene.version(), date(2026, 3, 30))
