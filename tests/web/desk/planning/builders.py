"""Builders of the planning room: its region, people who have begun, and questions that are asked."""

from datetime import timedelta

from tests.store.builders import (
    TODAY,
    a_need,
    a_person,
    a_plan,
    a_unit,
    described,
)
from tests.workflows.desks import REGION

AT = f"/planung/{REGION}"
PEOPLE = 12


def begun(office, many, waited_days, kind="placement-test"):
    """So many people who began a step some days after they had registered for it."""
    with a_unit(office.store) as uow:
        for _ in range(many):
            plan = a_plan(uow, REGION, office.organisation_id, a_person(uow, REGION, office.organisation_id))
            a_need(
                uow,
                REGION,
                plan,
                kind=kind,
                registered_on=TODAY - timedelta(days=waited_days),
                started_on=TODAY,
            )
        described(uow).commit()


def asked(planner, page, **form):
    """Where the answer to a question stands."""
    answer = planner.post(f"{AT}/rechnen/{page}", form, at=f"{AT}/{page}")
    assert answer.status_code == 303
    return answer.headers["Location"]
