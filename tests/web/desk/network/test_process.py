"""The reference process shows targets and actual times, and no figure that rests on too few people."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from plans.process import DATES, ProcessStep, reference_process
from plans.roles import Role
from plans.rules import standard_rules
from tests.store.builders import a_need, a_person, a_plan, a_unit, described
from tests.web.desk.conftest import Office
from tests.workflows.desks import REGION

AT = f"/netz/{REGION}/referenzprozess"
STARTED = date(2026, 2, 2)


def with_courses(office: Office, waits: list[int]) -> None:
    """Steps of people who started a course so many days after they had registered."""
    with a_unit(office.store) as uow:
        for days in waits:
            person = a_person(uow, REGION, office.organisation_id)
            plan = a_plan(uow, REGION, office.organisation_id, person)
            registered = STARTED - timedelta(days=days)
            a_need(uow, REGION, plan, registered_on=registered, placed_on=registered, started_on=STARTED)
        described(uow).commit()


def test_the_median_stands_beside_the_target(office: Office) -> None:
    with_courses(office, [10, 20, 30, 50, 60])
    page = office.signed_in(Role.COORDINATOR).get(AT).text
    assert "Soll: 42 Tage" in page
    assert "Ist: 30 Tage (bei 5 Schritten)" in page or "Ist: 30,0 Tage (bei 5 Schritten)" in page
    assert "60\N{NO-BREAK SPACE}% im Soll" in page


def test_four_people_are_too_few_for_a_figure(office: Office) -> None:
    with_courses(office, [10, 20, 30, 50])
    page = office.signed_in(Role.PLANNER).get(AT).text
    assert "zu wenige Fälle" in page and "Ist: 2" not in page


def test_every_step_has_a_lane_and_a_known_target() -> None:
    process = reference_process()
    assert {step.lane for step in process.steps} == set(process.lanes)
    for step in process.steps:
        assert step.target is None or standard_rules().rule(step.target, STARTED).unit == "days"


@pytest.mark.parametrize("dates", [("started_on", "entitled_on"), ("entitled_on", None), ("x", "placed_on")])
def test_dates_out_of_order_are_no_step(dates: tuple[str, str | None]) -> None:
    assert DATES[0] == "entitled_on"
    with pytest.raises(ValueError, match="no two dates in order"):
        ProcessStep("x", "provider", "x", "x", *dates)
