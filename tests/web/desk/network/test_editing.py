"""Rows of an actor are changed by whoever may, with the version that was read; nothing typed is lost."""

from __future__ import annotations

import re
from datetime import date

import pytest

from plans.roles import Role
from store import tables as t
from store.unit_of_work import ReadingUnit
from tests.web.desk.conftest import Office
from tests.web.desk.visitors import Visitor
from tests.workflows.desks import REGION

AT = "/netz/musterkreis/akteure/vhs"


def row(office: Office, table: t.Table, key: str) -> dict:
    with ReadingUnit(office.store) as unit:
        return unit.find(table, region_id=REGION, key=key)[0]


def form_at(visitor: Visitor, address: str) -> dict[str, object]:
    """The form of a page as a browser would send it back."""
    page = visitor.get(address).text
    body = page[page.index('class="form-page"') :]
    sent: dict[str, object] = {}
    for tag in re.findall(r"<input[^>]*>", body):
        name, value = (re.search(rf'{part}="([^"]*)"', tag) for part in ("name", "value"))
        if name and (" checked" in tag or 'type="checkbox"' not in tag):
            value_ = value[1] if value else "on"
            sent[name[1]] = [*sent.get(name[1], []), value_] if 'type="checkbox"' in tag else value_
    for name, options in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', body, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = chosen[1] if chosen else ""
    return sent


def test_a_provider_changes_the_seats_of_its_group_and_sees_who_did(town: Office) -> None:
    visitor = town.signed_in(Role.PROVIDER)
    address = f"{AT}/groups/{row(town, t.slot_group, 'abend')['id']}"
    form = form_at(visitor, address)
    answer = visitor.client.post(address, data={**form, "seats": "18"})
    assert (answer.status_code, answer.headers["Location"]) == (303, AT)
    assert row(town, t.slot_group, "abend")["seats"] == 18
    page = visitor.get(AT).text
    assert "Provider-1 Muster: Plätze oder Termine geändert (Plätze)" in page


def test_a_form_sent_back_as_it_is_changes_nothing(town: Office) -> None:
    visitor = town.signed_in(Role.COORDINATOR)
    for table, kind, key in (
        (t.organisation, "actors", "vhs"),
        (t.offering, "offerings", "offering-abend"),
        (t.slot_group, "groups", "abend"),
    ):
        before = row(town, table, key)
        address = f"{AT}/{kind}/{before['id']}"
        assert visitor.client.post(address, data=form_at(visitor, address)).status_code == 303
        assert row(town, table, key) == before


def test_a_fault_stands_at_its_field_and_what_was_typed_stays(town: Office) -> None:
    visitor = town.signed_in(Role.PROVIDER)
    address = f"{AT}/groups/{row(town, t.slot_group, 'abend')['id']}"
    answer = visitor.client.post(
        address, data={**form_at(visitor, address), "seats": "viele", "minimum": "7"}
    )
    assert answer.status_code == 422
    assert re.search(r'id="seats"[^>]*value="viele"[^>]*aria-invalid="true"', answer.text, re.DOTALL)
    assert re.search(r'id="minimum"[^>]*value="7"', answer.text, re.DOTALL)
    assert row(town, t.slot_group, "abend")["seats"] == 20


def test_who_was_slower_sees_both_versions_and_can_save_again(town: Office) -> None:
    slow, quick = town.signed_in(Role.PROVIDER), town.signed_in(Role.COORDINATOR)
    address = f"{AT}/groups/{row(town, t.slot_group, 'abend')['id']}"
    form = form_at(slow, address)
    quick.client.post(address, data={**form_at(quick, address), "seats": "18"})
    answer = slow.client.post(address, data={**form, "seats": "16"})
    assert answer.status_code == 409
    assert re.search(r'id="seats"[^>]*value="16"', answer.text, re.DOTALL)
    assert re.search(r"Jetzt gespeichert:</strong>\s*18", answer.text)
    assert row(town, t.slot_group, "abend")["seats"] == 18


def test_figures_are_confirmed_with_one_click(town: Office) -> None:
    visitor = town.signed_in(Role.PROVIDER)
    old = row(town, t.slot_group, "voll")
    assert "Angaben sind alt" in visitor.get(AT).text
    form = {"csrf_token": visitor.token(AT), "version": old["version"]}
    assert visitor.client.post(f"{AT}/groups/{old['id']}/bestaetigen", data=form).status_code == 303
    assert row(town, t.slot_group, "voll")["as_of_on"] == date(2026, 3, 2)


def test_a_new_group_and_a_cooperation_are_added(town: Office) -> None:
    visitor = town.signed_in(Role.COORDINATOR)
    address = f"{AT}/groups/neu"
    form = form_at(visitor, f"{address}?offering=offering-abend")
    wanted = {"id": "neu-1", "start": "2026-05-04", "module_days": "30", "seats": "15", "booked": "0"} | {
        "source": "Anruf"
    }
    assert visitor.client.post(address, data={**form, **wanted}).status_code == 303
    assert row(town, t.slot_group, "neu-1")["seats"] == 15
    twice = visitor.client.post(
        address, data={**form_at(visitor, address), **form, **wanted, "request_key": ""}
    )
    assert twice.status_code == 422 and "neu-1" in twice.text
    address = f"{AT}/cooperation/neu"
    link = {**form_at(visitor, address), "to": "schule", "kind": "refers", "source": "Anruf"}
    assert visitor.client.post(address, data=link).status_code == 303
    assert "Schule Beispielhausen" in visitor.get(AT).text


@pytest.mark.parametrize("role", [Role.COUNSELLOR, Role.PLANNER, Role.AUDITOR])
def test_others_read_but_find_no_way_to_change(town: Office, role: Role) -> None:
    visitor = town.signed_in(role)
    assert "Ändern" not in visitor.get(AT).text
    assert visitor.get(f"{AT}/actors/{town.provider_id}").status_code == 403


def test_a_provider_cannot_change_another_one(town: Office) -> None:
    visitor = town.signed_in(Role.PROVIDER)
    other = row(town, t.organisation, "schule")["id"]
    assert visitor.get(f"/netz/musterkreis/akteure/schule/actors/{other}").status_code == 404
    assert visitor.get(f"{AT}/actors/{other}").status_code == 404  # not one of its rows
    assert visitor.get(f"{AT}/tabellen/{other}").status_code == 404
