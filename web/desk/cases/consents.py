"""Einwilligungen: given for a recipient, a purpose and categories; narrowed; withdrawn at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, g, request

from network.labels import label
from network.model import ActorType
from plans.consent import DataCategory, Purpose
from web.desk.cases.blueprint import blueprint
from web.desk.cases.common import Case, above, back_to, case_form, take_case
from web.desk.cases.said import recipient_of, said
from web.desk.filling import Page
from web.desk.form_page import Choices, Control, Field, FormPage, terms
from web.desk.forms import day, one_of, request_key, some_of, text, version
from web.desk.guard import the_desk
from web.desk.people.entering import named
from workflows.cases.choices import list_choices
from workflows.consents.giving import give_consent, narrow_consent, withdraw_consent

GIVEN = tuple(one for one in DataCategory if one is not DataCategory.INTERNAL)


@blueprint.route("/<person_id>/einwilligung", methods=["GET", "POST"])
def consent(person_id: str) -> Page:
    """Record a consent that was given."""
    case = take_case(person_id)
    organisations = list_choices(the_desk())["organisations"]
    fields = (
        Field("recipient", Control.SELECT, choices=named(organisations), is_alternative=True),
        Field("recipient_type", Control.SELECT, choices=_types(), is_alternative=True),
        Field("purpose", Control.RADIOS, required=True, choices=terms(Purpose)),
        Field("categories", Control.CHECKS, required=True, choices=terms(GIVEN)),
        Field("from_on", Control.DAY),
        Field("until_on", Control.DAY),
    )

    def give() -> str:
        type_ = text("recipient_type")
        give_consent(
            *(the_desk(request_key()), person_id, one_of(Purpose, "purpose")),
            some_of(DataCategory, "categories"),
            text("recipient") or None,
            ActorType(type_) if type_ in set(ActorType) else None,
            day("from_on"),
            day("until_on"),
        )
        return back_to(case)

    known = {
        "purpose": Purpose.REFERRAL.value,
        "from_on": case["today"],
        # A request for a seat that lacks a consent leads here, and says what it lacks.
        "recipient": request.args.get("stelle", ""),
        "categories": request.args.get("angaben", "").split(","),
    }
    return case_form("consent", case, fields, known).answer(give)


@blueprint.route("/<person_id>/einwilligung/<consent_id>", methods=["GET", "POST"])
def narrowing(person_id: str, consent_id: str) -> Page:
    """Leave only some categories of a consent."""
    case = take_case(person_id)
    row = _consent(case, consent_id)
    given = terms(one for one in GIVEN if one.value in row["categories"])
    fields = (Field("categories", Control.CHECKS, required=True, choices=given),)

    def narrow() -> str:
        narrow_consent(the_desk(request_key()), consent_id, version(), some_of(DataCategory, "categories"))
        return back_to(case)

    return _form("narrowing", case, row, fields, {"categories": row["categories"]}).answer(narrow)


@blueprint.route("/<person_id>/einwilligung/<consent_id>/widerruf", methods=["GET", "POST"])
def withdrawal(person_id: str, consent_id: str) -> Page:
    """Withdraw a consent: effective at once, referrals without cover are cancelled."""
    case = take_case(person_id)
    row = _consent(case, consent_id)

    def withdraw() -> str:
        withdraw_consent(the_desk(request_key()), consent_id, version())
        return back_to(case)

    return _form("withdrawal", case, row, (), {}).answer(withdraw)


def _form(
    key: str, case: Case, row: Mapping[str, Any], fields: tuple[Field, ...], known: Mapping[str, Any]
) -> FormPage:
    named = {
        "name": case["person"]["name"],
        "recipient": recipient_of(case, row),
        "purpose": said("Purpose", row["purpose"]),
    }
    return FormPage(key, fields, {**known, "version": row["version"]}, above(case), named, is_grave=True)


def _consent(case: Case, id: str) -> Mapping[str, Any]:
    for row in case["consents"]:
        if row["consent_id"] == id:
            found: Mapping[str, Any] = row
            return found
    abort(404)


def _types() -> Choices:
    return tuple((one.value, label("actor_type", one.value, g.words.lang)) for one in ActorType)
