"""A snapshot holds what planning may know of a region: free seats, open needs, pseudonyms, nothing else."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from plans.consent import Purpose
from plans.help_plan import Phase
from plans.planning_consent import PLANNING_CATEGORIES
from plans.referral_table import Reason, ReferralState
from plans.steps import StepState
from store import tables as t
from store.faults import Missing
from tests.store.builders import TODAY, a_referral, described
from tests.workflows.planning_runs.builders import a_place, at, snapshot_of


@pytest.fixture
def place(store):
    return a_place(store)


def capacity_of(snapshot, slot_id):
    slot = next(slot for slot in snapshot.supply.slots if slot.id == slot_id)
    return next(capacity for capacity in snapshot.supply.capacities if capacity.id == slot.uses[-1])


def need_of(snapshot, need_id):
    return snapshot.needs[need_id][0]


def test_open_needs_of_people_who_agreed_are_planned_by_pseudonym(place):
    slot = place.group()
    (need,) = place.person()
    snapshot = place.snapshot()
    assert list(snapshot.needs) == [need]
    assert [one.id for one in snapshot.supply.slots] == [slot]
    written = json.dumps(snapshot.tables)
    for secret in ("Sara", "Muster", "1990", "Musterweg", "0000 123456"):
        assert secret not in written
    assert snapshot.problem.needs.ids == [need]


def test_nobody_is_planned_without_a_consent_to_planning(place):
    place.person(categories=())
    place.person(purpose=Purpose.REFERRAL)
    place.person(categories=PLANNING_CATEGORIES - {min(PLANNING_CATEGORIES)})
    place.person(recipient_type="employer")
    place.person(from_on=TODAY + timedelta(days=1))
    place.person(withdrawn_on=TODAY)
    (agreed,) = place.person()
    snapshot = place.snapshot()
    assert list(snapshot.needs) == [agreed]
    assert snapshot.left_out.without_consent == 6


def test_a_consent_given_to_the_office_itself_counts(place):
    (need,) = place.person(recipient_type=None, recipient_id=place.office)
    place.person(recipient_type=None, recipient_id=place.provider)
    assert list(place.snapshot().needs) == [need]


def test_whoever_asks_for_the_own_client_needs_no_consent_to_planning(place):
    (need,) = place.person(categories=())
    person = place.row(t.need, need)["person_id"]
    assert list(place.household(person).needs) == [need]


def test_a_booking_is_fixed_and_its_seat_stands_free_for_it(place):
    slot = place.group(seats=3)
    (need,) = place.person()
    place.booked(need, slot)
    snapshot = place.snapshot()
    assert need_of(snapshot, need).fixed_slot == slot
    assert capacity_of(snapshot, slot).seats == 3
    assert snapshot.problem.needs.fixed.tolist() == [0]


def test_the_seat_of_somebody_who_is_not_planned_is_taken(place):
    slot = place.group(seats=3)
    (need,) = place.person(categories=())
    place.booked(need, slot)
    assert capacity_of(place.snapshot(), slot).seats == 2


def test_a_group_still_lacks_what_its_minimum_says_until_it_has_begun(place):
    slot = place.group(seats=20, minimum=12, start_in_days=3)
    for need in (place.person(categories=())[0], place.person(categories=())[0]):
        place.booked(need, slot)
    assert capacity_of(place.snapshot(), slot).min_participants == 10
    place.store = at(place.store, TODAY + timedelta(days=5))
    assert capacity_of(place.snapshot(), slot).min_participants == 0


def test_a_seat_held_in_a_group_that_has_begun_or_is_no_longer_offered_stays(place):
    slot = place.group(start_in_days=3)
    first, second = place.person(needs=2)
    place.booked(first, slot)
    place.changed(t.slot, slot, gone_on=TODAY)
    place.store = at(place.store, TODAY + timedelta(days=10))
    snapshot = place.snapshot()
    assert need_of(snapshot, first).fixed_slot == slot
    assert need_of(snapshot, second).after == first
    assert snapshot.problem.needs.fixed.tolist().count(-1) == 1


def test_what_is_gone_is_not_offered(place):
    place.changed(t.slot, place.group(), gone_on=TODAY)
    group = place.row(t.slot, place.group())["slot_group_id"]
    place.changed(t.slot_group, group, gone_on=TODAY)
    assert place.snapshot().supply.slots == ()


def test_a_step_after_one_that_is_done_can_start_after_its_end(place):
    first, second = place.person(needs=2)
    place.changed(t.need, second, lag_days=10)
    place.changed(t.need, first, state=StepState.DONE, done_on=TODAY)
    snapshot = place.snapshot()
    assert list(snapshot.needs) == [second]
    need = need_of(snapshot, second)
    assert (need.after, need.earliest_on) == (None, TODAY + timedelta(days=10))


def test_a_step_that_has_begun_elsewhere_is_not_planned_nor_what_waits_for_it(place):
    first, second, third = place.person(needs=3)
    place.changed(t.need, first, state=StepState.UNDER_WAY, started_on=TODAY)
    snapshot = place.snapshot()
    assert snapshot.needs == {}
    assert snapshot.left_out.waiting_for_unplanned == 2
    assert {second, third}.isdisjoint(snapshot.needs)


def test_plans_that_are_closed_are_not_planned(place):
    (need,) = place.person()
    plan = place.row(t.need, need)["help_plan_id"]
    place.changed(t.help_plan, plan, phase=Phase.CLOSED, closed_on=TODAY)
    assert place.snapshot().needs == {}


def test_a_slot_that_a_person_declined_is_not_given_to_that_person_again(place):
    slot = place.group()
    (need,) = place.person()
    place.person()
    with place.unit() as uow:
        a_referral(uow, need, slot, ReferralState.CANCELLED, reason=Reason.CLIENT_DECLINED)
        described(uow).commit()
    snapshot = place.snapshot()
    person = snapshot.needs[need][1]
    assert snapshot.refused == {(person.id, slot)}
    tags = {row["person"]: row["tags"] for row in snapshot.tables["people"]}
    assert [id for id, cell in tags.items() if slot not in cell] == [person.id]


def test_plans_marked_to_be_planned_again_are_counted(place):
    (need,) = place.person()
    assert place.snapshot().marked_plans == 0
    plan = place.row(t.need, need)["help_plan_id"]
    place.changed(t.help_plan, plan, replan_marked_at=place.store.now())
    assert place.snapshot().marked_plans == 1


def test_an_unknown_region_is_missing(place):
    with pytest.raises(Missing):
        snapshot_of(place.machine(), "nowhere")


def test_more_people_need_no_more_queries(place):
    place.person(needs=3)
    few = selects_of(place)
    for _ in range(5):
        place.person(needs=3)
    assert selects_of(place) == few <= 12


def selects_of(place):
    seen = []

    def note(connection, cursor, statement, *rest):
        seen.append(statement)

    sa.event.listen(place.store.engine, "before_cursor_execute", note)
    try:
        place.snapshot()
    finally:
        sa.event.remove(place.store.engine, "before_cursor_execute", note)
    return sum(statement.startswith("SELECT") for statement in seen)
