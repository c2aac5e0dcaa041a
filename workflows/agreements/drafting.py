"""Vereinbarung entwerfen und ändern: from the help plans of one or more persons of a household."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from plans import agreement as plan_room
from plans.actions import Action
from plans.agreement import Agreement, contents_of
from plans.agreement_records import Contents
from plans.agreement_texts import OFFICE_COMMITMENTS, PERSON_COMMITMENTS
from plans.help_plan import Case
from store import tables as t
from store.faults import Missing
from store.rows import ReadRows
from workflows.acting import Work, workflow
from workflows.agreements.keeping import keep_agreement, keep_new
from workflows.agreements.taking import take_agreement, told
from workflows.cases.records import load_case
from workflows.scopes import admit


@dataclass(frozen=True)
class Wording:
    """Wortlaut: which texts of ``plans/texts/agreement.toml`` an agreement takes, by key.

    Parameters
    ----------
    office_commitments, person_commitments : tuple of str
        What each side commits to; all by default.
    consequence : str
        What happens where it is not kept; never more than the law has anyway.
    """

    office_commitments: tuple[str, ...] = OFFICE_COMMITMENTS
    person_commitments: tuple[str, ...] = PERSON_COMMITMENTS
    consequence: str = "existing-law"

    def contents(self, cases: Sequence[Case]) -> Contents:
        """What an agreement on these help plans says in this wording."""
        return replace(
            contents_of(cases, self.consequence),
            office_commitments=self.office_commitments,
            person_commitments=self.person_commitments,
        )


USUAL = Wording()


@workflow(Action.DRAFT_AGREEMENT)
def draft_agreement(
    work: Work, household_id: str, person_ids: Sequence[str], language: str, wording: Wording = USUAL
) -> dict[str, Any]:
    """Draft an agreement from the help plans as they stand today.

    Parameters
    ----------
    work, household_id : Work, str
        The workflow, and the household.
    person_ids : sequence of str
        One or more persons of it, in the order of the paper.
    language : str
        Language beside German in which it is handed out, ISO 639-3.
    wording : Wording
        Commitments and consequences.

    Returns
    -------
    dict
        ``id`` and ``version`` of the agreement.

    Raises
    ------
    Missing
        Where a person does not belong to the household.
    PlanFault
        Where a person has no analysis, or there is no open step.
    """
    household = admit(work, t.household, household_id)
    cases = [_case_in(work.unit, household_id, person_id) for person_id in person_ids]
    drafted = plan_room.draft_agreement(
        *(t.new_id("agr"), household_id, household["organisation_id"], cases, work.today, language),
        wording.consequence,
        work.book,
    )
    agreement = drafted.redraft(wording.contents(cases))
    keep_new(work, agreement, household["region_id"])
    work.record("agreement", agreement.id, household["region_id"], persons=list(person_ids))
    return {"id": agreement.id, "version": 1}


@workflow(Action.DRAFT_AGREEMENT)
def redraft_agreement(
    work: Work, agreement_id: str, version: int, wording: Wording = USUAL
) -> dict[str, Any]:
    """Take the help plans as they stand now into a draft that nobody has signed.

    Returns
    -------
    dict
        ``id`` and new ``version`` of the agreement.
    """
    row, agreement = take_agreement(work, agreement_id, version)
    after = agreement.redraft(wording.contents(_cases(work.unit, agreement)))
    return told(work, keep_agreement(work, row, agreement, after))


@workflow(Action.AMEND_AGREEMENT)
def amend_agreement(
    work: Work, agreement_id: str, version: int, why: str, wording: Wording = USUAL
) -> dict[str, Any]:
    """Draft a new version from the help plans as they stand now; all have to sign again.

    Parameters
    ----------
    work, agreement_id, version
        The workflow, the agreement, and its version that was read.
    why : str
        Why it is amended.
    wording : Wording
        Commitments and consequences.

    Returns
    -------
    dict
        ``id`` and new ``version`` of the agreement.
    """
    row, agreement = take_agreement(work, agreement_id, version)
    contents = wording.contents(_cases(work.unit, agreement))
    after = agreement.amend(contents, work.today, why, work.book)
    return told(work, keep_agreement(work, row, agreement, after))


@workflow(Action.AMEND_AGREEMENT)
def discard_amendment(work: Work, agreement_id: str, version: int) -> dict[str, Any]:
    """Take back an amendment that not all have signed; the version before stays in force."""
    row, agreement = take_agreement(work, agreement_id, version)
    return told(work, keep_agreement(work, row, agreement, agreement.discard_draft()))


def _case_in(unit: ReadRows, household_id: str, person_id: str) -> Case:
    if unit.get(t.person, person_id)["household_id"] != household_id:
        raise Missing("missing", table=t.person.name, id=person_id)
    return load_case(unit, person_id)


def _cases(unit: ReadRows, agreement: Agreement) -> list[Case]:
    return [load_case(unit, person_id) for person_id in agreement.person_ids]
