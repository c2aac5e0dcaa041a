"""Auskunft: everything that is held about a person, and where it went (GDPR Art. 15, SGB X § 83).

Ids of accounts are left out: who works in the office is no data of the person (Art. 15 (4)). What others of
the household are party to is told only as far as it is the person's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from plans.actions import Action
from store import tables as t
from store.queries.audit import entries_about
from store.rows import ReadRows
from workflows.access.rule_sets import book_of
from workflows.acting import Work, workflow
from workflows.plain import plain
from workflows.privacy.held import Row, Rows, held_about, ids_of
from workflows.privacy.retention import case_due_on
from workflows.privacy.striking import strike
from workflows.scopes import admit

Answer = dict[str, Any]


@workflow(Action.ANSWER_ACCESS_REQUEST)
def answer_access_request(work: Work, person_id: str) -> Answer:
    """Answer a request for access (Auskunft): what is held about a person, from whom to whom, how long.

    Parameters
    ----------
    work : Work
        Called with a `Desk`; that it was answered is in the audit.
    person_id : str
        Who asks.

    Returns
    -------
    dict
        As JSON values: ``person_id``, ``made_on``, ``office``, ``erase_due_on`` (None while the person is
        helped) and ``kept_days`` after the closure; ``held``: rows by table, with every column but keys of
        the machine and accounts; ``recipients``: who was told what, for which purpose, how often, first and
        last; ``entries``: when the file was read or changed, and what for; ``names`` of the organisations.

    Raises
    ------
    Missing
        Where there is no such person, or it is none of the caller's.
    """
    person = admit(work, t.person, person_id)
    held = held_about(work.unit, person_id)
    book = book_of(work.unit, person["region_id"], work.today)
    closed_on = next((row["closed_on"] for row in held["help_plan"]), None)
    work.record("person", person_id, person["region_id"], rows=sum(map(len, held.values())))
    return {
        "person_id": person_id,
        "made_on": work.today.isoformat(),
        "office": work.unit.get(t.organisation, person["organisation_id"])["name"],
        "erase_due_on": plain(closed_on and case_due_on(closed_on, book)),
        "kept_days": book.rule("retention-case-days", work.today).days,
        "held": {name: [_told(name, row) for row in _own(work.unit, name, held)] for name in held},
        "recipients": _recipients(held),
        "entries": [plain_entry(entry) for entry in entries_about(work.unit, ids_of(held))],
        "names": _names(work.unit, held),
    }


def plain_entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry of the audit as the person may see it: when, what, what for; not by whom."""
    return {"at": entry["at"].isoformat(), "action": entry["action"], "purpose": entry["purpose"]}


def _own(unit: ReadRows, name: str, held: Rows) -> Iterable[Row]:
    """Rows of a table, of shared agreements without the names of the other parties."""
    rows = held[name]
    if name not in ("agreement", "agreement_version", "amendment"):
        return rows
    person = held["person"][0]
    others = unit.find(t.person, household_id=person["household_id"])
    for other in others:
        if other["id"] != person["id"]:
            rows = [strike(row, other["name"], [person["name"]]) for row in rows]
    return rows


def _told(name: str, row: Row) -> dict[str, Any]:
    table = t.metadata.tables[name]
    return {column.name: _json(row[column.name]) for column in table.c if not _is_hidden(column)}


def _is_hidden(column: Any) -> bool:
    is_account = any(key.target_fullname == "account.id" for key in column.foreign_keys)
    return is_account or bool(column.info.get("index_of") or column.info.get("is_hidden"))


def _json(value: Any) -> Any:
    found = plain(value)
    if isinstance(found, list):
        return [_json(one) for one in found]
    return {key: _json(one) for key, one in found.items()} if isinstance(found, dict) else found


def _recipients(held: Rows) -> list[dict[str, Any]]:
    """Who was told what, what for, how often, and when first and last."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in held["disclosure"]:
        found.setdefault((row["recipient_id"], row["purpose"].value), []).append(row)
    return [
        {
            "recipient_id": recipient_id,
            "purpose": purpose,
            "categories": sorted({category.value for row in rows for category in row["categories"]}),
            "times": len(rows),
            "first_at": min(row["disclosed_at"] for row in rows).isoformat(),
            "last_at": max(row["disclosed_at"] for row in rows).isoformat(),
        }
        for (recipient_id, purpose), rows in sorted(found.items())
    ]


def _names(unit: ReadRows, held: Rows) -> dict[str, str]:
    """Names of the organisations that any row names, by id; the region's other ones are left out."""
    named = {value for rows in held.values() for row in rows for value in row.values() if _is_text(value)}
    region_id = held["person"][0]["region_id"]
    rows = unit.find(t.organisation, region_id=region_id)
    return {row["id"]: row["name"] for row in rows if row["id"] in named}


def _is_text(value: Any) -> bool:
    return isinstance(value, str)
