"""The first page says what is due today, for each role what it has to see to, and where to go on."""

import pytest

from plans.referral_table import ReferralState
from plans.roles import Role
from store import tables as t
from tests.store.builders import a_group, a_need, a_person, a_plan, a_referral, a_slot, a_unit, described
from tests.workflows.desks import REGION
from web.desk.due import KINDS
from web.language import words_for


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.COORDINATOR}))
def test_where_nothing_is_due_the_page_says_so(office, role):
    page = office.signed_in(role).get("/").text
    assert "Heute ist nichts fällig" in page


def test_a_provider_sees_that_a_referral_waits(office):
    with a_unit(office.store) as uow:
        slot = a_slot(uow, REGION, office.provider_id, a_group(uow, REGION, office.provider_id))
        plan = a_plan(uow, REGION, office.organisation_id, a_person(uow, REGION, office.organisation_id))
        a_referral(uow, a_need(uow, REGION, plan), slot, ReferralState.REQUESTED)
        described(uow).commit()
    page = office.signed_in(Role.PROVIDER).get("/").text
    assert "1 Vermittlung wartet auf Ihre Antwort" in page
    assert "nichts fällig" not in page


def test_a_coordinator_sees_that_partners_have_confirmed_nothing(office):
    assert "2 Angaben von Partnern sind alt" in office.signed_in(Role.COORDINATOR).get("/").text


@pytest.mark.parametrize("role", [Role.PLANNER, Role.COORDINATOR])
def test_who_plans_sees_that_plans_have_changed(office, role):
    with a_unit(office.store) as uow:
        person = a_person(uow, REGION, office.organisation_id)
        a_plan(uow, REGION, office.organisation_id, person, replan_marked_at=office.clock())
        described(uow).commit()
    assert "1 Hilfeplan hat sich geändert" in office.signed_in(role).get("/").text


def test_who_administers_sees_a_locked_account(office):
    visitor = office.signed_in(Role.ADMINISTRATOR)
    other = office.signed_in(Role.PLANNER)
    with a_unit(office.store) as uow:
        version = uow.get(t.account, other.account_id)["version"]
        until = office.clock().replace(hour=20)
        uow.change(t.account, other.account_id, version, failed_attempts=9, locked_until_at=until)
        described(uow).commit()
    assert "1 Konto ist nach Fehlversuchen gesperrt" in visitor.get("/").text


@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_kind_of_what_is_due_has_its_words(lang):
    words = words_for(lang)
    for key in {key for kinds in KINDS.values() for key, _, _ in kinds}:
        assert words.count(f"desk.due.{key}", 1) != words.count(f"desk.due.{key}", 2)
        assert words(f"desk.due.{key}.more", n=50)


def test_a_counsellor_finds_somebody_from_the_first_page_and_others_cannot_ask(office):
    page = office.signed_in(Role.COUNSELLOR).get("/").text
    assert 'action="/personen/suche"' in page and 'name="birth_on"' in page
    assert 'action="/personen/suche"' not in office.signed_in(Role.PLANNER).get("/").text


@pytest.mark.parametrize("role", list(Role))
def test_what_is_searched_for_in_the_network_goes_along_to_the_region(office, role):
    client = office.signed_in(role)
    assert 'name="text"' in client.get("/").text
    answer = client.get("/netz?text=Volkshochschule")
    places = [answer.headers["Location"]] if answer.status_code == 303 else [answer.text]
    assert "text=Volkshochschule" in places[0]
