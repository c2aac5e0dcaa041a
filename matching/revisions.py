"""What has happened since the last plan (Änderungen), written into the tables of a problem.

A course that is cancelled has 0 seats; who is new is a row more. Two things need a word more: what the last
plan has announced, and that somebody has declined a slot.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from matching.problem import Plan

DECLINED = "accepts:"  # tag that a declined slot requires and that all but the decliner have


def with_proposals(tables: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    """The same problem in which leaving the slots of an earlier plan costs ``change_penalty``.

    Parameters
    ----------
    tables : mapping
        A problem as tables of text (``problem_from_tables``); it is not changed.
    plan : mapping of need id to slot id or None
        The plan that was announced. Booked needs (``fixed_slot``) keep their row as it is.
    """
    needs = [
        row if row.get("fixed_slot") else {**row, "proposed_slot": plan.get(row["need"]) or ""}
        for row in tables["needs"]
    ]
    return {**tables, "needs": needs}


def with_declines(tables: Mapping[str, Any], declines: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The same problem in which some people can no longer get a slot that they have declined.

    The format has no row for it, but tags can say it exactly: the slot requires a tag ``accepts:<slot>`` that
    everybody has but who declined. Nothing else changes, neither the dates nor what waiting costs.

    Parameters
    ----------
    tables : mapping
        A problem as tables of text; it is not changed.
    declines : iterable of (person id, slot id)
        Who declined what. A decline holds for all needs of the person.
    """
    refused: dict[str, set[str]] = {}
    for person, slot in declines:
        refused.setdefault(slot, set()).add(person)
    slots = [
        {**row, "requires": _with(row.get("requires", ""), [_tag(row["slot"])])}
        if row["slot"] in refused
        else row
        for row in tables["slots"]
    ]
    people = [
        {
            **row,
            "tags": _with(
                row.get("tags", ""),
                (_tag(slot) for slot in sorted(refused) if row["person"] not in refused[slot]),
            ),
        }
        for row in tables["people"]
    ]
    return {**tables, "slots": slots, "people": people}


def _tag(slot: str) -> str:
    return DECLINED + slot.replace(";", ",")


def _with(cell: str, words: Iterable[str]) -> str:
    return ";".join(dict.fromkeys([*filter(None, cell.split(";")), *words]))
