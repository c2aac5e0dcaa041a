"""Vereinbarung schreiben: what changed in an agreement becomes rows of the store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plans.agreement import Agreement
from plans.agreement_records import AgreementReview, Contents, Measure, Signature, Version
from plans.due_dates import agreement_review_due_on
from plans.rules import RuleBook
from store import tables as t
from workflows.acting import Work
from workflows.agreements.records import version_rows
from workflows.plain import plain

Row = Mapping[str, Any]


def keep_new(work: Work, agreement: Agreement, region_id: str) -> None:
    """Write an agreement that was just drafted."""
    work.unit.insert(
        t.agreement,
        id=agreement.id,
        region_id=region_id,
        household_id=agreement.household_id,
        organisation_id=agreement.organisation_id,
        language=agreement.language,
        **_columns(agreement, work.book),
    )
    about = {"region_id": region_id, "agreement_id": agreement.id}
    for position, person_id in enumerate(agreement.person_ids, 1):
        work.unit.insert(t.agreement_party, **about, person_id=person_id, position=position)
    for version in agreement.versions:
        _keep_version(work, about, version)


def keep_agreement(work: Work, row: Row, before: Agreement, after: Agreement) -> dict[str, Any]:
    """Write what changed in an agreement; its row gets a new version in any case.

    Parameters
    ----------
    work : Work
        The workflow.
    row : mapping
        Row of the agreement, as it was read in this transaction.
    before, after : Agreement
        As it was read, and as it shall be.

    Returns
    -------
    dict
        Its row as it is now.

    Raises
    ------
    Stale
        Where somebody else changed it in the meantime.
    """
    about = {"region_id": row["region_id"], "agreement_id": row["id"]}
    changed = work.unit.change(t.agreement, row["id"], row["version"], **_columns(after, work.book))
    rows = version_rows(work.unit, row["id"])
    for gone in rows[len(after.versions) :]:
        work.unit.delete(t.agreement_version, gone["id"])
    for known, old, new in zip(rows, before.versions, after.versions, strict=False):
        if new.contents != old.contents:
            _replace_contents(work, known, new.contents)
        _keep_signatures(work, known, new.signatures[len(old.signatures) :])
    for version in after.versions[len(rows) :]:
        _keep_version(work, about, version)
    for review in after.reviews[len(before.reviews) :]:
        _keep_review(work, rows, review)
    return changed


def _columns(agreement: Agreement, book: RuleBook) -> dict[str, Any]:
    ending = agreement.ending
    return {
        "state": agreement.state,
        "review_due_on": agreement_review_due_on(agreement, book),
        "ended_on": ending.ended_on if ending else None,
        "ended_by": ending.by if ending else None,
        "ending_why": (ending.why or None) if ending else None,
    }


def _keep_version(work: Work, about: Row, version: Version) -> None:
    id = work.unit.insert(
        t.agreement_version,
        **about,
        number=version.number,
        drafted_on=version.drafted_on,
        office_signatures=version.office_signatures,
        **_contents_columns(version.contents),
    )
    of_this = {"region_id": about["region_id"], "agreement_version_id": id}
    _keep_measures(work, of_this, version.contents.measures)
    if version.why:
        work.unit.insert(t.amendment, **of_this, why=version.why, drafted_by=work.caller.account_id)


def _replace_contents(work: Work, row: Row, contents: Contents) -> None:
    work.unit.change(t.agreement_version, row["id"], row["version"], **_contents_columns(contents))
    for measure in work.unit.find(t.measure, agreement_version_id=row["id"]):
        work.unit.delete(t.measure, measure["id"])
    of_this = {"region_id": row["region_id"], "agreement_version_id": row["id"]}
    _keep_measures(work, of_this, contents.measures)


def _contents_columns(contents: Contents) -> dict[str, Any]:
    return {
        "goals": plain(contents.goals),
        "office_commitments": list(contents.office_commitments),
        "person_commitments": list(contents.person_commitments),
        "consequence": contents.consequence,
        "next_appointment_on": contents.next_appointment_on,
    }


def _keep_measures(work: Work, of_this: Row, measures: tuple[Measure, ...]) -> None:
    for position, measure in enumerate(measures, 1):
        work.unit.insert(
            t.measure,
            **of_this,
            need_id=measure.step_id,
            person_id=measure.person_id,
            position=position,
            kind=measure.kind,
            goal_de=measure.goal.text_de,
            goal_en=measure.goal.text_en,
            goal_due_on=measure.goal.due_on,
            responsible=measure.responsible,
            from_on=measure.from_on,
            due_on=measure.due_on,
        )


def _keep_signatures(work: Work, version: Row, signatures: tuple[Signature, ...]) -> None:
    for signature in signatures:
        work.unit.insert(
            t.signature,
            region_id=version["region_id"],
            agreement_version_id=version["id"],
            side=signature.side,
            party_id=signature.party_id,
            signed_by=signature.signed_by,
            signed_on=signature.signed_on,
            recorded_by=work.caller.account_id,
        )


def _keep_review(work: Work, versions: list[dict[str, Any]], review: AgreementReview) -> None:
    (version,) = (row for row in versions if row["number"] == review.version)
    region_id = version["region_id"]
    id = work.unit.insert(
        t.agreement_review,
        region_id=region_id,
        agreement_version_id=version["id"],
        reviewed_on=review.reviewed_on,
    )
    for finding in review.findings:
        work.unit.insert(
            t.agreement_finding,
            region_id=region_id,
            agreement_review_id=id,
            need_id=finding.step_id,
            finding=finding.finding,
            why=finding.why or None,
        )
