"""Integrationsvereinbarung: what both sides commit to, in signed versions that are reviewed and amended.

Voluntary, for one or more persons of a household, with the municipality's commitments beside theirs. Source:
the Dortmund contract model (2003); the federal model project of 18 municipalities on individual agreements.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from plans.agreement_records import (
    AgreementReview,
    Contents,
    Ending,
    Measure,
    MeasureFinding,
    Side,
    Signature,
    Version,
)
from plans.analysis import check_languages
from plans.fault import refuse
from plans.help_plan import Case
from plans.needs import check_id, check_order
from plans.rules import RuleBook, standard_rules


class AgreementState(StrEnum):
    """Stand einer Vereinbarung."""

    DRAFTED = "drafted"
    IN_FORCE = "in-force"
    BEING_AMENDED = "being-amended"
    ENDED = "ended"


@dataclass(frozen=True)
class Agreement:
    """Integrationsvereinbarung: parties and versions.

    Parameters
    ----------
    id, household_id, organisation_id : str
        Of the agreement, the household, and the office that signs for the municipality.
    person_ids : tuple of str
        One or more persons of the household.
    language : str
        Language beside German in which it is handed out, ISO 639-3.
    versions : tuple of Version
        Oldest first; each but the last is signed by all.
    reviews : tuple of AgreementReview
        Oldest first.
    ending : Ending or None
        Set once it ended.
    """

    id: str
    household_id: str
    organisation_id: str
    person_ids: tuple[str, ...]
    language: str
    versions: tuple[Version, ...]
    reviews: tuple[AgreementReview, ...] = ()
    ending: Ending | None = None

    def __post_init__(self) -> None:
        for id_ in (self.id, self.household_id, self.organisation_id, *self.person_ids):
            check_id(id_)
        check_languages((self.language,))
        if not self.person_ids or not self.versions:
            raise refuse("empty", self.id, field="person_ids, versions")
        for id_, count in Counter(self.person_ids).items():
            if count > 1:
                raise refuse("duplicate-id", self.id, value=id_)

    @property
    def in_force(self) -> Version | None:
        """The version that holds: the last one that all have signed; None before that, and after the end."""
        signed = [version for version in self.versions if version.is_signed(self.person_ids)]
        return signed[-1] if signed and self.ending is None else None

    @property
    def state(self) -> AgreementState:
        """Where it stands."""
        if self.ending is not None:
            return AgreementState.ENDED
        if self.in_force is None:
            return AgreementState.DRAFTED
        is_last = self.in_force is self.versions[-1]
        return AgreementState.IN_FORCE if is_last else AgreementState.BEING_AMENDED

    def sign(self, signature: Signature) -> Agreement:
        """Record a signature under the last version.

        Raises
        ------
        PlanFault
            Where it ended, the signer is no party, signed already or before the draft, or nothing is missing.
        """
        self._check_not_ended()
        last = self.versions[-1]
        parties = self.person_ids if signature.side is Side.PERSON else (self.organisation_id,)
        if signature.party_id not in parties:
            allowed = ", ".join(parties)
            raise refuse("unknown-value", self.id, field="party", value=signature.party_id, allowed=allowed)
        check_order(self.id, "drafted_on", last.drafted_on, "signed_on", signature.signed_on)
        signer = (signature.party_id, signature.signed_by)
        is_twice = signer in [(known.party_id, known.signed_by) for known in last.signatures]
        is_missing = (
            last.missing_office > 0
            if signature.side is Side.OFFICE
            else signature.party_id in last.missing_persons(self.person_ids)
        )
        if is_twice or not is_missing:
            raise refuse("signed-already", self.id, number=last.number, party=signature.party_id)
        return self._with_last(replace(last, signatures=(*last.signatures, signature)))

    def redraft(self, contents: Contents) -> Agreement:
        """Change the last version while nobody has signed it.

        Raises
        ------
        PlanFault
            Where it ended, or somebody signed already: then it takes an amendment.
        """
        self._check_not_ended()
        last = self.versions[-1]
        if last.signatures:
            raise refuse("signed-partly", self.id, number=last.number)
        return self._with_last(replace(last, contents=contents))

    def amend(self, contents: Contents, on: date, why: str, book: RuleBook | None = None) -> Agreement:
        """Draft a new version, which all have to sign; the last one stays in force until then.

        Parameters
        ----------
        contents : Contents
            What it shall say.
        on : date
            Day of the draft, not before the last version.
        why : str
            Reason, not empty.
        book : RuleBook, optional
            Dated rules: signatures that the office needs.

        Raises
        ------
        PlanFault
            Where it ended, the last version is not signed by all, or no reason is given.
        """
        self._check_not_ended()
        last = self.versions[-1]
        if not last.is_signed(self.person_ids):
            missing = (*last.missing_persons(self.person_ids), *(Side.OFFICE,) * last.missing_office)
            raise refuse("not-signed", self.id, number=last.number, missing=missing)
        if not why.strip():
            raise refuse("empty", self.id, field="why")
        check_order(self.id, "drafted_on", last.drafted_on, "amended_on", on)
        version = Version(last.number + 1, on, contents, _office_signatures(on, book), why)
        return replace(self, versions=(*self.versions, version))

    def discard_draft(self) -> Agreement:
        """Take back an amendment that not all have signed; the version before stays in force.

        Raises
        ------
        PlanFault
            Where there is none.
        """
        if self.state is not AgreementState.BEING_AMENDED:
            raise refuse("no-amendment", self.id, state=self.state)
        return replace(self, versions=self.versions[:-1])

    def review(self, reviewed_on: date, findings: Sequence[MeasureFinding]) -> Agreement:
        """State for each step of the version in force whether it is done, open or obstructed.

        Raises
        ------
        PlanFault
            Where no version is in force, a step is left out, unknown or named twice, or the review lies
            before the last one.
        """
        version = self.in_force
        if version is None:
            raise refuse("not-in-force", self.id, state=self.state)
        wanted = [measure.step_id for measure in version.contents.measures]
        found = [finding.step_id for finding in findings]
        if missing := tuple(id_ for id_ in wanted if id_ not in found):
            raise refuse("unreviewed", self.id, steps=missing)
        for id_ in found:
            if id_ not in wanted or found.count(id_) > 1:
                raise refuse("unknown-value", self.id, field="step", value=id_, allowed=", ".join(wanted))
        last_on = self.reviews[-1].reviewed_on if self.reviews else version.signed_on
        if reviewed_on < last_on:
            raise refuse("before-last", self.id, on=reviewed_on, last_on=last_on)
        review = AgreementReview(reviewed_on, version.number, tuple(findings))
        return replace(self, reviews=(*self.reviews, review))

    def end(self, ending: Ending) -> Agreement:
        """End it: voluntary means that either side may at any time.

        Raises
        ------
        PlanFault
            Where it ended already, or the day lies before the draft.
        """
        self._check_not_ended()
        check_order(self.id, "drafted_on", self.versions[-1].drafted_on, "ended_on", ending.ended_on)
        return replace(self, ending=ending)

    def _with_last(self, version: Version) -> Agreement:
        return replace(self, versions=(*self.versions[:-1], version))

    def _check_not_ended(self) -> None:
        if self.ending is not None:
            raise refuse("agreement-ended", self.id, ended_on=self.ending.ended_on)


def draft_agreement(
    id: str,
    household_id: str,
    organisation_id: str,
    cases: Sequence[Case],
    drafted_on: date,
    language: str,
    consequence: str = "existing-law",
    book: RuleBook | None = None,
) -> Agreement:
    """Draft an agreement from the help plans of one or more persons of a household.

    Parameters
    ----------
    id, household_id, organisation_id : str
        Of the agreement, the household, and the office.
    cases : sequence of Case
        One for each person; their goals, open steps and next appointment become the contents.
    drafted_on : date
        Day of the draft.
    language : str
        Language beside German, ISO 639-3.
    consequence : str
        Key of ``texts/agreement.toml``.
    book : RuleBook, optional
        Dated rules: signatures that the office needs.

    Returns
    -------
    Agreement
        With one version that nobody has signed.

    Raises
    ------
    PlanFault
        Where there is no person or no open step, or a person has no analysis yet.
    """
    contents = contents_of(cases, consequence)
    version = Version(1, drafted_on, contents, _office_signatures(drafted_on, book))
    person_ids = tuple(case.person_id for case in cases)
    return Agreement(id, household_id, organisation_id, person_ids, language, (version,))


def contents_of(cases: Sequence[Case], consequence: str = "existing-law") -> Contents:
    """Return what an agreement on these help plans says: goals, open steps, the earliest next appointment."""
    goals = [goal for case in cases for goal in case.help_plan().goals]
    appointments = [case.next_appointment_on for case in cases if case.next_appointment_on is not None]
    measures = [
        Measure(
            step_id=step.id,
            person_id=case.person_id,
            kind=step.need.kind,
            goal=step.need.goal,
            responsible=step.responsible,
            from_on=step.need.earliest_on,
            due_on=step.need.target_on,
        )
        for case in cases
        for step in case.open_steps
    ]
    next_on = min(appointments, default=None)
    return Contents(tuple(dict.fromkeys(goals)), tuple(measures), next_on, consequence=consequence)


def _office_signatures(on: date, book: RuleBook | None) -> int:
    return round((book or standard_rules()).rule("office-signatures", on).value)
