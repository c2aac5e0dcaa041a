"""Who has an account gets in, and nobody else; a session dies at the next request after its end."""

import pytest

from plans.roles import Role
from tests.workflows.access.builders import PASSWORD, an_account, version_of
from tests.workflows.desks import the_machine
from workflows.access.accounts import deactivate_account


def test_a_visitor_is_led_to_the_sign_in_and_back(office):
    visitor = office.visitor()
    answer = visitor.get("/?tag=1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/anmelden?next=%2F%3Ftag%3D1")
    an_account(office.store, "anna", Role.PLANNER)
    form = {"login_name": "anna", "password": PASSWORD, "next": "/?tag=1"}
    while (answer := visitor.post("/anmelden", form)).headers["Location"] == "/anmelden/weiter":
        visitor.sign_in("anna", office.clock)
        break
    assert visitor.get("/").status_code == 200


@pytest.mark.parametrize("role", Role)
def test_every_role_gets_in_and_is_greeted(office, role):
    organisation = {Role.COUNSELLOR: office.organisation_id, Role.PROVIDER: office.provider_id}.get(role)
    an_account(office.store, "anna", role, organisation=organisation)
    visitor = office.visitor()
    visitor.sign_in("anna", office.clock)
    page = visitor.get("/")
    assert page.status_code == 200
    assert "Guten Tag" in page.text


def test_a_wrong_password_is_answered_like_an_unknown_name(office):
    an_account(office.store, "anna", Role.PLANNER)
    visitor = office.visitor()
    wrong = visitor.post("/anmelden", {"login_name": "anna", "password": "falsch"})
    unknown = visitor.post("/anmelden", {"login_name": "berta", "password": "falsch"})
    assert wrong.status_code == unknown.status_code == 422
    assert told(wrong) == told(unknown)


def told(answer):
    return answer.text.split('role="alert"')[1].split("</div>")[0]


def test_an_address_that_is_not_there_does_not_sign_anybody_out(office):
    answer = office.signed_in().get("/gibt-es-nicht")
    assert answer.status_code == 404
    assert "Counsellor-1 Muster" in answer.text


def test_who_signs_out_is_out(office):
    visitor = office.signed_in()
    assert visitor.post("/anmelden/abmelden", at="/").status_code == 303
    assert visitor.get("/").status_code == 303


def test_a_deactivated_account_is_out_at_the_next_request(office):
    visitor = office.signed_in()
    id = visitor.account_id
    deactivate_account(the_machine(office.store), id, version_of(office.store, id))
    answer = visitor.get("/")
    assert answer.status_code == 303
    assert "over=1" in answer.headers["Location"]


def test_an_idle_session_is_over(office):
    visitor = office.signed_in()
    office.clock.forward(hours=12)
    assert visitor.get("/").status_code == 303


def test_who_only_stays_is_not_idle(office):
    visitor = office.signed_in()
    for _ in range(3):
        office.clock.forward(minutes=20)
        assert visitor.post("/anmelden/bleiben", at="/").status_code == 204
    assert visitor.get("/").status_code == 200


@pytest.mark.parametrize("address", ["//böse.example", "https://boese.example/", "/\\boese.example", "x"])
def test_nobody_is_led_to_another_site(office, address):
    answer = office.visitor().get("/anmelden", query_string={"next": address})
    assert 'name="next" value=""' in answer.text


def test_a_part_of_a_page_leads_the_whole_page_to_the_sign_in(office):
    answer = office.visitor().get("/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/anmelden")
