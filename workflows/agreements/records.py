"""Vereinbarung lesen: rows of the store become an agreement of the plan room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from plans.agreement import Agreement
from plans.agreement_records import (
    AgreementReview,
    Contents,
    Ending,
    Measure,
    MeasureFinding,
    Signature,
    Version,
)
from plans.needs import Goal
from store import tables as t
from store.rows import ReadRows
from workflows.acting import COMMAND_LINE
from workflows.plain import read

Row = Mapping[str, Any]


def load_agreement(unit: ReadRows, agreement_id: str) -> Agreement:
    """Return an agreement with all its versions, signatures and reviews.

    Raises
    ------
    Missing
        Where there is none of this id.
    """
    row = unit.get(t.agreement, agreement_id)
    versions = version_rows(unit, agreement_id)
    numbers = {version["id"]: version["number"] for version in versions}
    return Agreement(
        id=agreement_id,
        household_id=row["household_id"],
        organisation_id=row["organisation_id"],
        person_ids=tuple(party["person_id"] for party in party_rows(unit, agreement_id)),
        language=row["language"],
        versions=tuple(_version(unit, version) for version in versions),
        reviews=_reviews(unit, numbers),
        ending=ending_from(row),
    )


def version_rows(unit: ReadRows, agreement_id: str) -> list[dict[str, Any]]:
    """Rows of the versions of an agreement, the first one first."""
    number = t.agreement_version.c.number
    return unit.find(t.agreement_version, agreement_id=agreement_id, order_by=number)


def party_rows(unit: ReadRows, agreement_id: str) -> list[dict[str, Any]]:
    """Rows of the parties of an agreement, in the order of the paper."""
    position = t.agreement_party.c.position
    return unit.find(t.agreement_party, agreement_id=agreement_id, order_by=position)


def ending_from(row: Row) -> Ending | None:
    """Make the end of an agreement from its row; None while it goes on."""
    if row["ended_on"] is None:
        return None
    return Ending(row["ended_on"], row["ended_by"], row["ending_why"] or "")


def measure_from(row: Row) -> Measure:
    """Make one step of a version from its row."""
    return Measure(
        step_id=row["need_id"],
        person_id=row["person_id"],
        kind=row["kind"],
        goal=Goal(row["goal_de"], row["goal_en"], row["goal_due_on"]),
        responsible=row["responsible"],
        from_on=row["from_on"],
        due_on=row["due_on"],
    )


def signature_from(row: Row) -> Signature:
    """Make a signature from its row; where no account recorded it, the machine did."""
    recorded_by = row["recorded_by"] or COMMAND_LINE.label
    return Signature(row["side"], row["party_id"], row["signed_by"], row["signed_on"], recorded_by)


def _version(unit: ReadRows, row: Row) -> Version:
    of_this = {"agreement_version_id": row["id"]}
    amendments = unit.find(t.amendment, **of_this)
    signatures = unit.find(t.signature, **of_this, order_by=t.signature.c.created_at)
    return Version(
        number=row["number"],
        drafted_on=row["drafted_on"],
        contents=_contents(row, unit.find(t.measure, **of_this, order_by=t.measure.c.position)),
        office_signatures=row["office_signatures"],
        why=amendments[0]["why"] if amendments else "",
        signatures=tuple(signature_from(signature) for signature in signatures),
    )


def _contents(row: Row, measures: Iterable[Row]) -> Contents:
    return Contents(
        goals=read(tuple[Goal, ...], row["goals"], "goals"),
        measures=tuple(measure_from(measure) for measure in measures),
        next_appointment_on=row["next_appointment_on"],
        office_commitments=tuple(row["office_commitments"]),
        person_commitments=tuple(row["person_commitments"]),
        consequence=row["consequence"],
    )


def _reviews(unit: ReadRows, numbers: Mapping[str, int]) -> tuple[AgreementReview, ...]:
    review = t.agreement_review.c
    order = (review.reviewed_on, review.created_at)
    found = unit.find(t.agreement_review, review.agreement_version_id.in_(numbers), order_by=order)
    return tuple(
        AgreementReview(row["reviewed_on"], numbers[row["agreement_version_id"]], _findings(unit, row))
        for row in found
    )


def _findings(unit: ReadRows, review: Row) -> tuple[MeasureFinding, ...]:
    rows = unit.find(t.agreement_finding, agreement_review_id=review["id"])
    return tuple(MeasureFinding(row["need_id"], row["finding"], row["why"] or "") for row in rows)
