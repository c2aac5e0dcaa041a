"""Vermittlungen: lists of referrals for offices, providers and the clock; each by index, page by page."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa

from plans.referral_table import OPEN, WITH_SEAT, ReferralState
from store.queries.paging import Page
from store.rows import ReadRows
from store.tables import consent, referral

Rows = list[dict[str, Any]]
_referral = referral.c


def of_office(unit: ReadRows, organisation_ids: Collection[str], state: ReferralState, page: Page) -> Rows:
    """Referrals that offices drafted, in one state, the longest unchanged first.

    By ``ix_referral_organisation_id_state_updated_at``.
    """
    query = sa.select(referral).where(
        _referral.organisation_id.in_(organisation_ids), _referral.state == state
    )
    return _read(unit, page.of(query, _referral.updated_at, _referral.id))


def sent_to(unit: ReadRows, recipient_ids: Collection[str], state: ReferralState, page: Page) -> Rows:
    """Referrals that were sent to organisations, in one state, the longest unchanged first.

    By ``ix_referral_recipient_id_state_updated_at``.
    """
    query = sa.select(referral).where(
        _referral.recipient_id.in_(recipient_ids), _referral.state == state, _referral.sent_on.is_not(None)
    )
    return _read(unit, page.of(query, _referral.updated_at, _referral.id))


def holds_ending(unit: ReadRows, organisation_ids: Collection[str], until_on: date, page: Page) -> Rows:
    """Referrals of offices whose hold ends until a day, the most urgent first.

    By ``ix_referral_organisation_id_hold_until_on_id``.
    """
    query = sa.select(referral).where(
        # In full, so that both databases can use the index on what is requested.
        _referral.state == sa.literal_column("'requested'"),
        _referral.hold_until_on <= until_on,
        _referral.organisation_id.in_(organisation_ids),
    )
    return _read(unit, page.of(query, _referral.hold_until_on, _referral.id))


def unanswered(unit: ReadRows, organisation_ids: Collection[str], sent_until_on: date, page: Page) -> Rows:
    """Referrals of offices sent until a day that wait for a yes or no, the longest first.

    By ``ix_referral_unanswered``.
    """
    query = sa.select(referral).where(
        _referral.organisation_id.in_(organisation_ids),
        _referral.state.in_([ReferralState.REQUESTED, ReferralState.WAITLISTED]),
        _referral.sent_on <= sent_until_on,
    )
    return _read(unit, page.of(query, _referral.sent_on, _referral.id))


def of_person(unit: ReadRows, person_id: str, page: Page) -> Rows:
    """All referrals of a person, oldest first. By ``ix_referral_person_id``."""
    query = sa.select(referral).where(_referral.person_id == person_id)
    return _read(unit, page.of(query, _referral.created_at, _referral.id))


def with_seat_in(unit: ReadRows, slot_group_id: str) -> Rows:
    """Referrals that hold a seat of a group, in the order of registration.

    By ``ix_referral_slot_group_id_state``; a group has a few dozen seats at most, so there are no pages.
    """
    query = (
        sa.select(referral)
        .where(_referral.slot_group_id == slot_group_id, _referral.state.in_(sorted(WITH_SEAT)))
        .order_by(_referral.registered_on, _referral.id)
    )
    return _read(unit, query)


def holds_until(unit: ReadRows, region_ids: Collection[str] | None, today: date) -> tuple[str, ...]:
    """Ids of the referrals whose hold ended before a day, the longest first; None = of every region."""
    query = sa.select(_referral.id).where(
        _referral.state == ReferralState.REQUESTED, _referral.hold_until_on < today
    )
    if region_ids is not None:
        query = query.where(_referral.region_id.in_(region_ids))
    return tuple(unit.execute(query.order_by(_referral.hold_until_on, _referral.id)).scalars())


def people_with_ended_consents(
    unit: ReadRows, region_ids: Collection[str] | None, today: date
) -> tuple[str, ...]:
    """Ids of people with an open referral that was sent, of whom a consent that held then ended before a day.

    By ``ix_consent_until_on`` and ``ix_referral_person_id``; None = of every region.
    """
    query = (
        sa.select(consent.c.person_id)
        .join(referral, _referral.person_id == consent.c.person_id)
        .where(
            consent.c.until_on < today,
            consent.c.withdrawn_on.is_(None),
            _referral.state.in_(sorted(OPEN)),
            _referral.sent_on <= consent.c.until_on,
        )
    )
    if region_ids is not None:
        query = query.where(consent.c.region_id.in_(region_ids))
    # Neither ordered nor made distinct by the database: it would go through all consents in that order.
    return tuple(sorted(set(unit.execute(query).scalars())))


def _read(unit: ReadRows, query: sa.Select[Any]) -> Rows:
    return [dict(row._mapping) for row in unit.execute(query)]
