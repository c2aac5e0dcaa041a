"""Seats and dates are kept current line by line; a line that is refused says so and keeps what was typed."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from store import tables as t
from tests.web.desk.provider.conftest import Provider
from web.desk.forms import new_request_key

AT = "/eingang/plaetze"


def save(provider: Provider, version: int | None = None, inside: bool = True, **cells: str):
    row = provider.town.row(t.slot_group, provider.town.group)
    now = {"seats": str(row["seats"]), "booked": str(row["booked_elsewhere"]), "minimum": str(row["minimum"])}
    now["start"] = f"{row['start_on']:%d.%m.%Y}"
    form = {**now, "version": str(version or row["version"]), "request_key": new_request_key(), **cells}
    form["csrf_token"] = provider.visitor.token(AT)
    headers = {"HX-Request": "true"} if inside else {}
    return provider.visitor.client.post(f"{AT}/{provider.town.group}", data=form, headers=headers)


def test_the_table_shows_seats_referred_and_free(provider: Provider) -> None:
    page = provider.visitor.get(AT).text
    cells = [re.sub(r"<[^>]+>|\s", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", page, re.DOTALL)]
    assert re.search(r'name="start"[^>]*value="12.03.2026"', page)
    assert re.search(r'name="seats"[^>]*value="2"', page)
    assert cells[4:7] == ["1", "1", "0"]  # referred, free, waiting


def test_one_line_is_saved_and_comes_back_alone_confirmed_today(provider: Provider) -> None:
    answer = save(provider, seats="5", minimum="3")
    assert answer.status_code == 200 and answer.text.strip().startswith("<tr")
    row = provider.town.row(t.slot_group, provider.town.group)
    assert (row["seats"], row["minimum"], row["as_of_on"]) == (5, 3, provider.town.today)


def test_another_day_is_typed_as_germans_write_it_and_moves_the_ways_in(provider: Provider) -> None:
    assert save(provider, start="19.03.2026").status_code == 200
    group = provider.town.row(t.slot_group, provider.town.group)
    assert group["start_on"] == date(2026, 3, 19) < group["end_on"]
    assert provider.town.row(t.slot, provider.town.slot)["start_on"] == date(2026, 3, 19)


@pytest.mark.parametrize("typed", ["31.02.2026", "bald", ""])
def test_what_is_no_day_is_refused_at_the_line_and_keeps_what_was_typed(provider: Provider, typed) -> None:
    answer = save(provider, start=typed)
    assert answer.status_code == 422 and f'value="{typed}"' in answer.text and 'role="alert"' in answer.text


def test_the_day_of_a_group_that_has_begun_is_not_to_be_typed(provider: Provider) -> None:
    began_on = provider.town.today - timedelta(days=1)
    assert save(provider, start=began_on.isoformat()).status_code == 200
    assert 'name="start"' not in provider.visitor.get(AT).text
    assert save(provider, start="19.03.2026", seats="5").status_code == 200
    row = provider.town.row(t.slot_group, provider.town.group)
    assert (row["start_on"], row["seats"]) == (began_on, 5)


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
