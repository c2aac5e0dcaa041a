"""A fictional office and a household in the middle of its way, on a calendar that a test turns by hand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from network.model import Place
from plans.case_records import ArrivalNotice
from plans.identity import Contact, Home, Identity
from plans.model import Child, Gender
from plans.needs import Goal
from plans.roles import Grant, Role
from plans.step_draft import StepDraft
from plans.steps import Precondition
from store import tables as t
from store.unit_of_work import ReadingUnit, Store
from tests.plans.builders import an_analysis
from tests.store.builders import a_region, a_unit, an_account, an_organisation, described
from tests.workflows.desks import REGION
from workflows.acting import Caller, Desk
from workflows.cases.analysis import record_analysis
from workflows.cases.appointments import set_appointment
from workflows.cases.goals import add_goal
from workflows.cases.households import create_household
from workflows.cases.steps import add_step


@dataclass
class Calendar:
    """What the store takes for today, at nine in the morning."""

    today: date

    def now(self) -> datetime:
        return datetime(self.today.year, self.today.month, self.today.day, 9, tzinfo=UTC)


@dataclass
class Scene:
    """An office with its counsellor Anna, a reception centre, a course provider and two nurseries.

    `ids` are those of what is there, by name.
    """

    store: Store
    calendar: Calendar
    ids: dict[str, str] = field(default_factory=dict)

    def desk(self, role: Role, account: str, organisation: str, purpose: str = "counselling") -> Desk:
        account_id, organisation_id = self.ids[account], self.ids[organisation]
        caller = Caller(f"Muster, {account}", account_id, (Grant(role, account_id, REGION, organisation_id),))
        return Desk(self.store, caller, purpose)

    @property
    def anna(self) -> Desk:
        return self.desk(Role.COUNSELLOR, "anna", "office")

    @property
    def stranger(self) -> Desk:
        """A counsellor of another office of the region."""
        return self.desk(Role.COUNSELLOR, "ben", "other-office")

    def row(self, table: t.Table, name: str) -> dict[str, Any]:
        with ReadingUnit(self.store) as unit:
            return unit.get(table, self.ids[name])

    def plan(self, person: str = "amina") -> dict[str, Any]:
        with ReadingUnit(self.store) as unit:
            return unit.find(t.help_plan, person_id=self.ids[person])[0]

    def version(self, person: str = "amina") -> int:
        """Version of somebody's help plan."""
        return self.plan(person)["version"]


OFFICES = {
    "office": "municipality",
    "other-office": "municipality",
    "reception": "reception",
    "vhs": "course-provider",
    "kita-sonne": "nursery",
    "kita-mond": "nursery",
    "job-centre": "job-centre",
    "tests": "course-provider",
}


def a_scene(store: Store, today: date) -> Scene:
    """The office and its partners; nobody is helped yet."""
    calendar = Calendar(today)
    scene = Scene(replace(store, now=calendar.now), calendar)
    with a_unit(scene.store) as uow:
        a_region(uow)
        for key, type in OFFICES.items():
            scene.ids[key] = an_organisation(uow, REGION, key, name=key.title(), type=type)
        for name, office in (("anna", "office"), ("carla", "office"), ("ben", "other-office")):
            scene.ids[name] = an_account(uow, f"{name}.muster", display_name=f"{name.title()} Muster")
            grant = {"account_id": scene.ids[name], "organisation_id": scene.ids[office]}
            uow.insert(t.role_grant, **grant, region_id=REGION, role=Role.COUNSELLOR)
        described(uow).commit()
    return scene


def an_identity(name: str = "Amina Muster", **changes: Any) -> Identity:
    person = Identity(
        name,
        date(1990, 5, 17),
        Gender.FEMALE,
        Contact("0000 123456", "amina.muster@example.org"),
        "recognised-refugee",
        frozenset({"refugee", "female"}),
    )
    return replace(person, **changes)


def karim(**changes: Any) -> Identity:
    return an_identity("Karim Muster", **{"gender": Gender.MALE, "tags": frozenset({"refugee"}), **changes})


def a_home(**changes: Any) -> Home:
    place = Place("Musterstadt", 51.50123, 7.40456)
    return replace(Home(place, "Musterweg 1, 99999 Musterstadt", (Child(2024, 5, True),)), **changes)


def a_notice(scene: Scene, **changes: Any) -> ArrivalNotice:
    notice = ArrivalNotice(date(2026, 2, 9), date(2026, 3, 2), scene.ids["reception"], ("prs",))
    return replace(notice, **changes)


def a_draft(scene: Scene, **changes: Any) -> StepDraft:
    """The integration course from module 1, for which the vhs is responsible."""
    draft = StepDraft(
        "integration-course/from-1",
        Goal("Deutsch bis B1", "German up to B1"),
        scene.ids["vhs"],
        date(2026, 3, 9),
        date(2026, 5, 4),
        preconditions=frozenset({Precondition.CHILDCARE_PLACE}),
    )
    return replace(draft, **changes)


def a_running_case(store: Store) -> Scene:
    """Amina, who arrived on 3 March 2026: analysis, goal, one step and a talk agreed on 9 March."""
    scene = a_scene(store, date(2026, 3, 9))
    made = create_household(
        scene.anna, scene.ids["office"], a_home(), [an_identity(), karim()], date(2026, 3, 3)
    )
    scene.ids["household"] = made["household_id"]
    scene.ids["amina"], scene.ids["karim"] = made["person_ids"]
    amina = scene.ids["amina"]
    record_analysis(scene.anna, amina, scene.version(), an_analysis(analysed_on=date(2026, 3, 9)))
    goal = Goal("Arbeit", "Work")
    scene.ids["goal"] = add_goal(scene.anna, amina, scene.version(), goal)["goal_id"]
    scene.ids["step"] = add_step(scene.anna, amina, scene.version(), a_draft(scene))["step_id"]
    agreed = set_appointment(scene.anna, amina, scene.version(), date(2026, 4, 7))
    scene.ids["appointment"] = agreed["appointment_id"]
    return scene
