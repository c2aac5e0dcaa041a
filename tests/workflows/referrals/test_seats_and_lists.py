"""Pools of equal slots, waiting lists, holds that run out, lists, groups, and what a test found."""

from datetime import date

import pytest

from plans.referral_table import Reason, ReferralState
from store import tables as t
from store.faults import Missing, NoSeat
from store.queries.paging import Page
from tests.workflows.referrals.towns import DAY, TODAY, a_town
from workflows.referrals.groups import list_participants, list_waiting
from workflows.referrals.holds import Ended, run_clock
from workflows.referrals.lists import (
    list_ending_holds,
    list_incoming_referrals,
    list_own_referrals,
    list_referrals_of_person,
    list_unanswered,
)
from workflows.referrals.office import cancel_referral, draft_referral, join_waitlist, request_seat
from workflows.referrals.provider import accept_referral, reject_referral
from workflows.refusal import Forbidden, Refusal


@pytest.fixture
def town(store):
    made = a_town(store, seats=1)
    made.with_consent()
    return made


def another(town, name="Ali Muster", **need):
    person, need_id = town.with_person(name, **need)
    town.with_consent(person)
    return need_id


def requested(town, need_id=None, slot_id=None):
    id = draft_referral(town.anna, need_id or town.need, slot_id or town.slot)["referral_id"]
    request_seat(town.anna, id, town.version(id))
    return id


def waiting(town, need_id):
    id = draft_referral(town.anna, need_id, town.slot)["referral_id"]
    join_waitlist(town.anna, id, town.version(id), TODAY + 30 * DAY)
    return id


# ── Pools ──


def test_where_a_group_is_full_the_earliest_equal_one_is_taken_and_it_is_said(town):
    town.with_group("ik-late", days=60)
    group, slot = town.with_group("ik-next", days=30)
    requested(town, another(town))
    id = draft_referral(town.anna, town.need, town.slot)["referral_id"]
    answer = request_seat(town.anna, id, town.version(id))
    assert answer["choice"] == {
        "asked_for": town.slot,
        "taken": slot,
        "start_on": (TODAY + 30 * DAY).isoformat(),
        "full": [town.slot],
    }
    assert (town.row(t.referral, id)["slot_group_id"], town.taken(group)) == (group, 1)


def test_a_slot_at_other_times_is_not_equal(town):
    town.with_group("ik-evening")
    with_evening = town.rows(t.slot)[-1]
    change(town, t.slot, with_evening, times=["mo-ev"])
    requested(town, another(town))
    id = draft_referral(town.anna, town.need, town.slot)["referral_id"]
    with pytest.raises(NoSeat):
        request_seat(town.anna, id, town.version(id))
    assert town.row(t.referral, id)["state"] is ReferralState.DRAFT


def test_whoever_wants_this_group_only_is_told_that_it_is_full(town):
    town.with_group("ik-next")
    requested(town, another(town))
    id = draft_referral(town.anna, town.need, town.slot)["referral_id"]
    with pytest.raises(NoSeat):
        request_seat(town.anna, id, town.version(id), pooled=False)


def test_of_an_offering_the_slot_with_a_free_seat_that_starts_first_is_drafted(town):
    _, slot = town.with_group("ik-next")
    offering = town.row(t.slot, town.slot)["offering_id"]
    assert draft_referral(town.anna, town.need, offering_id=offering)["slot_id"] == town.slot
    requested(town, another(town))
    second = another(town, "Mara Muster")
    assert draft_referral(town.anna, second, offering_id=offering)["slot_id"] == slot
    requested(town, another(town, "Jo Muster"), slot)
    with pytest.raises(Refusal, match="no seat"):
        draft_referral(town.anna, another(town, "Kim Muster"), offering_id=offering)


# ── Waiting lists ──


def test_the_heavier_need_is_called_first_then_the_longer_wait_and_only_while_a_seat_is_free(town):
    holder = requested(town)
    usual = waiting(town, another(town))
    urgent = waiting(town, another(town, "Mara Muster", weight=2.0))
    line = list_waiting(town.vhs_desk, town.group)
    assert [one["referral_id"] for one in line["waiting"]] == [urgent, usual]
    assert not any(one["is_called"] for one in line["waiting"])
    reject_referral(town.vhs_desk, holder, town.version(holder), Reason.LEVEL_MISMATCH)
    assert [one["is_called"] for one in list_waiting(town.vhs_desk, town.group)["waiting"]] == [True, False]
    own = list_own_referrals(town.anna, ReferralState.WAITLISTED).rows
    assert {row["id"]: row["is_called"] for row in own} == {urgent: True, usual: False}
    accept_referral(town.vhs_desk, urgent, town.version(urgent))
    assert town.taken(town.group) == 1
    with pytest.raises(NoSeat):
        accept_referral(town.vhs_desk, usual, town.version(usual))
    assert [one["referral_id"] for one in list_waiting(town.vhs_desk, town.group)["waiting"]] == [usual]


def test_whoever_leaves_the_list_frees_no_seat(town):
    requested(town)
    id = waiting(town, another(town))
    cancel_referral(town.anna, id, town.version(id), Reason.MOVED)
    assert (town.taken(town.group), list_waiting(town.vhs_desk, town.group)["waiting"]) == (1, [])


def test_a_list_that_is_full_takes_no_more(store):
    town = a_town(store, seats=0, waitlist_limit=1)
    town.with_consent()
    waiting(town, town.need)
    with pytest.raises(Refusal, match="takes no more"):
        waiting(town, another(town))


# ── The clock ──


def test_holds_expire_after_their_last_day_and_a_second_run_changes_nothing(town):
    id = requested(town)
    town.later(3)
    assert run_clock(town.clock) == Ended(0, 0)
    town.later(1)
    assert run_clock(town.clock) == Ended(1, 0)
    assert (town.row(t.referral, id)["state"], town.taken(town.group)) == (ReferralState.EXPIRED, 0)
    assert run_clock(town.clock) == Ended(0, 0)


def test_what_a_consent_no_longer_covers_is_cancelled_by_the_clock(store):
    town = a_town(store)
    town.with_consent(until_on=TODAY + 1 * DAY)
    id = requested(town)
    accept_referral(town.vhs_desk, id, town.version(id))
    town.later(1)
    assert run_clock(town.clock) == Ended(0, 0)
    town.later(1)
    assert run_clock(town.clock) == Ended(0, 1)
    assert (town.row(t.referral, id)["state"], town.taken(town.group)) == (ReferralState.CANCELLED, 0)
    assert run_clock(town.clock) == Ended(0, 0)


def test_the_clock_notes_nothing_where_another_consent_covers_what_one_covered(store):
    town = a_town(store)
    town.with_consent(until_on=TODAY + 1 * DAY)
    town.with_consent()
    requested(town)
    town.later(2)
    entries = len(town.rows(t.audit_entry))
    assert run_clock(town.clock) == Ended(0, 0)
    assert len(town.rows(t.audit_entry)) == entries


def test_neither_counsellor_nor_provider_moves_the_clock(town):
    for desk in (town.anna, town.vhs_desk):
        with pytest.raises(Forbidden):
            run_clock(desk)


# ── Lists ──


def test_the_office_lists_its_referrals_by_state_page_by_page(town):
    town.with_group("ik-next", seats=5)
    ids = [requested(town, another(town, f"Person {n} Muster")) for n in range(3)]
    first = list_own_referrals(town.anna, ReferralState.REQUESTED, Page(2))
    second = list_own_referrals(town.anna, ReferralState.REQUESTED, Page(2, first.after))
    listed = first.rows + second.rows
    assert ([row["id"] for row in listed], second.after) == (sorted(ids), None)
    assert listed[0]["person_name"] == "Person 0 Muster"
    assert list_own_referrals(town.anna, ReferralState.ACCEPTED).rows == []
    assert list_own_referrals(town.other_office_desk, ReferralState.REQUESTED).rows == []


def test_the_provider_lists_what_was_sent_to_it_without_the_persons(town):
    id = requested(town)
    draft_referral(town.anna, another(town), town.slot)
    (row,) = list_incoming_referrals(town.vhs_desk, ReferralState.REQUESTED).rows
    assert row["id"] == id
    assert not {"person_id", "need_id", "person_name", "carries"} & set(row)
    assert list_incoming_referrals(town.vhs_desk, ReferralState.DRAFT).rows == []
    assert list_incoming_referrals(town.other_desk, ReferralState.REQUESTED).rows == []


def test_holds_that_end_and_what_has_no_answer_are_listed(town):
    id = requested(town)
    assert list_ending_holds(town.anna).rows == list_unanswered(town.anna, 1).rows == []
    town.later(2)
    assert [row["id"] for row in list_ending_holds(town.anna).rows] == [id]
    assert [row["id"] for row in list_unanswered(town.anna, 2).rows] == [id]
    accept_referral(town.vhs_desk, id, town.version(id))
    assert list_ending_holds(town.anna).rows == list_unanswered(town.anna, 2).rows == []


def test_all_referrals_of_a_person_are_listed_for_its_office(town):
    first = requested(town)
    reject_referral(town.vhs_desk, first, town.version(first), Reason.NO_CAPACITY)
    second = requested(town)
    rows = list_referrals_of_person(town.anna, town.person).rows
    assert {row["id"] for row in rows} == {first, second}
    with pytest.raises(Missing):
        list_referrals_of_person(town.other_office_desk, town.person)


def test_participants_are_named_while_a_consent_covers_it_and_each_name_is_noted(store):
    town = a_town(store)
    town.with_consent(until_on=TODAY + 2 * DAY)
    first, second = requested(town), requested(town, another(town))
    before = len(town.rows(t.disclosure))
    listed = {
        one["referral_id"]: one.get("person.name") for one in list_participants(town.vhs_desk, town.group)
    }
    assert listed == {first: "Sara Muster", second: "Ali Muster"}
    assert len(town.rows(t.disclosure)) == before + 2
    town.later(3)
    listed = {
        one["referral_id"]: one.get("person.name") for one in list_participants(town.vhs_desk, town.group)
    }
    assert listed == {first: None, second: "Ali Muster"}
    for ask in (list_participants, list_waiting):
        with pytest.raises(Missing):
            ask(town.other_desk, town.group)


# ── The placement test ──


def test_another_kind_than_the_test_found_needs_a_written_reason_before_a_seat_is_asked_for(town):
    placement = town.with_placement("literacy-course/from-1")
    id = draft_referral(town.anna, town.need, town.slot)["referral_id"]
    with pytest.raises(Refusal, match="reason"):
        request_seat(town.anna, id, town.version(id))
    with pytest.raises(Refusal, match="reason"):
        join_waitlist(town.anna, id, town.version(id), TODAY + 30 * DAY)
    decision = {
        "decided_kind": "integration-course/from-1",
        "decided_on": date(2026, 3, 2),
        "reason": "reads and writes Latin script after all",
    }
    change(town, t.placement, town.row(t.placement, placement), **decision)
    assert request_seat(town.anna, id, town.version(id))["state"] == "requested"


def test_what_the_test_found_may_be_asked_for_and_the_last_test_counts(town):
    town.with_placement("literacy-course/from-1", tested_on=TODAY - 90 * DAY)
    town.with_placement("integration-course/from-1")
    assert requested(town)


def change(town, table, row, **columns):
    from tests.store.builders import a_unit, described

    with a_unit(town.store) as uow:
        uow.change(table, row["id"], row["version"], **columns)
        described(uow).commit()
