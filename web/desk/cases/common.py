"""Gemeinsames der Fallseiten: a case is read for a page, and every form stands below it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import abort, g, url_for

from web.desk.form_page import Choices, Field, FormPage
from web.desk.guard import the_desk
from workflows.cases.whole_case import read_case

Case = dict[str, Any]


def take_case(person_id: str) -> Case:
    """Read a case for a page; the reading is in the audit with its purpose."""
    return read_case(replace(the_desk(), purpose=g.words("desk.case.purpose")), person_id)


def take_step(case: Mapping[str, Any], step_id: str) -> dict[str, Any]:
    """Return a step of a case; where it has none of this id, the page is not there."""
    for step in case["steps"]:
        if step["id"] == step_id:
            found: dict[str, Any] = step
            return found
    abort(404)


def organisation_name(case: Mapping[str, Any], id: str) -> str:
    """Name of an organisation that the case names, or of the person."""
    if id == case["person"]["id"]:
        return str(case["person"]["name"])
    found = case["organisations"].get(id)
    return str(found["name"]) if found else id


def above(case: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Pages above a form of the case: my people, then the case."""
    person = case["person"]
    return (
        (g.words("desk.menu.people"), url_for("people.show")),
        (person["name"], url_for("cases.show", person_id=person["id"])),
    )


def case_form(
    key: str,
    case: Mapping[str, Any],
    fields: tuple[Field, ...],
    known: Mapping[str, Any] | None = None,
    *,
    is_grave: bool = False,
    **more: Any,
) -> FormPage:
    """Make a form of a case; by default it changes the help plan as it was read."""
    filled = {"version": case["plan"]["version"], **(known or {})}
    named = {"name": case["person"]["name"], **more}
    return FormPage(key, fields, filled, above(case), named, is_grave)


def back_to(case: Mapping[str, Any]) -> str:
    """Address of the case."""
    return url_for("cases.show", person_id=case["person"]["id"])


def responsible(case: Mapping[str, Any], organisations: list[Mapping[str, Any]]) -> Choices:
    """Who can be responsible for a step: the person, the office, or any organisation of the region."""
    person = case["person"]
    office = [one for one in organisations if one["id"] == case["office"]]
    others = [one for one in organisations if one["id"] != case["office"]]
    return ((person["id"], person["name"]), *((one["id"], one["name"]) for one in (*office, *others)))
