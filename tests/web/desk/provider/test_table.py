"""Seats and dates are kept current line by line; a line that is refused says so and keeps what was typed."""

from __future__ import annotations

import re

from store import tables as t
from tests.web.desk.provider.conftest import Provider
from web.desk.forms import new_request_key

AT = "/eingang/plaetze"


def save(provider: Provider, version: int | None = None, inside: bool = True, **cells: str):
    row = provider.town.row(t.slot_group, provider.town.group)
    now = {"seats": str(row["seats"]), "booked": str(row["booked_elsewhere"]), "minimum": str(row["minimum"])}
    form = {**now, "version": str(version or row["version"]), "request_key": new_request_key(), **cells}
    form["csrf_token"] = provider.visitor.token(AT)
    headers = {"HX-Request": "true"} if inside else {}
    return provider.visitor.client.post(f"{AT}/{provider.town.group}", data=form, headers=headers)


def test_the_table_shows_seats_referred_and_free(provider: Provider) -> None:
    page = provider.visitor.get(AT).text
    cells = [re.sub(r"<[^>]+>|\s", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", page, re.DOTALL)]
    assert cells[0] == "12.03.2026"
    assert re.search(r'name="seats"[^>]*value="2"', page)
    assert cells[4:7] == ["1", "1", "0"]  # referred, free, waiting


def test_one_line_is_saved_and_comes_back_alone_confirmed_today(provider: Provider) -> None:
    answer = save(provider, seats="5", minimum="3")
    assert answer.status_code == 200 and answer.text.strip().startswith("<tr")
    row = provider.town.row(t.slot_group, provider.town.group)
    assert (row["seats"], row["minimum"], row["as_of_on"]) == (5, 3, provider.town.today)


def test_fewer_seats_than_were_referred_are_refused_at_the_line(provider: Provider) -> None:
    answer = save(provider, seats="0", minimum="0")
    assert answer.status_code == 422 and 'value="0"' in answer.text
    assert provider.town.row(t.slot_group, provider.town.group)["seats"] == 2


def test_a_stale_line_is_said(provider: Provider) -> None:
    save(provider, seats="5")
    assert save(provider, version=1, seats="6").status_code == 409
    assert provider.town.row(t.slot_group, provider.town.group)["seats"] == 5


def test_without_scripts_the_whole_table_comes_back(provider: Provider) -> None:
    assert save(provider, inside=False, seats="5").headers["Location"] == AT
    refused = save(provider, inside=False, seats="viele")
    assert refused.status_code == 422 and "<table" in refused.text and 'value="viele"' in refused.text
