"""Vereinbarung zum Ausdrucken: the wording of one version, part by part, in German or English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from network.kinds import kind_label
from plans.agreement import Agreement
from plans.agreement_records import Measure, Version
from plans.agreement_texts import wording


@dataclass(frozen=True)
class Part:
    """Abschnitt: a heading and its lines; the heading of the first is the title."""

    heading: str
    lines: tuple[str, ...]


def document(agreement: Agreement, version: Version, names: Mapping[str, str], lang: str) -> tuple[Part, ...]:
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
    lang : str
        ``de`` or ``en``.

    Returns
    -------
    tuple of Part
        Title and preamble, both sides' commitments, consequences, goals, steps with dates, signatures.
    """
    contents = version.contents
    persons = ", ".join(names.get(id_, id_) for id_ in agreement.person_ids)
    office = names.get(agreement.organisation_id, agreement.organisation_id)
    between = wording("between", lang, persons=persons, office=office)
    offices = tuple(wording(f"office-commitment.{key}", lang) for key in contents.office_commitments)
    person = tuple(wording(f"person-commitment.{key}", lang) for key in contents.person_commitments)
    return (
        Part(wording("title", lang), (between, *_amendment(version, lang), wording("preamble", lang))),
        Part(wording("office", lang, office=office), offices),
        Part(wording("persons", lang, persons=persons), person),
        Part(
            wording("consequences", lang),
            (wording(f"consequence.{contents.consequence}", lang), wording("voluntary", lang)),
        ),
        Part(wording("goals", lang), tuple(goal.text(lang) for goal in contents.goals)),
        Part(wording("measures", lang), _measures(version, names, lang)),
        Part(wording("signatures", lang), _signatures(agreement, version, names, lang)),
    )


def day(on: date | None, lang: str) -> str:
    """A day as readers write it: 23.11.2026 or 23/11/2026; in words where none is fixed."""
    if on is None:
        return wording("no-date", lang)
    return f"{on:%d.%m.%Y}" if lang == "de" else f"{on:%d/%m/%Y}"


def _amendment(version: Version, lang: str) -> tuple[str, ...]:
    return (wording("amendment", lang, number=str(version.number), why=version.why),) if version.why else ()


def _measures(version: Version, names: Mapping[str, str], lang: str) -> tuple[str, ...]:
    lines = [_measure(measure, names, lang) for measure in version.contents.measures]
    if (next_on := version.contents.next_appointment_on) is not None:
        lines.append(wording("next-appointment", lang, date=day(next_on, lang)))
    return tuple(lines)


def _measure(measure: Measure, names: Mapping[str, str], lang: str) -> str:
    text = wording(
        "measure",
        lang,
        what=measure.goal.text(lang),
        kind=kind_label(measure.kind, lang),
        responsible=names.get(measure.responsible, measure.responsible),
        from_on=day(measure.from_on, lang),
        due_on=day(measure.due_on, lang),
    )
    return f"{names.get(measure.person_id, measure.person_id)}: {text}"


def _signatures(
    agreement: Agreement, version: Version, names: Mapping[str, str], lang: str
) -> tuple[str, ...]:
    signed = [
        wording("signed", lang, name=names.get(by, by), date=day(on, lang))
        for by, on in ((entry.signed_by, entry.signed_on) for entry in version.signatures)
    ]
    offices = (agreement.organisation_id,) * version.missing_office
    missing = (*version.missing_persons(agreement.person_ids), *offices)
    return (*signed, *(wording("unsigned", lang, name=names.get(id_, id_)) for id_ in missing))
