"""Vermittlungen der Vorführung: each step of a chain finds its way in, or does not, as in real life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from plans.consent import Purpose, Recipient
from plans.needs import Relation
from plans.referral_table import Reason, ReferralOutcome, ReferralState
from store import tables as t
from store.faults import NoSeat
from workflows.acting import Desk
from workflows.cases.placement import deviate_from_placement, follow_placement, record_placement_test
from workflows.consents.giving import give_consent
from workflows.demo.lives import Life
from workflows.demo.simulation import last_working_day
from workflows.demo.supply import Slot
from workflows.planning_runs.deciding import accept_proposal, decline_proposal
from workflows.referrals import office, provider
from workflows.referrals.carries import needed_for

REJECTIONS = (Reason.NO_CAPACITY, Reason.LEVEL_MISMATCH, Reason.DISTANCE_OR_TIME, Reason.MISSING_DOCUMENTS)
CANCELLATIONS = (Reason.TOOK_A_JOB, Reason.CLIENT_DECLINED, Reason.CHILDCARE, Reason.COULD_NOT_CONTACT)
OUTCOMES = (ReferralOutcome.GOAL_REACHED, ReferralOutcome.PARTLY_REACHED, ReferralOutcome.NO_FINAL_TEST)
OUTCOME_SHARES = (0.74, 0.14, 0.12)
TEST_KIND = "placement-test"
LEAD_DAYS = 2
RETRY_DAYS = 21
BOOK_AHEAD_DAYS = 42

Row = dict[str, Any]
AllDone = Callable[[Life], None]


class Referring:
    """Vermitteln: leads the steps of one person from the search for a seat to their end.

    Parameters
    ----------
    life : Life
        Whose.
    all_done : callable
        Called once no step is open any more.
    """

    def __init__(self, life: Life, all_done: AllDone) -> None:
        self.life, self.all_done = life, all_done
        self.simulation, self.staff = life.world.simulation, life.world.staff

    def begin(self) -> None:
        """Look for a way into every open step that waits for no other; also after a change of mind."""
        open_steps = self.life.open_steps()
        open_ids = {step["id"] for step in open_steps}
        for step in open_steps:
            if step["after_need_id"] not in open_ids:
                self._seek_after(step["id"], self.life.rng.randint(1, 6))

    def seek(self, need_id: str, from_on: date | None = None) -> None:
        """Look for a seat for a step, ask for it, or wait for one."""
        need = self.simulation.row(t.need, need_id)
        if need["done_on"] is not None or self.life.is_closed or self._open_referral(need_id):
            return
        earliest_on = max(need["earliest_on"], from_on or self.life.today)
        earliest_on = max(earliest_on, self.life.today + timedelta(days=LEAD_DAYS))
        person, home = self.life.person, self.life.household.home
        free, full = self.life.world.supply.ways_in(person, home, need["kind"], earliest_on)
        if free:
            self._ask(need, free[min(len(free) - 1, self.life.chance(0.2))])
        elif full and self.life.chance(0.6):
            self._join_list(need, full[0])
        else:
            self._seek_after(need_id, RETRY_DAYS)

    def decide(self, proposal: Row) -> None:
        """A counsellor and the person look at what the plan proposes: they take it, decline it, or wait."""
        life, draw = self.life, self.life.rng.random()
        if life.is_closed or self._open_referral(proposal["need_id"]):
            return
        if draw < 0.45:
            self._agree_to(self.simulation.row(t.slot, proposal["slot_id"]))
            done = accept_proposal(life.desk, proposal["id"], proposal["version"])
            if done["accepted"]:
                self._await_answer(done["referral_id"], proposal["need_id"])
        elif draw < 0.6:
            reason = life.rng.choice((Reason.DISTANCE_OR_TIME, Reason.CLIENT_DECLINED, Reason.CHILDCARE))
            decline_proposal(life.desk, proposal["id"], proposal["version"], reason)

    def _ask(self, need: Row, slot: Slot) -> None:
        self._agree_to(slot)
        drafted = office.draft_referral(self.life.desk, need["id"], slot["id"])
        if self.life.chance(0.04):
            return self.simulation.after(6, lambda: self._request(drafted["referral_id"], need["id"]))
        return self._request(drafted["referral_id"], need["id"])

    def _request(self, referral_id: str, need_id: str) -> None:
        row = self._row(referral_id)
        if row["state"] is not ReferralState.DRAFT:
            return
        slot = self.simulation.row(t.slot, row["slot_id"])
        if slot["start_on"] < self.life.today:
            self._cancel(referral_id, Reason.DISTANCE_OR_TIME)
            return self._seek_after(need_id, 1)
        try:
            office.request_seat(self.life.desk, referral_id, row["version"])
        except NoSeat:
            self._cancel(referral_id, Reason.OTHER, "Der Platz war inzwischen vergeben.")
            return self._seek_after(need_id, 1)
        return self._await_answer(referral_id, need_id)

    def _await_answer(self, referral_id: str, need_id: str) -> None:
        if self.life.chance(0.07):
            return self._seek_after(need_id, 12)  # nobody answers: the hold expires
        return self.simulation.at(self._answer_day(referral_id), lambda: self._answer(referral_id))

    def _answer_day(self, referral_id: str) -> date:
        """Within the hold, on a working day: whoever answers knows that it ends."""
        on = self.life.today + timedelta(days=self.life.rng.randint(1, 3))
        return min(on, last_working_day(self._row(referral_id)["hold_until_on"]))

    def _join_list(self, need: Row, slot: Slot) -> None:
        self._agree_to(slot)
        drafted = office.draft_referral(self.life.desk, need["id"], slot["id"])
        referral_id, expected_on = drafted["referral_id"], slot["start_on"]
        office.join_waitlist(self.life.desk, referral_id, drafted["version"], expected_on)
        self.simulation.after(10, lambda: self._call_up(referral_id))

    def _answer(self, referral_id: str) -> None:
        row = self._row(referral_id)
        if row["state"] is not ReferralState.REQUESTED:
            return
        if row["hold_until_on"] < self.life.today:  # too late: it expires this evening
            return self._seek_after(row["need_id"], 2)
        desk, version, draw = self._provider(row), row["version"], self.life.rng.random()
        provider.read_incoming_referral(desk, referral_id)
        if draw < 0.84:
            provider.accept_referral(desk, referral_id, version)
            self._accepted(referral_id)
        elif draw < 0.92:
            start_on = self.simulation.row(t.slot, row["slot_id"])["start_on"]
            provider.waitlist_referral(desk, referral_id, version, max(start_on, self.life.today))
            self.simulation.after(14, lambda: self._call_up(referral_id))
        else:
            provider.reject_referral(desk, referral_id, version, self.life.rng.choice(REJECTIONS))
            self._seek_after(row["need_id"], self.life.rng.randint(2, 8))

    def _call_up(self, referral_id: str) -> None:
        """Somebody who waits gets a seat, goes on waiting, or is told that there will be none."""
        row = self._row(referral_id)
        if row["state"] is not ReferralState.WAITLISTED:
            return
        desk, slot = self._provider(row), self.simulation.row(t.slot, row["slot_id"])
        if slot["start_on"] <= self.life.today:
            provider.reject_referral(desk, referral_id, row["version"], Reason.NO_CAPACITY)
            return self._seek_after(row["need_id"], 2)
        try:
            provider.accept_referral(desk, referral_id, row["version"])
        except NoSeat:
            return self.simulation.after(14, lambda: self._call_up(referral_id))
        return self._accepted(referral_id)

    def _accepted(self, referral_id: str) -> None:
        row = self._row(referral_id)
        slot = self.simulation.row(t.slot, row["slot_id"])
        self.simulation.at(slot["start_on"], lambda: self._start(referral_id))
        self._book_ahead(row["need_id"], slot)
        if self.life.chance(0.03):
            self.simulation.after(3, lambda: self._think_again(referral_id))

    def _think_again(self, referral_id: str) -> None:
        row = self._row(referral_id)
        if row["state"] is ReferralState.ACCEPTED:
            self._cancel(referral_id, self.life.rng.choice(CANCELLATIONS))
            self._seek_after(row["need_id"], RETRY_DAYS)

    def _start(self, referral_id: str) -> None:
        row = self._row(referral_id)
        if row["state"] is not ReferralState.ACCEPTED:
            return
        desk, version, draw = self._provider(row), row["version"], self.life.rng.random()
        if draw < 0.05:
            provider.fail_referral(desk, referral_id, version, Reason.NO_SHOW)
            return self._seek_after(row["need_id"], 7)
        if draw < 0.07:
            provider.call_off_referral(desk, referral_id, version, Reason.GROUP_NOT_REACHED)
            return self._seek_after(row["need_id"], 3)
        provider.start_referral(desk, referral_id, version)
        end_on = self.simulation.row(t.slot, row["slot_id"])["end_on"]
        for follower in self._followers(row["need_id"], Relation.START):
            self._seek_after(follower["id"], 1)
        if end_on - self.life.today > timedelta(days=30) and self.life.chance(0.08):
            half_way = (end_on - self.life.today).days // 2
            return self.simulation.after(half_way, lambda: self._drop_out(referral_id))
        return self.simulation.at(end_on, lambda: self._complete(referral_id))

    def _drop_out(self, referral_id: str) -> None:
        row = self._row(referral_id)
        if row["state"] is ReferralState.IN_PROGRESS:
            provider.fail_referral(self._provider(row), referral_id, row["version"], Reason.DROPPED_OUT)
            self._seek_after(row["need_id"], RETRY_DAYS)

    def _complete(self, referral_id: str) -> None:
        row = self._row(referral_id)
        if row["state"] is not ReferralState.IN_PROGRESS:
            return
        outcome = self.life.rng.choices(OUTCOMES, OUTCOME_SHARES)[0]
        provider.complete_referral(self._provider(row), referral_id, row["version"], outcome)
        if row["kind"] == TEST_KIND:
            self._place(row)
        for follower in self._followers(row["need_id"], Relation.END):
            self._seek_after(follower["id"], self.life.rng.randint(0, 5))
        if not self.life.open_steps():
            self.all_done(self.life)

    def _place(self, referral: Row) -> None:
        """The test found a level: the office follows it, or chooses otherwise with a reason."""
        course = next((step for step in self.life.open_steps() if "course/from-" in step["kind"]), None)
        if course is None or self._open_referral(course["id"]):
            return
        kind = course["kind"]
        skills = self.life.person.plan.analysis.german
        made = record_placement_test(
            self._provider(referral), self.life.id, self.life.today, kind, skills, referral["recipient_id"]
        )
        other = {"from-1": "from-3", "from-3": "from-1"}.get(kind.rpartition("/")[2])
        if kind.startswith("integration-course/") and other and self.life.chance(0.1):
            chosen = f"{kind.rpartition('/')[0]}/{other}"
            why = "Im Gespräch mit der Teststelle anders eingeschätzt; der Kurs beginnt früher."
            deviate_from_placement(self.life.desk, made["id"], made["version"], chosen, why)
        else:
            follow_placement(self.life.desk, made["id"], made["version"])

    def _book_ahead(self, need_id: str, slot: Slot) -> None:
        """Somebody far-sighted looks for the next step before this one ends."""
        for follower in self._followers(need_id, Relation.END):
            may_be_known = "course/from-" not in follower["kind"]  # a course follows from the test
            looks_on = slot["end_on"] - timedelta(days=BOOK_AHEAD_DAYS)
            if may_be_known and looks_on > self.life.today and self.life.chance(0.5):
                from_on = slot["end_on"] + timedelta(days=1 + follower["lag_days"])
                self._seek_on(looks_on, follower["id"], from_on)

    def _followers(self, need_id: str, relation: Relation) -> list[Row]:
        steps = self.life.open_steps()
        return [step for step in steps if step["after_need_id"] == need_id and step["relation"] is relation]

    def _seek_on(self, on: date, need_id: str, from_on: date) -> None:
        self.simulation.at(on, lambda: self.seek(need_id, from_on))

    def _seek_after(self, need_id: str, days: int) -> None:
        self.simulation.after(days, lambda: self.seek(need_id))

    def _agree_to(self, slot: Slot) -> None:
        """A person lets the provider know what it needs: this one, or all of its type."""
        type = self.life.world.supply.types[slot["organisation_id"]]
        of_type, this = Recipient(None, type), Recipient(slot["organisation_id"])
        needed = needed_for(slot["kind"])
        if any(needed <= self.life.consents.get(known, frozenset()) for known in (of_type, this)):
            return
        chosen = this if self.life.chance(0.5) else of_type
        give_consent(
            *(self.life.desk, self.life.id, Purpose.REFERRAL, needed),
            recipient_id=chosen.organisation_id,
            recipient_type=chosen.actor_type,
            until_on=self.life.today + timedelta(days=730) if self.life.chance(0.4) else None,
        )
        self.life.consents[chosen] = needed | self.life.consents.get(chosen, frozenset())

    def _cancel(self, referral_id: str, reason: Reason, text: str = "") -> None:
        version = self._row(referral_id)["version"]
        office.cancel_referral(self.life.desk, referral_id, version, reason, text)

    def _row(self, referral_id: str) -> Row:
        return self.simulation.row(t.referral, referral_id)

    def _open_referral(self, need_id: str) -> bool:
        return bool(self.simulation.rows(t.referral, t.referral.c.ended_on.is_(None), need_id=need_id))

    def _provider(self, row: Row) -> Desk:
        key = self.life.world.supply.keys[row["recipient_id"]]
        return replace(self.staff.provider(key), purpose="referral")
