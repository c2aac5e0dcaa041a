"""Weitergabe: what a recipient sees of a person because of the consents valid now, and the note of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from plans.consent import Consent, DataCategory, Purpose, Recipient, consents_of
from plans.disclosure import FieldView, visible_fields
from plans.model import Household
from plans.needs import Relation
from store import tables as t
from store.rows import ReadRows
from store.tables import new_id
from workflows.acting import Look, Work
from workflows.cases.from_rows import household_from, person_from
from workflows.cases.records import load_case
from workflows.consents.records import consents_from_store, consents_of_people, recipient_from_store
from workflows.plain import plain


@dataclass(frozen=True)
class Asked:
    """Anfrage: who wants to see what of whom, and what for.

    Parameters
    ----------
    person_id, need_id : str
        Whose data, and the step that they are needed for.
    recipient_id : str
        Organisation that asks.
    carries : collection of DataCategory
        What it needs at most.
    purpose : Purpose
        What for.
    referral_id : str or None
        The referral by which the data are handed on.
    """

    person_id: str
    need_id: str
    recipient_id: str
    carries: Collection[DataCategory]
    purpose: Purpose = Purpose.REFERRAL
    referral_id: str | None = None


def look_through(look: Look, asked: Asked) -> tuple[FieldView, ...]:
    """Return every recorded field of a person, those with values that the consents valid today cover.

    Parameters
    ----------
    look : Look
        The question; its day counts.
    asked : Asked
        Who wants to see what of whom.
    """
    household, beside = _recorded(look.unit, asked)
    return visible_fields(
        household,
        asked.person_id,
        [asked.need_id],
        consents_from_store(look.unit, asked.person_id),
        recipient_from_store(look.unit, asked.recipient_id),
        asked.purpose,
        look.today,
        asked.carries,
        beside,
    )


def disclose(work: Work, asked: Asked) -> dict[str, Any]:
    """Show or send what a recipient may see today, and note it; nothing is noted where nothing is shown.

    Returns
    -------
    dict
        The fields shown, as JSON by their path.
    """
    shown = tuple(view for view in look_through(work, asked) if view.is_visible)
    content = {view.path: plain(view.value) for view in shown}
    note_shown(work, [(asked, {view.category for view in shown}, content)])
    return content


def note_shown(
    work: Work, shown: Iterable[tuple[Asked, Collection[DataCategory], Mapping[str, Any]]]
) -> None:
    """Note what was shown or sent of several people: by whom, to whom, and under which consents.

    Parameters
    ----------
    work : Work
        The workflow.
    shown : iterable of (Asked, collection of DataCategory, mapping)
        For each person what was asked, the categories shown, and the fields as JSON; empty ones are left out.
    """
    told = [one for one in shown if one[2]]
    if not told:
        return
    person_ids = sorted({asked.person_id for asked, _, _ in told})
    consents = consents_of_people(work.unit, person_ids)
    persons = work.unit.find(t.person, t.person.c.id.in_(person_ids))
    regions = {row["id"]: row["region_id"] for row in persons}
    recipients = {
        id: recipient_from_store(work.unit, id) for id in {asked.recipient_id for asked, _, _ in told}
    }
    notes = []
    for asked, categories, content in told:
        basis = basis_of(consents, asked, recipients[asked.recipient_id], work)
        note = _note(work, asked, categories, content, basis)
        notes.append({**note, "region_id": regions[asked.person_id]})
    work.unit.insert_all(t.disclosure, notes)


def basis_of(
    consents: Iterable[Consent], asked: Asked, recipient: Recipient, look: Look
) -> tuple[Consent, ...]:
    """Return the consents of a person that let a recipient see something today for a purpose."""
    return tuple(
        consent
        for consent in consents_of(consents, asked.person_id)
        if consent.is_valid(look.today)
        and consent.purpose is asked.purpose
        and consent.recipient.covers(recipient)
    )


def _note(
    work: Work,
    asked: Asked,
    categories: Collection[DataCategory],
    content: Mapping[str, Any],
    basis: Iterable[Consent],
) -> dict[str, Any]:
    return {
        "id": new_id("dis"),
        "person_id": asked.person_id,
        "referral_id": asked.referral_id,
        "recipient_id": asked.recipient_id,
        "purpose": asked.purpose,
        "categories": categories,
        "consent_ids": [consent.id for consent in basis if consent.categories & set(categories)],
        "content": dict(content),
        "disclosed_by": work.caller.account_id,
        "disclosed_at": work.now,
    }


def _recorded(unit: ReadRows, asked: Asked) -> tuple[Household, Mapping[str, Any]]:
    """What is recorded of a person: alone in the household, with the one step, also where that is over."""
    row = unit.get(t.person, asked.person_id)
    household = unit.get(t.household, row["household_id"])
    case = load_case(unit, asked.person_id)
    person = person_from(row, case)
    need = replace(
        case.step(asked.need_id).need, after=None, relation=Relation.END, lag_days=0, max_lag_days=None
    )
    alone = replace(person, plan=replace(person.plan, needs=(need,)))
    beside = {"person.contact": row["contact"], "household.address": household["address"]}
    return household_from(household, [alone]), beside
