"""A consent is a hard rule for everything that leaves, at the next request."""

import pytest

from network.model import ActorType
from plans.consent import DataCategory, Purpose
from plans.fault import PlanFault
from plans.referral_table import Reason, ReferralState
from store import tables as t
from store.faults import Missing, Stale
from tests.workflows.referrals.towns import CARRIES, DAY, TODAY, a_town
from workflows.consents.giving import give_consent, list_consents, narrow_consent, withdraw_consent
from workflows.consents.preview import preview_disclosure, preview_referral
from workflows.referrals.office import cancel_referral, draft_referral, request_seat
from workflows.referrals.provider import accept_referral, read_incoming_referral
from workflows.refusal import Forbidden, Refusal


@pytest.fixture
def town(store):
    return a_town(store)


def given(town, **how):
    values = {"purpose": Purpose.REFERRAL, "categories": CARRIES, "recipient_id": town.vhs, **how}
    return give_consent(town.anna, town.person, **values)


def requested(town):
    id = draft_referral(town.anna, town.need, town.slot)["referral_id"]
    request_seat(town.anna, id, town.version(id))
    return id


def fields(town, id):
    return read_incoming_referral(town.vhs_desk, id)["fields"]


def test_what_was_given_can_be_read_and_is_valid_from_its_first_day(town):
    given(town, from_on=TODAY + DAY, until_on=TODAY + 5 * DAY)
    (consent,) = list_consents(town.anna, town.person)
    assert (consent["recipient_id"], consent["is_valid"]) == (town.vhs, False)
    assert consent["categories"] == sorted(CARRIES)
    town.later(1)
    assert list_consents(town.anna, town.person)[0]["is_valid"]


def test_a_consent_needs_a_recipient_of_the_region(town):
    with pytest.raises(Refusal, match="recipient"):
        given(town, recipient_id=None)
    with pytest.raises(Missing):
        given(town, recipient_id="nowhere")


def test_only_the_office_of_the_person_records_a_consent(town):
    with pytest.raises(Missing):
        give_consent(town.other_office_desk, town.person, Purpose.REFERRAL, CARRIES, town.vhs)
    with pytest.raises(Forbidden):
        give_consent(town.vhs_desk, town.person, Purpose.REFERRAL, CARRIES, town.vhs)


def test_the_recipient_sees_what_is_covered_and_carried_and_it_is_noted(town):
    consent = given(town, categories=CARRIES | {DataCategory.FAMILY})["consent_id"]
    id = requested(town)
    seen = fields(town, id)
    assert seen["person.name"] == "Sara Muster"
    assert seen["person.contact"]["phone"] == "0000 123456"
    assert not any(path.startswith("household.children") for path in seen), "it is not carried"
    sent, shown = town.rows(t.disclosure)
    assert sent["content"] == shown["content"] == seen
    assert shown["consent_ids"] == [consent]
    assert (shown["recipient_id"], shown["disclosed_by"]) == (town.vhs, town.vera_id)
    assert shown["categories"] == CARRIES


def test_the_preview_shows_the_same_before_anything_is_sent(town):
    given(town)
    preview = preview_disclosure(town.anna, town.need, town.vhs)
    assert town.rows(t.disclosure) == []
    id = requested(town)
    visible = {field["path"]: field["value"] for field in preview if field["is_visible"]}
    assert visible == fields(town, id)
    assert preview_referral(town.anna, id) == preview
    hidden = {field["path"] for field in preview if not field["is_visible"]}
    assert "analysis.profession" in hidden
    assert all(field["value"] is None for field in preview if not field["is_visible"])


def test_a_withdrawal_cancels_frees_and_marks_in_one_transaction(town):
    consent = given(town)
    id = requested(town)
    accept_referral(town.vhs_desk, id, town.version(id))
    answer = withdraw_consent(town.anna, consent["consent_id"], consent["version"])
    assert answer["cancelled"] == [id]
    row = town.row(t.referral, id)
    assert (row["state"], row["reason"]) == (ReferralState.CANCELLED, Reason.CONSENT_WITHDRAWN)
    assert town.taken(town.group) == 0
    assert town.rows(t.help_plan, person_id=town.person)[0]["replan_marked_at"] is not None
    assert fields(town, id) == {}
    with pytest.raises(PlanFault):
        withdraw_consent(town.anna, consent["consent_id"], answer["version"])


def test_a_draft_that_was_never_sent_survives_a_withdrawal(town):
    consent = given(town)
    id = draft_referral(town.anna, town.need, town.slot)["referral_id"]
    assert withdraw_consent(town.anna, consent["consent_id"], consent["version"])["cancelled"] == []
    assert town.row(t.referral, id)["state"] is ReferralState.DRAFT


def test_what_another_consent_still_covers_goes_on(town):
    consent = given(town)
    given(town, recipient_id=None, recipient_type=ActorType.COURSE_PROVIDER)
    id = requested(town)
    assert withdraw_consent(town.anna, consent["consent_id"], consent["version"])["cancelled"] == []
    assert fields(town, id)["person.name"] == "Sara Muster"


def test_narrowing_hides_at_the_next_request_and_cancels_what_lost_its_cover(town):
    consent = given(town, categories=CARRIES | {DataCategory.FAMILY})
    id = requested(town)
    narrowed = narrow_consent(town.anna, consent["consent_id"], consent["version"], CARRIES)
    assert narrowed["cancelled"] == []
    less = CARRIES - {DataCategory.LANGUAGE}
    assert narrow_consent(town.anna, consent["consent_id"], narrowed["version"], less)["cancelled"] == [id]
    with pytest.raises(PlanFault):
        narrow_consent(town.anna, consent["consent_id"], narrowed["version"] + 1, CARRIES)


def test_after_its_last_day_a_consent_shows_nothing(town):
    given(town, until_on=TODAY + 2 * DAY)
    id = requested(town)
    town.later(2)
    assert fields(town, id) != {}
    town.later(1)
    noted = len(town.rows(t.disclosure))
    assert fields(town, id) == {}
    assert len(town.rows(t.disclosure)) == noted, "nothing shown, nothing noted"


def test_once_it_has_ended_a_referral_shows_nothing_of_the_person(town):
    given(town)
    id = requested(town)
    cancel_referral(town.anna, id, town.version(id), Reason.TOOK_A_JOB, "Muster GmbH")
    read = read_incoming_referral(town.vhs_desk, id)
    assert read["fields"] == {}
    assert "took-a-job" not in str(read) and "Muster GmbH" not in str(read)


def test_an_edit_from_an_older_version_is_refused(town):
    consent = given(town)
    narrow_consent(town.anna, consent["consent_id"], consent["version"], CARRIES)
    with pytest.raises(Stale):
        withdraw_consent(town.anna, consent["consent_id"], consent["version"])
