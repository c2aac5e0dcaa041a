"""A counsellor's office for tests of the desk: one household on its way, course groups with free seats."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from network.model import HALF_DAYS, Place
from plans.analysis import Analysis, Availability, Cefr, Skills
from plans.consent import DataCategory, Purpose
from plans.identity import Contact, Home, Identity
from plans.model import Child, Gender
from plans.roles import Role
from plans.steps import Finding
from store import tables as t
from store.unit_of_work import ReadingUnit, Store
from tests.store.builders import a_group, a_slot, a_unit, described
from tests.workflows.desks import REGION, a_caller
from workflows.acting import LOCAL_TIME, Desk
from workflows.cases.analysis import record_analysis
from workflows.cases.appointments import set_appointment
from workflows.cases.households import create_household
from workflows.cases.reviews import review_step
from workflows.cases.steps import add_chain
from workflows.consents.giving import give_consent

COURSE = "integration-course/from-1"


@dataclass
class Counsel:
    """What a counsellor works with: her desk, and one person, Amina Muster, with a chain of six steps.

    Parameters
    ----------
    desk : Desk
        Hers, for workflows behind the pages.
    office_id, provider_id, person_id : str
        Her office, the school, and Amina.
    """

    desk: Desk
    office_id: str
    provider_id: str
    person_id: str

    def in_days(self, days: int) -> date:
        """A day so many days from today, as the desk counts the days: in Germany."""
        return self.desk.store.now().astimezone(LOCAL_TIME).date() + timedelta(days=days)

    def plan(self) -> dict[str, Any]:
        """Row of Amina's help plan."""
        return self.find(t.help_plan, person_id=self.person_id)[0]

    def find(self, table: t.Table, **equal: Any) -> list[dict[str, Any]]:
        """Rows of a table."""
        with ReadingUnit(self.desk.store) as unit:
            return unit.find(table, **equal)

    def step(self, kind: str = COURSE) -> dict[str, Any]:
        """Row of the step of a kind."""
        return next(row for row in self.find(t.need, person_id=self.person_id) if row["kind"] == kind)

    def is_done(self, kind: str) -> None:
        """The step of a kind was found done today."""
        row = self.step(kind)
        review_step(self.desk, row["id"], row["version"], self.in_days(0), Finding.DONE)

    def group(self, start_in_days: int = 70, kind: str = COURSE, **given: Any) -> str:
        """A group of the school with one way in; returns its slot."""
        start_on = self.in_days(start_in_days)
        dates = {"start_on": start_on, "end_on": start_on + timedelta(days=34)}
        asked = {"times": given.pop("times", ["mo-am", "tu-am"]), "requires": given.pop("requires", [])}
        with a_unit(self.desk.store) as uow:
            key = f"g{uow.count(t.slot_group) + 1}"
            values = {**dates, **asked, "modules": 1, "module_days": 35, "entry_modules": [1], "minimum": 0}
            group = a_group(uow, REGION, self.provider_id, key, **{**values, **given})
            slot = a_slot(uow, REGION, self.provider_id, group, kind=kind, **dates, **asked)
            described(uow).commit()
        return slot

    def agrees(self) -> None:
        """Amina agrees that the school sees what it needs."""
        categories = set(DataCategory) - {DataCategory.INTERNAL}
        give_consent(self.desk, self.person_id, Purpose.REFERRAL, categories, self.provider_id)


def a_counsel(
    store: Store, account_id: str, office_id: str, provider_id: str, name: str = "Amina Muster"
) -> Counsel:
    """Amina Muster arrived nine weeks ago; her analysis, her chain and a talk in 18 days are agreed."""
    today = store.now().date()
    desk = Desk(store, a_caller(Role.COUNSELLOR, account_id, office_id), "test")
    home = Home(Place("Musterstadt", 51.5, 7.4), "Musterweg 1, 99999 Musterstadt", (Child(2024, 5, True),))
    amina = Identity(
        name,
        date(1990, 5, 17),
        Gender.FEMALE,
        Contact("0000 123456", "amina.muster@example.org"),
        "recognised-refugee",
        frozenset({"refugee", "female"}),
    )
    made = create_household(desk, office_id, home, [amina], today - timedelta(days=63))
    counsel = Counsel(desk, office_id, provider_id, made["person_ids"][0])
    analysis = Analysis(
        today - timedelta(days=49),
        Availability(frozenset(HALF_DAYS), 30),
        ("prs",),
        Skills(*(Cefr.A0,) * 4),
        schooling_years=9,
        profession="Näherin",
    )
    person_id = counsel.person_id
    record_analysis(desk, person_id, counsel.plan()["version"], analysis)
    add_chain(
        *(desk, person_id, counsel.plan()["version"], "recognised-refugee"),
        earliest_on=today - timedelta(days=49),
        entitled_on=today - timedelta(days=52),
        done=["counselling"],
    )
    set_appointment(desk, person_id, counsel.plan()["version"], today + timedelta(days=18))
    return counsel
