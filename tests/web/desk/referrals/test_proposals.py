"""What planning proposes is accepted after the preview, or declined with a reason."""

import pytest

from plans.referral_table import ReferralState
from store import tables as t
from tests.store.builders import a_finished_run, a_unit, described
from tests.workflows.desks import REGION


@pytest.fixture
def proposal(counsel):
    """Id of a released proposal of a group that starts in 80 days."""
    counsel.is_done("placement-test")
    need, slot = counsel.step(), counsel.group(80)
    with a_unit(counsel.desk.store) as uow:
        run_id = a_finished_run(uow, REGION, t.RunState.RELEASED)
        id = uow.insert(
            t.proposal,
            region_id=REGION,
            planning_run_id=run_id,
            need_id=need["id"],
            person_id=counsel.person_id,
            slot_id=slot,
            organisation_id=counsel.office_id,
            state=t.ProposalState.PROPOSED,
            reasons=[{"code": "soonest", "de": "frühester Beginn", "en": "earliest start"}],
            alternatives=[],
        )
        described(uow).commit()
    return id


def state(counsel, proposal):
    return counsel.find(t.proposal, id=proposal)[0]["state"]


def test_a_proposal_is_shown_with_its_reason(anna, proposal):
    page = anna.get("/vermittlung/vorschlaege").text
    assert "Amina Muster: Integrationskurs ab Modul 1" in page and "frühester Beginn" in page


def test_it_is_accepted_after_the_preview(anna, counsel, proposal):
    counsel.agrees()
    address = f"/vermittlung/vorschlaege/{proposal}"
    assert "Das sieht VHS Musterstadt" in anna.get(address).text
    answer = anna.post(f"{address}/annehmen", {"version": "1"}, at=address)
    assert answer.status_code == 303
    assert counsel.find(t.referral)[0]["state"] is ReferralState.REQUESTED
    assert state(counsel, proposal) is t.ProposalState.ACCEPTED


def test_one_whose_consent_is_missing_is_lost_and_says_so(anna, counsel, proposal):
    address = f"/vermittlung/vorschlaege/{proposal}/annehmen"
    answer = anna.post(address, {"version": "1"}, at="/personen")
    assert answer.status_code == 409 and "nicht mehr zu haben" in answer.text
    assert counsel.find(t.referral) == []


def test_it_is_declined_with_a_reason(anna, counsel, proposal):
    address = f"/vermittlung/vorschlaege/{proposal}/ablehnen"
    assert anna.post(address, {"version": "1"}, at=address).status_code == 422
    assert anna.post(address, {"version": "1", "reason": "moved"}, at=address).status_code == 303
    assert state(counsel, proposal) is t.ProposalState.DECLINED
    assert "kein Vorschlag" in anna.get("/vermittlung/vorschlaege").text
