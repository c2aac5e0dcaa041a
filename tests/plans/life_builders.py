"""Builders of what belongs to a plan's life: consents, referrals, cases, agreements."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from network.model import ActorType
from plans.consent import Consent, DataCategory, Purpose, Recipient

VHS = Recipient("vhs", ActorType.COURSE_PROVIDER)
CATEGORIES = frozenset({DataCategory.REFERENCE, DataCategory.IDENTITY, DataCategory.LANGUAGE})


def a_consent(**changes: Any) -> Consent:
    """Consent of p1 that the vhs may see identity and languages for a referral."""
    consent = Consent("c1", "p1", Recipient("vhs"), Purpose.REFERRAL, CATEGORIES, from_on=date(2026, 11, 2))
    return replace(consent, **changes)
