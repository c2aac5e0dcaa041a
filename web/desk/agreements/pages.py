"""Seiten der Vereinbarung: draft, preview in the wording of the paper, signatures, reviews, the end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, g, render_template, request, url_for

from network.kinds import kind_label
from network.labels import label
from plans.agreement import AgreementState
from plans.agreement_records import Side
from plans.agreement_texts import CONSEQUENCES, OFFICE_COMMITMENTS, PERSON_COMMITMENTS, wording
from plans.steps import Finding
from web.desk.cases.common import above, take_case
from web.desk.cases.said import said
from web.desk.filling import Page
from web.desk.form_page import Choices, Control, Field, FormPage, terms
from web.desk.forms import FieldFault, asked, asked_day, one_of, request_key, text, version
from web.desk.guard import the_desk
from web.desk.pdf import pdf_answer
from web.sheets.agreement_paper import agreement_paper
from web.sheets.languages import ENGLISH, agreement_words, codes, languages
from workflows.agreements.drafting import (
    Wording,
    amend_agreement,
    discard_amendment,
    draft_agreement,
    redraft_agreement,
)
from workflows.agreements.life import end_agreement, record_signature, review_agreement
from workflows.agreements.reading import read_agreement

blueprint = Blueprint("agreements", __name__, url_prefix="/vereinbarungen")

Row = dict[str, Any]


@blueprint.get("/<agreement_id>")
def show(agreement_id: str) -> str:
    """Show an agreement: its text as it will be signed, who has signed, its reviews."""
    read = read_agreement(the_desk(), agreement_id, g.words.lang)
    agreement = read["agreement"]
    last = agreement["versions"][-1]
    return render_template(
        "desk/agreements/show.html",
        agreement=agreement,
        last=last,
        names=read["names"],
        parts=read["text"],
        unsigned=_unsigned(agreement, last),
        is_review_late=_is_review_late(read),
        state=said("AgreementState", agreement["state"]),
        language_name=label("language", agreement["language"], g.words.lang),
    )


@blueprint.get("/<agreement_id>/papier")
def paper(agreement_id: str) -> Response:
    """Give the agreement as a paper for signing, German beside the language that it was drafted in."""
    german = read_agreement(the_desk(), agreement_id)
    agreement = german["agreement"]
    code = agreement["language"] if agreement["language"] in codes() else ENGLISH
    other = read_agreement(the_desk(), agreement_id, words=agreement_words(code))
    missing = _unsigned(agreement, agreement["versions"][-1])
    signing = [german["names"].get(party.partition(":")[2], "") for party in missing]
    return pdf_answer(agreement_paper(german, other, code, signing), "vereinbarung.pdf")


@blueprint.route("/neu/<person_id>", methods=["GET", "POST"])
def new(person_id: str) -> Page:
    """Draft an agreement for one or more persons of the household."""
    case = take_case(person_id)
    members = tuple((one["id"], one["name"]) for one in case["members"] if one["phase"] == "active")
    fields = (
        Field("persons", Control.CHECKS, required=True, choices=members),
        Field("language", Control.SELECT, required=True, choices=languages(g.words.lang)),
        *_wording_fields(),
    )
    known = {"persons": [person_id], "language": _spoken(case), **_usual()}

    def draft() -> str:
        chosen = [id for id, _ in members if id in request.form.getlist("persons")]
        if not chosen:
            raise FieldFault("persons", "missing")
        household_id = case["household"]["id"]
        made = draft_agreement(the_desk(request_key()), household_id, chosen, asked("language"), _wording())
        return url_for("agreements.show", agreement_id=made["id"])

    named = {"name": case["person"]["name"]}
    return FormPage("agreement", fields, known, above(case), named).answer(draft)


@blueprint.route("/<agreement_id>/unterschrift", methods=["GET", "POST"])
def signature(agreement_id: str) -> Page:
    """Record that a party has signed the paper."""
    read = _read(agreement_id)
    agreement, names = read["agreement"], read["names"]
    missing = _unsigned(agreement, agreement["versions"][-1])
    parties = tuple((party, names.get(party.partition(":")[2], party)) for party in missing)
    fields = (
        Field("party", Control.RADIOS, required=True, choices=parties),
        Field("signed_by", required=True),
        Field("signed_on", Control.DAY, required=True),
    )

    def sign() -> str:
        side, _, party_id = asked("party").partition(":")
        if side not in tuple(Side):
            raise FieldFault("party", "missing")
        found = (Side(side), party_id, asked("signed_by"), asked_day("signed_on"))
        record_signature(the_desk(request_key()), agreement_id, version(), *found)
        return _shown(agreement_id)

    return _form("signature", read, fields, {"signed_on": read["today"]}).answer(sign)


@blueprint.route("/<agreement_id>/ueberpruefung", methods=["GET", "POST"])
def review(agreement_id: str) -> Page:
    """State for each step agreed whether it is done, open or obstructed."""
    read = _read(agreement_id)
    agreement, names = read["agreement"], read["names"]
    signed = [one for one in agreement["versions"] if one["signatures"]]
    measures = (signed or agreement["versions"])[-1]["contents"]["measures"]

    def state() -> str:
        findings = {
            one["step_id"]: (one_of(Finding, f"finding_{one['step_id']}"), text(f"why_{one['step_id']}"))
            for one in measures
        }
        review_agreement(the_desk(request_key()), agreement_id, version(), asked_day("reviewed_on"), findings)
        return _shown(agreement_id)

    findings_ = {f"finding_{one['step_id']}": Finding.OPEN.value for one in measures}
    known = {"reviewed_on": read["today"], **findings_}
    return _form("agreement-review", read, _review_fields(measures, names), known).answer(state)


@blueprint.route("/<agreement_id>/aendern", methods=["GET", "POST"])
def change(agreement_id: str) -> Page:
    """Take the help plans as they stand now: into the draft, or into a new version once it was signed."""
    read = _read(agreement_id)
    last = read["agreement"]["versions"][-1]
    is_draft = not last["signatures"]
    fields = (*(() if is_draft else (Field("why", Control.LONG, required=True),)), *_wording_fields())
    contents = last["contents"]
    known = {name: contents[name] for name in ("office_commitments", "person_commitments", "consequence")}

    def take_over() -> str:
        desk = the_desk(request_key())
        if is_draft:
            redraft_agreement(desk, agreement_id, version(), _wording())
        else:
            amend_agreement(desk, agreement_id, version(), asked("why"), _wording())
        return _shown(agreement_id)

    return _form("redraft" if is_draft else "amendment", read, fields, known).answer(take_over)


@blueprint.route("/<agreement_id>/zuruecknehmen", methods=["GET", "POST"])
def discard(agreement_id: str) -> Page:
    """Take back an amendment that not all have signed."""
    read = _read(agreement_id)

    def take_back() -> str:
        discard_amendment(the_desk(request_key()), agreement_id, version())
        return _shown(agreement_id)

    return _form("discard", read, (), {}, is_grave=True).answer(take_back)


@blueprint.route("/<agreement_id>/beenden", methods=["GET", "POST"])
def end(agreement_id: str) -> Page:
    """End an agreement: it is voluntary, so either side may."""
    read = _read(agreement_id)
    fields = (
        Field("by", Control.RADIOS, required=True, choices=terms(Side), label="ended_by"),
        Field("ended_on", Control.DAY, required=True),
        Field("why", Control.LONG),
    )

    def stop() -> str:
        found = (one_of(Side, "by"), asked_day("ended_on"), text("why"))
        end_agreement(the_desk(request_key()), agreement_id, version(), *found)
        return _shown(agreement_id)

    return _form("agreement-end", read, fields, {"ended_on": read["today"]}, is_grave=True).answer(stop)


def _read(agreement_id: str) -> Row:
    return read_agreement(the_desk(), agreement_id, g.words.lang)


def _is_review_late(read: Row) -> bool:
    """Whether the day of the next review of an agreement that holds is over (both in ISO format)."""
    agreement = read["agreement"]
    due_on = agreement["review_due_on"]
    return due_on is not None and agreement["state"] != AgreementState.ENDED and due_on < read["today"]


def _unsigned(agreement: Row, last: Mapping[str, Any]) -> tuple[str, ...]:
    """Who still has to sign the last version, as ``side:id``; the office once for each signature it lacks."""
    signed = [one["party_id"] for one in last["signatures"]]
    persons = [f"{Side.PERSON}:{id}" for id in agreement["person_ids"] if id not in signed]
    is_office_missing = signed.count(agreement["organisation_id"]) < last["office_signatures"]
    office = [f"{Side.OFFICE}:{agreement['organisation_id']}"] if is_office_missing else []
    return (*persons, *office)


def _form(
    key: str, read: Row, fields: tuple[Field, ...], known: Mapping[str, Any], *, is_grave: bool = False
) -> FormPage:
    agreement = read["agreement"]
    person_id = agreement["person_ids"][0]
    above_ = (
        (g.words("desk.menu.people"), url_for("people.show")),
        (read["names"][person_id], url_for("cases.show", person_id=person_id)),
        (g.words("desk.agreements.title"), _shown(agreement["id"])),
    )
    return FormPage(key, fields, {**known, "version": agreement["version"]}, above_, {}, is_grave)


def _wording_fields() -> tuple[Field, ...]:
    lang = g.words.lang

    def texts(group: str, keys: tuple[str, ...]) -> Choices:
        return tuple((key, wording(f"{group}.{key}", lang)) for key in keys)

    return (
        Field("office_commitments", Control.CHECKS, choices=texts("office-commitment", OFFICE_COMMITMENTS)),
        Field("person_commitments", Control.CHECKS, choices=texts("person-commitment", PERSON_COMMITMENTS)),
        Field("consequence", Control.RADIOS, True, texts("consequence", CONSEQUENCES)),
    )


def _wording() -> Wording:
    ticked = set(request.form.getlist("office_commitments")), set(request.form.getlist("person_commitments"))
    consequence = asked("consequence")
    if consequence not in CONSEQUENCES:
        raise FieldFault("consequence", "missing")
    return Wording(
        tuple(key for key in OFFICE_COMMITMENTS if key in ticked[0]),
        tuple(key for key in PERSON_COMMITMENTS if key in ticked[1]),
        consequence,
    )


def _usual() -> dict[str, Any]:
    usual = Wording()
    return {
        "office_commitments": usual.office_commitments,
        "person_commitments": usual.person_commitments,
        "consequence": usual.consequence,
    }


def _review_fields(measures: list[Row], names: Mapping[str, str]) -> tuple[Field, ...]:
    found = [Field("reviewed_on", Control.DAY, required=True)]
    for one in measures:
        what = f"{names.get(one['person_id'], '')}: {kind_label(one['kind'], g.words.lang)}"
        why = g.words("desk.form.field.why_of", step=what)
        found += [
            Field(f"finding_{one['step_id']}", Control.RADIOS, True, terms(Finding), own_label=what),
            Field(f"why_{one['step_id']}", own_label=why),
        ]
    return tuple(found)


def _spoken(case: Mapping[str, Any]) -> str:
    """The first language of the last analysis for which there is a sheet; English else."""
    known = {code for code, _ in languages(g.words.lang)}
    spoken = case["analyses"][-1]["languages"] if case["analyses"] else []
    return next((code for code in spoken if code in known), ENGLISH)


def _shown(agreement_id: str) -> str:
    return url_for("agreements.show", agreement_id=agreement_id)
