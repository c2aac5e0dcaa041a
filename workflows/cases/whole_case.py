"""Fall als Ganzes lesen: the file of a person with all that hangs on it, in one reading and one entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from plans.actions import Action
from store import tables as t
from store.rows import ReadRows
from store.tables import Table
from workflows.acting import Work, workflow
from workflows.cases.file import columns_of, file_of
from workflows.consents.giving import shown as consent_shown
from workflows.consents.records import consent_from
from workflows.scopes import admit, plan_of

_SLOT = (
    "id",
    "kind",
    "start_on",
    "end_on",
    "times",
    "online",
    "place_name",
    "organisation_id",
    "offering_id",
)
_REFERRAL = (
    *("id", "version", "need_id", "slot_id", "kind", "recipient_id", "state", "sent_on", "hold_until_on"),
    *("registered_on", "placed_on", "started_on", "expected_start_on", "ended_on", "reason", "outcome"),
)
_ORGANISATION = ("id", "name", "type", "phone", "email", "place_name")


@workflow(Action.READ_PERSON)
def read_case(work: Work, person_id: str) -> dict[str, Any]:
    """Read the file of a person with everything a page about the case shows.

    Parameters
    ----------
    work : Work
        The workflow; its desk must name a purpose.
    person_id : str
        Whose case.

    Returns
    -------
    dict
        What `workflows.cases.file.read_person` returns, and: ``office``; ``members`` of the household with
        ``id``, ``name`` and ``phase``; ``counsellor`` by name, or None; ``referrals``, oldest first;
        ``agreements`` in which the person is a party; ``consents``, newest first, with ``is_valid``;
        ``slots`` and ``organisations`` that any of these names, by id; ``today``.

    Raises
    ------
    Refusal
        Where no purpose is named.
    """
    person = admit(work, t.person, person_id)
    case = _case_of(work, person)
    work.record("person", person_id, person["region_id"])
    return case


@workflow(Action.PRINT_SHEET)
def read_for_sheet(work: Work, person_id: str, language: str) -> dict[str, Any]:
    """Read a case for a sheet that is handed out; like `read_case`, and the audit says in which language.

    Parameters
    ----------
    work, person_id : Work, str
        The workflow, whose desk must name a purpose, and whose case.
    language : str
        Language beside German, ISO 639-3.
    """
    person = admit(work, t.person, person_id)
    case = _case_of(work, person)
    work.record("person", person_id, person["region_id"], language=language)
    return case


def _case_of(work: Work, person: Mapping[str, Any]) -> dict[str, Any]:
    person_id = person["id"]
    file = file_of(work, person)
    unit = work.unit
    referrals = unit.find(t.referral, person_id=person_id, order_by=t.referral.c.created_at)
    slots = _by_id(unit, t.slot, _slot_ids(file["steps"], referrals), _SLOT)
    office = unit.get(t.organisation, person["organisation_id"])
    named = {
        office["id"],
        *(step["responsible"] for step in file["steps"]),
        *(row["recipient_id"] for row in referrals),
        *(slot["organisation_id"] for slot in slots.values()),
        *(row["tested_by"] for row in file["placements"]),
    }
    consents = unit.find(t.consent, person_id=person_id, order_by=t.consent.c.from_on.desc())
    named |= {row["recipient_id"] for row in consents if row["recipient_id"]}
    return {
        **file,
        "office": office["id"],
        "members": _members(unit, person["household_id"]),
        "counsellor": _counsellor(unit, file["plan"]["counsellor_id"]),
        "referrals": [columns_of(row, _REFERRAL) for row in referrals],
        "agreements": _agreements(unit, person_id),
        "consents": [
            {**consent_shown(row), "is_valid": consent_from(row).is_valid(work.today)} for row in consents
        ],
        "slots": slots,
        "organisations": _by_id(unit, t.organisation, named, _ORGANISATION),
        "today": work.today.isoformat(),
    }


def _slot_ids(steps: Iterable[Mapping[str, Any]], referrals: Iterable[Mapping[str, Any]]) -> set[str]:
    found = {step["need"][name] for step in steps for name in ("fixed_slot", "proposed_slot")}
    return (found | {row["slot_id"] for row in referrals}) - {None}


def _members(unit: ReadRows, household_id: str) -> list[dict[str, Any]]:
    persons = unit.find(t.person, household_id=household_id)
    return [
        {"id": row["id"], "name": row["name"], "phase": plan_of(unit, row["id"])["phase"].value}
        for row in persons
    ]


def _counsellor(unit: ReadRows, account_id: str | None) -> str | None:
    found = unit.find(t.account, id=account_id) if account_id else []
    return str(found[0]["display_name"]) if found else None


def _agreements(unit: ReadRows, person_id: str) -> list[dict[str, Any]]:
    parties = unit.find(t.agreement_party, person_id=person_id)
    names = ("id", "version", "state", "language", "review_due_on", "ended_on")
    return [columns_of(unit.get(t.agreement, party["agreement_id"]), names) for party in parties]


def _by_id(
    unit: ReadRows, table: Table, ids: Iterable[str], names: tuple[str, ...]
) -> dict[str, dict[str, Any]]:
    rows = unit.find(table, table.c.id.in_(sorted(ids)))
    return {row["id"]: columns_of(row, names) for row in rows}
