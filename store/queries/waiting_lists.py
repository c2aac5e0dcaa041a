"""Wartelisten: who waits for a seat of a group, in the order in which they are called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
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


def free_seats_of(unit: ReadRows, slot_group_ids: Collection[str]) -> dict[str, int]:
    """Return how many seats are free in each of some groups; groups without any are left out."""
    rows = unit.find(slot_group, slot_group.c.id.in_(sorted(slot_group_ids))) if slot_group_ids else []
    free = {row["id"]: int(row["seats"] - row["booked_elsewhere"] - row["taken"]) for row in rows}
    return {id: seats for id, seats in free.items() if seats > 0}


def waiting_first(unit: ReadRows, places: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the rows of `waiting_list_entry` at the head of several lists; see `waiting_in_order`.

    Parameters
    ----------
    unit : ReadRows
        Reads.
    places : mapping of str to int
        How many of each group, by its id.
    """
    entry = waiting_list_entry.c
    if not places:
        return []
    rows = unit.find(
        waiting_list_entry,
        _waits,
        entry.slot_group_id.in_(sorted(places)),
        order_by=(entry.slot_group_id, entry.priority, entry.joined_on),
    )
    seen: Counter[str] = Counter()
    first = []
    for row in rows:
        seen[row["slot_group_id"]] += 1
        if seen[row["slot_group_id"]] <= places[row["slot_group_id"]]:
            first.append(row)
    return first
