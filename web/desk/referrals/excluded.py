"""Was nicht passt: slots that a rule excludes; those of one offering and rule stand in one line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Excluded:
    """Eine Zeile: the first of some slots that do not fit for the same reason.

    Parameters
    ----------
    slot : mapping
        The first of them.
    rule : str
        What excludes them, in the language of the page.
    others : int
        How many later ones there are, >= 0.
    until_on : str
        Start of the last one (ISO 8601).
    """

    slot: Row
    rule: str
    others: int
    until_on: str


def grouped(excluded: Iterable[Row], slots: Mapping[str, Row], lang: str) -> list[Excluded]:
    """Return the lines of a list of excluded slots, by the start of the first of each.

    A slot that is full stands alone: each has a waiting list of its own.

    Parameters
    ----------
    excluded : iterable of mapping
        By start, as `workflows.planning_runs.suggest.suggest_slots` returns them.
    slots : mapping
        What is known of each by its id; one that is no longer there is left out.
    lang : str
        ``de`` or ``en``.
    """
    found: dict[tuple[str, ...], list[Row]] = {}
    for one in excluded:
        slot = slots.get(one["slot_id"])
        if slot is not None:
            alone = "" if slot["free"] else one["slot_id"]
            found.setdefault((slot["offering"], slot["organisation"], one[lang], alone), []).append(slot)
    return [
        Excluded(some[0], rule, len(some) - 1, some[-1]["start_on"])
        for (_, _, rule, _), some in found.items()
    ]
