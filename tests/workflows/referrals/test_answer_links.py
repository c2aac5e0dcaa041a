"""A provider without an account answers one referral, once, by a link that ends with the hold."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from plans.referral_details import Details
from plans.referral_table import Reason, ReferralAction
from store import tables as t
from store.faults import Missing, NoSeat, Stale
from store.secrets import fingerprint
from tests.workflows.referrals.towns import Town, a_town
from workflows.consents.giving import withdraw_consent
from workflows.referrals.answer_links import LinkIsOver, answer_by_link, bearer_of, make_answer_link
from workflows.referrals.holds import run_clock
from workflows.referrals.office import cancel_referral, draft_referral, request_seat
from workflows.referrals.provider import accept_referral, read_incoming_referral
from workflows.refusal import Refusal

LEVEL = Details(reason=Reason.LEVEL_MISMATCH)


@pytest.fixture
def town(store) -> Town:
    """A town with a request to the vhs; `consent` and `referral` are its ids."""
    town = a_town(store)
    town.ids["consent"] = town.with_consent()
    drafted = draft_referral(town.anna, town.need, town.slot)
    town.ids["referral"] = request_seat(town.anna, drafted["referral_id"], drafted["version"])["referral_id"]
    return town


def answer(town: Town, token: str, action: ReferralAction = ReferralAction.ACCEPT, **given):
    bearer = bearer_of(town.store, token)
    version = town.version(bearer.referral_id)
    return answer_by_link(bearer.desk, bearer.link_id, version, action, **given)


def over(town: Town, token: str) -> str:
    """Why a link is refused."""
    with pytest.raises(LinkIsOver) as refused:
        bearer_of(town.store, token)
    return refused.value.code


def test_a_request_is_answered_by_its_link_once_and_the_audit_says_by_which(town):
    link = make_answer_link(town.anna, town.referral)
    assert answer(town, link.token)["state"] == "accepted"
    made, answered = town.rows(t.audit_entry)[-2:]
    (row,) = town.rows(t.answer_link)
    assert (made["action"], answered["action"]) == ("make-answer-link", "answer-by-link")
    assert row["id"] in answered["actor_label"] and answered["account_id"] is None
    assert over(town, link.token) == "link-answered"


def test_only_a_hash_of_the_token_is_kept(town):
    link = make_answer_link(town.anna, town.referral)
    (row,) = town.rows(t.answer_link)
    assert row["token_hash"] == fingerprint(link.token)
    assert not [entry for entry in town.rows(t.audit_entry) if link.token in str(entry)]
    assert link.token not in repr(link)


def test_a_request_for_a_link_that_comes_twice_gets_the_same_one(town):
    desk = town.anna.once("a-link-for-sara")
    assert make_answer_link(desk, town.referral).token == make_answer_link(desk, town.referral).token
    assert len(town.rows(t.answer_link)) == 1


def test_it_shows_what_a_consent_covers_now_and_what_was_shown_is_noted(town):
    link = make_answer_link(town.anna, town.referral)
    bearer = bearer_of(town.store, link.token)
    assert read_incoming_referral(bearer.desk, town.referral)["fields"]["person.name"] == "Sara Muster"
    shown = town.rows(t.disclosure, referral_id=town.referral)[-1]
    assert (shown["recipient_id"], shown["disclosed_by"]) == (town.vhs, None)


def test_it_ends_with_the_day_until_which_the_seat_is_held(town):
    link = make_answer_link(town.anna, town.referral)
    assert link.expires_at == datetime(2026, 3, 5, 23, tzinfo=UTC)  # midnight in Germany after 5 March
    town.later(3)
    assert bearer_of(town.store, link.token).referral_id == town.referral
    town.later(1)
    assert over(town, link.token) == "link-over"


def cancelled(town):
    cancel_referral(town.anna, town.referral, town.version(town.referral), Reason.CHILDCARE)


def consent_withdrawn(town):
    withdraw_consent(town.anna, town.consent, 1)


def answered_from_an_account(town):
    accept_referral(town.vhs_desk, town.referral, town.version(town.referral))


def expired(town):
    town.later(4)
    run_clock(town.clock)
    town.later(-4)


def replaced(town):
    make_answer_link(town.anna, town.referral)


@pytest.mark.parametrize(
    "ending", [cancelled, consent_withdrawn, answered_from_an_account, expired, replaced]
)
def test_it_ends_when_the_request_does_or_there_is_a_newer_one(town, ending):
    link = make_answer_link(town.anna, town.referral)
    ending(town)
    assert over(town, link.token) == "link-over" == over(town, "none")
    assert town.rows(t.answer_link)[0]["ended_at"] is not None


def test_whoever_holds_an_ended_link_in_the_hand_answers_nothing(town):
    """It was valid when the page was opened, and is no more when the form is sent."""
    bearer = bearer_of(town.store, make_answer_link(town.anna, town.referral).token)
    replaced(town)
    with pytest.raises(LinkIsOver):
        answer_by_link(bearer.desk, bearer.link_id, town.version(town.referral), ReferralAction.ACCEPT)
    with pytest.raises(Stale):
        answer_by_link(bearer.desk, bearer.link_id, 1, ReferralAction.ACCEPT)
    assert town.row(t.referral, town.referral)["state"] == "requested"


def test_its_bearer_reaches_no_referral_of_others_and_only_answers(town):
    bearer = bearer_of(town.store, make_answer_link(town.anna, town.referral).token)
    with pytest.raises(Refusal, match="accepted, put on the waiting list or rejected"):
        answer(town, make_answer_link(town.anna, town.referral).token, ReferralAction.CANCEL)
    with pytest.raises(Missing):
        answer_by_link(bearer.desk, "aln-unknown", 1, ReferralAction.ACCEPT)
    assert (bearer.desk.caller.is_machine, bearer.desk.caller.account_id) == (False, None)


def test_a_refused_answer_leaves_the_link_valid(town):
    link = make_answer_link(town.anna, town.referral)
    with pytest.raises(Exception, match="reason"):
        answer(town, link.token, ReferralAction.REJECT)
    assert answer(town, link.token, ReferralAction.REJECT, details=LEVEL)["state"] == "rejected"


def test_only_the_office_that_asked_makes_a_link_and_only_for_a_request(town):
    for desk in (town.other_office_desk, town.other_desk, town.vhs_desk):
        with pytest.raises((Missing, Refusal)):
            make_answer_link(desk, town.referral)
    answered_from_an_account(town)
    with pytest.raises(Refusal, match="while the request"):
        make_answer_link(town.anna, town.referral)
    assert town.rows(t.answer_link) == []


def test_no_seat_is_given_by_a_link_that_is_not_there(town):
    """Somebody who waits is accepted only where a seat is free: the link asks no more than an account."""
    link = make_answer_link(town.anna, town.referral)
    bearer = bearer_of(town.store, link.token)
    assert town.taken(town.group) == 1
    waits = {"details": Details(expected_start_on=town.today)}
    assert answer(town, link.token, ReferralAction.WAITLIST, **waits)["state"] == "waitlisted"
    assert town.taken(town.group) == 0
    with pytest.raises((LinkIsOver, NoSeat)):
        answer_by_link(bearer.desk, bearer.link_id, town.version(town.referral), ReferralAction.ACCEPT)
