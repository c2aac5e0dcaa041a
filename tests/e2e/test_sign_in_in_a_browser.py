"""Signing in with a real browser, and the start page as every role sees it."""

import pyotp
import pytest

from plans.roles import Role
from tests.e2e.watching import every_look
from tests.workflows.access.builders import PASSWORD, an_account


def fill_in(page, name, password=PASSWORD):
    page.get_by_label("Anmeldename").fill(name)
    page.get_by_label("Passwort").fill(password)
    page.get_by_role("button", name="Anmelden").click()


def test_somebody_signs_in_with_the_keyboard_alone_and_out_again(served, open_window):
    an_account(served.store, "tastatur", Role.PLANNER)
    page = open_window(None)
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Zum Inhalt springen"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("tastatur")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Guten Tag, Tastatur Muster").wait_for()
    page.get_by_role("button", name="Abmelden").press("Enter")
    page.get_by_role("heading", name="Anmelden").wait_for()


def test_a_second_factor_is_enrolled_on_the_way(served, open_window):
    an_account(served.store, "faktor", Role.COORDINATOR)
    page = open_window(None)
    fill_in(page, "faktor")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Weiter").click()
    secret = page.locator(".secret").inner_text()
    page.get_by_role("textbox", name="Code").fill(pyotp.TOTP(secret).at(served.store.now()))
    page.get_by_role("button", name="Weiter").click()
    page.get_by_role("heading", name="Guten Tag, Faktor Muster").wait_for()


def test_a_wrong_password_is_said_beside_the_name_that_was_typed(served, open_window):
    page = open_window(None)
    fill_in(page, "niemand", "falsch")
    page.get_by_role("alert").wait_for()
    assert page.get_by_label("Anmeldename").input_value() == "niemand"


@pytest.mark.parametrize("role", [None, Role.COORDINATOR], ids=str)
def test_the_first_page_keeps_nobody_out(served, open_window, role):
    assert every_look(open_window(role), f"{served.address}/") == []
