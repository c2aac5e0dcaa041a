"""A provider without an account opens a link in a browser, is kept out by nothing, and answers."""

from __future__ import annotations

import pytest

from store import tables as t
from tests.e2e.serving import fresh_store, serving
from tests.e2e.watching import every_look
from tests.workflows.referrals.towns import a_town
from workflows.referrals.answer_links import make_answer_link
from workflows.referrals.office import draft_referral, request_seat


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    town = a_town(fresh_store(tmp_path_factory.mktemp("town")))
    town.with_consent()
    drafted = draft_referral(town.anna, town.need, town.slot)
    town.ids["referral"] = request_seat(town.anna, drafted["referral_id"], drafted["version"])["referral_id"]
    return town


@pytest.fixture(scope="module")
def served(town):
    with serving(town.store, {}) as desk:
        yield desk


def test_a_request_is_read_and_answered_by_link_and_nobody_is_kept_out(town, served, open_window):
    path = f"/antwort/{make_answer_link(town.anna, town.referral).token}"
    window = open_window(None, path)
    assert every_look(window, served.address + path) == []
    window.get_by_role("button", name="Accept").click()
    window.get_by_role("heading", name="The answer has arrived").wait_for()
    assert town.row(t.referral, town.referral)["state"] == "accepted"
    assert every_look(window, served.address + path, {"de": (("dark", 375),)}) == []
