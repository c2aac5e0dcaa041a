"""A counsellor finds her people, sees what is due, and begins with a household."""

from __future__ import annotations

import re

import pytest

from plans.roles import Role
from store import tables as t


def a_form(**changes):
    form = {
        "beginning": "here",
        "arrived_on": "2026-02-20",
        "name": "Karim Muster",
        "birth_on": "1988-01-02",
        "gender": "male",
        "town": "Musterstadt",
        "child_1": "2023-04",
        "child_1_care": "1",
    }
    return {**form, **changes}


def test_whoever_looks_after_nobody_is_told_how_to_begin(anna):
    page = anna.get("/personen")
    assert page.status_code == 200
    assert "Heute ist nichts fällig" in page.text and "Beginnen Sie mit" in page.text


def test_everybody_she_looks_after_is_listed_with_the_next_talk(anna, counsel):
    page = anna.get("/personen").text
    assert f'href="/faelle/{counsel.person_id}"' in page
    assert "Amina Muster" in page and "20.03.2026" in page


def test_a_review_that_is_due_comes_first(anna, counsel):
    page = anna.get("/personen").text
    assert "Fällige Überprüfungen" in page
    assert page.index("Fällige Überprüfungen") < page.index("Alle, die ich begleite")


def test_somebody_is_found_by_full_name_and_birthday(anna, counsel):
    form = {"name": "amina muster", "birth_on": "17.05.1990"}
    answer = anna.post("/personen/suche", form, at="/personen")
    assert answer.headers["Location"] == f"/faelle/{counsel.person_id}"
    nobody = anna.post("/personen/suche", {**form, "name": "Amina"}, at="/personen")
    assert nobody.status_code == 200 and "Niemand gefunden" in nobody.text


def test_a_household_that_is_here_begins_with_one_person_and_its_children(office, anna, counsel):
    answer = anna.post("/personen/neu", a_form(), at="/personen/neu")
    assert answer.status_code == 303
    person_id = answer.headers["Location"].removeprefix("/faelle/")
    (person,) = counsel.find(t.person, id=person_id)
    (household,) = counsel.find(t.household, id=person["household_id"])
    assert person["name"] == "Karim Muster"
    assert household["children"] == [{"born_year": 2023, "born_month": 4, "needs_care": True}]
    assert "Karim Muster" in anna.get(answer.headers["Location"]).text


def test_a_household_is_announced_before_it_arrives(office, anna):
    notice = {"announced_on": "2026-03-01", "expected_on": "2026-03-15", "announced_by": office.provider_id}
    form = a_form(beginning="announced", arrived_on="", languages="prs", **notice)
    answer = anna.post("/personen/neu", form, at="/personen/neu")
    page = anna.get(answer.headers["Location"]).text
    assert "Angekündigt, erwartet am 15.03.2026" in page


def test_who_is_announced_may_come_later_with_others_and_is_asked_for_on_the_day(office, anna, counsel):
    notice = {"announced_on": "2026-02-20", "expected_on": "2026-02-28", "announced_by": office.provider_id}
    form = a_form(beginning="announced", arrived_on="", languages="prs", **notice)
    case = anna.post("/personen/neu", form, at="/personen/neu").headers["Location"]
    assert "Ist die Person angekommen?" in anna.get("/personen").text
    plan = counsel.find(t.help_plan, person_id=case.removeprefix("/faelle/"))[0]
    later = {"expected_on": "2026-03-20", "languages": ["prs", "ara"], "version": plan["version"]}
    assert anna.post(f"{case}/ankuendigung", later, at=f"{case}/ankuendigung").status_code == 303
    assert "Angekündigt, erwartet am 20.03.2026" in anna.get(case).text
    assert "Ist die Person angekommen?" not in anna.get("/personen").text
    sister = {"name": "Sara Muster", "birth_on": "1990-05-17", "version": 1}
    answer = anna.post(f"{case}/haushalt/person", sister, at=f"{case}/haushalt/person")
    assert answer.status_code == 303
    both = counsel.find(t.help_plan, announced_by=office.provider_id)
    assert {row["expected_on"].isoformat() for row in both} == {"2026-03-20"}
    assert [row["announced_languages"] for row in both] == [{"prs", "ara"}] * 2


def test_a_fault_stands_at_its_field_and_nothing_typed_is_lost(anna):
    answer = anna.post("/personen/neu", a_form(birth_on="31.02.1988"), at="/personen/neu")
    assert answer.status_code == 422
    assert "Das ist kein Datum" in answer.text and 'value="Karim Muster"' in answer.text
    assert re.search(
        r'id="birth_on"[^>]*aria-describedby="[^"]*birth_on-fault"[^>]*aria-invalid', answer.text, re.S
    )


def test_a_day_that_does_not_fit_is_said_with_the_labels_of_the_form(anna):
    answer = anna.post("/personen/neu", a_form(arrived_on="2030-01-01"), at="/personen/neu")
    assert answer.status_code == 422
    assert "„Angekommen am“" in answer.text and "arrived_on“" not in answer.text


def test_a_form_that_is_sent_twice_makes_one_household(anna, counsel):
    before = len(counsel.find(t.household))
    form = a_form(request_key="einmal-und-nie-wieder")
    first, second = (anna.post("/personen/neu", form, at="/personen/neu") for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert len(counsel.find(t.household)) == before + 1


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.PLANNER])
def test_nobody_else_gets_in(office, role):
    visitor = office.signed_in(role)
    assert visitor.get("/personen").status_code == 403
    assert "/personen" not in visitor.get("/").text


def test_the_people_of_another_office_are_not_there(office, counsel):
    other = office.signed_in(Role.PROVIDER)
    assert other.get(f"/faelle/{counsel.person_id}").status_code in (403, 404)
