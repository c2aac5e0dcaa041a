"""Teile einer Integrationsvereinbarung: measures, contents, versions, signatures, reviews, ending."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from plans.agreement_texts import CONSEQUENCES, OFFICE_COMMITMENTS, PERSON_COMMITMENTS
from plans.fault import refuse
from plans.needs import Goal, check_order
from plans.steps import Finding


class Side(StrEnum):
    """Seite: of the municipality or of the persons."""

    OFFICE = "office"
    PERSON = "person"


@dataclass(frozen=True)
class Measure:
    """Maßnahme: one step with its dates, as both sides agreed it.

    Parameters
    ----------
    step_id, person_id : str
        Step of the help plan, and whose.
    kind : str
        Kind of slot.
    goal : Goal
        What it is for.
    responsible : str
        Who has to act.
    from_on, due_on : date, date or None
        From when, and until when it should have started (Zeitziel).
    """

    step_id: str
    person_id: str
    kind: str
    goal: Goal
    responsible: str
    from_on: date
    due_on: date | None = None

    def __post_init__(self) -> None:
        check_order(self.step_id, "from_on", self.from_on, "due_on", self.due_on)


@dataclass(frozen=True)
class Signature:
    """Unterschrift: recorded, not given here; the signed paper is kept elsewhere.

    Parameters
    ----------
    side : Side
        For whom.
    party_id : str
        The person, or the office.
    signed_by : str
        Who signed: the representative of the office, the person, or whoever has custody.
    signed_on : date
        Day.
    recorded_by : str
        Account that recorded it.
    """

    side: Side
    party_id: str
    signed_by: str
    signed_on: date
    recorded_by: str

    def __post_init__(self) -> None:
        for name in ("party_id", "signed_by", "recorded_by"):
            if not getattr(self, name).strip():
                raise refuse("empty", "signature", field=name)


@dataclass(frozen=True)
class MeasureFinding:
    """Befund: whether one step is done, open or obstructed; `why` must be given where OBSTRUCTED."""

    step_id: str
    finding: Finding
    why: str = ""

    def __post_init__(self) -> None:
        if self.finding is Finding.OBSTRUCTED and not self.why.strip():
            raise refuse("needed-for", self.step_id, field="why", action=self.finding)


@dataclass(frozen=True)
class AgreementReview:
    """Überprüfung einer Vereinbarung: the finding for every step of one version.

    Parameters
    ----------
    reviewed_on : date
        Day of the talk.
    version : int
        Number of the version reviewed.
    findings : tuple of MeasureFinding
        One for each of its steps.
    """

    reviewed_on: date
    version: int
    findings: tuple[MeasureFinding, ...]

    def count(self, finding: Finding) -> int:
        """Return how many steps were found so (Bilanz)."""
        return sum(entry.finding is finding for entry in self.findings)


@dataclass(frozen=True)
class Ending:
    """Ende: when, by which side, and why, in words.

    Parameters
    ----------
    ended_on : date
        Day.
    by : Side
        Which side ended it.
    why : str
        Reason; the person's side need not give one.
    """

    ended_on: date
    by: Side
    why: str = ""

    def __post_init__(self) -> None:
        if self.by is Side.OFFICE and not self.why.strip():
            raise refuse("empty", "ending", field="why")


@dataclass(frozen=True)
class Contents:
    """Inhalt: what one version says.

    Parameters
    ----------
    goals : tuple of Goal
        What it is for.
    measures : tuple of Measure
        Steps with dates (Anlage: Arbeitsschritte), not empty, each once.
    next_appointment_on : date or None
        Next talk.
    office_commitments, person_commitments : tuple of str
        Keys of ``texts/agreement.toml``, at least one for each side.
    consequence : str
        Key of the text on what happens where it is not kept.
    """

    goals: tuple[Goal, ...]
    measures: tuple[Measure, ...]
    next_appointment_on: date | None = None
    office_commitments: tuple[str, ...] = OFFICE_COMMITMENTS
    person_commitments: tuple[str, ...] = PERSON_COMMITMENTS
    consequence: str = "existing-law"

    def __post_init__(self) -> None:
        for name, keys, known in (
            ("office_commitments", self.office_commitments, OFFICE_COMMITMENTS),
            ("person_commitments", self.person_commitments, PERSON_COMMITMENTS),
            ("consequence", (self.consequence,), CONSEQUENCES),
        ):
            if not keys:
                raise refuse("empty", "agreement", field=name)
            for key in keys:
                if key not in known:
                    allowed = ", ".join(known)
                    raise refuse("unknown-value", "agreement", field=name, value=key, allowed=allowed)
        if not self.measures:
            raise refuse("empty", "agreement", field="measures")
        for id_, count in Counter(measure.step_id for measure in self.measures).items():
            if count > 1:
                raise refuse("duplicate-id", "agreement", value=id_)


@dataclass(frozen=True)
class Version:
    """Fassung: one wording, and who signed it.

    Parameters
    ----------
    number : int
        From 1.
    drafted_on : date
        Day of the draft.
    contents : Contents
        What it says.
    office_signatures : int
        Signatures that the municipality needs, >= 1, by the rule of the day of the draft.
    why : str
        Why it was amended; empty for the first version only.
    signatures : tuple of Signature
        Recorded so far.
    """

    number: int
    drafted_on: date
    contents: Contents
    office_signatures: int = 1
    why: str = ""
    signatures: tuple[Signature, ...] = ()

    @property
    def signed_on(self) -> date:
        """Day of the last signature; that of the draft where there is none."""
        return max((signature.signed_on for signature in self.signatures), default=self.drafted_on)

    @property
    def missing_office(self) -> int:
        """Signatures of the office that are still missing, >= 0."""
        return max(0, self.office_signatures - sum(entry.side is Side.OFFICE for entry in self.signatures))

    def missing_persons(self, person_ids: Sequence[str]) -> tuple[str, ...]:
        """Ids of the persons who have not signed, nor anybody for them."""
        signed = {entry.party_id for entry in self.signatures if entry.side is Side.PERSON}
        return tuple(id_ for id_ in person_ids if id_ not in signed)

    def is_signed(self, person_ids: Sequence[str]) -> bool:
        """Whether all persons and the office have signed."""
        return not self.missing_office and not self.missing_persons(person_ids)
