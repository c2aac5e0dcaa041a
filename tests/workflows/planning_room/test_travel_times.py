"""Travel times are kept with their day, hold for the network analysis, and can be taken back."""

import pytest

from network.faults import PartnerFault
from plans.roles import Role
from store.faults import Missing
from tests.workflows.desks import REGION, a_caller
from tests.workflows.planning_runs.builders import a_place
from workflows.acting import Desk
from workflows.partners.opened import open_network
from workflows.planning_room.travel_times import (
    hand_in_travel_times,
    list_travel_times,
    take_back_travel_times,
)
from workflows.refusal import Forbidden, Refusal

FILE = b"von;nach;Minuten\nMusterstadt;Neudorf;25\nNeudorf;Musterstadt;40\nMusterstadt;Probeheim;10\n"


@pytest.fixture
def desk(store):
    return a_place(store).planner()


def test_ways_are_measured_by_the_newest_table_until_it_is_taken_back(desk):
    assert open_network(desk, REGION).travel.unit == "km"
    first = hand_in_travel_times(desk, REGION, "erste.csv", FILE)
    second = hand_in_travel_times(desk, REGION, "zweite.csv", FILE.replace(b"25", b"30"))
    names = ("musterstadt", "neudorf")
    assert open_network(desk, REGION).travel.minutes[names] == 30
    take_back_travel_times(desk, REGION, second, 1)
    travel = open_network(desk, REGION).travel
    assert (travel.minutes[names], travel.minutes[names[::-1]]) == (25, 40)
    assert travel.minutes["probeheim", "musterstadt"] == 10, "the other direction has no row of its own"
    assert open_network(desk, REGION).analysis.unit == "min"
    take_back_travel_times(desk, REGION, first, 1)
    assert open_network(desk, REGION).analysis.unit == "km"


def test_what_was_handed_in_is_listed_with_its_day_and_state(desk):
    first = hand_in_travel_times(desk, REGION, "erste.csv", FILE)
    second = hand_in_travel_times(desk, REGION, "zweite.csv", FILE)
    take_back_travel_times(desk, REGION, second, 1)
    newest, oldest = list_travel_times(desk, REGION)
    assert (newest["id"], oldest["id"]) == (second, first)
    assert newest["taken_back_at"] and oldest["taken_back_at"] is None
    assert (newest["holds"], oldest["holds"]) == (False, True)
    assert (oldest["rows"], oldest["file_name"]) == (3, "erste.csv")
    assert oldest["places"] == ["musterstadt", "neudorf", "probeheim"]


def test_a_faulty_file_is_refused_with_line_and_column_and_nothing_is_kept(desk):
    with pytest.raises(PartnerFault) as refused:
        hand_in_travel_times(desk, REGION, "wege.csv", FILE.replace(b";25", b";bald"))
    (fault,) = refused.value.faults
    assert (fault.file, fault.line, fault.column) == ("wege.csv", 2, "Minuten")
    assert list_travel_times(desk, REGION) == []


def test_a_table_is_taken_back_once_and_in_its_own_region_only(desk):
    id = hand_in_travel_times(desk, REGION, "wege.csv", FILE)
    with pytest.raises(Missing):
        take_back_travel_times(desk, "anderswo", id, 1)
    take_back_travel_times(desk, REGION, id, 1)
    with pytest.raises(Refusal):
        take_back_travel_times(desk, REGION, id, 2)


def test_only_who_plans_hands_in_and_no_file_of_others_is_read(desk):
    counsellor = Desk(desk.store, a_caller(Role.COUNSELLOR, "acc-1", "org-1"))
    with pytest.raises(Forbidden):
        hand_in_travel_times(counsellor, REGION, "wege.csv", b"no table")
