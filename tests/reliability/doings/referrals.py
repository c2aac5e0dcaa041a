"""Referrals, consents, and what the clock does to them."""

from __future__ import annotations

from datetime import timedelta

from plans.consent import DataCategory, Purpose
from plans.referral_table import Reason, ReferralAction, ReferralOutcome
from store import tables as t
from store.secrets import fingerprint
from tests.reliability.interrupting import Fresh, Life, call
from tests.workflows.referrals.towns import CARRIES, DAY, TODAY, Town, a_town
from workflows.consents.giving import give_consent, list_consents, narrow_consent, withdraw_consent
from workflows.consents.preview import preview_disclosure, preview_referral
from workflows.referrals.answer_links import answer_by_link, bearer_of, open_answer_link
from workflows.referrals.groups import list_participants
from workflows.referrals.holds import end_uncovered, expire_hold
from workflows.referrals.offers import ask_for_seat, ask_to_wait
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

WAIT_UNTIL = TODAY + 30 * DAY


def a_willing_town(fresh: Fresh, seats: int = 2) -> Town:
    town = a_town(fresh(), seats=seats)
    town.with_consent()
    return town


def another_need(town: Town) -> str:
    """Of another person who agrees."""
    person, need = town.with_person("Ali Muster")
    town.with_consent(person)
    return need


def requested(town: Town, need: str) -> str:
    """A referral with a seat held; its id."""
    return str(ask_for_seat(town.anna, need, town.slot)["referral_id"])


def of_referrals(fresh: Fresh) -> Life:
    """From the draft over the held seat to the cancellation."""
    town = a_willing_town(fresh)
    drafted = yield call(draft_referral, town.anna, town.need, town.slot)
    id = drafted["referral_id"]
    yield call(request_seat, town.anna, id, town.version(id))
    yield call(read_incoming_referral, town.vhs_desk, id)
    yield call(read_referral, town.anna, id)
    yield call(preview_referral, town.anna, id)
    yield call(accept_referral, town.vhs_desk, id, town.version(id))
    yield call(list_participants, town.vhs_desk, town.group)
    yield call(cancel_referral, town.anna, id, town.version(id), Reason.CHILDCARE)
    asked = yield call(ask_for_seat, town.anna, town.need, town.slot)
    (consent,) = town.rows(t.consent)
    yield call(withdraw_consent, town.anna, consent["id"], consent["version"])
    assert town.row(t.referral, asked["referral_id"])["ended_on"] == TODAY


def of_providers(fresh: Fresh) -> Life:
    """Every answer of a provider, and every end that one states."""
    town = a_willing_town(fresh, seats=9)
    id = requested(town, town.need)
    yield call(reject_referral, town.vhs_desk, id, town.version(id), Reason.LEVEL_MISMATCH)
    id = requested(town, another_need(town))
    yield call(waitlist_referral, town.vhs_desk, id, town.version(id), WAIT_UNTIL)
    for end, given in (
        (call_off_referral, (Reason.GROUP_NOT_REACHED,)),
        (fail_referral, (Reason.NO_SHOW,)),
    ):
        id = requested(town, another_need(town))
        accept_referral(town.vhs_desk, id, town.version(id))
        yield call(end, town.vhs_desk, id, town.version(id), *given)
    yield from _by_link(town)
    id = requested(town, another_need(town))
    accept_referral(town.vhs_desk, id, town.version(id))
    town.later(10)
    yield call(start_referral, town.vhs_desk, id, town.version(id))
    town.later(180)
    yield call(complete_referral, town.vhs_desk, id, town.version(id), ReferralOutcome.GOAL_REACHED)


def _by_link(town: Town) -> Life:
    token = "muster" * 8
    id = requested(town, another_need(town))
    made = yield call(open_answer_link, town.anna, id, fingerprint(token))
    bearer = bearer_of(town.store, token)
    yield call(answer_by_link, bearer.desk, made["link_id"], town.version(id), ReferralAction.ACCEPT)


def of_consents(fresh: Fresh) -> Life:
    """What a person allows, and what would be seen of it."""
    town = a_town(fresh())
    allowed = (town.person, Purpose.REFERRAL, {*CARRIES, DataCategory.REFERENCE})
    made = yield call(give_consent, town.anna, *allowed, recipient_id=town.vhs)
    yield call(list_consents, town.anna, town.person)
    yield call(preview_disclosure, town.anna, town.need, town.vhs)
    yield call(narrow_consent, town.anna, made["consent_id"], 1, {DataCategory.REFERENCE})


def of_clocks(fresh: Fresh) -> Life:
    """Waiting lists, holds that run out, and what no consent covers any more."""
    town = a_town(fresh(), seats=1)
    town.with_consent(until_on=TODAY + timedelta(days=20))
    held = requested(town, town.need)
    yield call(ask_to_wait, town.anna, another_need(town), town.slot, WAIT_UNTIL)
    waits = draft_referral(town.anna, another_need(town), town.slot)["referral_id"]
    yield call(join_waitlist, town.anna, waits, town.version(waits), WAIT_UNTIL)
    town.later(5)
    assert (yield call(expire_hold, town.clock, held)) == 1
    requested(town, town.need)
    town.later(30)
    assert (yield call(end_uncovered, town.clock, town.person)) == 1
