"""Gespeichert über eine Person: every row of every table that is about somebody, found from one place.

Both the answer to an access request and the erasure read it from here, so that neither can forget a table
that the other one knows; a test refuses a table that is named nowhere here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from store import tables as t
from store.rows import ReadRows
from store.tables import Table

Row = dict[str, Any]
Rows = Mapping[str, list[Row]]
"""Rows by name of their table."""

ABOUT_NOBODY: Mapping[str, str] = {
    "account": "people who work with the product, not those who are helped",
    "audit_entry": "names ids only; told of in the answer as what happened with the file (`entries_about`)",
    "audit_head": "the ends of the audit",
    "cooperation": "the network of a region",
    "idempotency_key": "answers to requests that may come twice, for some days; erased with the person",
    "import_run": "partner files",
    "installation": "the database itself",
    "offering": "the network of a region",
    "organisation": "the network of a region",
    "planning_run": "figures of a whole region",
    "reckoning": "figures of a whole region, small counts hidden",
    "region": "the network of a region",
    "role_grant": "people who work with the product",
    "rule_set": "rules",
    "seat_record": "kept of erased people without names; nobody can be found in it",
    "service": "the network of a region",
    "session": "people who work with the product",
    "slot": "the network of a region",
    "slot_group": "the network of a region",
    "travel_times": "ways between the places of a region",
}
"""Tables without rows about people who are helped, and why."""

SHARED = frozenset(
    {"household", "agreement", "agreement_version", "agreement_party", "agreement_review", "amendment"}
)
"""Tables whose rows may be about several people at once."""

_Find = Callable[[ReadRows, Mapping[str, list[str]]], list[Row]]


def held_about(unit: ReadRows, person_id: str) -> Rows:
    """Return every row about a person, by table, secrets in clear.

    Parameters
    ----------
    unit : ReadRows
        Reads.
    person_id : str
        Who.

    Returns
    -------
    mapping of str to list of dict
        Every table of `HELD`, also those without rows. Rows of `SHARED` tables may be about others as well.

    Raises
    ------
    Missing
        Where there is no such person.
    """
    person = unit.get(t.person, person_id)
    found: dict[str, list[Row]] = {"person": [person]}
    ids = {"person": [person_id], "household": [person["household_id"]]}
    for name, find in HELD.items():
        if name not in found:
            found[name] = find(unit, ids)
            ids[name] = [row["id"] for row in found[name]]
    return found


def ids_of(held: Rows) -> frozenset[str]:
    """Ids of all rows that are about one person alone."""
    return frozenset(row["id"] for name, rows in held.items() if name not in SHARED for row in rows)


def _among(table: Table, column: str, of: str) -> _Find:
    """Rows whose column is one of the ids found before."""

    def find(unit: ReadRows, ids: Mapping[str, list[str]]) -> list[Row]:
        return unit.find(table, table.c[column].in_(ids[of])) if ids[of] else []

    return find


def _agreements(unit: ReadRows, ids: Mapping[str, list[str]]) -> list[Row]:
    parties = unit.find(t.agreement_party, t.agreement_party.c.person_id.in_(ids["person"]))
    found = sorted({party["agreement_id"] for party in parties})
    return unit.find(t.agreement, t.agreement.c.id.in_(found)) if found else []


HELD: Mapping[str, _Find] = {
    "person": _among(t.person, "id", "person"),
    "household": _among(t.household, "id", "household"),
    "help_plan": _among(t.help_plan, "person_id", "person"),
    "analysis": _among(t.analysis, "help_plan_id", "help_plan"),
    "goal": _among(t.goal, "help_plan_id", "help_plan"),
    "need": _among(t.need, "help_plan_id", "help_plan"),
    "review": _among(t.review, "need_id", "need"),
    "appointment": _among(t.appointment, "help_plan_id", "help_plan"),
    "achievement": _among(t.achievement, "help_plan_id", "help_plan"),
    "placement": _among(t.placement, "person_id", "person"),
    "referral": _among(t.referral, "person_id", "person"),
    "referral_event": _among(t.referral_event, "referral_id", "referral"),
    "answer_link": _among(t.answer_link, "referral_id", "referral"),
    "waiting_list_entry": _among(t.waiting_list_entry, "referral_id", "referral"),
    "proposal": _among(t.proposal, "person_id", "person"),
    "agreement": _agreements,
    "agreement_version": _among(t.agreement_version, "agreement_id", "agreement"),
    "agreement_party": _among(t.agreement_party, "person_id", "person"),
    "measure": _among(t.measure, "person_id", "person"),
    "signature": _among(t.signature, "party_id", "person"),
    "amendment": _among(t.amendment, "agreement_version_id", "agreement_version"),
    "agreement_review": _among(t.agreement_review, "agreement_version_id", "agreement_version"),
    "agreement_finding": _among(t.agreement_finding, "need_id", "need"),
    "consent": _among(t.consent, "person_id", "person"),
    "disclosure": _among(t.disclosure, "person_id", "person"),
}
"""For each table with rows about people, how to find those about one, in an order in which that works."""


def count_rows(held: Rows) -> dict[str, int]:
    """How many rows there are, by table; tables without any are left out."""
    return {name: len(rows) for name, rows in held.items() if rows}
