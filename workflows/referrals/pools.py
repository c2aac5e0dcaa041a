"""Platzpool: equal slots of one offering are one pool; who asks for a full one gets the next equal one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from store.queries.pools import ways_in_with_seats
from store.rows import ReadRows

Slot = Mapping[str, Any]

SAME = ("offering_id", "kind", "requires", "features", "times", "online", "place_name", "lat", "lon")
"""Columns in which two slots must agree to be equal: only group and dates may differ."""


@dataclass(frozen=True)
class Choice:
    """Auswahl: which slot of a pool was taken.

    Parameters
    ----------
    slot : mapping
        Row of the slot taken.
    asked_for : str
        Id of the slot that was asked for.
    passed_over : tuple of str
        Ids of the slots before it in which no seat was free.
    """

    slot: Slot
    asked_for: str
    passed_over: tuple[str, ...] = ()

    @property
    def explained(self) -> dict[str, Any]:
        """As JSON: what was taken, from when, and what was full."""
        return {
            "asked_for": self.asked_for,
            "taken": self.slot["id"],
            "start_on": self.slot["start_on"].isoformat(),
            "full": list(self.passed_over),
        }


def equals_with_seats(unit: ReadRows, slot: Slot, from_on: date) -> tuple[Slot, ...]:
    """Return the other slots that are equal to one and have a free seat, earliest start first.

    Parameters
    ----------
    unit : ReadRows
        Reads.
    slot : mapping
        Row of the slot asked for.
    from_on : date
        First day on which another one may start.
    """
    found = ways_in_with_seats(unit, slot["offering_id"], slot["kind"], from_on)
    return tuple(one for one in found if one["id"] != slot["id"] and _are_equal(one, slot))


def _are_equal(one: Slot, other: Slot) -> bool:
    return all(one[name] == other[name] for name in SAME)
