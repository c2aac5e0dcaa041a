"""Wartelisten: who waits for a seat of a group, in the order in which they are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from store.rows import ReadRows
from store.tables import slot_group, waiting_list_entry

_waits = waiting_list_entry.c.left_on.is_(None)


def waiting_in_order(unit: ReadRows, slot_group_id: str, limit: int | None = None) -> list[dict[str, Any]]:
    """Return the rows of `waiting_list_entry` of a group, the one that is called first at the head.

    By ``ix_waiting_list_entry_slot_group_id_priority_joined_on``.
    """
    entry = waiting_list_entry.c
    return unit.find(
        waiting_list_entry,
        _waits,
        slot_group_id=slot_group_id,
        order_by=(entry.priority, entry.joined_on),
        limit=limit,
    )


def free_seats(unit: ReadRows, slot_group_id: str) -> int:
    """Return how many seats of a group are free."""
    group = unit.get(slot_group, slot_group_id)
    return int(group["seats"] - group["booked_elsewhere"] - group["taken"])


def places_in_line(unit: ReadRows, entries: list[Mapping[str, Any]]) -> dict[str, int]:
    """Return for each of some waiting entries how many are called before it, by its id; 0 = the next one."""
    entry, before = waiting_list_entry, waiting_list_entry.alias()
    comes_before = sa.tuple_(before.c.priority, before.c.joined_on, before.c.id) < sa.tuple_(
        entry.c.priority, entry.c.joined_on, entry.c.id
    )
    ahead = (
        sa.select(sa.func.count())
        .where(before.c.slot_group_id == entry.c.slot_group_id, before.c.left_on.is_(None), comes_before)
        .scalar_subquery()
        .label("ahead")
    )
    query = sa.select(entry.c.id, ahead).where(entry.c.id.in_([one["id"] for one in entries]))
    return {row._mapping["id"]: int(row._mapping["ahead"]) for row in unit.execute(query)}
