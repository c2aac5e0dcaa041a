"""Wessen Vermittlung: kept by the office that drafted it; addressed to its recipient once it was sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plans.roles import ObjectScope
from store import tables as t
from store.rows import ReadRows
from workflows.acting import Look, Work
from workflows.plain import plain
from workflows.referrals.records import ReferralFile, take_up
from workflows.scopes import plan_of
from workflows.versions import check_read

Row = Mapping[str, Any]

WITHOUT_PERSON = (
    *("id", "version", "state", "kind", "slot_id", "slot_group_id", "organisation_id", "recipient_id"),
    *("sent_on", "hold_until_on", "placed_on", "started_on", "expected_start_on", "ended_on", "updated_at"),
)
"""Columns of a referral that its recipient sees without any consent: they say nothing about the person."""


def without_person(row: Row) -> dict[str, Any]:
    """Return what the recipient of a referral sees of its row without any consent."""
    return {name: row[name] for name in WITHOUT_PERSON}


def incoming(row: Row) -> dict[str, Any]:
    """Return the same as JSON, with the id as ``referral_id``."""
    shown = {name: plain(value) for name, value in without_person(row).items()}
    return {"referral_id": shown.pop("id"), **shown}


def scope_of_referral(unit: ReadRows, row: Row) -> ObjectScope:
    """Answer whose a referral is; a draft has no recipient yet."""
    counsellor_id = plan_of(unit, row["person_id"]).get("counsellor_id")
    return ObjectScope(
        region_id=row["region_id"],
        organisation_id=row["organisation_id"],
        account_ids=frozenset({counsellor_id} if counsellor_id else ()),
        recipient_id=row["recipient_id"] if row["sent_on"] else None,
    )


def scope_of_group(unit: ReadRows, row: Row) -> ObjectScope:
    """Answer whose a group is: kept by, and what happens in it addressed to, the provider of its offering."""
    provider_id = unit.get(t.offering, row["offering_id"])["organisation_id"]
    return ObjectScope(row["region_id"], provider_id, recipient_id=provider_id)


def admit_referral(look: Look, referral_id: str) -> dict[str, Any]:
    """Return the row of a referral that the caller may act on.

    Raises
    ------
    Missing
        Where there is none, or it is none of the caller's: both look the same.
    Forbidden
        Where none of the caller's roles may do this at all.
    """
    look.reach()
    row = look.unit.get(t.referral, referral_id)
    look.allow(scope_of_referral(look.unit, row), t.referral, referral_id)
    return row


def admit_to_change(work: Work, referral_id: str, version: int | None) -> ReferralFile:
    """Take up a referral that the caller may change and has read as it stands.

    Raises
    ------
    Missing, Forbidden
        See `admit_referral`.
    Stale
        Where it was changed since; what it carries says nothing about the person.
    """
    admit_referral(work, referral_id)
    file = take_up(work, referral_id)
    check_read(t.referral, without_person(file.row), version)
    return file
