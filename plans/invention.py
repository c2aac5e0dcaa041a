"""Eine erfundene Person: dates, analysis and help plan of fictional people, drawn by seed and number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TypeVar

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
    needed_features,
)
from plans.chain import WEEK_PARTS, Profile, half_days
from plans.fictional import Traits, fiction
from plans.home import Homes
from plans.model import Child, Gender, HelpPlan, Household, Person
from plans.rules import rule

Drawn = TypeVar("Drawn")
SHORT_WAY_KM = 8.0
"""A longest way below this is noted as a barrier."""


@dataclass(frozen=True)
class Invention:
    """Rahmen der Erfindung: what all fictional people of a region have in common.

    Parameters
    ----------
    today : date
        The day on which they wait.
    seed : int
        Seed of all draws.
    homes : Homes
        Where they live.
    width : int
        Digits of the running number in ids.
    """

    today: date
    seed: int
    homes: Homes
    width: int

    def id(self, letter: str, number: int) -> str:
        """Pseudonym: a letter and the running number."""
        return f"{letter}{number:0{self.width}d}"


def fictional_household(invention: Invention, number: int, group: tuple[Profile, ...]) -> Household:
    """Make up one household: a person with or without children, or two who share the care of theirs.

    Parameters
    ----------
    invention : Invention
        The common frame.
    number : int
        Running number of its first member.
    group : tuple of Profile
        Profile of each member.
    """
    rng = Random(f"{invention.seed}/household/{number}")
    surname = rng.choice(fiction().surnames)
    language = pick(rng, fiction().traits[group[0].key].languages)
    home = invention.homes.draw(rng)
    draws = [
        _PersonDraw(invention, number + n, profile, surname, language, home, shares_care=len(group) > 1)
        for n, profile in enumerate(group)
    ]
    return Household(
        id=invention.id("h", number),
        members=tuple(draw.person() for draw in draws),
        home=home,
        children=_children(rng, invention.today, any("parent" in profile.tags for profile in group)),
        shared_childcare=len(group) > 1,
    )


def pick(rng: Random, shares: Mapping[Drawn, float]) -> Drawn:
    """Draw one key by its share."""
    return rng.choices(list(shares), list(shares.values()))[0]


class _PersonDraw:
    """Ziehung einer Person: draws in a fixed order from the person's own random numbers."""

    def __init__(
        self,
        invention: Invention,
        number: int,
        profile: Profile,
        surname: str,
        language: str,
        home: Place,
        *,
        shares_care: bool,
    ) -> None:
        self.invention = invention
        self.today = invention.today
        self.number = number
        self.profile = profile
        self.traits: Traits = fiction().traits[profile.key]
        self.rng = Random(f"{invention.seed}/person/{number}")
        self.surname = surname
        self.language = language
        self.home = home
        self.shares_care = shares_care

    def person(self) -> Person:
        """Draw the person with their help plan."""
        rng = self.rng
        gender = Gender.FEMALE if rng.random() < fiction().shares.women_share else Gender.MALE
        given = rng.choice(fiction().given_names[self.language][gender.value])
        age_years = rng.randint(*self.traits.ages)
        registered_on = self._registered_on()
        entitled_on, arrived_on = self._before(registered_on)
        return Person(
            id=self.invention.id("p", self.number),
            name=f"{given} {self.surname} ({self.number})",
            birth_on=self.today - timedelta(days=round(age_years * 365.25) + rng.randint(2, 360)),
            arrived_on=arrived_on,
            profile=self.profile.key,
            gender=gender,
            tags=self._tags(gender, age_years),
            plan=self._help_plan(registered_on, entitled_on),
        )

    def _registered_on(self) -> date:
        shares = fiction().shares
        if self.rng.random() < shares.announced_share:
            return self.today + timedelta(days=self.rng.randint(1, int(shares.announced_days)))
        waiting = min(self.rng.expovariate(1 / shares.waiting_mean_days), shares.waiting_most_days)
        return self.today - timedelta(days=int(waiting))

    def _before(self, registered_on: date) -> tuple[date, date]:
        """Draw the days of entitlement and of arrival, which lie before registration."""
        if registered_on > self.today:
            entitled_on = registered_on - timedelta(days=self.rng.randint(0, 7))
            return entitled_on, entitled_on - timedelta(days=self.rng.randint(0, 14))
        entitled_on = registered_on - timedelta(days=int(min(self.rng.expovariate(1 / 40), 240)))
        present_days = int(self.traits.present_years_most * 365)
        return entitled_on, entitled_on - timedelta(days=self.rng.randint(14, max(15, present_days)))

    def _tags(self, gender: Gender, age_years: int) -> frozenset[str]:
        tags = set(self.profile.tags)
        if gender is Gender.FEMALE:
            tags.add("female")
        if age_years < 27:
            tags.add("under27")
        if self.shares_care:
            tags.add("parent")
        return frozenset(tags)

    def _help_plan(self, registered_on: date, entitled_on: date) -> HelpPlan:
        analysis = self._analysis(registered_on)
        priority = pick(self.rng, self.traits.priorities)
        may_be_done = registered_on <= self.today and self.rng.random() < self.traits.done_share
        needs = self.profile.needs(
            self.invention.id("n", self.number),
            analysis.german.overall,
            registered_on,
            entitled_on=entitled_on,
            weight=rule(f"priority-{priority}", self.today).value,
            done=self.traits.done if may_be_done else frozenset(),
            features=needed_features(analysis),
        )
        review = "review-active-days" if may_be_done else "review-acute-days"
        first_on = max(self.today, registered_on)
        next_on = first_on + timedelta(days=self.rng.randint(1, rule(review, self.today).days))
        return HelpPlan(analysis, needs, (self.profile.goal,), next_on)

    def _analysis(self, registered_on: date) -> Analysis:
        rng = self.rng
        level = pick(rng, self.traits.levels)
        availability = self._availability()
        return Analysis(
            analysed_on=self._analysed_on(registered_on),
            availability=availability,
            languages=(self.language,),
            german=_skills(rng, level),
            literacy=self._literacy(),
            schooling_years=rng.randint(*self.traits.schooling_years),
            profession=rng.choice(self.traits.professions),
            recognition=self._recognition(),
            childcare=self._childcare(),
            resources=frozenset(entry for entry in Resource if rng.random() < 0.25),
            barriers=self._barriers(level, availability),
        )

    def _analysed_on(self, registered_on: date) -> date:
        if registered_on > self.today:
            return self.today - timedelta(days=self.rng.randint(0, 28))
        return registered_on + timedelta(days=self.rng.randint(0, min(21, (self.today - registered_on).days)))

    def _availability(self) -> Availability:
        parts = [part for part in WEEK_PARTS if self.rng.random() < self.profile.times.get(part, 0)]
        return Availability(
            times=half_days(parts),
            max_travel_km=self.invention.homes.draw_way_km(self.rng, self.home),
            can_attend_online=self.rng.random() < fiction().shares.online_share,
        )

    def _literacy(self) -> Literacy:
        if "literacy" not in self.profile.tags:
            return Literacy.LATIN
        return self.rng.choice((Literacy.NONE, Literacy.FUNCTIONAL, Literacy.SECOND_SCRIPT))

    def _recognition(self) -> Recognition:
        seeks = any(step.key == "recognition" for step in self.profile.steps)
        return Recognition.NOT_STARTED if seeks else Recognition.NOT_NEEDED

    def _childcare(self) -> Childcare:
        if self.shares_care:
            return Childcare.SHARED
        return Childcare.PLACE_NEEDED if "parent" in self.profile.tags else Childcare.NONE

    def _barriers(self, level: Cefr, availability: Availability) -> frozenset[Barrier]:
        rng = self.rng
        found = {
            Barrier.STEP_FREE: rng.random() < fiction().shares.step_free_share,
            Barrier.CHILDCARE: "parent" in self.profile.tags,
            Barrier.SHIFT_WORK: "employed" in self.profile.tags,
            Barrier.TRAVEL: availability.max_travel_km < SHORT_WAY_KM,
            Barrier.HOUSING: rng.random() < 0.15,
            Barrier.DOCUMENTS: rng.random() < 0.12,
            Barrier.INTERPRETER: level is Cefr.A0 and rng.random() < 0.6,
            Barrier.NO_COMPUTER: not availability.can_attend_online and rng.random() < 0.5,
        }
        return frozenset(barrier for barrier, holds in found.items() if holds)


def _skills(rng: Random, level: Cefr) -> Skills:
    """Draw German by skill: understanding is often one level ahead of speaking and writing."""
    ahead = list(Cefr)[min(level.rank + 1, len(Cefr) - 1)]
    listening, reading, speaking = (ahead if rng.random() < share else level for share in (0.4, 0.3, 0.2))
    return Skills(listening=listening, reading=reading, speaking=speaking, writing=level)


def _children(rng: Random, today: date, small_child: bool) -> tuple[Child, ...]:
    if small_child:
        ages = [rng.randint(1, 4), *(rng.randint(0, 12) for _ in range(rng.choice((0, 0, 1, 1, 2))))]
    else:
        ages = [rng.randint(6, 15) for _ in range(rng.choice((0, 0, 0, 1, 2)))]
    return tuple(
        Child(today.year - age - 1, rng.randint(1, 12), needs_care=small_child and n == 0)
        for n, age in enumerate(ages)
    )
