"""One household, from the notice of the reception centre to the closure, by the workflows alone.

Amina and Karim Muster arrive with a small child. The first nursery has no place, the course begins late, one
agreement covers both, one consent is withdrawn, and in the end both live without benefits. Every date of both
clocks is looked up in the file as a counsellor reads it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from plans.agreement_records import Side
from plans.analysis import Childcare
from plans.case_records import Achievement, Closure, ClosureReason
from plans.consent import Purpose
from plans.fault import PlanFault
from plans.needs import Goal
from plans.referral_table import Reason, ReferralOutcome, ReferralState
from plans.roles import Role
from plans.steps import Finding, Precondition
from store import journal
from store import tables as t
from store.unit_of_work import ReadingUnit
from tests.plans.builders import an_analysis
from tests.store.builders import a_group, a_slot, a_unit, an_account, described
from tests.workflows.cases.scene import Scene, a_draft, a_home, a_notice, a_scene, an_identity, karim
from tests.workflows.desks import REGION
from workflows.agreements.drafting import amend_agreement, draft_agreement
from workflows.agreements.life import end_agreement, record_signature, review_agreement
from workflows.cases.analysis import record_analysis
from workflows.cases.appointments import set_appointment
from workflows.cases.closing import close_plan, record_achievement
from workflows.cases.file import read_person
from workflows.cases.goals import add_goal
from workflows.cases.households import announce_household
from workflows.cases.lists import list_due_reviews, list_long_waits
from workflows.cases.persons import arrive, change_notice
from workflows.cases.placement import deviate_from_placement, record_placement_test
from workflows.cases.reviews import hold_review
from workflows.cases.steps import add_step, drop_step, fulfil_precondition
from workflows.consents.giving import give_consent, withdraw_consent
from workflows.referrals import office, provider
from workflows.referrals.carries import needed_for
from workflows.referrals.groups import list_waiting

COURSE, NURSERY, JOB = "integration-course/from-1", "childcare/place", "job/intake"
OPEN, DONE, OBSTRUCTED = Finding.OPEN, Finding.DONE, Finding.OBSTRUCTED


class Household:
    """The household in its town, on a calendar that the test turns."""

    def __init__(self, store) -> None:
        self.scene: Scene = a_scene(store, date(2026, 2, 9))
        self.ids = self.scene.ids
        with a_unit(self.scene.store) as uow:
            self.ids["vera"] = an_account(uow, "vera.muster", display_name="Vera Muster")
            self._offer(uow, "kita-sonne", NURSERY, date(2026, 4, 1), date(2027, 2, 26))
            self._offer(uow, "kita-mond", NURSERY, date(2026, 4, 1), date(2027, 2, 26))
            self._offer(uow, "vhs", COURSE, date(2026, 5, 11), date(2026, 12, 4))
            self._offer(uow, "job-centre", JOB, date(2026, 4, 20), date(2026, 5, 18))
            described(uow).commit()

    def _offer(self, uow, key: str, kind: str, start_on: date, end_on: date) -> None:
        days = {"start_on": start_on, "end_on": end_on}
        group = a_group(uow, REGION, self.ids[key], f"group-{key}", **days, seats=1, minimum=0)
        self.ids[f"group at {key}"] = group
        self.ids[f"seat at {key}"] = a_slot(uow, REGION, self.ids[key], group, **days, kind=kind)

    @property
    def anna(self):
        """Her counsellor."""
        return self.scene.anna

    def answers(self, organisation: str):
        """Vera, who answers for a provider."""
        return self.scene.desk(Role.PROVIDER, "vera", organisation, "referral")

    def on(self, month: int, day: int, year: int = 2026) -> None:
        self.scene.calendar.today = date(year, month, day)

    def version(self, person: str) -> int:
        return self.scene.version(person)

    def row(self, table, id: str) -> dict:
        with ReadingUnit(self.scene.store) as unit:
            return unit.get(table, id)

    def step(self, name: str) -> dict:
        """A step as its counsellor reads it in the file."""
        person = "karim" if name == "work" else "amina"
        steps = read_person(self.anna, self.ids[person])["steps"]
        return next(step for step in steps if step["id"] == self.ids[name])

    def dates(self, name: str) -> tuple:
        """Entitled, registered, placed, started."""
        clocks = self.step(name)["clocks"]
        return tuple(clocks[key] for key in ("entitled_on", "registered_on", "placed_on", "started_on"))

    def clocks(self, name: str) -> tuple:
        """State and days of access time and waiting time."""
        step = self.step(name)
        return tuple((step[clock]["state"], step[clock]["days"]) for clock in ("access", "waiting"))

    def seats_taken(self, key: str) -> int:
        return self.row(t.slot_group, self.ids[f"group at {key}"])["taken"]

    def refer(self, name: str, key: str) -> str:
        """Draft a referral of a step to a provider."""
        return office.draft_referral(self.anna, self.ids[name], self.ids[f"seat at {key}"])["referral_id"]

    def ask(self, referral: str) -> dict:
        return office.request_seat(self.anna, referral, self.referral(referral)["version"])

    def answer(self, key: str, answer, referral: str, *more) -> None:
        answer(self.answers(key), referral, self.referral(referral)["version"], *more)

    def referral(self, id: str) -> dict:
        return self.row(t.referral, id)

    def consents(self, person: str, key: str, kind: str) -> dict:
        given = {"purpose": Purpose.REFERRAL, "categories": needed_for(kind), "recipient_id": self.ids[key]}
        return give_consent(self.anna, self.ids[person], **given)

    def all_sign(self) -> None:
        people = [(Side.PERSON, self.ids[name], name) for name in ("amina", "karim")]
        for side, party, name in (*people, (Side.OFFICE, self.ids["office"], "Anna Muster")):
            on = self.scene.calendar.today
            record_signature(self.anna, self.ids["paper"], self.paper["version"], side, party, name, on)

    @property
    def paper(self) -> dict:
        """The row of the agreement."""
        return self.row(t.agreement, self.ids["paper"])


def test_a_household_s_life_from_notice_to_closure(store):
    home = Household(store)
    ids, anna = home.ids, home.anna

    # ── The reception centre announces the household three weeks ahead. ──
    people = [an_identity(), karim()]
    made = announce_household(anna, ids["office"], a_home(), people, a_notice(home.scene))
    ids["amina"], ids["karim"] = made["person_ids"]
    assert home.scene.plan("amina")["phase"].value == "announced"
    change_notice(anna, ids["karim"], home.version("karim"), date(2026, 3, 3), ["prs"])
    home.on(3, 3)
    assert {row["person_id"] for row in list_due_reviews(anna).rows} == {ids["amina"], ids["karim"]}
    for person in ("amina", "karim"):
        arrive(anna, ids[person], home.version(person), date(2026, 3, 3))
        assert home.scene.plan(person)["review_due_on"] == date(2026, 3, 31)

    # ── The first talk: analysis, goals, steps, the next appointment. ──
    home.on(3, 9)
    today = date(2026, 3, 9)
    with_child = an_analysis(analysed_on=today, childcare=Childcare.PLACE_NEEDED)
    record_analysis(anna, ids["amina"], home.version("amina"), with_child)
    record_analysis(anna, ids["karim"], home.version("karim"), an_analysis(analysed_on=today))
    for person in ("amina", "karim"):
        add_goal(anna, ids[person], home.version(person), Goal("Eigenes Einkommen", "An income of our own"))
    nursery = a_draft(home.scene, kind=NURSERY, target_on=date(2026, 4, 30), preconditions=frozenset())
    course = a_draft(home.scene)
    work = replace(nursery, kind=JOB, target_on=None)
    ids["nursery"] = add_step(anna, ids["amina"], home.version("amina"), nursery)["step_id"]
    entitled_on = date(2026, 3, 5)
    added = add_step(anna, ids["amina"], home.version("amina"), course, entitled_on=entitled_on)
    ids["course"] = added["step_id"]
    ids["work"] = add_step(anna, ids["karim"], home.version("karim"), work)["step_id"]
    set_appointment(anna, ids["amina"], home.version("amina"), date(2026, 4, 7))
    assert home.clocks("course") == (("running", 4), ("not-begun", None))

    # ── One agreement for both, in force once both and the office have signed. ──
    home.on(3, 10)
    ids["paper"] = draft_agreement(anna, made["household_id"], made["person_ids"], "prs")["id"]
    assert home.paper["state"].value == "drafted"
    home.on(3, 12)
    home.all_sign()
    assert (home.paper["state"].value, home.paper["review_due_on"]) == ("in-force", date(2026, 4, 7))

    # ── The placement test finds module 3; the office chooses module 1, with a written reason. ──
    found = record_placement_test(
        anna, ids["amina"], date(2026, 3, 11), "integration-course/from-3", with_child.german, ids["tests"]
    )
    with pytest.raises(PlanFault, match="written reason"):
        deviate_from_placement(anna, found["id"], 1, COURSE, "")
    reason = "Her script is slow; the test centre agrees to module 1."
    deviate_from_placement(anna, found["id"], 1, COURSE, reason)

    # ── Nothing leaves without a consent. The first nursery has no place. ──
    first = home.refer("nursery", "kita-sonne")
    with pytest.raises(PlanFault, match="no consent"):
        home.ask(first)
    home.consents("amina", "kita-sonne", NURSERY)
    assert home.ask(first)["hold_until_on"] == "2026-03-19"
    fields = provider.read_incoming_referral(home.answers("kita-sonne"), first)["fields"]
    assert "household.children" in fields
    assert not {"analysis.german", "person.arrived_on", "analysis.barriers"} & fields.keys()
    home.on(3, 16)
    home.answer("kita-sonne", provider.reject_referral, first, Reason.NO_CAPACITY)
    assert home.seats_taken("kita-sonne") == 0
    assert home.scene.plan("amina")["replan_marked_at"] is not None

    # ── The second has one: the waiting time counts from the first registration. ──
    home.on(3, 17)
    home.consents("amina", "kita-mond", NURSERY)
    second = home.refer("nursery", "kita-mond")
    home.ask(second)
    home.on(3, 24)
    home.answer("kita-mond", provider.accept_referral, second)
    assert home.dates("nursery") == (None, "2026-03-12", "2026-03-24", None)

    # ── The course: somebody else's seat is not free yet, so she waits on the list. ──
    home.on(3, 25)
    home.consents("amina", "vhs", COURSE)
    seat = home.refer("course", "vhs")
    assert home.ask(seat)["hold_until_on"] == "2026-03-28"
    home.on(3, 27)
    home.answer("vhs", provider.waitlist_referral, seat, date(2026, 5, 11))
    waiting = list_waiting(home.answers("vhs"), ids["group at vhs"])["waiting"]
    assert [one["referral_id"] for one in waiting] == [seat]
    home.on(3, 31)
    assert home.clocks("course") == (("running", 26), ("running", 6))

    # ── The child begins; the review of 7 April finds the nursery done, the course obstructed. ──
    home.on(4, 1)
    home.answer("kita-mond", provider.start_referral, second)
    assert home.dates("nursery")[3] == "2026-04-01"
    assert home.clocks("nursery") == (("unknown", None), ("stopped", 20))
    home.on(4, 7)
    assert {row["person_id"] for row in list_due_reviews(anna).rows} == {ids["karim"], ids["amina"]}
    findings = {ids["nursery"]: (DONE, ""), ids["course"]: (OBSTRUCTED, "no seat yet")}
    held_on, next_on = date(2026, 4, 7), date(2026, 5, 5)
    hold_review(anna, ids["amina"], home.version("amina"), held_on, findings, next_on)
    fulfil_precondition(anna, ids["course"], home.step("course")["version"], Precondition.CHILDCARE_PLACE)
    found = {**findings, ids["work"]: (OPEN, "")}
    balance = review_agreement(anna, ids["paper"], home.paper["version"], held_on, found)
    assert [balance[name] for name in ("done", "open", "obstructed")] == [1, 1, 1]
    assert home.scene.plan("amina")["review_due_on"] == next_on

    # ── Karim withdraws his consent: what was sent is cancelled at once, its seat is free. ──
    home.on(4, 13)
    consent = home.consents("karim", "job-centre", JOB)
    asked = home.refer("work", "job-centre")
    home.ask(asked)
    home.on(4, 14)
    withdrawn = withdraw_consent(anna, consent["consent_id"], consent["version"])
    assert withdrawn["cancelled"] == [asked]
    assert home.referral(asked)["state"] is ReferralState.CANCELLED
    assert home.seats_taken("job-centre") == 0

    # ── A seat of the course at last; the start comes after the six weeks. ──
    home.on(4, 27)
    home.answer("vhs", provider.accept_referral, seat)
    home.on(5, 6)
    assert list_long_waits(anna).rows == []
    assert home.step("course")["is_overdue"] is False
    home.on(5, 7)
    assert [row["step_id"] for row in list_long_waits(anna).rows] == [ids["course"]]
    assert home.step("course")["is_overdue"] is True
    home.on(5, 11)
    home.answer("vhs", provider.start_referral, seat)
    assert home.dates("course") == ("2026-03-05", "2026-03-25", "2026-04-27", "2026-05-11")
    assert home.clocks("course") == (("stopped", 67), ("stopped", 47))
    assert list_long_waits(anna).rows == []

    # ── Karim finds work by himself: the agreement is amended, all sign again. ──
    home.on(6, 1)
    drop_step(anna, ids["work"], home.step("work")["version"], "found work by himself")
    today = date(2026, 6, 1)
    record_achievement(anna, ids["karim"], home.version("karim"), today, Achievement.WORK_BEGUN)
    home.on(6, 2)
    amend_agreement(anna, ids["paper"], home.paper["version"], "Karim found work")
    assert home.paper["state"].value == "being-amended"
    home.on(6, 4)
    home.all_sign()
    assert home.paper["state"].value == "in-force"

    # ── The course ends with its goal, the child goes to school. ──
    home.on(12, 4)
    home.answer("vhs", provider.complete_referral, seat, ReferralOutcome.GOAL_REACHED)
    assert home.step("course")["state"] == "done"
    today = date(2026, 12, 4)
    record_achievement(anna, ids["amina"], home.version("amina"), today, Achievement.LANGUAGE_GOAL)
    home.on(12, 7)
    done = {ids["course"]: (DONE, "")}
    review_agreement(anna, ids["paper"], home.paper["version"], date(2026, 12, 7), done)
    home.on(2, 26, 2027)
    home.answer("kita-mond", provider.complete_referral, second, ReferralOutcome.GOAL_REACHED)

    # ── Both live without benefits; what was kept is due to be erased two years later. ──
    home.on(3, 1, 2027)
    today = date(2027, 3, 1)
    for person in ("amina", "karim"):
        id = ids[person]
        record_achievement(anna, id, home.version(person), today, Achievement.WITHOUT_BENEFITS)
        closure = Closure(today, ClosureReason.GOALS_REACHED)
        closed = close_plan(anna, id, home.version(person), closure)
        assert closed["erase_due_on"] == "2029-02-28"
    end_agreement(anna, ids["paper"], home.paper["version"], Side.OFFICE, today, "All goals are reached.")
    assert home.paper["state"].value == "ended"
    assert list_due_reviews(anna, within_days=1000).rows == []
    assert home.clocks("course") == (("stopped", 67), ("stopped", 47))
    assert home.clocks("nursery") == (("unknown", None), ("stopped", 20))
    for key in ("kita-sonne", "kita-mond", "vhs", "job-centre"):
        assert home.seats_taken(key) == 0
    with ReadingUnit(home.scene.store) as unit:
        assert journal.verify(unit.connection, home.scene.store.keys).flaws == ()
