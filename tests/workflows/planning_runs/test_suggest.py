"""For one need the best slots right now, and for every other slot of its kind the rule that excludes it."""

from datetime import timedelta

import pytest

from plans.consent import DataCategory
from plans.steps import StepState
from store import tables as t
from store.faults import Missing
from tests.store.builders import TODAY, an_organisation, described
from tests.workflows.desks import REGION
from tests.workflows.planning_runs.builders import a_place
from tests.workflows.planning_runs.test_runs import released
from workflows.planning_runs.engine import planned_region
from workflows.planning_runs.suggest import suggest_slots
from workflows.refusal import Forbidden, Refusal


@pytest.fixture
def place(store):
    return a_place(store)


def slots(found):
    return [offer["slot_id"] for offer in found["offers"]]


def rules(found):
    return {one["slot_id"]: one["code"] for one in found["excluded"]}


def test_the_best_slots_come_first_with_wait_way_and_words(place):
    later, soon = place.group(start_in_days=40), place.group(start_in_days=3)
    (need,) = place.person()
    found = suggest_slots(place.counsellor(), need)
    assert slots(found) == [soon, later]
    best = found["offers"][0]
    assert (best["waiting_days"], best["travel_km"], best["start_on"]) == (3, 0.0, "2026-03-05")
    assert "05.03.2026" in best["de"] and "wait of 3 days" in best["en"]
    assert (found["more"], found["booked"], found["run_id"]) == (0, [], None)


def test_more_than_asked_for_are_counted(place):
    for days in (3, 5, 7):
        place.group(start_in_days=days)
    (need,) = place.person()
    found = suggest_slots(place.counsellor(), need, top=1)
    assert (len(found["offers"]), found["more"]) == (1, 2)


def test_a_seat_just_taken_is_not_offered(place):
    slot, other = place.group(seats=1, start_in_days=3), place.group(start_in_days=9)
    (need,) = place.person()
    assert slots(suggest_slots(place.counsellor(), need)) == [slot, other]
    place.booked(place.person()[0], slot)
    found = suggest_slots(place.counsellor(), need)
    assert slots(found) == [other]
    assert rules(found) == {slot: "full"}
    assert found["excluded"][0]["de"] == "voll belegt"


def test_a_seat_that_the_released_plan_has_for_somebody_else_is_not_offered(place):
    slot = place.group(seats=1, start_in_days=3)
    place.person()
    released(place)
    (need,) = place.person()
    found = suggest_slots(place.counsellor(), need)
    assert (slots(found), rules(found)) == ([], {slot: "full"})


def test_the_own_proposal_is_marked_as_chosen(place):
    slot, other = place.group(start_in_days=3), place.group(start_in_days=20)
    (need,) = place.person()
    done = released(place)
    found = suggest_slots(place.counsellor(), need)
    assert found["run_id"] == done.run_id
    assert {one["slot_id"]: one["chosen"] for one in found["offers"]} == {slot: True, other: False}


def test_each_excluded_slot_names_its_rule_in_words(place):
    far, late = place.group(start_in_days=3), place.group(start_in_days=5, minimum=12)
    place.changed(t.slot, far, lat=48.1, lon=11.6)
    (need,) = place.person(times=frozenset({"mo-am"}))
    evening = place.group(start_in_days=9)
    place.changed(t.slot, evening, times=["mo-ev"])
    found = suggest_slots(place.counsellor(), need)
    assert rules(found) == {far: "distance", late: "group-not-reached", evening: "half-day"}
    assert all(one["de"] and one["en"] for one in found["excluded"])


def test_the_effect_on_later_steps_is_said(place):
    first, second = place.person(needs=2)
    soon, later = place.group(start_in_days=3, days=10), place.group(start_in_days=10, days=30)
    place.group(start_in_days=14)
    place.group(start_in_days=60)
    released(place)
    found = suggest_slots(place.counsellor(), first)
    delays = {one["slot_id"]: one["chain_delay_days"] for one in found["offers"]}
    assert delays[soon] == 0 < delays[later]
    assert "later steps begin" in next(one["en"] for one in found["offers"] if one["slot_id"] == later)
    assert second


def test_a_proposal_that_no_longer_suits_the_household_is_left_aside(place):
    slot, other = place.group(seats=1, start_in_days=3), place.group(start_in_days=20)
    (need,) = place.person()
    released(place)
    place.booked(place.person()[0], slot)
    found = suggest_slots(place.counsellor(), need)
    assert (slots(found), rules(found)) == ([other], {slot: "full"})


def test_a_booked_step_is_offered_nothing_else(place):
    slot = place.group()
    (need,) = place.person()
    place.booked(need, slot)
    found = suggest_slots(place.counsellor(), need)
    assert found["offers"] == [] and "booked already" in found["booked"][0]["en"]


def test_the_own_office_may_ask_without_a_consent_to_planning(place):
    slot = place.group()
    (need,) = place.person(categories=())
    assert slots(suggest_slots(place.counsellor(), need)) == [slot]
    (partly,) = place.person(categories={DataCategory.REFERENCE})
    assert slots(suggest_slots(place.counsellor(), partly)) == [slot]


def test_for_a_step_that_is_over_there_is_nothing_to_suggest(place):
    (need,) = place.person()
    place.changed(t.need, need, state=StepState.DONE, done_on=TODAY + timedelta(days=1))
    with pytest.raises(Refusal, match="nothing to suggest"):
        suggest_slots(place.counsellor(), need)


def test_only_the_own_office_may_ask(place):
    (need,) = place.person()
    with place.unit() as uow:
        other = an_organisation(uow, REGION, "other", name="Andere Stelle")
        described(uow).commit()
    with pytest.raises(Missing):
        suggest_slots(place.counsellor(other), need)
    with pytest.raises(Forbidden):
        suggest_slots(place.planner(), need)


def test_what_a_household_is_told_is_what_the_whole_region_would_tell_it(place):
    for seats, days in ((1, 3), (2, 9), (3, 16), (4, 40)):
        place.group(seats=seats, minimum=min(seats, 2), start_in_days=days)
    people = [place.person(needs=2) for _ in range(5)]
    place.booked(people[0][0], place.group(seats=2, start_in_days=5))
    prices = place.row(t.planning_run, released(place).run_id)["seat_prices"]
    place.person()
    snapshot = place.snapshot()
    plan = {id: need.fixed_slot or need.proposed_slot for id, (need, _) in snapshot.needs.items()}
    whole = planned_region(snapshot, plan, prices)
    for need in (need for needs in people[1:] for need in needs):
        found, expected = suggest_slots(place.counsellor(), need), whole.advice.recommendation(need)
        assert rules(found) == {one.slot: one.rule for one in expected.excluded}
        assert [
            (one["slot_id"], one["total_days"], one["seats_left"], one["chosen"]) for one in found["offers"]
        ] == [(one.slot, round(one.total, 1), one.seats_left, one.chosen) for one in expected.offers]
