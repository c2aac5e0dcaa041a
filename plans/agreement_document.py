"""Vereinbarung zum Ausdrucken: the wording of one version, part by part, in one language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from plans.agreement import Agreement
from plans.agreement_records import Measure, Version
from plans.agreement_texts import AgreementWords


@dataclass(frozen=True)
class Part:
    """Abschnitt: a heading and its lines; the heading of the first is the title."""

    heading: str
    lines: tuple[str, ...]


def document(
    agreement: Agreement, version: Version, names: Mapping[str, str], words: AgreementWords
) -> tuple[Part, ...]:
    """Return the text of a version, ready to be set.

    Parameters
    ----------
    agreement : Agreement
        The parties.
    version : Version
        Which of its versions.
    names : mapping of str to str
        Names by id: of the persons, the office, whoever is responsible, signers. An id without a name stands
        for itself.
    words : AgreementWords
        The language.

    Returns
    -------
    tuple of Part
        Title and preamble, both sides' commitments, consequences, goals, steps with dates, signatures.
    """

    def named(id: str) -> str:
        return words.name(names.get(id, id))

    contents = version.contents
    persons = ", ".join(map(named, agreement.person_ids))
    office = named(agreement.organisation_id)
    between = words.text("between", persons=persons, office=office)
    offices = tuple(words.text(f"office-commitment.{key}") for key in contents.office_commitments)
    person = tuple(words.text(f"person-commitment.{key}") for key in contents.person_commitments)
    return (
        Part(words.text("title"), (between, *_amendment(version, words), words.text("preamble"))),
        Part(words.text("office", office=office), offices),
        Part(words.text("persons", persons=persons), person),
        Part(
            words.text("consequences"),
            (words.text(f"consequence.{contents.consequence}"), words.text("voluntary")),
        ),
        Part(words.text("goals"), tuple(words.goal(goal) for goal in contents.goals)),
        Part(words.text("measures"), _measures(version, named, words)),
        Part(words.text("signatures"), _signatures(agreement, version, named, words)),
    )


def _amendment(version: Version, words: AgreementWords) -> tuple[str, ...]:
    if not version.why:
        return ()
    return (words.text("amendment", number=str(version.number), why=words.name(version.why)),)


def _measures(version: Version, named: Callable[[str], str], words: AgreementWords) -> tuple[str, ...]:
    lines = [_measure(measure, named, words) for measure in version.contents.measures]
    if (next_on := version.contents.next_appointment_on) is not None:
        lines.append(words.text("next-appointment", date=words.day(next_on)))
    return tuple(lines)


def _measure(measure: Measure, named: Callable[[str], str], words: AgreementWords) -> str:
    text = words.text(
        "measure",
        what=words.goal(measure.goal),
        kind=words.kind(measure.kind),
        responsible=named(measure.responsible),
        from_on=words.day(measure.from_on),
        due_on=words.day(measure.due_on),
    )
    return f"{named(measure.person_id)}: {text}"


def _signatures(
    agreement: Agreement, version: Version, named: Callable[[str], str], words: AgreementWords
) -> tuple[str, ...]:
    signed = [
        words.text("signed", name=named(entry.signed_by), date=words.day(entry.signed_on))
        for entry in version.signatures
    ]
    offices = (agreement.organisation_id,) * version.missing_office
    missing = (*version.missing_persons(agreement.person_ids), *offices)
    return (*signed, *(words.text("unsigned", name=named(id)) for id in missing))
