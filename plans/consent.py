"""Einwilligung: who may see which data of a person, for what and how long.

Without a valid consent nothing leaves. A consent names the recipient (an organisation, or all of a type), the
purpose, the data categories and its time; a withdrawal is effective at once. Source: GDPR Art. 6, 7 and 9;
SGB I § 35, SGB X §§ 67 ff.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from network.model import ActorType
from plans.fault import refuse
from plans.needs import check_id, check_order


class DataCategory(StrEnum):
    """Datenkategorie: what a consent names; every recorded field belongs to exactly one of them."""

    REFERENCE = "reference"
    IDENTITY = "identity"
    LANGUAGE = "language"
    EDUCATION = "education"
    AVAILABILITY = "availability"
    FAMILY = "family"
    SITUATION = "situation"
    GOALS = "goals"
    INTERNAL = "internal"


class Purpose(StrEnum):
    """Zweck: what data are given for."""

    REFERRAL = "referral"
    JOINT_COUNSELLING = "joint-counselling"
    AGREEMENT = "agreement"
    PLANNING = "planning"


@dataclass(frozen=True)
class Recipient:
    """Empfänger: an organisation, or every organisation of a type.

    Parameters
    ----------
    organisation_id : str or None
        Id of the organisation.
    actor_type : ActorType or None
        Its type. In a consent one of both suffices; where both are given, both must agree.
    """

    organisation_id: str | None = None
    actor_type: ActorType | None = None

    def __post_init__(self) -> None:
        if self.organisation_id is None and self.actor_type is None:
            raise refuse("empty", "recipient", field="organisation_id")
        if self.organisation_id is not None:
            check_id(self.organisation_id)

    def covers(self, asker: Recipient) -> bool:
        """Whether a consent for this recipient holds for the one who asks."""
        return (self.organisation_id is None or self.organisation_id == asker.organisation_id) and (
            self.actor_type is None or self.actor_type is asker.actor_type
        )


@dataclass(frozen=True)
class Consent:
    """Einwilligung: one permission of one person.

    Parameters
    ----------
    id : str
        Unique.
    person_id : str
        Who gave it, for own data.
    recipient : Recipient
        Who may see.
    purpose : Purpose
        What for.
    categories : frozenset of DataCategory
        What, not empty; INTERNAL cannot be given.
    from_on, until_on : date, date or None
        First and last day; None = until withdrawn.
    withdrawn_on : date or None
        Day of the withdrawal; from that day on the consent is no longer valid.
    """

    id: str
    person_id: str
    recipient: Recipient
    purpose: Purpose
    categories: frozenset[DataCategory]
    from_on: date
    until_on: date | None = None
    withdrawn_on: date | None = None

    def __post_init__(self) -> None:
        check_id(self.id)
        check_id(self.person_id)
        if not self.categories:
            raise refuse("empty", self.id, field="categories")
        if DataCategory.INTERNAL in self.categories:
            raise refuse("consent-internal", self.id, category=DataCategory.INTERNAL)
        check_order(self.id, "from_on", self.from_on, "until_on", self.until_on)

    def is_valid(self, on: date) -> bool:
        """Whether it holds on a day."""
        return (
            self.from_on <= on
            and (self.until_on is None or on <= self.until_on)
            and (self.withdrawn_on is None or on < self.withdrawn_on)
        )

    def withdraw(self, on: date) -> Consent:
        """Withdraw it (Widerruf); effective at once, possible before it begins and after it ends.

        Raises
        ------
        PlanFault
            Where it is withdrawn already.
        """
        if self.withdrawn_on is not None:
            raise refuse("consent-withdrawn", self.id, withdrawn_on=self.withdrawn_on)
        return replace(self, withdrawn_on=on)

    def narrow(self, categories: frozenset[DataCategory]) -> Consent:
        """Leave only some of its categories.

        Raises
        ------
        PlanFault
            Where a category would be added (a new consent must be given for it), or none would be left.
        """
        if more := categories - self.categories:
            raise refuse("consent-wider", self.id, categories=more)
        return replace(self, categories=categories)


def allowed(
    consents: Iterable[Consent], recipient: Recipient, purpose: Purpose, category: DataCategory, on: date
) -> bool:
    """Answer whether a recipient may see a category of data for a purpose on a day.

    Parameters
    ----------
    consents : iterable of Consent
        Those of one person; whose they are is not looked at here (`consents_of`).
    recipient : Recipient
        Who asks: organisation and its type.
    purpose, category : Purpose, DataCategory
        What for, and what.
    on : date
        Day of the request.

    Returns
    -------
    bool
        INTERNAL is never allowed.
    """
    return category is not DataCategory.INTERNAL and any(
        consent.is_valid(on)
        and consent.purpose is purpose
        and category in consent.categories
        and consent.recipient.covers(recipient)
        for consent in consents
    )


def missing_categories(
    consents: Iterable[Consent],
    recipient: Recipient,
    purpose: Purpose,
    categories: Iterable[DataCategory],
    on: date,
) -> frozenset[DataCategory]:
    """Return the categories for which no consent holds on a day."""
    known = tuple(consents)
    return frozenset(c for c in categories if not allowed(known, recipient, purpose, c, on))


def consents_of(consents: Iterable[Consent], person_id: str) -> tuple[Consent, ...]:
    """Return the consents that a person gave."""
    return tuple(consent for consent in consents if consent.person_id == person_id)
