"""Haushalte der Vorführung: announced or already here, each with its counsellor and its day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from network.model import Region
from plans.case_records import ArrivalNotice
from plans.generator import fictional_households
from plans.identity import Contact, Home, Identity
from plans.model import Household, Person
from workflows.acting import Desk
from workflows.cases.households import announce_household, create_household
from workflows.cases.persons import arrive, change_notice
from workflows.demo.agreeing import Agreeing
from workflows.demo.helping import Helping
from workflows.demo.lives import Life, World
from workflows.demo.simulation import last_working_day
from workflows.demo.staff import OFFICE, OTHER_OFFICES

RECEPTION = "erstaufnahme"
ANNOUNCED_SHARE = 0.35
OWN_SHARE, COLLEAGUE_SHARE = 0.4, 0.2
"""Shares of the households that the demo's own counsellor, and a colleague in the same office, look after."""

POSTPONED_SHARE, POSTPONED_DAYS = 0.2, 14

LAST_ANNOUNCED_DAYS = 25
"""So many days after the end of the simulation the last announced households are expected."""


class Arriving:
    """Ankommen: lets households come over the days of the simulation.

    Parameters
    ----------
    world : World
        Where.
    households : int
        How many.
    """

    def __init__(self, world: World, households: int) -> None:
        self.world, self.count = world, households
        self.simulation = world.simulation

    def plan(self, region: Region) -> None:
        """Put every household on the agenda, evenly over the time."""
        simulation = self.simulation
        made_up = fictional_households(region, 2 * self.count, simulation.seed, today=simulation.start_on)
        days = (simulation.end_on - simulation.start_on).days + LAST_ANNOUNCED_DAYS
        for number, household in enumerate(made_up[: self.count]):
            on = simulation.start_on + timedelta(days=round((number + 0.5) * days / self.count))
            if number == self.count // 2:
                on = last_working_day(simulation.end_on)  # so that somebody has just arrived, even of a few
            self._expect(household, on, simulation.rng("arrival", number))

    def _expect(self, household: Household, on: date, rng: Random) -> None:
        office, desk = self._office(rng)
        is_announced = rng.random() < ANNOUNCED_SHARE or on > self.simulation.end_on
        if is_announced:
            told_on = on - timedelta(days=rng.randint(12, LAST_ANNOUNCED_DAYS + 10))
            told_on = max(min(told_on, last_working_day(self.simulation.end_on)), self.simulation.start_on)
            self.simulation.at(told_on, lambda: self._announce(household, office, desk, on, rng))
        else:
            self.simulation.at(on, lambda: self._meet(household, office, desk, rng))

    def _office(self, rng: Random) -> tuple[str, Desk]:
        draw = rng.random()
        if draw < OWN_SHARE + COLLEAGUE_SHARE:
            return OFFICE, self.world.staff.counsellor(OFFICE, int(draw > OWN_SHARE))
        key = rng.choice(OTHER_OFFICES)
        return key, self.world.staff.counsellor(key, 0)

    def _announce(self, household: Household, office: str, desk: Desk, on: date, rng: Random) -> None:
        languages = household.members[0].plan.analysis.languages
        reception = self.world.staff.organisation_id(RECEPTION)
        notice = ArrivalNotice(self.simulation.today, max(on, self.simulation.today), reception, languages)
        office_id = self.world.staff.organisation_id(office)
        home, persons = _home(household), _identities(household.members)
        made = announce_household(desk, office_id, home, persons, notice)
        lives = self._lives(household, desk, made, rng)
        if lives[0].happens("comes later than announced", POSTPONED_SHARE):
            self.simulation.at(on, lambda: self._postpone(lives))
            on += timedelta(days=POSTPONED_DAYS)
        self.simulation.at(on + timedelta(days=rng.randint(0, 4)), lambda: self._arrive(lives))

    def _postpone(self, lives: Sequence[Life]) -> None:
        """The reception centre says on the day itself that they come later."""
        for life in lives:
            on, languages = life.today + timedelta(days=POSTPONED_DAYS), life.person.plan.analysis.languages
            change_notice(life.desk, life.id, life.version, on, languages)

    def _arrive(self, lives: Sequence[Life]) -> None:
        for life in lives:
            arrive(life.desk, life.id, life.version, life.today)
        self._first_talks(lives)

    def _meet(self, household: Household, office: str, desk: Desk, rng: Random) -> None:
        office_id = self.world.staff.organisation_id(office)
        arrived_on = self.simulation.today - timedelta(days=rng.randint(5, 200))
        home, persons = _home(household), _identities(household.members)
        made = create_household(desk, office_id, home, persons, arrived_on)
        self._first_talks(self._lives(household, desk, made, rng))

    def _lives(self, household: Household, desk: Desk, made: dict[str, object], rng: Random) -> list[Life]:
        ids: list[str] = made["person_ids"]  # type: ignore[assignment]
        return [
            Life(
                *(self.world, person, household, desk, self.simulation.rng("life", person.id), id),
                str(made["household_id"]),
            )
            for person, id in zip(household.members, ids, strict=True)
        ]

    def _first_talks(self, lives: Sequence[Life]) -> None:
        agreeing = Agreeing(self.simulation.rng("agreement", lives[0].person.id), list(lives))
        self.world.agreeing.append(agreeing)
        for life in lives:
            self.simulation.after(life.rng.randint(2, 12), Helping(life, agreeing).first_talk)


def _home(household: Household) -> Home:
    number = 1 + sum(map(ord, household.id)) % 90
    address = f"Musterweg {number}, {household.home.name}"
    return Home(household.home, address, household.children, household.shared_childcare)


def _identities(members: Sequence[Person]) -> list[Identity]:
    return [_identity(person) for person in members]


def _identity(person: Person) -> Identity:
    contact = Contact(f"0000 {person.id[1:].zfill(6)}", f"person{person.id[1:]}@muster.example")
    return Identity(person.name, person.birth_on, person.gender, contact, person.profile, person.tags)
