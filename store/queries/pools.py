"""Platzpool: the ways into groups of one offering that have a free seat."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from store.rows import ReadRows
from store.tables import slot, slot_group


def ways_in_with_seats(unit: ReadRows, offering_id: str, kind: str, from_on: date) -> list[dict[str, Any]]:
    """Return the slots of an offering that start on a day or later and have a free seat, earliest first.

    Parameters
    ----------
    unit : ReadRows
        Reads.
    offering_id, kind : str
        Offering, and kind of slot such as ``integration-course/from-3``.
    from_on : date
        First day on which it may start.

    Returns
    -------
    list of dict
        Rows of `slot`; equal starts in the order of their keys. By ``ix_slot_offering_id``.
    """
    has_seat = slot_group.c.taken + slot_group.c.booked_elsewhere < slot_group.c.seats
    query = (
        sa.select(slot)
        .join(slot_group, slot.c.slot_group_id == slot_group.c.id)
        .where(
            slot.c.offering_id == offering_id,
            slot.c.kind == kind,
            slot.c.start_on >= from_on,
            slot.c.gone_on.is_(None),
            slot_group.c.gone_on.is_(None),
            has_seat,
        )
        .order_by(slot.c.start_on, slot.c.key)
    )
    return [dict(row._mapping) for row in unit.execute(query)]
