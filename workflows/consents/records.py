"""Zeilen der Einwilligungen: consents and recipients of the plan room from rows of the store."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from plans.consent import Consent, Recipient
from store import tables as t
from store.rows import ReadRows


def consent_from(row: Mapping[str, Any]) -> Consent:
    """Make a consent from its row."""
    return Consent(
        id=row["id"],
        person_id=row["person_id"],
        recipient=Recipient(row["recipient_id"], row["recipient_type"]),
        purpose=row["purpose"],
        categories=row["categories"],
        from_on=row["from_on"],
        until_on=row["until_on"],
        withdrawn_on=row["withdrawn_on"],
    )


def consents_from_store(unit: ReadRows, person_id: str) -> tuple[Consent, ...]:
    """Return every consent of a person, also those that are no longer valid."""
    return tuple(consent_from(row) for row in unit.find(t.consent, person_id=person_id))


def consents_of_people(unit: ReadRows, person_ids: Collection[str]) -> tuple[Consent, ...]:
    """Return every consent of several people, as `consents_from_store` does."""
    return tuple(consent_from(row) for row in unit.find(t.consent, t.consent.c.person_id.in_(person_ids)))


def recipient_from_store(unit: ReadRows, organisation_id: str) -> Recipient:
    """Return an organisation as one who asks: with its id and its type.

    Raises
    ------
    Missing
        Where there is no such organisation.
    """
    return Recipient(organisation_id, unit.get(t.organisation, organisation_id)["type"])
