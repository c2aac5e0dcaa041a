from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from plans.analysis import Availability, Cefr, Skills
from plans.fault import TEXTS, Fault, PlanFault
from plans.model import Child, Gender, Household
from tests.plans.builders import TOWN, a_household, a_person, an_analysis


def test_a_household_without_members_is_refused() -> None:
    with pytest.raises(PlanFault, match="h1: the household has no members"):
        Household("h1", (), TOWN)


def test_a_person_twice_in_a_household_is_refused() -> None:
    with pytest.raises(PlanFault, match="p1"):
        a_household("h1", a_person("p1"), a_person("p1", ()))


def test_nobody_arrives_before_birth() -> None:
    with pytest.raises(PlanFault, match="birth_on"):
        a_person(arrived_on=date(1980, 1, 1))


def test_the_tag_female_agrees_with_the_gender() -> None:
    with pytest.raises(PlanFault, match="female"):
        a_person(gender=Gender.MALE)


def test_gender_need_not_be_given() -> None:
    assert a_person(gender=None).gender is None


@pytest.mark.parametrize("code", ["de", "Arabic", "ar1", ""])
def test_a_language_is_an_iso_639_3_code(code: str) -> None:
    with pytest.raises(PlanFault, match="ISO 639-3"):
        an_analysis(languages=(code,))


def test_an_unknown_half_day_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(PlanFault, match="mo-am"):
        Availability(frozenset({"so-am"}), 10)


@pytest.mark.parametrize("way_km", [-1, 1001, float("nan"), float("inf")])
def test_a_longest_way_that_cannot_be_is_refused(way_km: float) -> None:
    with pytest.raises(PlanFault, match="max_travel_km"):
        Availability(frozenset(), way_km)


def test_schooling_is_counted_in_years() -> None:
    with pytest.raises(PlanFault, match="0–25"):
        an_analysis(schooling_years=1990)


def test_the_level_for_a_course_is_the_lower_of_speaking_and_writing() -> None:
    assert Skills(listening=Cefr.B1, reading=Cefr.B1, speaking=Cefr.A2, writing=Cefr.A1).overall is Cefr.A1


def test_age_changes_on_the_birthday() -> None:
    person = a_person(birth_on=date(2000, 3, 15))
    assert [person.age_years(date(2026, 3, day)) for day in (14, 15)] == [25, 26]


def test_the_age_of_a_child_changes_with_the_month_of_birth() -> None:
    child = Child(2022, 12)
    assert [child.age_years(date(2026, month, 30)) for month in (11, 12)] == [3, 4]


def test_a_month_of_birth_that_cannot_be_is_refused() -> None:
    with pytest.raises(PlanFault, match="1–12"):
        Child(2022, 13)


def test_a_person_passes_on_what_the_help_plan_says() -> None:
    analysis = an_analysis(availability=Availability(frozenset({"sa-am"}), 7.5))
    person = a_person()
    person = replace(person, plan=replace(person.plan, analysis=analysis))
    assert (person.times, person.max_travel_km, person.can_attend_online) == (
        frozenset({"sa-am"}),
        7.5,
        False,
    )


def test_every_fault_has_both_languages_and_names_the_same_things() -> None:
    import string

    for code, texts in TEXTS.items():
        named = [
            {name for _, name, _, _ in string.Formatter().parse(texts[lang]) if name} for lang in ("de", "en")
        ]
        assert named[0] == named[1], code
        assert all(" – " in text for text in texts.values()), code


def test_a_fault_says_where_in_the_language_of_the_reader() -> None:
    fault = Fault("empty", {"field": "name"}, "households.json", 7, "p1")
    assert fault.sentence("de") == "households.json, Zeile 7, p1: „name“ ist leer – bitte ausfüllen"
    assert fault.sentence("en") == "households.json, line 7, p1: “name” is empty – fill it in"


def test_control_characters_do_not_reach_the_reader() -> None:
    assert "\x1b" not in Fault("bad-id", {"value": "\x1b[31mred\n"}).text("en")
