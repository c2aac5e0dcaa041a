"""What is half done in every store that is looked at, whatever the day, so that each page can be reached.

How far the people of the demo have come by a day is left to their lives; the three of here are as far as is
written here.
"""

from __future__ import annotations

from datetime import timedelta

from network.actors import HALF_DAYS, Place
from plans.analysis import Analysis, Availability, Skills
from plans.case_records import Closure, ClosureReason
from plans.consent import Purpose
from plans.identity import Home, Identity
from plans.needs import Goal
from plans.referral_table import Reason
from plans.roles import Grant, Role
from plans.step_draft import StepDraft
from plans.steps import Precondition
from store import tables as t
from store.queries.planning import free_seats
from store.unit_of_work import ReadingUnit, Store
from tests.workflows.desks import REGION
from workflows.acting import LOCAL_TIME, Caller, Desk
from workflows.cases.analysis import record_analysis
from workflows.cases.closing import close_plan
from workflows.cases.households import create_household
from workflows.cases.placement import record_placement_test
from workflows.cases.steps import add_step
from workflows.consents.giving import give_consent
from workflows.referrals.carries import needed_for
from workflows.referrals.offers import ask_for_seat
from workflows.referrals.office import cancel_referral

LANGUAGE = Goal("Deutsch lernen", "Learn German")
COURSE = "integration-course/from-1"
LIVES = Place("Musterstadt", 50.617, 9.221)


def leave_unfinished(store: Store, account_ids: dict[Role, str]) -> None:
    """Add a closed case of the demo's own counsellor, and one in which much waits for somebody.

    It has a seat that is held at the demo's own provider and one that was given back, a test result without a
    choice, and a step that lacks something; somebody else waits for such a seat.
    """
    desk = _desk(store, account_ids[Role.COUNSELLOR])
    provider_id = _desk(store, account_ids[Role.PROVIDER]).caller.grants[0].organisation_id
    assert provider_id is not None
    today = store.now().astimezone(LOCAL_TIME).date()
    closed_id = _somebody(desk, "Jona Muster")
    close_plan(desk, closed_id, _version(store, closed_id), Closure(today, ClosureReason.OWN_WISH))
    slot = _free_slot(store, provider_id)
    kind = str(slot["kind"])
    _a_step(desk, _who_is_able(desk, "Lena Muster"), kind)
    person_id = _who_is_able(desk, "Karla Muster")
    record_placement_test(desk, person_id, today, COURSE, Skills(), provider_id)
    _a_step(desk, person_id, COURSE, Precondition.VOUCHER)
    give_consent(desk, person_id, Purpose.REFERRAL, needed_for(kind), recipient_id=provider_id)
    given_back = ask_for_seat(desk, _a_step(desk, person_id, kind), slot["id"])
    cancel_referral(desk, given_back["referral_id"], given_back["version"], Reason.CHILDCARE)
    ask_for_seat(desk, _a_step(desk, person_id, kind), slot["id"])


def _desk(store: Store, account_id: str) -> Desk:
    with ReadingUnit(store) as unit:
        account = unit.get(t.account, account_id)
        (row,) = unit.find(t.role_grant, account_id=account_id)
    grant = Grant(row["role"], account_id, row["region_id"], row["organisation_id"])
    return Desk(store, Caller(account["display_name"], account_id, (grant,)))


def _somebody(desk: Desk, name: str) -> str:
    today = desk.store.now().astimezone(LOCAL_TIME).date()
    office_id = desk.caller.grants[0].organisation_id
    assert office_id is not None
    identity = Identity(name, today - timedelta(days=30 * 365), profile="recognised-refugee")
    made = create_household(desk, office_id, Home(LIVES), [identity], today - timedelta(days=30))
    person_id: str = made["person_ids"][0]
    return person_id


def _who_is_able(desk: Desk, name: str) -> str:
    """Somebody with an analysis, who can come whenever and wherever."""
    person_id = _somebody(desk, name)
    able = Availability(frozenset(HALF_DAYS), max_travel_km=60.0, can_attend_online=True)
    today = desk.store.now().astimezone(LOCAL_TIME).date()
    record_analysis(desk, person_id, _version(desk.store, person_id), Analysis(today, able))
    return person_id


def _a_step(desk: Desk, person_id: str, kind: str, *missing: Precondition) -> str:
    today = desk.store.now().astimezone(LOCAL_TIME).date()
    draft = StepDraft(kind, LANGUAGE, person_id, today, preconditions=frozenset(missing))
    return str(add_step(desk, person_id, _version(desk.store, person_id), draft)["step_id"])


def _version(store: Store, person_id: str) -> int:
    with ReadingUnit(store) as unit:
        (plan,) = unit.find(t.help_plan, person_id=person_id)
    return int(plan["version"])


def _free_slot(store: Store, provider_id: str) -> dict[str, object]:
    """The first way in that the provider offers from next week on with two free seats, or else with one."""
    soon = store.now().date() + timedelta(days=7)
    with ReadingUnit(store) as unit:
        ahead = (t.slot.c.start_on > soon, t.slot.c.gone_on.is_(None))
        slots = unit.find(t.slot, *ahead, organisation_id=provider_id, region_id=REGION)
        free = free_seats(unit, [slot["id"] for slot in slots])
    having = [slot for slot in slots if free.get(slot["id"], 0) > 0]
    return min(having, key=lambda slot: (free[slot["id"]] < 2, slot["start_on"], slot["id"]))
