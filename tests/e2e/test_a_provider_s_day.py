"""A provider's day in a real browser: rejects one referral, accepts another, keeps the seats current."""

from __future__ import annotations

import pytest

from plans.roles import Role
from store import tables as t
from tests.e2e.serving import fresh_store
from tests.e2e.watching import every_look
from tests.workflows.referrals.towns import a_town
from workflows.referrals.office import draft_referral, request_seat


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    town = a_town(fresh_store(tmp_path_factory.mktemp("desk")), minimum=1)
    people = [(town.person, town.need), town.with_person("Omar Muster")]
    for person, need in people:
        town.with_consent(person)
        drafted = draft_referral(town.anna, need, town.slot)
        request_seat(town.anna, drafted["referral_id"], drafted["version"])
    return town


@pytest.fixture(scope="module")
def filled(town):
    return town.store, {Role.PROVIDER: town.vhs}


def states(town):
    return sorted(row["state"] for row in town.rows(t.referral))


def test_a_provider_rejects_with_a_reason_accepts_and_keeps_the_table(open_window, served, town):
    page = open_window(Role.PROVIDER)
    page.get_by_role("link", name="Eingang", exact=True).first.click()
    assert every_look(page, f"{served.address}/eingang?lang=de") == []
    page.goto(f"{served.address}/eingang?lang=de")
    page.locator("main tbody a").first.click()
    page.get_by_text("Muster").first.wait_for()
    page.get_by_text("ablehnen …").click()
    page.get_by_label("Grund").select_option(value="level-mismatch")
    page.get_by_role("button", name="ablehnen").click()
    page.get_by_text("Hier ist nichts mehr zu tun.").wait_for()
    assert states(town) == ["rejected", "requested"]

    page.get_by_role("link", name="Eingang", exact=True).first.click()
    page.locator("main tbody a").first.click()
    assert every_look(page, page.url) == []
    page.goto(page.url.replace("lang=en", "lang=de"))
    page.get_by_role("button", name="annehmen").click()
    page.get_by_text("Beginn melden").first.wait_for()
    assert states(town) == ["accepted", "rejected"]


def test_the_table_is_filled_in_with_the_keyboard_like_a_spreadsheet(open_window, served, town):
    town.with_group("ik-2", seats=2, minimum=1)
    page = open_window(Role.PROVIDER, "/eingang/plaetze")
    first, second = page.locator('[data-column="seats"]').all()
    first.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("9")
    with page.expect_response("**/eingang/plaetze/*"):
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Gespeichert").wait_for()
    assert town.row(t.slot_group, town.group)["seats"] == 9
    assert page.evaluate("document.activeElement.id") == second.get_attribute("id")
    with page.expect_response("**/eingang/plaetze/*"):
        page.keyboard.type("0")  # it is selected, so this overwrites it
        page.keyboard.press("Tab")
    page.locator(".faulty [role=alert]").wait_for()
    assert every_look(page, f"{served.address}/eingang/plaetze") == []
