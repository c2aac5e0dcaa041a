"""A provider reads what a consent covers, and answers; what is refused is said where it was answered."""

from __future__ import annotations

import pytest

from store import tables as t
from tests.web.desk.provider.conftest import Provider
from web.desk.forms import new_request_key


def state(provider: Provider) -> str:
    return provider.town.row(t.referral, provider.referral_id)["state"]


def answer(provider: Provider, action: str, **form: str):
    page = f"/eingang/{provider.referral_id}"
    version = str(provider.town.version(provider.referral_id))
    sent = {"request_key": new_request_key(), "version": version, **form}
    return provider.visitor.post(f"{page}/{action}", sent, at=page)


def test_what_is_new_stands_on_top_with_the_day_until_which_the_seat_is_held(provider: Provider) -> None:
    page = provider.visitor.get("/eingang").text
    assert "Neu: bitte antworten (1)" in page and "Antwort bis 05.03.2026" in page
    assert "Sara" not in page


def test_reading_shows_what_the_consent_covers_and_is_noted(provider: Provider) -> None:
    page = provider.visitor.get(f"/eingang/{provider.referral_id}").text
    assert "Sara Muster" in page
    assert "17.05.1990" in page and "need[" not in page  # in words, without paths and ids
    assert "Lebenslage" not in page and "P1" not in page  # the situation is not carried by a course
    assert len(provider.town.rows(t.disclosure, referral_id=provider.referral_id)) >= 2  # sent, and read


def test_accepting_gives_the_seat_and_the_person_takes_part(provider: Provider) -> None:
    assert answer(provider, "accept").status_code == 303
    assert state(provider) == "accepted"
    assert "Sara Muster" in provider.visitor.get(f"/eingang/gruppen/{provider.town.group}").text


def test_the_waiting_list_needs_an_expected_start(provider: Provider) -> None:
    refused = answer(provider, "waitlist")
    assert refused.status_code == 422 and state(provider) == "requested"
    assert answer(provider, "waitlist", expected_start_on="2026-05-04").status_code == 303
    page = provider.visitor.get("/eingang").text
    assert "Auf der Warteliste (1)" in page and "Platz ist frei" in page
    assert "04.05.2026" in provider.visitor.get(f"/eingang/gruppen/{provider.town.group}").text


@pytest.mark.parametrize(
    ("form", "refused"),
    [({}, True), ({"reason": "not-eligible"}, True), ({"reason": "level-mismatch"}, False)],
    ids=["no reason", "no words", "a reason"],
)
def test_rejecting_needs_a_reason_and_some_reasons_need_words(provider: Provider, form, refused) -> None:
    assert answer(provider, "reject", **form).status_code == (422 if refused else 303)
    assert state(provider) == ("requested" if refused else "rejected")


def test_a_stale_answer_is_said_and_changes_nothing(provider: Provider) -> None:
    refused = answer(provider, "accept", version="999")
    assert refused.status_code == 409 and state(provider) == "requested"


def test_a_double_click_is_one_answer(provider: Provider) -> None:
    form = {"request_key": new_request_key(), "version": str(provider.town.version(provider.referral_id))}
    page = f"/eingang/{provider.referral_id}"
    answers = [provider.visitor.post(f"{page}/accept", form, at=page).status_code for _ in range(2)]
    assert answers == [303, 303]
    assert len(provider.town.rows(t.referral_event, referral_id=provider.referral_id, action="accept")) == 1


def test_the_whole_way_to_the_end(provider: Provider) -> None:
    for action, form in (("accept", {}), ("start", {}), ("complete", {"outcome": "goal-reached"})):
        assert answer(provider, action, **form).status_code == 303
    assert state(provider) == "completed"
    page = provider.visitor.get(f"/eingang/{provider.referral_id}").text
    assert "Sara Muster" not in page and "nichts mehr zu tun" in page
    assert "Alles beantwortet" in provider.visitor.get("/eingang").text
