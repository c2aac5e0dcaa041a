"""Kompetenz- und Sozialanalyse: what a person brings along, and what stands in the way.

The fields follow the competence and social analysis of the Dortmund contract model (2003) and the
registration form of IntV § 7(1). No health and no religion (GDPR Art. 9): what matters for a referral is a
neutral flag.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from network.model import HALF_DAYS
from plans.fault import refuse


class Cefr(StrEnum):
    """Sprachniveau (GER): CEFR level; A0 = before A1."""

    A0 = "A0"
    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"
    C2 = "C2"

    @property
    def rank(self) -> int:
        """Place in the order of the levels, 0 (A0) to 6 (C2)."""
        return list(Cefr).index(self)


class Literacy(StrEnum):
    """Schriftkundigkeit: which script a person reads and writes."""

    LATIN = "latin"
    SECOND_SCRIPT = "second-script"
    FUNCTIONAL = "functional"
    NONE = "none"


class Recognition(StrEnum):
    """Anerkennung des Berufsabschlusses: how far the recognition of a foreign qualification is."""

    NOT_NEEDED = "not-needed"
    NOT_STARTED = "not-started"
    IN_PROGRESS = "in-progress"
    PARTIAL = "partial"
    FULL = "full"


class Childcare(StrEnum):
    """Kinderbetreuung: whether somebody must be found for the children during a course."""

    NONE = "none"
    PLACE_NEEDED = "place-needed"
    SHARED = "shared"
    COVERED = "covered"


class Resource(StrEnum):
    """Ressourcen: what helps."""

    FAMILY = "family"
    VOLUNTEER = "volunteer"
    WORK_EXPERIENCE = "work-experience"
    DRIVING_LICENCE = "driving-licence"
    ENGLISH = "english"
    COMPUTER = "computer"


class Barrier(StrEnum):
    """Hemmnisse: what stands in the way, as neutral flags."""

    STEP_FREE = "step-free"
    CHILDCARE = "childcare"
    SHIFT_WORK = "shift-work"
    TRAVEL = "travel"
    HOUSING = "housing"
    DOCUMENTS = "documents"
    INTERPRETER = "interpreter"
    NO_COMPUTER = "no-computer"


@dataclass(frozen=True)
class Skills:
    """Deutschkenntnisse je Fertigkeit: CEFR level by skill."""

    listening: Cefr = Cefr.A0
    reading: Cefr = Cefr.A0
    speaking: Cefr = Cefr.A0
    writing: Cefr = Cefr.A0

    @property
    def overall(self) -> Cefr:
        """The level a course is chosen by: the lower of speaking and writing."""
        return min(self.speaking, self.writing, key=lambda level: level.rank)


@dataclass(frozen=True)
class Availability:
    """Verfügbarkeit: when, how far and by which way somebody can attend.

    Parameters
    ----------
    times : frozenset of str
        Half-days on which the person can attend, of `network.model.HALF_DAYS`.
    max_travel_km : float
        Longest way, great circle, km, >= 0.
    can_attend_online : bool
        Whether a place, a device and a connection for online lessons exist.
    """

    times: frozenset[str]
    max_travel_km: float
    can_attend_online: bool = False

    def __post_init__(self) -> None:
        for half_day in sorted(self.times - set(HALF_DAYS)):
            raise refuse(
                "unknown-value", "times", field="times", value=half_day, allowed=", ".join(HALF_DAYS)
            )
        if not 0 <= self.max_travel_km <= 1000:
            raise refuse(
                "out-of-range",
                "max_travel_km",
                field="max_travel_km",
                value=self.max_travel_km,
                allowed="0–1000",
            )


@dataclass(frozen=True)
class Analysis:
    """Kompetenz- und Sozialanalyse: the picture on which a help plan is built.

    Parameters
    ----------
    analysed_on : date
        Day of the talk.
    availability : Availability
        Times, way, online.
    languages : tuple of str
        Languages spoken besides German, best first, ISO 639-3.
    german : Skills
        German by skill.
    literacy : Literacy
        Script read and written.
    schooling_years : int
        Years at school, 0 to 25.
    profession : str
        Profession learnt or exercised; empty = none or not known.
    recognition : Recognition
        State of the recognition of the qualification.
    childcare : Childcare
        Care need during courses.
    resources, barriers : frozenset
        What helps, what stands in the way.
    """

    analysed_on: date
    availability: Availability
    languages: tuple[str, ...] = ()
    german: Skills = Skills()
    literacy: Literacy = Literacy.LATIN
    schooling_years: int = 8
    profession: str = ""
    recognition: Recognition = Recognition.NOT_NEEDED
    childcare: Childcare = Childcare.NONE
    resources: frozenset[Resource] = field(default_factory=frozenset)
    barriers: frozenset[Barrier] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        check_languages(self.languages)
        if not 0 <= self.schooling_years <= 25:
            raise refuse(
                "out-of-range",
                "schooling_years",
                field="schooling_years",
                value=self.schooling_years,
                allowed="0–25",
            )


def needed_features(analysis: Analysis) -> frozenset[str]:
    """What every slot must offer, given what stands in the way."""
    return frozenset({"wheelchair"} if Barrier.STEP_FREE in analysis.barriers else ())


def check_languages(languages: Iterable[str]) -> None:
    """Raise `PlanFault` where a language is not an ISO 639-3 code (three small letters)."""
    for code in languages:
        if not re.fullmatch("[a-z]{3}", code):
            raise refuse("bad-language", "languages", value=code)
