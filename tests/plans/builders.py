"""Builders of help plans: every argument has a sensible default, a test names only what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from network.kinds import KINDS
from network.model import Actor, ActorType, Group, Offering, Place, Region, Service, Stock, Town
from plans.analysis import Analysis, Availability, Cefr
from plans.chain import WEEK_PARTS
from plans.model import Gender, HelpPlan, Household, Person
from plans.needs import Goal, Need
from plans.templates import profile

TODAY = date(2026, 11, 23)
TOWN = Place("Probestadt", 50.60, 9.20)
VILLAGE = Place("Probedorf", 50.72, 9.40)
COURSE_BY_LEVEL = profile("recognised-refugee").steps[2]


def a_goal(**changes: Any) -> Goal:
    return replace(Goal("Deutsch bis B1", "German up to B1"), **changes)


def a_need(id: str = "n1", level: str = "A0", **changes: Any) -> Need:
    """An integration course for somebody who has reached a level."""
    kind = COURSE_BY_LEVEL.kind(Cefr(level))
    return replace(Need(id=id, kind=kind, earliest_on=date(2026, 11, 2), goal=a_goal()), **changes)


def an_analysis(**changes: Any) -> Analysis:
    times = frozenset(WEEK_PARTS["am"])
    return replace(
        Analysis(date(2026, 11, 9), Availability(times, max_travel_km=20.0, can_attend_online=True)),
        **changes,
    )


def a_person(id: str = "p1", needs: tuple[Need, ...] | None = None, **changes: Any) -> Person:
    plan = HelpPlan(an_analysis(), (a_need(f"{id}-1"),) if needs is None else needs)
    person = Person(
        id=id,
        name="Amina Muster (1)",
        birth_on=date(1990, 5, 17),
        arrived_on=date(2026, 6, 1),
        profile="recognised-refugee",
        plan=plan,
        gender=Gender.FEMALE,
        tags=frozenset({"refugee", "sgb2", "female"}),
    )
    return replace(person, **changes)


def a_household(id: str = "h1", *members: Person, **changes: Any) -> Household:
    return replace(Household(id, members or (a_person(),), TOWN), **changes)


def a_region(**changes: Any) -> Region:
    """A region of one town and one village, in which one provider offers every kind."""
    offerings = {stem: an_offering(stem) for stem in KINDS}
    region = Region(
        id="probekreis",
        name_de="Probekreis",
        name_en="Probe county",
        population=60_000,
        ags="",
        today=TODAY,
        licence="",
        source="",
        fictional=True,
        towns=(Town(TOWN, 40_000, "", True), Town(VILLAGE, 20_000, "", True)),
        actors={"traeger": an_actor()},
        offerings=offerings,
        groups={"kurs": a_group()},
        services={stem: a_service(stem) for stem in KINDS if KINDS[stem].shape in ("weekly", "procedure")},
        stock={"kita": a_stock("kita", "childcare/place"), "flat": a_stock("flat", "housing/flat")},
        cooperations=(),
    )
    return replace(region, **changes)


def an_actor() -> Actor:
    return Actor(
        id="traeger",
        name="Probeträger",
        type=ActorType.COURSE_PROVIDER,
        place=TOWN,
        languages=frozenset(),
        phone="",
        email="",
        website="",
        source="",
        illustrative=True,
    )


def an_offering(stem: str) -> Offering:
    return Offering(
        id=stem,
        actor_id="traeger",
        name=stem,
        kind=stem,
        level_in=None,
        level_out=None,
        requires=frozenset(),
        features=frozenset({"wheelchair"}),
        languages=frozenset(),
        online=False,
        source="",
        illustrative=True,
    )


def a_group(id: str = "kurs", **changes: Any) -> Group:
    group = Group(
        id=id,
        offering_id="integration-course",
        start_on=TODAY + timedelta(days=42),
        modules=7,
        module_days=28,
        entry_modules=(1, 3, 5),
        seats=20,
        booked=5,
        minimum=12,
        times=frozenset(WEEK_PARTS["am"]),
        place=None,
        online=False,
        requires=frozenset(),
        features=frozenset(),
        source="",
        illustrative=True,
    )
    return replace(group, **changes)


def a_service(stem: str, **changes: Any) -> Service:
    service = Service(
        id=stem.replace("/", "-"),
        offering_id=stem,
        first_on=TODAY + timedelta(days=1),
        last_on=TODAY + timedelta(days=400),
        interval_days=7,
        seats=2,
        duration_days=7,
        times=frozenset({"mo-am"}),
        place=None,
        online=False,
        requires=frozenset(),
        features=frozenset(),
        source="",
        illustrative=True,
    )
    return replace(service, **changes)


def a_stock(id: str, offering_id: str, **changes: Any) -> Stock:
    stock = Stock(
        id=id,
        offering_id=offering_id,
        free_on=TODAY + timedelta(days=30),
        number=3,
        duration_days=330,
        place=None,
        requires=frozenset(),
        features=frozenset(),
        source="",
        illustrative=True,
    )
    return replace(stock, **changes)
