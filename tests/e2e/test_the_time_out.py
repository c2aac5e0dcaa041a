"""The warning before a session ends: whatever somebody does then, what was typed is still there."""

from __future__ import annotations

import pytest

from plans.roles import Role

TYPED = "Ein langer Satz über Frau Muster"


@pytest.fixture
def page(open_window, served):
    """A form that somebody is filling in, two minutes before the session ends."""
    page = open_window(Role.COUNSELLOR)
    page.clock.install()
    page.goto(f"{served.address}/personen/neu")
    page.get_by_label("Voller Name").fill(TYPED)
    idle = int(page.locator("#time-out").get_attribute("data-idle-seconds"))
    page.clock.fast_forward(1000 * (idle // 2))  # far from both ends: real seconds run on beside these
    assert not warning(page).is_visible()
    page.clock.fast_forward(1000 * (idle // 2 - 119))
    warning(page).wait_for()
    return page


def warning(page):
    return page.get_by_role("dialog")


def typed(page):
    return page.get_by_label("Voller Name").input_value()


def test_who_goes_on_keeps_the_session_and_what_was_typed(page):
    assert page.evaluate("document.activeElement.closest('dialog') !== null")
    with page.expect_response("**/anmelden/bleiben") as answered:
        page.keyboard.press("Enter")
    assert answered.value.status == 204
    warning(page).wait_for(state="hidden")
    assert typed(page) == TYPED


def test_escape_is_a_sign_of_life_too(page):
    with page.expect_response("**/anmelden/bleiben") as answered:
        page.keyboard.press("Escape")
    assert answered.value.status == 204
    warning(page).wait_for(state="hidden")
    assert typed(page) == TYPED


def test_who_comes_too_late_signs_in_in_another_window_and_goes_on(page, served):
    page.context.clear_cookies(name="sitzung")
    page.get_by_role("button", name="Weiterarbeiten").click()
    page.get_by_text("Die Sitzung ist inzwischen beendet").wait_for()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="In neuem Fenster anmelden").click()
    opened.value.get_by_role("heading", name="Anmelden").wait_for()
    page.context.add_cookies(
        [{"name": "sitzung", "value": served.token(Role.COUNSELLOR), "url": served.address}]
    )
    page.get_by_role("button", name="Weiterarbeiten").click()
    warning(page).wait_for(state="hidden")
    assert typed(page) == TYPED
    page.get_by_role("button", name="Haushalt anlegen").click()
    page.get_by_text("Bitte prüfen Sie die markierten Felder").wait_for()
    assert typed(page) == TYPED
