"""Personen und Wohnung eingeben: forms for who somebody is and where a household lives."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import g, request, url_for

from network.labels import LABELS, TAGS, label
from network.model import Place
from plans.case_records import ArrivalNotice
from plans.identity import Contact, Home, Identity
from plans.model import Child, Gender
from plans.templates import profiles
from web.desk.form_page import Choices, Control, Field, FormPage, terms
from web.desk.forms import FieldFault, asked, asked_day, text

HERE, ANNOUNCED = "here", "announced"
CHILD_ROWS = 4


def new_household_form(choices: Mapping[str, Any]) -> FormPage:
    """Make the form for a new household."""
    offices = named(choices["offices"])
    fields = (
        Field("beginning", Control.RADIOS, required=True, choices=_beginnings()),
        *((Field("office", Control.SELECT, required=True, choices=offices),) if len(offices) > 1 else ()),
        Field("arrived_on", Control.DAY, group="here", is_alternative=True),
        Field("announced_on", Control.DAY, group="announced", is_alternative=True),
        Field("expected_on", Control.DAY, group="announced", is_alternative=True),
        Field(
            *("announced_by", Control.SELECT),
            choices=named(_reception_first(choices)),
            group="announced",
            is_alternative=True,
        ),
        Field("languages", Control.CHECKS, choices=languages(), label="notice_languages", group="announced"),
        *person_fields("person"),
        *home_fields(choices),
    )
    above = ((g.words("desk.menu.people"), url_for("people.show")),)
    return FormPage("new-household", fields, {"beginning": HERE}, above)


def person_fields(group: str = "") -> tuple[Field, ...]:
    """Fields for who somebody is."""
    return (
        Field("name", required=True, group=group),
        Field("birth_on", Control.DAY, required=True, group=group),
        Field("gender", Control.RADIOS, choices=_genders(), group=group),
        Field("phone", Control.PHONE, group=group),
        Field("email", Control.MAIL, group=group),
        Field("profile", Control.SELECT, choices=situations(), group=group),
        Field("tags", Control.CHECKS, choices=_of_labels("tag"), group=group),
    )


def home_fields(choices: Mapping[str, Any]) -> tuple[Field, ...]:
    """Fields for where a household lives and which children live there."""
    children = [
        one
        for number in range(1, CHILD_ROWS + 1)
        for one in (
            Field(f"child_{number}", Control.MONTH, label="child", group="children"),
            Field(f"child_{number}_care", Control.FLAG, label="child_care", group="children"),
        )
    ]
    return (
        Field("town", Control.SELECT, required=True, choices=towns(choices), group="home"),
        Field("address", group="home"),
        *children,
        Field("shared_childcare", Control.FLAG, group="children"),
    )


def one_person() -> Identity:
    """Read who somebody is."""
    gender = text("gender")
    return Identity(
        asked("name"),
        asked_day("birth_on"),
        Gender(gender) if gender in set(Gender) else None,
        Contact(text("phone"), text("email")),
        text("profile"),
        frozenset(request.form.getlist("tags")) & TAGS,
    )


def the_home(choices: Mapping[str, Any]) -> Home:
    """Read where a household lives; the point is that of the town."""
    name = asked("town")
    found = next((town for town in choices["towns"] if town["name"] == name), None)
    if found is None:
        raise FieldFault("town", "missing")
    place = Place(name, found["lat"], found["lon"])
    children = tuple(child for n in range(1, CHILD_ROWS + 1) if (child := _child(n)) is not None)
    return Home(place, text("address"), children, bool(request.form.get("shared_childcare")))


def beginning() -> str:
    """Whether a household is here already or only announced."""
    return ANNOUNCED if request.form.get("beginning") == ANNOUNCED else HERE


def notice_of() -> ArrivalNotice:
    """Read the notice before arrival."""
    days = asked_day("announced_on"), asked_day("expected_on")
    return ArrivalNotice(*days, asked("announced_by"), spoken())


def notice_from(plan: Mapping[str, Any]) -> ArrivalNotice:
    """Return the notice of somebody who is announced, for others of the household."""
    announced_on, expected_on = (date.fromisoformat(plan[f"{name}_on"]) for name in ("announced", "expected"))
    return ArrivalNotice(announced_on, expected_on, plan["announced_by"], tuple(plan["announced_languages"]))


def spoken() -> tuple[str, ...]:
    """Read the languages that the first talk needs."""
    return tuple(one for one in request.form.getlist("languages") if one in LABELS["language"])


def known_person(person: Mapping[str, Any]) -> dict[str, Any]:
    """What the form for somebody shows of who is known already."""
    contact = person["contact"] or {}
    shown = {name: person[name] for name in ("name", "birth_on", "gender", "profile", "tags", "version")}
    return {**shown, "phone": contact.get("phone", ""), "email": contact.get("email", "")}


def known_home(household: Mapping[str, Any]) -> dict[str, Any]:
    """What the form for a home shows of a household."""
    known = {
        "town": household["home_name"],
        "address": household["address"],
        "shared_childcare": household["shared_childcare"],
        "version": household["version"],
    }
    for number, child in enumerate(household["children"][:CHILD_ROWS], 1):
        known[f"child_{number}"] = f"{child['born_year']:04d}-{child['born_month']:02d}"
        known[f"child_{number}_care"] = child["needs_care"]
    return known


def languages() -> Choices:
    """Languages other than German, by their names."""
    return tuple(one for one in _of_labels("language") if one[0] != "deu")


def situations() -> Choices:
    """Situations for which there is a usual chain of steps."""
    lang = g.words.lang
    return tuple((one.key, one.label(lang)) for one in profiles())


def named(rows: Any) -> Choices:
    """Organisations as choices."""
    return tuple((row["id"], row["name"]) for row in rows)


def towns(choices: Mapping[str, Any]) -> Choices:
    """Towns as choices."""
    return tuple((town["name"], town["name"]) for town in choices["towns"])


def _reception_first(choices: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return sorted(choices["organisations"], key=lambda one: one["type"] != "reception")


def _beginnings() -> Choices:
    return tuple((value, g.words(f"desk.form.beginning.{value}")) for value in (HERE, ANNOUNCED))


def _genders() -> Choices:
    return terms(Gender)


def _of_labels(group: str) -> Choices:
    found = ((word, label(group, word, g.words.lang)) for word in LABELS[group])
    return tuple(sorted(found, key=lambda pair: pair[1].casefold()))


def _child(number: int) -> Child | None:
    """A child of one row of the form; None where the row is empty."""
    name = f"child_{number}"
    raw = text(name)
    if not raw:
        return None
    try:
        born = date.fromisoformat(f"{raw}-01")
    except ValueError:
        raise FieldFault(name, "month") from None
    return Child(born.year, born.month, bool(request.form.get(f"{name}_care")))
