"""A step as it is agreed: what it may say, what it may change, and which dates are noted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from plans.fault import PlanFault
from plans.identity import Identity
from plans.model import Gender
from plans.needs import Goal, Relation
from plans.step_draft import Follows, StepDraft
from plans.steps import Precondition, StepState
from plans.waiting import ClockDates
from tests.plans.builders import a_need
from tests.plans.life_builders import a_case, a_step

MAY = date(2026, 5, 4)


def a_draft(**changes: Any) -> StepDraft:
    return replace(StepDraft("job/intake", Goal("Arbeit", "Work"), "job-centre", MAY), **changes)


def test_a_draft_becomes_a_step_in_its_place_of_the_chain() -> None:
    follows = Follows("p1-1", Relation.START, 7, 60)
    step = a_draft(target_on=date(2026, 6, 1), weight=2.0).begin("p1-2", follows, date(2026, 4, 1))
    assert step.need == a_need(
        "p1-2",
        kind="job/intake",
        earliest_on=MAY,
        goal=Goal("Arbeit", "Work"),
        after="p1-1",
        relation=Relation.START,
        lag_days=7,
        max_lag_days=60,
        entitled_on=date(2026, 4, 1),
        target_on=date(2026, 6, 1),
        weight=2.0,
    )
    assert (step.state, step.clocks) == (StepState.OPEN, ClockDates(date(2026, 4, 1)))


@pytest.mark.parametrize(
    ("changes", "words"), [({"kind": "magic"}, "magic"), ({"features": frozenset({"pool"})}, "pool")]
)
def test_a_draft_knows_only_what_the_catalogue_knows(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(PlanFault, match=words):
        a_draft(**changes)


def test_a_booked_step_keeps_its_kind_and_can_change_everything_else() -> None:
    booked = a_step(need=a_need("p1-1", fixed_slot="kurs-1"))
    with pytest.raises(PlanFault, match="booked"):
        a_draft().revise(booked)
    changed = a_draft(kind=booked.need.kind, weight=3.0).revise(booked)
    assert changed.need.fixed_slot == "kurs-1"
    assert (changed.need.weight, changed.responsible) == (3.0, "job-centre")


def test_a_step_that_is_over_or_has_begun_is_not_prepared_again() -> None:
    begun = a_step().note_dates(ClockDates(started_on=MAY))
    assert begun.state is StepState.UNDER_WAY
    with pytest.raises(PlanFault, match="missing"):
        begun.revise(begun.need, "vhs", frozenset({Precondition.WAY}))
    dropped = begun.drop(date(2026, 6, 1), "moved")
    for change in (lambda: a_draft().revise(dropped), lambda: dropped.note_dates(ClockDates())):
        with pytest.raises(PlanFault, match="make a new step"):
            change()


def test_nothing_starts_while_something_is_missing() -> None:
    with pytest.raises(PlanFault, match="still missing"):
        a_step(preconditions=frozenset({Precondition.VOUCHER})).note_dates(ClockDates(started_on=MAY))


def test_a_later_entitlement_moves_the_step_and_its_date() -> None:
    step = a_draft(target_on=date(2026, 5, 11)).begin("p1-1", Follows())
    later = step.note_dates(ClockDates(entitled_on=date(2026, 6, 1)))
    assert (later.need.earliest_on, later.need.target_on) == (date(2026, 6, 1), date(2026, 6, 1))
    sooner = step.note_dates(ClockDates(entitled_on=date(2026, 4, 1)))
    assert (sooner.need.earliest_on, sooner.need.target_on) == (MAY, date(2026, 5, 11))


def test_the_next_talk_lies_after_the_last_one() -> None:
    case = a_case()
    assert case.meet(MAY).next_appointment_on == MAY
    assert case.meet(None).next_appointment_on is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "name"),
        ({"profile": "emperor"}, "emperor"),
        ({"tags": frozenset({"tall"})}, "tall"),
        ({"tags": frozenset({"female"}), "gender": Gender.MALE}, "female"),
    ],
)
def test_who_somebody_is_says_nothing_that_cannot_be(changes: dict[str, Any], words: str) -> None:
    known: dict[str, Any] = {"name": "Sara Muster", "birth_on": date(1990, 5, 17)}
    with pytest.raises(PlanFault, match=words):
        Identity(**{**known, **changes})


def test_a_step_waits_no_longer_for_somebody_else_s_step_that_is_over() -> None:
    other = a_step("p2-1").note_dates(ClockDates(started_on=MAY)).drop(MAY, "moved")
    case = a_case(a_step("p1-1", need=a_need("p1-1", after="p2-1")))
    assert case.help_plan().needs[0].after == "p2-1"
    assert case.help_plan([other]).needs[0].after is None
