"""Netzwerk: rows of a region's network by their keys, few or many, and the groups that referrals lead to."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from plans.referral_table import OPEN
from store import tables as t
from store.rows import ReadRows

KEYS_A_QUERY = 1_000
"""Databases take a limited number of values in one statement."""


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


def referred_groups(unit: ReadRows, region_id: str) -> set[str]:
    """Return the ids of all groups of a region to which an open referral leads."""
    r = t.referral
    query = sa.select(r.c.slot_group_id).where(r.c.region_id == region_id, r.c.state.in_(OPEN)).distinct()
    return {str(row[0]) for row in unit.execute(query) if row[0] is not None}
