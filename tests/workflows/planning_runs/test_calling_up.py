"""Who of an office could take a seat that has become free: who gains most first, nobody against a rule."""

from datetime import timedelta

import pytest

from plans.referral_table import ReferralState
from store import tables as t
from store.faults import Missing
from tests.store.builders import TODAY, a_referral, an_organisation, described
from tests.workflows.desks import REGION
from tests.workflows.planning_runs.builders import a_place
from tests.workflows.planning_runs.test_runs import released
from workflows.planning_runs.calling_up import who_could_begin
from workflows.refusal import Forbidden


@pytest.fixture
def place(store):
    return a_place(store)


def a_freed_seat(place):
    """A step that asks for nothing any more, and the slot in three days in which it had its seat."""
    (need,), slot = place.person(), place.group(seats=1, start_in_days=3)
    return need, slot


def called(place, need, slot, **more):
    return [one["need_id"] for one in who_could_begin(place.counsellor(), need, slot, **more)["people"]]


def test_who_has_no_date_is_called_first_and_then_who_would_begin_last(place):
    people = [place.person()[0] for _ in range(3)]
    dates = {place.group(seats=1, start_in_days=days): days for days in (60, 90)}
    done = released(place)
    plan = {one.need_id: one.slot_id for one in done.outcome.proposals}
    need, slot = a_freed_seat(place)
    found = who_could_begin(place.counsellor(), need, slot)["people"]
    assert [one["need_id"] for one in found] == sorted(people, key=lambda id: -dates.get(plan[id], 999))
    assert [one["days_sooner"] for one in found] == [None, 87, 57]
    assert called(place, need, slot, top=1) == [found[0]["need_id"]]


def test_a_step_that_weighs_more_is_called_before_one_that_waits_as_long(place):
    light, heavy = (place.person()[0] for _ in range(2))
    place.changed(t.need, heavy, weight=2.0)
    assert called(place, *a_freed_seat(place)) == [heavy, light]


def test_whom_the_slot_does_not_suit_who_is_proposed_sooner_or_has_asked_already_is_not_called(place):
    place.person()
    place.group(seats=1, start_in_days=2)
    released(place)
    asked, later = (place.person()[0] for _ in range(2))
    place.person(times=frozenset({"fr-pm"}))
    need, slot = a_freed_seat(place)
    place.booked(asked, place.group(start_in_days=50))
    place.changed(t.slot, slot, times=["mo-am"])
    place.changed(t.need, later, earliest_on=TODAY + timedelta(days=4))
    assert called(place, need, slot) == []


def test_the_own_step_and_people_of_other_offices_are_not_called(place):
    need, slot = a_freed_seat(place)
    with place.unit() as uow:
        other = an_organisation(uow, REGION, "other", name="Andere Stelle")
        described(uow).commit()
    here = place.office
    place.office = other
    place.person()
    place.office = here
    (own,) = place.person()
    assert called(place, need, slot) == [own]
    with pytest.raises(Missing):
        who_could_begin(place.counsellor(other), need, slot)
    with pytest.raises(Forbidden):
        who_could_begin(place.planner(), need, slot)


def test_a_seat_that_is_taken_over_or_planned_for_others_is_offered_to_nobody(place):
    waiting = place.person()[0]
    need, slot = a_freed_seat(place)
    assert called(place, need, slot) == [waiting]
    place.changed(t.slot, slot, start_on=TODAY - timedelta(days=1))
    assert called(place, need, slot) == []
    place.changed(t.slot, slot, start_on=TODAY)
    assert called(place, need, slot) == [waiting]
    place.booked(place.person()[0], slot)
    found = who_could_begin(place.counsellor(), need, slot)
    assert (found["free_seats"], found["people"]) == (0, [])


def test_who_is_on_the_waiting_list_of_the_group_is_counted(place):
    need, slot = a_freed_seat(place)
    (listed,) = place.person()
    with place.unit() as uow:
        referral = a_referral(uow, listed, slot, ReferralState.WAITLISTED)
        group = uow.get(t.slot, slot)["slot_group_id"]
        entry = {"slot_group_id": group, "referral_id": referral, "priority": 1000, "joined_on": TODAY}
        uow.insert(t.waiting_list_entry, region_id=REGION, **entry)
        described(uow).commit()
    found = who_could_begin(place.counsellor(), need, slot)
    assert (found["waiting"], found["people"]) == (1, [])


def test_a_slot_of_another_kind_is_none_of_the_step(place):
    need, slot = a_freed_seat(place)
    place.changed(t.slot, slot, kind="job/intake")
    with pytest.raises(Missing):
        who_could_begin(place.counsellor(), need, slot)
