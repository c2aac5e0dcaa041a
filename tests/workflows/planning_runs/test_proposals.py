"""Counsellors see what a released plan proposes for their people, with its reasons; they alone decide."""

import pytest

from plans.roles import Role
from store.tables import ProposalState
from tests.store.builders import an_organisation, described
from tests.workflows.desks import REGION, a_caller
from tests.workflows.planning_runs.builders import a_place
from tests.workflows.planning_runs.test_runs import planned, released
from workflows.acting import Desk
from workflows.planning_runs.proposals import list_proposals, list_run_proposals
from workflows.refusal import Forbidden


@pytest.fixture
def place(store):
    return a_place(store)


def test_proposals_are_listed_once_they_are_released(place):
    slot = place.group()
    (need,) = place.person()
    done = planned(place)
    assert list_proposals(place.counsellor()) == []
    (seen,) = list_run_proposals(place.planner(), done.run_id)
    assert seen["need_id"] == need
    released(place)
    (listed,) = list_proposals(place.counsellor())
    assert (listed["need_id"], listed["slot_id"], listed["state"]) == (need, slot, "proposed")
    assert (listed["start_on"], listed["free_seats"]) == ("2026-03-09", 20)
    assert listed["provider"] == "VHS Musterstadt" and listed["offering"] == "Integrationskurs"
    assert "Integrationskurs" in listed["kind_de"] and listed["reasons"][0]["en"]


def test_the_earliest_start_comes_first_and_needs_without_a_slot_last(place):
    later, soon = place.group(seats=1, start_in_days=30), place.group(seats=1, start_in_days=3)
    for _ in range(3):
        place.person()
    released(place)
    assert [one["slot_id"] for one in list_proposals(place.counsellor())] == [soon, later, None]
    assert len(list_proposals(place.counsellor(), limit=2)) == 2


def test_other_states_are_listed_when_asked_for(place):
    place.person()
    released(place)
    released(place)
    assert len(list_proposals(place.counsellor())) == 1
    assert len(list_proposals(place.counsellor(), states=(ProposalState.OUTDATED,))) == 1


def test_proposals_of_other_offices_are_not_seen(place):
    place.person()
    done = released(place)
    with place.unit() as uow:
        other = an_organisation(uow, REGION, "other", name="Andere Stelle")
        described(uow).commit()
    assert list_proposals(place.counsellor(other)) == []
    with pytest.raises(Forbidden):
        list_proposals(place.planner())
    with pytest.raises(Forbidden):
        list_run_proposals(place.counsellor(), done.run_id)
    with pytest.raises(Forbidden):
        list_proposals(Desk(place.store, a_caller(Role.PROVIDER, "acc-p", place.provider)))
