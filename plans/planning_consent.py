"""Einwilligung in die Planung: whose needs may enter the planning of a region.

Planning sees pseudonyms, never names; still it reads facts about a person, and a planning office sees what
comes out. So it asks for a consent with the purpose PLANNING that covers every category it reads.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from network.model import ActorType
from plans.consent import Consent, DataCategory, Purpose, Recipient, missing_categories
from plans.disclosure import CATEGORY_OF_FIELD

PLANNING_OFFICE = ActorType.MUNICIPALITY
"""Who plans a region: its municipality or county, which coordinates the network (assumption)."""

PLANNED_FIELDS = (
    *("household.id", "household.home", "household.shared_childcare", "person.id", "person.tags"),
    *("availability.times", "availability.max_travel_km", "availability.can_attend_online"),
    *("need.id", "need.kind", "need.earliest_on", "need.after", "need.relation", "need.lag_days"),
    *("need.max_lag_days", "need.target_on", "need.features"),
)
"""What of a person a planning problem is made from, by the names of `plans.disclosure`."""

PLANNING_CATEGORIES: frozenset[DataCategory] = frozenset(CATEGORY_OF_FIELD[name] for name in PLANNED_FIELDS)
"""What a consent to planning must cover."""


def may_be_planned(consents: Iterable[Consent], offices: Iterable[str], on: date) -> bool:
    """Answer whether the needs of a person may enter the planning.

    Parameters
    ----------
    consents : iterable of Consent
        Those of the person.
    offices : iterable of str
        Organisations of the region of the type `PLANNING_OFFICE`.
    on : date
        Day of planning.

    Returns
    -------
    bool
        True where one of the offices may see every one of `PLANNING_CATEGORIES` for PLANNING.
    """
    known = tuple(consents)
    recipients = (Recipient(office, PLANNING_OFFICE) for office in offices)
    return bool(known) and any(
        not missing_categories(known, recipient, Purpose.PLANNING, PLANNING_CATEGORIES, on)
        for recipient in recipients
    )
