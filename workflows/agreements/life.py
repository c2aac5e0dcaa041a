"""Vereinbarung leben: signatures are recorded, each step is reviewed, and either side may end it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from plans.actions import Action
from plans.agreement_records import Ending, MeasureFinding, Side, Signature
from plans.steps import Finding
from workflows.acting import Work, workflow
from workflows.agreements.keeping import keep_agreement
from workflows.agreements.taking import take_agreement, told
from workflows.cases.days import check_has_been


@workflow(Action.RECORD_SIGNATURE)
def record_signature(
    work: Work, agreement_id: str, version: int, side: Side, party_id: str, signed_by: str, signed_on: date
) -> dict[str, Any]:
    """Record that a party has signed the last version on paper; in force once all have.

    Parameters
    ----------
    work, agreement_id, version
        The workflow, the agreement, and its version that was read.
    side : Side
        For whom.
    party_id : str
        The person, or the office.
    signed_by : str
        Who signed, in words; kept encrypted.
    signed_on : date
        Day, not ahead of today.

    Returns
    -------
    dict
        ``id`` and new ``version`` of the agreement.
    """
    row, agreement = take_agreement(work, agreement_id, version)
    check_has_been(work, "signed_on", signed_on)
    recorder = work.caller.account_id or work.caller.label
    after = agreement.sign(Signature(side, party_id, signed_by, signed_on, recorder))
    kept = keep_agreement(work, row, agreement, after)
    return told(work, kept, party=party_id, number=after.versions[-1].number)


@workflow(Action.REVIEW_AGREEMENT)
def review_agreement(
    work: Work,
    agreement_id: str,
    version: int,
    reviewed_on: date,
    findings: Mapping[str, tuple[Finding, str]],
) -> dict[str, Any]:
    """State for each step agreed whether it is done, open or obstructed.

    Parameters
    ----------
    work, agreement_id, version
        The workflow, the agreement, and its version that was read.
    reviewed_on : date
        Day of the talk, not ahead of today.
    findings : mapping of str to (Finding, str)
        For every step of the version in force, by id, what was found, and why where it is obstructed.

    Returns
    -------
    dict
        ``id`` and new ``version`` of the agreement, and the balance: how many steps are ``done``, ``open``
        and ``obstructed``.
    """
    row, agreement = take_agreement(work, agreement_id, version)
    check_has_been(work, "reviewed_on", reviewed_on)
    found = [MeasureFinding(id, finding, why) for id, (finding, why) in findings.items()]
    after = agreement.review(reviewed_on, found)
    kept = keep_agreement(work, row, agreement, after)
    balance = {finding.value: after.reviews[-1].count(finding) for finding in Finding}
    return {**told(work, kept, reviewed_on=reviewed_on, **balance), **balance}


@workflow(Action.END_AGREEMENT)
def end_agreement(
    work: Work, agreement_id: str, version: int, by: Side, ended_on: date, why: str = ""
) -> dict[str, Any]:
    """End an agreement: it is voluntary, so either side may at any time; the office says why.

    Returns
    -------
    dict
        ``id`` and new ``version`` of the agreement.
    """
    row, agreement = take_agreement(work, agreement_id, version)
    check_has_been(work, "ended_on", ended_on)
    kept = keep_agreement(work, row, agreement, agreement.end(Ending(ended_on, by, why)))
    return told(work, kept, by=by)
