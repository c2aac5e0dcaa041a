"""A fictional town for tests of referrals: an office, two providers, a course with seats, people."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from plans.consent import Purpose
from plans.roles import Role
from store import tables as t
from store.unit_of_work import ReadingUnit, Store
from tests.plans.builders import an_analysis
from tests.store.builders import (
    a_group,
    a_need,
    a_person,
    a_plan,
    a_region,
    a_slot,
    a_unit,
    an_account,
    an_organisation,
    described,
)
from tests.workflows.desks import REGION, a_caller
from workflows.acting import CLOCK, Desk
from workflows.plain import plain
from workflows.referrals.carries import needed_for

TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
KIND = "integration-course/from-1"
CARRIES = needed_for(KIND)


@dataclass
class Town:
    """Ids of a town, and the desks of those who work there; its clock stands until a test moves it."""

    store: Store
    ids: dict[str, str] = field(default_factory=dict)
    today: date = TODAY

    def __post_init__(self) -> None:
        self.store = replace(self.store, now=self.now)

    def __getattr__(self, name: str) -> str:
        try:
            return self.__dict__["ids"][name]
        except KeyError:
            raise AttributeError(name) from None

    def now(self) -> datetime:
        return datetime.combine(self.today, datetime.min.time(), UTC) + timedelta(hours=10)

    def later(self, days: int) -> None:
        self.today += days * DAY

    @property
    def anna(self) -> Desk:
        """Counsellor of the office."""
        return Desk(self.store, a_caller(Role.COUNSELLOR, self.ids["anna_id"], self.ids["office"]))

    @property
    def vhs_desk(self) -> Desk:
        """Provider of the course."""
        return Desk(self.store, a_caller(Role.PROVIDER, self.ids["vera_id"], self.ids["vhs"]))

    @property
    def other_desk(self) -> Desk:
        """Provider of another organisation of the same type."""
        return Desk(self.store, a_caller(Role.PROVIDER, self.ids["otto_id"], self.ids["other"]))

    @property
    def other_office_desk(self) -> Desk:
        """Counsellor of another office."""
        return Desk(self.store, a_caller(Role.COUNSELLOR, self.ids["otto_id"], self.ids["other"]))

    @property
    def clock(self) -> Desk:
        return Desk(self.store, CLOCK)

    def row(self, table: t.Table, id: str) -> dict[str, Any]:
        with ReadingUnit(self.store) as unit:
            return unit.get(table, id)

    def rows(self, table: t.Table, **equal: Any) -> list[dict[str, Any]]:
        with ReadingUnit(self.store) as unit:
            return unit.find(table, **equal)

    def taken(self, group_id: str) -> int:
        return int(self.row(t.slot_group, group_id)["taken"])

    def version(self, referral_id: str) -> int:
        return int(self.row(t.referral, referral_id)["version"])

    def with_group(self, key: str, days: int = 30, **given: Any) -> tuple[str, str]:
        """Another course group of the vhs, of the same offering. Returns the ids of group and slot."""
        with a_unit(self.store) as uow:
            offering_id = uow.get(t.slot_group, self.group)["offering_id"]
            first = {**uow.get(t.slot_group, self.group), **_dates(self.today, days), "key": key, **given}
            own = {"id", "version", "created_at", "updated_at", "taken"}
            group = uow.insert(t.slot_group, **{name: v for name, v in first.items() if name not in own})
            assert uow.get(t.slot_group, group)["offering_id"] == offering_id
            slot = a_slot(uow, REGION, self.vhs, group, **_dates(self.today, days))
            described(uow).commit()
        return group, slot

    def with_person(self, name: str, **need: Any) -> tuple[str, str]:
        """Another person of the office with a help plan. Returns the ids of person and need."""
        with a_unit(self.store) as uow:
            person, need_id = _person(uow, self.office, name, **need)
            described(uow).commit()
        return person, need_id

    def with_consent(self, person_id: str | None = None, **given: Any) -> str:
        """A consent of a person for the vhs, from the first day on."""
        values = {
            "person_id": person_id or self.person,
            "recipient_id": self.vhs,
            "purpose": Purpose.REFERRAL,
            "categories": CARRIES,
            "from_on": TODAY,
        }
        with a_unit(self.store) as uow:
            id = uow.insert(t.consent, region_id=REGION, **{**values, **given})
            described(uow).commit()
        return id

    def with_placement(self, kind: str, **given: Any) -> str:
        with a_unit(self.store) as uow:
            values = {"tested_on": TODAY, "kind": kind, "skills": {}, "tested_by": self.office}
            id = uow.insert(t.placement, region_id=REGION, person_id=self.person, **{**values, **given})
            described(uow).commit()
        return id


def a_town(store: Store, seats: int = 2, **group: Any) -> Town:
    """A town with one person who needs a course of the vhs that starts in ten days."""
    town = Town(store)
    with a_unit(town.store) as uow:
        a_region(uow)
        office = an_organisation(uow, REGION, "office", name="Stadt Musterstadt", type="municipality")
        vhs = an_organisation(uow, REGION)
        other = an_organisation(uow, REGION, "other", name="Andere Schule")
        group_id = a_group(uow, REGION, vhs, seats=seats, **{**_dates(TODAY, 10), **group})
        slot = a_slot(uow, REGION, vhs, group_id, **_dates(TODAY, 10))
        person, need = _person(uow, office, "Sara Muster")
        town.ids = {
            "office": office,
            "vhs": vhs,
            "other": other,
            "group": group_id,
            "slot": slot,
            "person": person,
            "need": need,
            **{f"{name}_id": an_account(uow, name) for name in ("anna", "vera", "otto")},
        }
        described(uow).commit()
    return town


def _person(uow: Any, office: str, name: str, **need: Any) -> tuple[str, str]:
    person = a_person(uow, REGION, office, name=name)
    plan = a_plan(uow, REGION, office, person)
    analysis = an_analysis(analysed_on=TODAY)
    uow.insert(
        t.analysis,
        region_id=REGION,
        help_plan_id=plan,
        number=1,
        analysed_on=TODAY,
        content=plain(analysis),
    )
    return person, a_need(uow, REGION, plan, **need)


def _dates(today: date, days: int) -> dict[str, date]:
    return {"start_on": today + days * DAY, "end_on": today + (days + 180) * DAY}
