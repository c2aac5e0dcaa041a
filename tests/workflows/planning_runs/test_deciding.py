"""A proposal is accepted or declined by a counsellor; seat and consent are looked at again."""

import random

import pytest

from plans.fault import PlanFault
from plans.referral_table import Consequence, Reason, ReferralState
from store import tables as t
from store.faults import Missing, Stale
from store.tables import ProposalState
from store.unit_of_work import ReadingUnit
from tests.store.builders import TODAY, an_organisation, described
from tests.workflows.desks import REGION
from tests.workflows.planning_runs.builders import a_place, at
from tests.workflows.planning_runs.test_runs import planned, proposals, released
from workflows.planning_runs.deciding import accept_proposal, decline_proposal
from workflows.planning_runs.runs import count_marked_plans
from workflows.refusal import Forbidden, Refusal


@pytest.fixture
def place(store):
    return a_place(store)


def proposal_for(place, need_id):
    """The newest proposal for a need: its id and version."""
    with ReadingUnit(place.store) as unit:
        row = unit.find(t.proposal, need_id=need_id)[-1]
    return row["id"], row["version"]


def group_of(place, slot_id):
    return place.row(t.slot_group, place.row(t.slot, slot_id)["slot_group_id"])


def entries(place):
    with ReadingUnit(place.store) as unit:
        return unit.count(t.audit_entry)


def test_an_accepted_proposal_holds_a_seat_and_asks_the_provider(place):
    slot = place.group(seats=2)
    (need,) = place.person()
    place.lets_refer(need)
    released(place)
    before = entries(place)
    answer = accept_proposal(place.counsellor(), *proposal_for(place, need))
    assert answer["accepted"] is True
    referral = place.row(t.referral, answer["referral_id"])
    assert (referral["state"], referral["slot_id"]) == (ReferralState.REQUESTED, slot)
    assert group_of(place, slot)["taken"] == 1
    row = place.row(t.proposal, answer["proposal_id"])
    assert (row["state"], row["referral_id"]) == (ProposalState.ACCEPTED, referral["id"])
    assert (row["decided_by"], row["version"]) == ("acc-anna", answer["proposal_version"])
    assert entries(place) == before + 1


def test_where_the_seat_was_given_away_the_proposal_is_lost_and_the_next_best_offered(place):
    slot, other = place.group(seats=1, start_in_days=3), place.group(start_in_days=20)
    (need,) = place.person()
    place.lets_refer(need)
    released(place)
    place.booked(place.person()[0], slot)
    answer = accept_proposal(place.counsellor(), *proposal_for(place, need))
    assert answer["accepted"] is False
    assert answer["why"]["code"] == "full" and "vergeben" in answer["why"]["de"]
    assert [one["slot_id"] for one in answer["instead"]] == [other]
    assert answer["next"]["code"] == "next"
    assert place.row(t.proposal, answer["proposal_id"])["state"] is ProposalState.LOST
    assert count_marked_plans(place.planner(), REGION) == 1
    with ReadingUnit(place.store) as unit:
        assert unit.count(t.referral, need_id=need) == 0


def test_the_next_best_can_be_taken_from_the_same_proposal(place):
    slot, other = place.group(seats=1, start_in_days=3), place.group(start_in_days=20)
    (need,) = place.person()
    place.lets_refer(need)
    released(place)
    place.booked(place.person()[0], slot)
    accept_proposal(place.counsellor(), *proposal_for(place, need))
    answer = accept_proposal(place.counsellor(), *proposal_for(place, need), slot_id=other)
    assert answer["accepted"] is True
    assert place.row(t.referral, answer["referral_id"])["slot_id"] == other


def test_what_was_lost_can_be_accepted_once_it_is_free_again(place):
    slot = place.group(seats=1)
    (need,) = place.person()
    released(place)
    lost = accept_proposal(place.counsellor(), *proposal_for(place, need))
    assert (lost["accepted"], lost["why"]["code"]) == (False, "consent")
    place.lets_refer(need)
    assert accept_proposal(place.counsellor(), *proposal_for(place, need))["accepted"] is True
    assert group_of(place, slot)["taken"] == 1


def test_a_consent_withdrawn_since_the_plan_stops_it_and_nothing_leaves(place):
    slot = place.group(seats=1)
    place.group(start_in_days=20)
    (need,) = place.person()
    (consent,) = place.lets_refer(need)
    released(place)
    place.changed(t.consent, consent, withdrawn_on=TODAY)
    answer = accept_proposal(place.counsellor(), *proposal_for(place, need))
    assert answer["why"]["code"] == "consent"
    assert answer["instead"] == [] and answer["next"]["code"] == "none"
    assert group_of(place, slot)["taken"] == 0
    with ReadingUnit(place.store) as unit:
        assert unit.count(t.disclosure) == 0


def test_a_slot_that_is_gone_or_has_begun_is_lost(place):
    gone = place.group(seats=1, start_in_days=3)
    begun = place.group(seats=1, start_in_days=4)
    needs = [place.person()[0] for _ in range(2)]
    place.lets_refer(*needs)
    done = released(place)
    place.changed(t.slot, gone, gone_on=TODAY)
    place.store = at(place.store, TODAY.replace(day=10))
    whys = {
        row["slot_id"]: accept_proposal(place.counsellor(), *proposal_for(place, need))["why"]["code"]
        for need, row in proposals(place, done.run_id).items()
    }
    assert whys == {gone: "gone", begun: "begun"}


def test_a_proposal_is_decided_once(place):
    place.group()
    (need,) = place.person()
    place.lets_refer(need)
    released(place)
    id, version = proposal_for(place, need)
    accept_proposal(place.counsellor(), id, version)
    with pytest.raises(Stale):
        accept_proposal(place.counsellor(), id, version)
    with pytest.raises(Refusal, match="decided already"):
        decline_proposal(place.counsellor(), *proposal_for(place, need), Reason.CLIENT_DECLINED)


def test_a_double_click_gets_the_same_answer(place):
    slot = place.group()
    (need,) = place.person()
    place.lets_refer(need)
    released(place)
    desk, (id, version) = place.counsellor().once("accept-0001"), proposal_for(place, need)
    assert accept_proposal(desk, id, version) == accept_proposal(desk, id, version)
    assert group_of(place, slot)["taken"] == 1


def test_an_open_referral_of_the_step_stands_in_the_way_and_is_named(place):
    slot = place.group()
    (need,) = place.person()
    place.lets_refer(need)
    released(place)
    referral = place.booked(need, slot)
    with pytest.raises(Refusal, match=referral):
        accept_proposal(place.counsellor(), *proposal_for(place, need))
    with ReadingUnit(place.store) as unit:
        assert unit.find(t.proposal, need_id=need)[0]["state"] is ProposalState.PROPOSED


def test_only_slots_that_the_proposal_names_can_be_accepted(place):
    (need,) = place.person()
    released(place)
    with pytest.raises(Refusal, match="does not name this slot"):
        accept_proposal(place.counsellor(), *proposal_for(place, need))
    with pytest.raises(Refusal, match="does not name this slot"):
        accept_proposal(place.counsellor(), *proposal_for(place, need), slot_id=place.group())
    with pytest.raises(Refusal, match="does not name this slot"):
        decline_proposal(place.counsellor(), *proposal_for(place, need), Reason.CLIENT_DECLINED)


def test_a_declined_slot_is_not_proposed_again_and_the_change_says_so(place):
    slot, other = place.group(start_in_days=3), place.group(start_in_days=20)
    (need,) = place.person()
    released(place)
    answer = decline_proposal(
        place.counsellor(), *proposal_for(place, need), Reason.DISTANCE_OR_TIME, "Schichtdienst"
    )
    assert (answer["state"], answer["consequence"]) == ("declined", Consequence.ANOTHER_PROVIDER.value)
    assert count_marked_plans(place.planner(), REGION) == 1
    place.store = at(place.store, hour=13)
    row = proposals(place, released(place).run_id)[need]
    assert row["slot_id"] == other
    assert (row["change"]["kind"], row["change"]["code"]) == ("moved", "declined")
    assert row["change"]["old_slot_id"] == slot
    assert count_marked_plans(place.planner(), REGION) == 0


def test_why_it_was_declined_is_kept_secret_and_checked(place):
    place.group()
    (need,) = place.person()
    released(place)
    id, version = proposal_for(place, need)
    with pytest.raises(PlanFault):
        decline_proposal(place.counsellor(), id, version, Reason.OTHER)
    with pytest.raises(PlanFault):
        decline_proposal(place.counsellor(), id, version, Reason.NO_CAPACITY)
    decline_proposal(place.counsellor(), id, version, Reason.OTHER, "Umzug geplant", Consequence.PAUSE)
    assert place.row(t.proposal, id)["decline_why"] == {
        "reason": "other",
        "text": "Umzug geplant",
        "consequence": "pause",
    }


def test_nobody_else_decides(place):
    place.group()
    (need,) = place.person()
    done = planned(place)
    id, version = proposal_for(place, need)
    with pytest.raises(Missing):
        accept_proposal(place.counsellor(), id, version)
    assert done.run_id
    released(place)
    id, version = proposal_for(place, need)
    with place.unit() as uow:
        other = an_organisation(uow, REGION, "other", name="Andere Stelle")
        described(uow).commit()
    with pytest.raises(Missing):
        accept_proposal(place.counsellor(other), id, version)
    with pytest.raises(Forbidden):
        decline_proposal(place.planner(), id, version, Reason.CLIENT_DECLINED)


@pytest.mark.parametrize("seed", range(3))
def test_accepting_everything_in_any_order_never_overbooks_and_explains_each_refusal(place, seed):
    rng = random.Random(seed)
    slots = [place.group(seats=rng.randint(1, 3), start_in_days=days) for days in (2, 5, 9, 30)]
    needs = [place.person()[0] for _ in range(10)]
    consents = place.lets_refer(*needs)
    released(place)
    # Meanwhile seats are given away elsewhere, and somebody withdraws.
    for slot in rng.sample(slots, 2):
        place.booked(place.person()[0], slot)
    place.changed(t.consent, rng.choice(consents), withdrawn_on=TODAY)
    rng.shuffle(needs)
    answers = {}
    for need in needs:
        id, version = proposal_for(place, need)
        if place.row(t.proposal, id)["slot_id"] is not None:
            answers[need] = accept_proposal(place.counsellor(), id, version)
    assert 0 < sum(one["accepted"] for one in answers.values()) < len(answers)
    for answer in answers.values():
        if not answer["accepted"]:
            assert answer["why"]["de"] and answer["why"]["en"] and answer["next"]["en"]
    assert_counted(place, slots)


def assert_counted(place, slots):
    """Each seat that is taken belongs to one open referral, and no group has more than its seats."""
    for slot in slots:
        group = group_of(place, slot)
        with ReadingUnit(place.store) as unit:
            held = unit.count(t.referral, t.referral.c.ended_on.is_(None), slot_group_id=group["id"])
        assert held == group["taken"] <= group["seats"]
