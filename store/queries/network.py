"""Netzwerk: rows of a region's network by their keys, few or many, and the groups that referrals lead to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from plans.referral_table import OPEN
from store import tables as t
from store.rows import ReadRows

KEYS_A_QUERY = 1_000
"""Databases take a limited number of values in one statement."""


class Figure(NamedTuple):
    """Angabe eines Partners: a row of the network, and when its partner last confirmed it."""

    table: str
    id: str
    key: str
    version: int
    organisation_id: str
    as_of_on: date | None


def by_keys(
    unit: ReadRows, table: sa.Table, region_id: str, keys: Collection[str], column: str = "key"
) -> list[dict[str, Any]]:
    """Return the rows of a region whose key is one of these, also those that are gone.

    Parameters
    ----------
    unit : ReadRows
        Reads.
    table : Table
        One with a region.
    region_id : str
        Which.
    keys : collection of str
        Values of the column; any number.
    column : str
        Name of the column.
    """
    wanted, found = sorted(keys), []
    for first in range(0, len(wanted), KEYS_A_QUERY):
        part = wanted[first : first + KEYS_A_QUERY]
        found += unit.find(table, table.c[column].in_(part), region_id=region_id)
    return found


def network_stamp(unit: ReadRows, region_id: str) -> tuple[Any, ...]:
    """Return what changes when a row of a region's network does: counts, versions, seats and newest changes.

    Two changes of one instant that balance each other in every sum would not be seen: whoever keeps
    something by a stamp keeps it for a short time only.
    """
    found: list[Any] = []
    for table in (
        t.region,
        t.organisation,
        t.offering,
        t.slot_group,
        t.service,
        t.cooperation,
        t.travel_times,
    ):
        c = table.c
        sums = [c.version, c.taken, c.taken * c.taken] if "taken" in c else [c.version]
        whose = c.id if table is t.region else c.region_id
        columns = (sa.func.count(), sa.func.max(c.updated_at), *(sa.func.sum(one) for one in sums))
        found += unit.execute(sa.select(*columns).where(whose == region_id)).one()
    return tuple(found)


def referred_groups(unit: ReadRows, region_id: str) -> set[str]:
    """Return the ids of all groups of a region to which an open referral leads."""
    r = t.referral
    query = sa.select(r.c.slot_group_id).where(r.c.region_id == region_id, r.c.state.in_(OPEN)).distinct()
    return {str(row[0]) for row in unit.execute(query) if row[0] is not None}


def confirmed_before(unit: ReadRows, region_id: str, day: date) -> list[Figure]:
    """Return what a region's partners last confirmed before a day, or never; oldest first.

    Organisations, offerings, course groups, services and stock; the dates of a service are confirmed with it.
    """
    found: list[Figure] = []
    for table, owner in (
        (t.organisation, t.organisation.c.id),
        (t.offering, t.offering.c.organisation_id),
        (t.service, t.offering.c.organisation_id),
        (t.slot_group, t.offering.c.organisation_id),
    ):
        c = table.c
        query = sa.select(sa.literal(table.name), c.id, c.key, c.version, owner, c.as_of_on)
        if table in (t.service, t.slot_group):
            query = query.join(t.offering, t.offering.c.id == c.offering_id)
        if table is t.slot_group:
            query = query.where(c.shape != t.GroupShape.SERVICE)
        is_old = sa.or_(c.as_of_on.is_(None), c.as_of_on < day)
        query = query.where(c.region_id == region_id, c.gone_on.is_(None), is_old)
        found += (Figure._make(row) for row in unit.execute(query))
    return sorted(found, key=lambda one: (one.as_of_on or date.min, one.table, one.key))


def cooperations_of(unit: ReadRows, organisation_id: str) -> list[dict[str, Any]]:
    """Return the cooperation of an organisation in either direction, that holds still."""
    c = t.cooperation.c
    is_end = sa.or_(c.from_organisation_id == organisation_id, c.to_organisation_id == organisation_id)
    return unit.find(t.cooperation, is_end, gone_on=None)


def groups_to_keep(
    unit: ReadRows, organisation_ids: Collection[str], today: date, dates_until_on: date
) -> list[dict[str, Any]]:
    """Return the groups of organisations that are not over, with their offering's name and kind, by start.

    Of services only the dates until a day. By ``ix_slot_group_offering_id_start_on``.
    """
    g, o = t.slot_group.c, t.offering.c
    is_near = sa.or_(g.shape != t.GroupShape.SERVICE, g.start_on <= dates_until_on)
    query = (
        sa.select(t.slot_group, o.name.label("offering_name"), o.kind.label("offering_kind"))
        .join(t.offering, o.id == g.offering_id)
        .where(o.organisation_id.in_(organisation_ids), g.gone_on.is_(None), g.end_on >= today, is_near)
        .order_by(g.start_on, g.key)
    )
    return [dict(row._mapping) for row in unit.execute(query)]
