"""Einwilligungen: a person gives, narrows, withdraws a consent; what lost its cover is cancelled."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from network.model import ActorType
from plans.actions import Action
from plans.consent import Consent, DataCategory, Purpose, Recipient
from plans.referral import has_lost_consent
from plans.referral_table import Party, ReferralAction
from store import tables as t
from store.faults import Missing
from store.rows import ReadRows
from store.tables import new_id
from workflows.acting import Work, workflow
from workflows.consents.records import consent_from, consents_from_store
from workflows.keeping import keep_person
from workflows.plain import plain
from workflows.referrals.advancing import end_referral
from workflows.referrals.records import load_referral, open_referrals_of, take_up
from workflows.refusal import Refusal
from workflows.scopes import admit
from workflows.versions import check_read


@workflow(Action.GIVE_CONSENT)
def give_consent(
    work: Work,
    person_id: str,
    purpose: Purpose,
    categories: Collection[DataCategory],
    recipient_id: str | None = None,
    recipient_type: ActorType | None = None,
    from_on: date | None = None,
    until_on: date | None = None,
) -> dict[str, Any]:
    """Record that a person has given a consent (Einwilligung).

    Parameters
    ----------
    work : Work
        Called with a `Desk`.
    person_id : str
        Who gives it.
    purpose, categories : Purpose, collection of DataCategory
        What for, and what.
    recipient_id, recipient_type : str, ActorType, optional
        An organisation of the region, every one of a type, or both where both must agree.
    from_on, until_on : date, optional
        First day (today by default), and last day; without it until it is withdrawn.

    Returns
    -------
    dict
        The consent, with its id and version.

    Raises
    ------
    Refusal
        Where no recipient is named.
    PlanFault
        Where the dates do not fit, no category is named, or an internal one.
    Missing
        Where the organisation is none of the region.
    """
    person = admit(work, t.person, person_id)
    if recipient_id is None and recipient_type is None:
        raise Refusal("consent-recipient")
    if recipient_id is not None:
        _check_in_region(work, recipient_id, person["region_id"])
    given = Consent(
        id=new_id(t.consent.c.id.info["prefix"]),
        person_id=person_id,
        recipient=Recipient(recipient_id, recipient_type),
        purpose=purpose,
        categories=frozenset(categories),
        from_on=from_on or work.today,
        until_on=until_on,
    )
    work.unit.insert(
        t.consent,
        id=given.id,
        region_id=person["region_id"],
        person_id=person_id,
        recipient_id=recipient_id,
        recipient_type=recipient_type,
        purpose=purpose,
        categories=given.categories,
        from_on=given.from_on,
        until_on=until_on,
        recorded_by=work.caller.account_id,
    )
    work.record("consent", given.id, person["region_id"], person=person_id, categories=given.categories)
    return shown(work.unit.get(t.consent, given.id))


@workflow(Action.NARROW_CONSENT)
def narrow_consent(
    work: Work, consent_id: str, version: int, categories: Collection[DataCategory]
) -> dict[str, Any]:
    """Leave only some categories of a consent (einschränken); what lost its cover is cancelled.

    Returns
    -------
    dict
        The consent; ``cancelled`` names the referrals that were cancelled.

    Raises
    ------
    PlanFault
        Where a category would be added, or none would be left.
    """
    row = _taken_up(work, consent_id, version)
    narrowed = consent_from(row).narrow(frozenset(categories))
    changed = work.unit.change(t.consent, consent_id, version, categories=narrowed.categories)
    return _with_cancelled(work, changed)


@workflow(Action.WITHDRAW_CONSENT)
def withdraw_consent(work: Work, consent_id: str, version: int) -> dict[str, Any]:
    """Withdraw a consent (widerrufen), effective at once: open referrals without cover are cancelled.

    Returns
    -------
    dict
        The consent; ``cancelled`` names the referrals that were cancelled.

    Raises
    ------
    PlanFault
        Where it is withdrawn already.
    """
    row = _taken_up(work, consent_id, version)
    withdrawn = consent_from(row).withdraw(work.today)
    changed = work.unit.change(t.consent, consent_id, version, withdrawn_on=withdrawn.withdrawn_on)
    return _with_cancelled(work, changed)


@workflow(Action.READ_PERSON)
def list_consents(work: Work, person_id: str) -> list[dict[str, Any]]:
    """List every consent of a person, the newest first, with whether it is valid today."""
    person = admit(work, t.person, person_id)
    rows = work.unit.find(t.consent, person_id=person_id, order_by=t.consent.c.from_on.desc())
    work.record("person", person_id, person["region_id"], consents=len(rows))
    return [{**shown(row), "is_valid": consent_from(row).is_valid(work.today)} for row in rows]


def uncovered_referrals(unit: ReadRows, person_id: str, today: date) -> tuple[str, ...]:
    """Return the ids of a person's open referrals that were sent and that no consent covers any more."""
    consents = consents_from_store(unit, person_id)
    return tuple(
        id
        for id in open_referrals_of(unit, person_id)
        if has_lost_consent(load_referral(unit, id).referral, consents, today)
    )


def cancel_uncovered(work: Work, person_id: str, by: Party) -> tuple[str, ...]:
    """Cancel a person's referrals that were sent and that no consent covers any more.

    Parameters
    ----------
    work : Work
        The workflow.
    person_id : str
        Whose; was kept to itself (`workflows.keeping.keep_person`).
    by : Party
        Who ended the consent: the person, or the clock.

    Returns
    -------
    tuple of str
        Ids of the referrals that were cancelled; their seats are free, the plan is marked.
    """
    consents = consents_from_store(work.unit, person_id)
    cancelled = []
    for referral_id in open_referrals_of(work.unit, person_id):
        file = take_up(work, referral_id)
        if has_lost_consent(file.referral, consents, work.today):
            end_referral(work, file, ReferralAction.WITHDRAW_CONSENT, by)
            cancelled.append(referral_id)
    return tuple(cancelled)


def shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a consent as JSON."""
    named = ("person_id", "recipient_id", "recipient_type", "purpose", "categories", "from_on", "until_on")
    more = {name: plain(row[name]) for name in (*named, "withdrawn_on", "version")}
    return {"consent_id": row["id"], **more}


def _taken_up(work: Work, consent_id: str, version: int) -> dict[str, Any]:
    row = admit(work, t.consent, consent_id)
    keep_person(work, row["person_id"])
    row = work.unit.get(t.consent, consent_id)
    check_read(t.consent, row, version)
    return row


def _with_cancelled(work: Work, row: Mapping[str, Any]) -> dict[str, Any]:
    cancelled = cancel_uncovered(work, row["person_id"], Party.PERSON)
    facts = {"person": row["person_id"], "categories": row["categories"], "cancelled": cancelled}
    work.record("consent", row["id"], row["region_id"], **facts)
    return {**shown(row), "cancelled": list(cancelled)}


def _check_in_region(work: Work, organisation_id: str, region_id: str) -> None:
    if work.unit.get(t.organisation, organisation_id)["region_id"] != region_id:
        raise Missing("missing", table=t.organisation.name, id=organisation_id)
