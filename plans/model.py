"""Haushalt, Person, Hilfeplan: who is planned for.

The people of one household have one home, may share the care of their children, and their needs form one
forest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from network.model import Place
from plans.analysis import (
    Analysis,
    Availability,
    Barrier,
    Cefr,
    Childcare,
    Literacy,
    Recognition,
    Resource,
    Skills,
)
from plans.fault import refuse
from plans.needs import Goal, Need, Relation, check_forest, check_id, check_order

__all__ = [
    "Analysis",
    "Availability",
    "Barrier",
    "Cefr",
    "Child",
    "Childcare",
    "Gender",
    "Goal",
    "HelpPlan",
    "Household",
    "Literacy",
    "Need",
    "Person",
    "Recognition",
    "Relation",
    "Resource",
    "Skills",
]


class Gender(StrEnum):
    """Geschlecht, where it was given."""

    FEMALE = "female"
    MALE = "male"
    DIVERSE = "diverse"


@dataclass(frozen=True)
class Child:
    """Kind im Haushalt: only what the care of it needs.

    Parameters
    ----------
    born_year, born_month : int
        Month of birth; the day is not needed and not kept.
    needs_care : bool
        Whether a nursery or day-care place is still missing.
    """

    born_year: int
    born_month: int
    needs_care: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.born_month <= 12:
            raise refuse("out-of-range", field="born_month", value=self.born_month, allowed="1–12")
        if not 1900 <= self.born_year <= 2200:
            raise refuse("out-of-range", field="born_year", value=self.born_year, allowed="1900–2200")

    def age_years(self, on: date) -> int:
        """Full years on a day, counted from the first of the month of birth; negative before birth."""
        return on.year - self.born_year - (on.month < self.born_month)


@dataclass(frozen=True)
class HelpPlan:
    """Hilfeplan: analysis, goals, dated steps and the next appointment of one person.

    Parameters
    ----------
    analysis : Analysis
        The competence and social analysis it is built on.
    needs : tuple of Need
        The steps still open, in their order.
    goals : tuple of Goal
        What the plan as a whole is for.
    next_appointment_on : date or None
        Next talk (nächster Gesprächstermin).
    """

    analysis: Analysis
    needs: tuple[Need, ...] = ()
    goals: tuple[Goal, ...] = ()
    next_appointment_on: date | None = None


@dataclass(frozen=True)
class Person:
    """Person: somebody with a help plan.

    Parameters
    ----------
    id : str
        Pseudonym; the only thing about the person's identity that enters a planning problem.
    name : str
        Name as shown to the counsellor.
    birth_on : date
        Day of birth.
    arrived_on : date
        Day of arrival or announced arrival, not before birth.
    profile : str
        Key of the chain template the plan was started from.
    plan : HelpPlan
        Analysis, goals, needs.
    gender : Gender or None
        None = not given.
    tags : frozenset of str
        Neutral facts that slots may require, e.g. ``under27``, ``literacy``.
    """

    id: str
    name: str
    birth_on: date
    arrived_on: date
    profile: str
    plan: HelpPlan
    gender: Gender | None = None
    tags: frozenset[str] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        check_id(self.id)
        check_order(self.id, "birth_on", self.birth_on, "arrived_on", self.arrived_on)
        check_identity(self.id, self.name, self.gender, self.tags)

    @property
    def analysis(self) -> Analysis:
        """The competence and social analysis."""
        return self.plan.analysis

    @property
    def needs(self) -> tuple[Need, ...]:
        """The open steps of the help plan."""
        return self.plan.needs

    @property
    def goals(self) -> tuple[Goal, ...]:
        """The goals of the help plan."""
        return self.plan.goals

    @property
    def times(self) -> frozenset[str]:
        """Half-days on which the person can attend."""
        return self.analysis.availability.times

    @property
    def max_travel_km(self) -> float:
        """Longest way, km."""
        return self.analysis.availability.max_travel_km

    @property
    def can_attend_online(self) -> bool:
        """Whether online slots are possible."""
        return self.analysis.availability.can_attend_online

    def age_years(self, on: date) -> int:
        """Full years on a day."""
        before_birthday = (on.month, on.day) < (self.birth_on.month, self.birth_on.day)
        return on.year - self.birth_on.year - before_birthday


@dataclass(frozen=True)
class Household:
    """Haushalt: people with one home.

    Parameters
    ----------
    id : str
        Pseudonym.
    members : tuple of Person
        At least one.
    home : Place
        Where they live.
    children : tuple of Child
        Children in the household.
    shared_childcare : bool
        The members share the care of the children: their steps must not take place at the same half-days.
    """

    id: str
    members: tuple[Person, ...]
    home: Place
    children: tuple[Child, ...] = ()
    shared_childcare: bool = False

    def __post_init__(self) -> None:
        check_id(self.id)
        if not self.members:
            raise refuse("no-members", self.id)
        ids = [person.id for person in self.members]
        for id_ in ids:
            if ids.count(id_) > 1:
                raise refuse("duplicate-id", self.id, value=id_)
        check_forest(self.needs())

    def needs(self) -> Iterator[Need]:
        """All needs of all members, in their order."""
        for person in self.members:
            yield from person.needs


def check_identity(where: str, name: str, gender: Gender | None, tags: frozenset[str]) -> None:
    """Raise `PlanFault` where a name is empty, or the tags contradict the gender."""
    if not name.strip():
        raise refuse("empty", where, field="name")
    if gender and gender is not Gender.FEMALE and "female" in tags:
        raise refuse("unknown-value", where, field="tags", value="female", allowed="gender = female")
