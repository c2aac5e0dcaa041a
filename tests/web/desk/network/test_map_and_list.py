"""Map and list say the same, keep the filter in the address, and hide nothing that nobody has stated."""

from __future__ import annotations

import re

import pytest

from plans.roles import Role
from tests.web.desk.conftest import Office

AT = "/netz/musterkreis"


def offers(page: str) -> list[str]:
    return re.findall(r"<h3[^>]*>\s*(.*?)\s*</h3>", page)


def test_whoever_has_one_region_is_led_to_it(town: Office) -> None:
    answer = town.signed_in(Role.PLANNER).get("/netz")
    assert (answer.status_code, answer.headers["Location"]) == (303, AT)


def test_every_offer_stands_in_the_list_and_every_place_on_the_map(town: Office) -> None:
    page = town.signed_in(Role.PLANNER).get(AT).text
    assert len(offers(page)) == 3
    assert re.findall(r'data-places="([^"]+)"', page) == ["Musterstadt", "Beispielhausen"]
    assert "3 von 3 Angeboten" in page


def test_the_filter_stands_in_the_address_and_in_the_form(town: Office) -> None:
    page = town.signed_in(Role.PLANNER).get(f"{AT}?half_day=ev&free=1").text
    assert len(offers(page)) == 2  # the evening course, and what has stated no dates
    assert '<option value="ev" selected>' in page
    assert re.search(r'name="free"[^>]* checked', page)


@pytest.mark.parametrize("asked", ["language=ukr", "half_day=am", "free=1"])
def test_what_is_not_stated_is_shown_with_call_first(town: Office, asked: str) -> None:
    page = town.signed_in(Role.PLANNER).get(f"{AT}?{asked}").text
    assert any("Klasse" in offer for offer in offers(page)), page
    assert "vorher anrufen" in page


def test_old_figures_are_marked_and_fresh_ones_dated(town: Office) -> None:
    page = town.signed_in(Role.PLANNER).get(AT).text
    assert "Stand 20.02.2026" in page and "Stand 20.02.2026, veraltet" not in page
    assert "Stand 01.06.2025, veraltet" in page
    assert "nie bestätigt" in page


@pytest.mark.parametrize("asked", ["kind=tanzkurs", "km=viel", "km=5", "from=x", "from=99999", "level=Z9"])
def test_nonsense_in_the_address_is_said_or_left_out(town: Office, asked: str) -> None:
    assert town.signed_in(Role.PLANNER).get(f"{AT}?{asked}").status_code == 200


def test_a_region_of_others_looks_like_none(town: Office) -> None:
    visitor = town.signed_in(Role.PLANNER)
    foreign, missing = visitor.get("/netz/anderswo"), visitor.get("/netz/anderswo/akteure/vhs")
    assert foreign.status_code == missing.status_code == 403


def test_an_actor_shows_its_offers_and_contact(town: Office) -> None:
    page = town.signed_in(Role.COUNSELLOR).get(f"{AT}/akteure/vhs").text
    assert "VHS Musterstadt" in page and len(offers(page)) == 2
    assert town.signed_in(Role.AUDITOR).get(f"{AT}/akteure/niemand").status_code == 404


def test_it_speaks_english(town: Office) -> None:
    assert "out of date" in town.signed_in(Role.PLANNER).get(f"{AT}?lang=en").text


def test_whom_to_ask_again_is_listed_the_oldest_first(town: Office) -> None:
    page = town.signed_in(Role.COORDINATOR).get(f"{AT}/nachfragen").text
    names = re.findall(r'<th[^>]*scope="row"><a[^>]*>([^<]+)<', page)
    assert set(names) == {"Stadt Musterstadt", "Schule Beispielhausen", "VHS Musterstadt"}
    row = next(row for row in page.split("<tr") if "VHS Musterstadt" in row)
    assert "nie bestätigt" in row and re.search(
        r"numeric\">\s*4\s*<", row
    )  # itself, two offerings, one group
