"""Fixtures of the planning room: who plans, a region with a plan, and questions that are answered or not."""

from dataclasses import replace

import pytest

from plans.roles import Role
from store.tables import RunState
from tests.store.builders import (
    a_finished_run,
    described,
)
from tests.web.desk.planning.builders import PEOPLE
from tests.workflows.desks import REGION
from tests.workflows.planning_runs.builders import Place
from workflows.planning_room.reckon import compute_reckoning
from workflows.planning_room.reckonings import start_reckoning


@pytest.fixture
def planner(office):
    return office.signed_in(Role.PLANNER)


@pytest.fixture
def place(office):
    """Twelve people who agreed to planning, six seats soon and six late, and a released plan."""
    place = Place(office.store, office.organisation_id, office.provider_id)
    place.soon = place.group(seats=6)
    place.late = place.group(seats=6, start_in_days=50)
    for _ in range(PEOPLE):
        place.person(recipient_type=None, recipient_id=office.organisation_id)
    with place.unit() as uow:
        a_finished_run(uow, REGION, RunState.RELEASED)
        described(uow).commit()
    return place


@pytest.fixture
def reckoned_here(monkeypatch):
    """Questions are answered at once by the process of the test."""

    def begin(desk, *question):
        id = start_reckoning(desk, *question)
        compute_reckoning(replace(desk, request_key=None), id)
        return id

    monkeypatch.setattr("web.desk.planning.reckoning.begin_reckoning", begin)


@pytest.fixture
def never_reckoned(monkeypatch):
    """Questions begin, and no process answers them."""
    monkeypatch.setattr("web.desk.planning.reckoning.begin_reckoning", start_reckoning)
    monkeypatch.setattr("web.desk.planning.reckoning.PATIENCE_SECONDS", 0)
