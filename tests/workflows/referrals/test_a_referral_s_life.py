"""A referral leads from the draft over the held seat to its end; seat, step and plan follow each step."""

from datetime import date

import pytest

from plans.fault import PlanFault
from plans.referral_table import Consequence, Reason, ReferralOutcome, ReferralState
from plans.steps import StepState
from store import tables as t
from store.faults import Missing, NoSeat, Stale
from tests.store.builders import a_unit, described
from tests.workflows.referrals.towns import DAY, TODAY, a_town
from workflows.referrals.office import (
    cancel_referral,
    draft_referral,
    join_waitlist,
    read_referral,
    request_seat,
)
from workflows.referrals.provider import (
    accept_referral,
    call_off_referral,
    complete_referral,
    fail_referral,
    read_incoming_referral,
    reject_referral,
    start_referral,
    waitlist_referral,
)
from workflows.refusal import Forbidden, Refusal


@pytest.fixture
def town(store):
    made = a_town(store)
    made.with_consent()
    return made


def drafted(town, need_id=None):
    return draft_referral(town.anna, need_id or town.need, town.slot)["referral_id"]


def requested(town, need_id=None):
    id = drafted(town, need_id)
    request_seat(town.anna, id, town.version(id))
    return id


def accepted(town):
    id = requested(town)
    accept_referral(town.vhs_desk, id, town.version(id))
    return id


def started(town):
    id = accepted(town)
    town.later(10)
    start_referral(town.vhs_desk, id, town.version(id))
    return id


def dates_of(row):
    return [row[name] for name in ("registered_on", "placed_on", "started_on", "done_on")]


def step(town):
    return town.row(t.need, town.need)


def is_marked(town):
    return town.rows(t.help_plan, person_id=town.person)[0]["replan_marked_at"] is not None


def test_a_draft_sends_nothing_and_holds_no_seat(town):
    answer = draft_referral(town.anna, town.need, town.slot)
    row = town.row(t.referral, answer["referral_id"])
    assert (row["state"], row["sent_on"]) == (ReferralState.DRAFT, None)
    assert town.taken(town.group) == 0
    assert town.rows(t.disclosure) == []
    with pytest.raises(Missing):
        read_incoming_referral(town.vhs_desk, row["id"])


def test_a_request_holds_a_seat_for_three_days_and_registers_the_step(town):
    id = drafted(town)
    answer = request_seat(town.anna, id, town.version(id))
    assert (answer["state"], answer["hold_until_on"]) == ("requested", "2026-03-05")
    assert answer["choice"] == {
        "asked_for": town.slot,
        "taken": town.slot,
        "start_on": "2026-03-12",
        "full": [],
    }
    assert town.taken(town.group) == 1
    assert dates_of(step(town)) == [TODAY, None, None, None]


def test_from_the_request_to_the_end_every_date_stands_in_the_step(town):
    id = accepted(town)
    assert (step(town)["placed_on"], step(town)["fixed_slot_id"]) == (TODAY, town.slot)
    town.later(10)
    start_referral(town.vhs_desk, id, town.version(id))
    assert step(town)["state"] is StepState.UNDER_WAY
    town.later(180)
    complete_referral(town.vhs_desk, id, town.version(id), ReferralOutcome.GOAL_REACHED)
    assert dates_of(step(town)) == [TODAY, TODAY, TODAY + 10 * DAY, TODAY + 190 * DAY]
    assert step(town)["state"] is StepState.DONE
    assert town.taken(town.group) == 0
    assert [row["finding"].value for row in town.rows(t.review)] == ["done"]
    assert is_marked(town)


ENDS = {
    "rejected": (requested, reject_referral, "vhs_desk", {"reason": Reason.LEVEL_MISMATCH}),
    "cancelled": (requested, cancel_referral, "anna", {"reason": Reason.MOVED}),
    "accepted, called off": (accepted, call_off_referral, "vhs_desk", {"reason": Reason.GROUP_NOT_REACHED}),
    "accepted, cancelled": (accepted, cancel_referral, "anna", {"reason": Reason.TOOK_A_JOB}),
    "did not come": (accepted, fail_referral, "vhs_desk", {"reason": Reason.NO_SHOW}),
    "dropped out": (started, fail_referral, "vhs_desk", {"reason": Reason.DROPPED_OUT}),
}


@pytest.mark.parametrize("case", ENDS)
def test_every_end_frees_the_seat_once_marks_the_plan_and_keeps_the_registration(town, case):
    reach, end, desk, details = ENDS[case]
    id = reach(town)
    assert town.taken(town.group) == 1
    answer = end(getattr(town, desk), id, town.version(id), **details)
    assert town.taken(town.group) == 0
    assert is_marked(town)
    assert dates_of(step(town)) == [TODAY, None, None, None]
    assert (step(town)["state"], step(town)["fixed_slot_id"]) == (StepState.OPEN, None)
    row = town.row(t.referral, id)
    assert row["ended_on"] == town.today and row["consequence"] is not None
    with pytest.raises(PlanFault, match=answer["state"]):
        end(getattr(town, desk), id, town.version(id), **details)
    assert town.taken(town.group) == 0


def test_whoever_was_refused_is_referred_again_and_waits_since_the_first_registration(town):
    id = requested(town)
    reject_referral(town.vhs_desk, id, town.version(id), Reason.OTHER, "Muster", Consequence.PAUSE)
    town.later(4)
    again = requested(town)
    assert town.row(t.referral, again)["registered_on"] == TODAY
    assert town.row(t.referral, id)["consequence"] is Consequence.PAUSE


def test_a_step_has_one_open_referral(town):
    first = drafted(town)
    with pytest.raises(Refusal, match=first):
        drafted(town)


def test_without_a_consent_nothing_is_sent_and_no_seat_is_held(store):
    town = a_town(store)
    id = drafted(town)
    with pytest.raises(PlanFault, match="consent"):
        request_seat(town.anna, id, town.version(id))
    with pytest.raises(PlanFault, match="consent"):
        join_waitlist(town.anna, id, town.version(id), TODAY + 30 * DAY)
    assert town.row(t.referral, id)["state"] is ReferralState.DRAFT
    assert (town.taken(town.group), town.rows(t.disclosure)) == (0, [])


def test_the_last_seat_is_given_once(town):
    ids = []
    for name in ("Ali Muster", "Mara Muster"):
        person, need = town.with_person(name)
        town.with_consent(person)
        ids.append(requested(town, need))
    id = drafted(town)
    with pytest.raises(NoSeat):
        request_seat(town.anna, id, town.version(id))
    assert town.taken(town.group) == 2
    reject_referral(town.vhs_desk, ids[0], town.version(ids[0]), Reason.NO_CAPACITY)
    request_seat(town.anna, id, town.version(id))
    assert town.taken(town.group) == 2


def test_whoever_read_an_older_version_is_told_without_a_word_about_the_person(town):
    id = requested(town)
    version = town.version(id)
    accept_referral(town.vhs_desk, id, version)
    with pytest.raises(Stale) as caught:
        reject_referral(town.vhs_desk, id, version, Reason.NO_CAPACITY)
    assert caught.value.current["state"] is ReferralState.ACCEPTED
    assert not {"person_id", "need_id", "reason", "carries"} & set(caught.value.current)
    assert town.person not in str(caught.value)


def test_what_is_sent_to_others_looks_as_if_it_were_not_there(town):
    id = requested(town)
    version = town.version(id)
    for act in (accept_referral, start_referral):
        with pytest.raises(Missing):
            act(town.other_desk, id, version)
    with pytest.raises(Missing):
        read_incoming_referral(town.other_desk, id)
    with pytest.raises(Missing):
        cancel_referral(town.other_office_desk, id, version, Reason.MOVED)
    with pytest.raises(Missing):
        read_referral(town.other_office_desk, id)
    with pytest.raises(Missing):
        draft_referral(town.other_office_desk, town.need, town.slot)


def test_office_and_provider_each_do_only_their_part(town):
    id = requested(town)
    with pytest.raises(Forbidden):
        accept_referral(town.anna, id, town.version(id))
    with pytest.raises(Forbidden):
        cancel_referral(town.vhs_desk, id, town.version(id), Reason.MOVED)


def test_a_double_click_holds_one_seat(town):
    id = drafted(town)
    desk, version = town.anna.once("request-0001"), town.version(id)
    assert request_seat(desk, id, version) == request_seat(desk, id, version)
    assert town.taken(town.group) == 1


def test_a_start_waits_for_what_the_office_still_has_to_note(town):
    need = step(town)
    change(town, t.need, need, preconditions=["voucher"])
    id = accepted(town)
    with pytest.raises(Refusal) as caught:
        start_referral(town.vhs_desk, id, town.version(id))
    assert "voucher" not in str(caught.value)
    assert town.row(t.referral, id)["state"] is ReferralState.ACCEPTED


def test_a_step_that_the_office_has_closed_stays_as_it_is_when_its_referral_ends(town):
    id = started(town)
    change(town, t.need, step(town), state=StepState.DONE, done_on=town.today)
    complete_referral(town.vhs_desk, id, town.version(id), ReferralOutcome.GOAL_REACHED)
    assert town.taken(town.group) == 0
    assert step(town)["done_on"] == TODAY + 10 * DAY


def test_a_slot_that_is_gone_has_begun_or_is_of_another_kind_is_refused(town):
    slot = town.row(t.slot, town.slot)
    for columns, code in (
        ({"gone_on": TODAY}, "slot-gone"),
        ({"start_on": TODAY - DAY}, "slot-begun"),
        ({"kind": "integration-course/from-3"}, "slot-other-kind"),
    ):
        changed = change(town, t.slot, town.row(t.slot, town.slot), **columns)
        with pytest.raises(Refusal) as caught:
            drafted(town)
        assert caught.value.code == code
        change(town, t.slot, changed, **{name: slot[name] for name in columns})


def test_the_steps_can_be_read_with_their_reasons(town):
    id = requested(town)
    reject_referral(town.vhs_desk, id, town.version(id), Reason.NOT_ELIGIBLE, "IntV § 4")
    read = read_referral(town.anna, id)
    assert [event["action"] for event in read["events"]] == ["request", "reject"]
    assert read["events"][1]["details"]["text"] == "IntV § 4"
    assert read["events"][1]["on"] == date(2026, 3, 2).isoformat()


def test_the_provider_puts_somebody_on_the_waiting_list_and_frees_the_seat(town):
    id = requested(town)
    waitlist_referral(town.vhs_desk, id, town.version(id), TODAY + 40 * DAY)
    assert town.taken(town.group) == 0
    assert town.row(t.referral, id)["expected_start_on"] == TODAY + 40 * DAY


def change(town, table, row, **columns):
    with a_unit(town.store) as uow:
        changed = uow.change(table, row["id"], row["version"], **columns)
        described(uow).commit()
    return changed
