"""The page for a provider without an account: the token in its address is the only permission."""

from __future__ import annotations

import re

import pytest

from plans.roles import Role
from store import tables as t
from tests.web.desk.provider.conftest import Provider
from tests.web.desk.sessions import a_signed_in_account
from tests.web.desk.visitors import Visitor
from web.desk.pace import Pace
from workflows.referrals.answer_links import make_answer_link


@pytest.fixture
def stranger(provider: Provider) -> Visitor:
    """A browser without an account."""
    return Visitor(provider.visitor.client.application.test_client())


@pytest.fixture
def page(provider: Provider) -> str:
    """The address of a link."""
    return f"/antwort/{make_answer_link(provider.town.anna, provider.referral_id).token}"


def state(provider: Provider) -> str:
    return provider.town.row(t.referral, provider.referral_id)["state"]


def send(provider: Provider, stranger: Visitor, page: str, action: str, **form: str):
    version = str(provider.town.version(provider.referral_id))
    return stranger.post(f"{page}/{action}", {"version": version, **form}, at=page)


def test_whoever_has_the_link_sees_what_the_consent_covers_and_answers_without_an_account(
    provider, stranger, page
):
    shown = stranger.get(page)
    assert "Sara Muster" in shown.text and "Antwort bis 05.03.2026" in shown.text
    assert (shown.headers["Referrer-Policy"], shown.headers["Cache-Control"]) == ("no-referrer", "no-store")
    done = send(provider, stranger, page, "accept")
    assert done.status_code == 200 and "Platz ist zugesagt" in done.text
    assert state(provider) == "accepted"


def test_a_form_that_is_sent_twice_counts_once_and_says_that_the_answer_has_arrived(provider, stranger, page):
    token = stranger.token(page)
    form = {"csrf_token": token, "version": str(provider.town.version(provider.referral_id))}
    told = [stranger.client.post(f"{page}/accept", data=form) for _ in range(2)]
    assert [one.status_code for one in told] == [200, 410]
    assert all("Die Antwort ist eingegangen" in one.text for one in told)


def test_what_an_answer_lacks_is_said_at_the_form(provider, stranger, page):
    refused = send(provider, stranger, page, "reject")
    assert refused.status_code == 422 and state(provider) == "requested"
    assert send(provider, stranger, page, "reject", reason="level-mismatch").status_code == 200
    assert state(provider) == "rejected"


def test_unknown_and_ended_links_look_the_same_and_name_nobody(provider, stranger, page):
    make_answer_link(provider.town.anna, provider.referral_id)
    ended, unknown = stranger.get(page), stranger.get("/antwort/gibt-es-nicht")
    assert ended.status_code == unknown.status_code == 410
    assert "Sara" not in ended.text
    told = [re.sub(r'"[^"]*"', "", one.text) for one in (ended, unknown)]  # without tokens and addresses
    assert told[0] == told[1]


def test_a_link_opens_no_other_page_and_a_session_opens_no_link(provider, stranger, page):
    stranger.get(page)
    assert stranger.get("/eingang").headers["Location"].startswith("/anmelden")
    assert provider.visitor.get("/antwort/gibt-es-nicht").status_code == 410
    assert stranger.post(f"{page}/cancel", {"version": "2"}, at=page).status_code == 404


def test_whoever_asks_too_often_waits(provider, stranger, page):
    app = stranger.client.application
    app.extensions["pace_of_links"] = Pace(2, 60, now=lambda: 0.0)
    assert [stranger.get(page).status_code for _ in range(3)] == [200, 200, 429]
    assert stranger.get("/anmelden").status_code == 200


def test_a_pace_lets_ask_again_as_time_goes_by_and_everybody_for_themselves():
    clock = [0.0]
    pace = Pace(2, 60, now=lambda: clock[0])
    assert [pace.allows("a"), pace.allows("a"), pace.allows("a"), pace.allows("b")] == [1, 1, 0, 1]
    clock[0] = 30.0
    assert [pace.allows("a"), pace.allows("a")] == [True, False]


def test_a_counsellor_is_shown_the_link_once_and_it_leads_to_the_request(provider, stranger):
    town, anna = provider.town, Visitor(stranger.client.application.test_client())
    anna.account_id, token = a_signed_in_account(
        town.store, Role.COUNSELLOR, "beratung", organisation=town.office
    )
    anna.client.set_cookie("sitzung", token)
    address = f"/vermittlung/{town.need}/link"
    assert "Link erstellen" in anna.get(address).text
    made = anna.post(address, at=address).text
    link = re.search(r'value="http://localhost(/antwort/[\w-]+)"', made)
    assert link and "Sara Muster" in stranger.get(link[1]).text
    assert "/antwort/" not in anna.get(address).text
