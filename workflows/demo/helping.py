"""Hilfepläne der Vorführung: from the notice or the arrival over talks and reviews to the closure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from plans.case_records import Achievement, Closure, ClosureReason
from plans.chain import Profile
from plans.consent import DataCategory, Purpose
from plans.needs import Goal
from plans.planning_consent import PLANNING_CATEGORIES, PLANNING_OFFICE
from plans.referral_table import Reason
from plans.step_draft import StepDraft
from plans.steps import Finding, StepState
from plans.templates import profile
from store import tables as t
from workflows.cases import appointments, closing, reviews, steps
from workflows.cases.analysis import record_analysis
from workflows.consents.giving import give_consent, list_consents, narrow_consent, withdraw_consent
from workflows.demo.agreeing import Agreeing
from workflows.demo.lives import Life
from workflows.demo.referring import Referring
from workflows.demo.simulation import working_day
from workflows.referrals import office

OBSTACLES = (
    "Die Kinderbetreuung ist noch nicht geklärt.",
    "Es fehlen noch Unterlagen.",
    "Im gewünschten Kurs ist noch kein Platz frei.",
    "Der Weg ist mit dem Bus zurzeit nicht zu schaffen.",
)
NOTES = (
    "Das Gespräch war mit Dolmetscherin; alles ist gut verstanden worden.",
    "Die Familie ist zuversichtlich; nächste Schritte sind besprochen.",
    "Ein Brief des Jobcenters wurde zusammen gelesen.",
)
REACHED = {
    "integration-course": Achievement.LANGUAGE_GOAL,
    "literacy-course": Achievement.LANGUAGE_GOAL,
    "vocational-language": Achievement.LANGUAGE_GOAL,
    "recognition": Achievement.QUALIFICATION_RECOGNISED,
    "school": Achievement.TRAINING_BEGUN,
    "job": Achievement.WORK_BEGUN,
    "housing": Achievement.OWN_HOME,
}
"""What a chain whose steps are all done has led to, by the first part of a kind."""

LEAVES = (
    (ClosureReason.MOVED_AWAY, "Umzug in eine andere Stadt"),
    (ClosureReason.NO_CONTACT, "Kein Kontakt mehr seit drei Monaten"),
    (ClosureReason.OWN_WISH, "Möchte ohne Begleitung weitergehen"),
    (ClosureReason.HANDED_OVER, "Übergabe an das Jobcenter"),
    (ClosureReason.OTHER_REASON, "Wird von einer anderen Stelle begleitet"),
)
TALKS = ("a talk", {"held": 0.85, "overdue": 0.08, "missed": 0.07})
LATE_TALKS = ("a late talk", {"held": 0.55, "overdue": 0.35, "missed": 0.1})
FIRST_REVIEWS, FIRST_REVIEW_DAYS, REVIEW_DAYS = 2, 28, 49
Row = dict[str, Any]
FAR_ALONG_SHARE = 0.16
LEAVING_SHARE = 0.12
THINKS_AGAIN_SHARE = 0.08


class Helping:
    """Helfen: leads one help plan through the days of the simulation.

    Parameters
    ----------
    life : Life
        Whose; the household is in the store.
    agreeing : Agreeing
        The agreement of the household.
    """

    def __init__(self, life: Life, agreeing: Agreeing) -> None:
        self.life, self.agreeing = life, agreeing
        self.simulation = life.world.simulation
        self.referring = Referring(life, lambda _: self._all_done())
        self.talks = 0
        life.world.names[life.id] = life.person.name
        life.world.referring[life.id] = self.referring

    def first_talk(self) -> None:
        """Analysis, the chain of steps, a consent to planning, and the next talk."""
        life = self.life
        analysis = replace(life.person.plan.analysis, analysed_on=life.today)
        record_analysis(life.desk, life.id, life.version, analysis)
        template = profile(life.person.profile)
        entitled_on = life.today - timedelta(days=life.rng.randint(0, 25))
        first = life.person.plan.needs[0]
        steps.add_chain(
            *(life.desk, life.id, life.version, template.key),
            earliest_on=life.today,
            entitled_on=max(entitled_on, life.plan["arrived_on"]),
            done=self._behind(template),
            weight=first.weight,
        )
        if life.happens("agrees to planning", 0.85):
            self._agree_to_planning()
        self.referring.begin()
        self._agree_on_talk(FIRST_REVIEW_DAYS)
        self.agreeing.analysed()
        if life.happens("thinks again of a consent", THINKS_AGAIN_SHARE):
            self.simulation.after(life.rng.randint(40, 220), self._think_again_of_consent)
        if life.happens("leaves", LEAVING_SHARE):
            self.simulation.after(life.rng.randint(60, 260), self._leave)

    def _behind(self, template: Profile) -> list[str]:
        """A few come with most of their way behind them."""
        keys = [step.key for step in template.steps]
        return keys[:-1] if self.life.happens("is far along", FAR_ALONG_SHARE) else []

    def _agree_to_planning(self) -> None:
        give_consent(
            *(self.life.desk, self.life.id, Purpose.PLANNING, PLANNING_CATEGORIES),
            recipient_type=PLANNING_OFFICE,
        )

    def _think_again_of_consent(self) -> None:
        """Somebody withdraws a consent, or leaves only what nobody could do without."""
        valid = [one for one in list_consents(self.life.desk, self.life.id) if one["is_valid"]]
        if self.life.is_closed or not valid:
            return
        consent = self.life.rng.choice(sorted(valid, key=lambda one: (one["from_on"], one["purpose"])))
        kept = {DataCategory.REFERENCE} & {DataCategory(name) for name in consent["categories"]}
        if kept and len(consent["categories"]) > 1 and self.life.happens("narrows a consent", 0.4):
            narrow_consent(self.life.desk, consent["consent_id"], consent["version"], kept)
        else:
            withdraw_consent(self.life.desk, consent["consent_id"], consent["version"])
        self.life.consents.clear()  # whoever is referred after this is asked anew
        self.simulation.after(14, self.referring.begin)

    def _agree_on_talk(self, days: int) -> None:
        on = working_day(self.life.today + timedelta(days=days + self.life.rng.randint(-6, 6)))
        appointments.set_appointment(self.life.desk, self.life.id, self.life.version, on)
        self.simulation.at(on, lambda: self._talk(on))

    def _talk(self, planned_on: date) -> None:
        if self.life.is_closed:
            return
        {
            "missed": self._miss,
            "overdue": lambda on: self.simulation.after(9, lambda: self._review(on)),
            "held": self._review,
        }[self.life.choose(*LATE_TALKS if self.life.is_lately else TALKS)](planned_on)

    def _miss(self, planned_on: date) -> None:
        agreed = self.simulation.rows(t.appointment, help_plan_id=self.life.plan["id"], planned_on=planned_on)
        for row in agreed:
            if row["state"] is t.AppointmentState.PLANNED:
                appointments.note_missed_appointment(self.life.desk, row["id"], row["version"])
        self._agree_on_talk(10)

    def _review(self, planned_on: date) -> None:
        life, open_steps = self.life, self.life.open_steps()
        if life.is_closed or not open_steps:
            return
        self.talks += 1
        findings = {step["id"]: self._finding(step) for step in open_steps}
        days = FIRST_REVIEW_DAYS if self.talks <= FIRST_REVIEWS else REVIEW_DAYS
        next_on = working_day(life.today + timedelta(days=days + life.rng.randint(-6, 6)))
        reviews.hold_review(
            *(life.desk, life.id, life.version, life.today, findings, next_on),
            is_overall=self.talks % 4 == 0,
            note=life.rng.choice(NOTES) if life.happens("a note", 0.5) else "",
        )
        self.simulation.at(next_on, lambda: self._talk(next_on))
        self.agreeing.reviewed({id: finding for id, (finding, _) in findings.items()})

    def _finding(self, step: Row) -> tuple[Finding, str]:
        waits = step["state"] is StepState.OPEN and step["placed_on"] is None
        if waits and self.life.happens("a step is obstructed", 0.3):
            return Finding.OBSTRUCTED, self.life.rng.choice(OBSTACLES)
        return Finding.OPEN, ""

    def _leave(self) -> None:
        """A person moves away, or is no longer seen: what is open is taken back, and the plan is closed."""
        life = self.life
        if life.is_closed:
            return
        reason, text = life.take_turns("why somebody leaves", LEAVES)
        moved = reason is ClosureReason.MOVED_AWAY
        for row in self.simulation.rows(t.referral, t.referral.c.ended_on.is_(None), person_id=life.id):
            because = Reason.MOVED if moved else Reason.COULD_NOT_CONTACT
            office.cancel_referral(life.desk, row["id"], row["version"], because)
        for step in life.open_steps():
            steps.drop_step(life.desk, step["id"], step["version"], text)
        self._close(Closure(life.today, reason, text))

    def _all_done(self) -> None:
        self.simulation.after(self.life.rng.randint(10, 30), self._reach_goals)

    def _reach_goals(self) -> None:
        life = self.life
        if life.is_closed or life.open_steps():
            return
        kinds = {step["kind"].partition("/")[0] for step in self.simulation.rows(t.need, person_id=life.id)}
        reached = [REACHED[kind] for kind in sorted(kinds & REACHED.keys())]
        if "job" in kinds and life.happens("lives without benefits", 0.6):
            reached.append(Achievement.WITHOUT_BENEFITS)
        for what in reached:
            closing.record_achievement(life.desk, life.id, life.version, life.today, what)
        self._close(Closure(life.today, ClosureReason.GOALS_REACHED))
        if life.happens("comes back", 0.1):
            self.simulation.after(30, self._come_back)

    def _close(self, closure: Closure) -> None:
        closing.close_plan(self.life.desk, self.life.id, self.life.version, closure)
        self.agreeing.closed()

    def _come_back(self) -> None:
        """Somebody has a new question: the plan is opened again, with a step more."""
        life, on = self.life, working_day(self.life.today + timedelta(days=7))
        closing.reopen_plan(life.desk, life.id, life.version, on)
        office_id = life.plan["organisation_id"]
        goal = Goal("Eine größere Wohnung finden", "Find a larger flat")
        draft = StepDraft("housing/flat", goal, office_id, life.today)
        added = steps.add_step(life.desk, life.id, life.version, draft)
        self.simulation.at(on, lambda: self._talk(on))
        self.referring.seek(added["step_id"])
