"""Who is in the network (Akteure), what they offer (Angebote) and who works with whom (Kooperationen)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

CEFR_LEVELS = ("A0", "A1", "A2", "B1", "B2", "C1", "C2")
"""Levels of the Common European Framework, lowest first; ``A0`` means no German yet."""

DAYS = ("mo", "tu", "we", "th", "fr", "sa")
HALF_DAYS: tuple[str, ...] = tuple(
    f"{day}-{part}" for part in ("am", "pm", "ev") for day in DAYS if (day, part) != ("sa", "ev")
)
"""Every half-day a slot may occupy or a person may be free on: ``mo-am`` … ``fr-ev``, ``sa-pm``."""


class ActorType(StrEnum):
    """What an organisation is in the support chain (Art des Akteurs)."""

    MUNICIPALITY = "municipality"
    RECEPTION = "reception"
    IMMIGRATION_OFFICE = "immigration-office"
    JOB_CENTRE = "job-centre"
    EMPLOYMENT_AGENCY = "employment-agency"
    COUNSELLING = "counselling"
    YOUTH_SERVICE = "youth-service"
    TEST_CENTRE = "test-centre"
    COURSE_PROVIDER = "course-provider"
    RECOGNITION_BODY = "recognition-body"
    QUALIFICATION_PROVIDER = "qualification-provider"
    SCHOOL = "school"
    UNIVERSITY = "university"
    NURSERY = "nursery"
    HOUSING = "housing"
    WELFARE = "welfare"
    COMMUNITY = "community"
    EMPLOYER = "employer"


class CooperationKind(StrEnum):
    """How one actor works with another: hands people on, or works together without handing on."""

    REFERS = "refers"
    COOPERATES = "cooperates"


@dataclass(frozen=True, slots=True)
class Place:
    """A point with the name of its town (Ort).

    Parameters
    ----------
    name
        Town, as people call it.
    lat, lon
        Degrees WGS 84; latitude -90…90, longitude -180…180.

    Raises
    ------
    ValueError
        When a coordinate lies outside its range.
    """

    name: str
    lat: float
    lon: float

    def __post_init__(self) -> None:
        if not (-90 <= self.lat <= 90 and -180 <= self.lon <= 180):
            raise ValueError(f"{self.name}: {self.lat}, {self.lon} is no point on the earth")


@dataclass(frozen=True, slots=True)
class Town:
    """A town of the region (Ort): its centre and, where known, how many people live there."""

    place: Place
    population: int | None
    source: str
    illustrative: bool


@dataclass(frozen=True, slots=True)
class Actor:
    """An organisation of the network (Akteur).

    ``source`` says where the row comes from; ``illustrative`` that it is made up to show something. One of
    the two is always given. ``unstated`` names the fields left empty: nobody may conclude anything from them.
    """

    id: str
    name: str
    type: ActorType
    place: Place
    languages: frozenset[str]
    phone: str
    email: str
    website: str
    source: str
    illustrative: bool
    as_of: date | None = None
    unstated: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Offering:
    """A programme of an actor (Angebot), without dates.

    Parameters
    ----------
    kind
        The stem in the catalogue of :mod:`network.kinds`, for example ``integration-course``.
    level_in, level_out
        CEFR level expected at the start and reached at the end; None where the row does not say.
    requires
        Tags that a participant must all have.
    features
        What it offers beside its content, for example ``childcare``.
    unstated
        Names of the fields left empty in the partner file: unknown, which is not the same as "no".
    """

    id: str
    actor_id: str
    name: str
    kind: str
    level_in: str | None
    level_out: str | None
    requires: frozenset[str]
    features: frozenset[str]
    languages: frozenset[str]
    online: bool
    source: str
    illustrative: bool
    as_of: date | None = None
    unstated: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Cooperation:
    """One direction of working together (Kooperation) and the agreement behind it."""

    from_actor: str
    to_actor: str
    kind: CooperationKind
    agreement: str
    source: str
    illustrative: bool
    since_on: date | None = None
