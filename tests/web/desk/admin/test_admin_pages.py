"""The administration: accounts and roles, help for who lost password or phone, organisations, dated rules."""

import re

import pytest

from plans.roles import Role
from tests.workflows.access.builders import PASSWORD, account, an_account
from tests.workflows.desks import REGION
from workflows.access.sessions import NotSignedIn
from workflows.access.sign_in import sign_in

AT = "/verwaltung"


@pytest.fixture
def admin(office):
    return office.signed_in(Role.ADMINISTRATOR)


def new_account(office, **given):
    form = {"login_name": "neu.muster", "display_name": "Nina Muster", "role": "counsellor", "language": "de"}
    return {
        **form,
        "region": REGION,
        "organisation": office.organisation_id,
        "request_key": "k" * 20,
        **given,
    }


def test_an_account_made_twice_by_one_form_is_made_once_and_its_password_lets_in(office, admin):
    for _ in range(2):
        made = admin.post(f"{AT}/konten/neu", new_account(office), at=f"{AT}/konten/neu")
        assert made.status_code == 303
    at = made.headers["Location"]
    page = admin.get(at).text
    assert "Nina Muster" in page and "Beratung, Stadt Musterstadt" in page and "noch ohne Passwort" in page
    (version,) = set(re.findall(r'name="version" value="(\d+)"', page.split('id="deeds"')[1]))
    shown = admin.post(f"{at}/passwort", {"version": version}, at=at).text
    temporary = re.search(r'class="secret">([^<]+)<', shown)[1]
    assert sign_in(office.store, "neu.muster", temporary).stage == "new-password"
    assert temporary not in admin.get(at).text


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"login_name": "N!"}, "Anmeldename"),
        ({"role": "king"}, "Das fehlt noch"),
        ({"organisation": ""}, "Organisation"),
        ({"display_name": ""}, "Das fehlt noch"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(office, admin, given, told):
    answer = admin.post(f"{AT}/konten/neu", new_account(office, **given), at=f"{AT}/konten/neu")
    assert answer.status_code == 422
    assert told in answer.text and ("Nina Muster" in answer.text or "neu.muster" in answer.text)


def test_who_presses_twice_for_a_new_password_is_told_where_it_stood(office, admin):
    id = an_account(office.store, "anna", Role.PLANNER)
    at = f"{AT}/konten/{id}"
    form = {"version": account(office.store, id)["version"], "request_key": "p" * 20}
    first, second = (admin.post(f"{at}/passwort", form, at=at) for _ in range(2))
    temporary = re.search(r'class="secret">([^<]+)<', first.text)[1]
    assert second.status_code == 303 and "zweimal gedrückt" in admin.get(at).text
    assert sign_in(office.store, "anna", temporary).stage == "new-password"


def test_a_role_is_given_and_taken_away_again(office, admin):
    id = an_account(office.store, "anna", Role.PLANNER)
    at = f"{AT}/konten/{id}"
    form = {"role": "coordinator", "region": REGION, "request_key": "g" * 20}
    assert admin.post(f"{at}/rolle", form, at=f"{at}/rolle").status_code == 303
    roles = {role["role"]: role for role in account(office.store, id)["roles"]}
    assert set(roles) == {"planner", "coordinator"}
    taken = roles["planner"]
    admin.post(f"{at}/rolle/{taken['grant_id']}/entziehen", {"version": taken["version"]}, at=at)
    assert [role["role"] for role in account(office.store, id)["roles"]] == ["coordinator"]


def test_a_deactivated_account_does_not_get_in_until_it_is_opened_again(office, admin):
    id = an_account(office.store, "anna", Role.PLANNER)
    at = f"{AT}/konten/{id}"
    admin.post(f"{at}/tun/stilllegen", {"version": account(office.store, id)["version"]}, at=at)
    with pytest.raises(NotSignedIn):
        sign_in(office.store, "anna", PASSWORD)
    assert "Konto wieder öffnen" in admin.get(at).text
    admin.post(f"{at}/tun/oeffnen", {"version": account(office.store, id)["version"]}, at=at)
    assert sign_in(office.store, "anna", PASSWORD)


def test_nobody_changes_the_own_account_here(admin):
    page = admin.get(f"{AT}/konten/{admin.account_id}").text
    assert "Konto stilllegen" not in page and "Entziehen" not in page


def test_an_auditor_sees_accounts_and_changes_none(office):
    auditor = office.signed_in(Role.AUDITOR)
    page = auditor.get(AT).text
    assert "Auditor-1 Muster" in page and "Neues Konto" not in page


def test_an_organisation_is_made_and_shown(admin):
    form = {"region": REGION, "key": "neu", "name": "Neue Stelle", "type": "municipality", "lat": "51,5"}
    form |= {"place": "Musterstadt", "lon": "7.4", "source": "Telefonat", "request_key": "o" * 20}
    at = f"{AT}/organisationen/neu"
    assert admin.post(at, {**form, "lat": "Nord"}, at=at).status_code == 422
    assert admin.post(at, form, at=at).status_code == 303
    assert "Neue Stelle" in admin.get(f"{AT}/organisationen").text


RULES = """
[[rule]]
key = "course-start-days"
value = 30
unit = "days"
valid_from = 2026-01-01
basis = "assumption"
source = "Beschluss des Kreises"
label_de = "Kursbeginn nach der Anmeldung"
label_en = "Course start after registration"
"""


def test_own_rules_hold_from_their_day_and_name_their_source(admin):
    at = f"{AT}/regeln/neu"
    form = {"region": REGION, "valid_from_on": "2026-03-02", "source": "Beschluss", "content": RULES}
    assert admin.post(at, {**form, "request_key": "r" * 20}, at=at).status_code == 303
    after, before = admin.get(f"{AT}/regeln").text, admin.get(f"{AT}/regeln?am=2026-03-01").text
    assert "der Region" in after and "Beschluss des Kreises" in after and "Gilt ab 02.03.2026" in after
    assert "der Region" not in before.split("<tbody")[1].split("</tbody")[0]


def test_a_faulty_file_of_rules_names_the_line(admin):
    at = f"{AT}/regeln/neu"
    form = {"region": REGION, "valid_from_on": "02.03.2026", "source": "x", "content": "[[rule]]\nkey = 1"}
    answer = admin.post(at, form, at=at)
    assert answer.status_code == 422 and "Zeile 1" in answer.text
