"""Wartelisten: who waits for a seat of a group, in the order in which they are called."""

from __future__ import annotations

from typing import Any

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
