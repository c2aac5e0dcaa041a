"""Vermittlungen der Vorführung: each step of a chain finds its way in, or does not, as in real life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from plans.needs import Relation
from plans.referral_table import Reason, ReferralAction, ReferralOutcome, ReferralState
from store import tables as t
from store.faults import NoSeat
from workflows.acting import Desk
from workflows.demo.agreed import agree_to, place
from workflows.demo.answering import answered
from workflows.demo.lives import Life
from workflows.demo.simulation import last_working_day
from workflows.demo.supply import Slot
from workflows.planning_runs.deciding import accept_proposal, decline_proposal
from workflows.referrals import office, provider
from workflows.referrals.answer_links import make_answer_link

CANCELLATIONS = (Reason.TOOK_A_JOB, Reason.CLIENT_DECLINED, Reason.CHILDCARE, Reason.COULD_NOT_CONTACT)
DECLINES = (Reason.DISTANCE_OR_TIME, Reason.CLIENT_DECLINED, Reason.CHILDCARE)
OUTCOMES = {
    ReferralOutcome.GOAL_REACHED: 0.72,
    ReferralOutcome.PARTLY_REACHED: 0.13,
    ReferralOutcome.NO_FINAL_TEST: 0.11,
    ReferralOutcome.NOT_REACHED: 0.04,
}
STARTS = {ReferralAction.START: 0.93, ReferralAction.FAIL: 0.05, ReferralAction.CALL_OFF: 0.02}
DECISIONS = {"accept": 0.5, "decline": 0.15, "wait": 0.35}
URGENT_DECISIONS = {"accept": 0.4, "too late": 0.3, "decline": 0.15, "wait": 0.15}
"""On proposals of which the slot begins within `SOON_DAYS`."""
TEST_KIND = "placement-test"
LEFT, LEFT_LATELY = ("a draft is left", 0.04), ("a draft is left lately", 0.3)
LEAD_DAYS = 2
RETRY_DAYS = 21
BOOK_AHEAD_DAYS = 42
SOON_DAYS = 40

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
        self._undecided: set[str] = set()

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
        if need_id in self._undecided:
            return
        earliest_on = max(need["earliest_on"], from_on or self.life.today)
        earliest_on = max(earliest_on, self.life.today + timedelta(days=LEAD_DAYS))
        free, full = self.ways_in(need, earliest_on)
        if full and self._waits(free):
            self._join_list(need, full[0])
        elif free:
            self._ask(need, free[min(len(free) - 1, self.life.happens("the second best", 0.2))])
        else:
            self._seek_after(need_id, RETRY_DAYS)

    def _waits(self, free: list[Slot]) -> bool:
        """Somebody waits for a full group where nothing is free, or would rather have the one next door."""
        share = 0.35 if free else 0.6
        return self.life.happens(f"waits while {'some are' if free else 'none is'} free", share)

    def ways_in(self, need: Row, earliest_on: date) -> tuple[list[Slot], list[Slot]]:
        """Return the slots for a step from a day on, with a free seat and full ones (`Supply.ways_in`)."""
        life = self.life
        return life.world.supply.ways_in(life.person, life.household.home, need["kind"], earliest_on)

    def decide(self, proposal: Row) -> None:
        """A counsellor and the person look at what the plan proposes: they take it, decline it, or wait."""
        start_on = self.simulation.row(t.slot, proposal["slot_id"])["start_on"]
        is_urgent = start_on < self.life.today + timedelta(days=SOON_DAYS)
        deck = ("an urgent proposal", URGENT_DECISIONS) if is_urgent else ("a proposal", DECISIONS)
        decision = self.life.choose(*deck)
        if decision == "too late":
            self._decide_after(proposal, start_on)
        elif decision == "accept":
            self._accept(proposal["id"])
        elif decision == "decline" and not self._is_settled(proposal):
            reason = self.life.take_turns("why a proposal is declined", DECLINES)
            decline_proposal(self.life.desk, proposal["id"], proposal["version"], reason)

    def _decide_after(self, proposal: Row, start_on: date) -> None:
        """Somebody thinks it over until the slot has begun, and looks for another way in after that."""
        need_id = proposal["need_id"]
        self._undecided.add(need_id)

        def decide() -> None:
            self._undecided.discard(need_id)
            self._accept(proposal["id"])
            self._seek_after(need_id, 1)

        self.simulation.at(start_on + timedelta(days=1), decide)

    def _accept(self, proposal_id: str) -> None:
        """Take what was proposed, if it can still be had."""
        proposal = self.simulation.row(t.proposal, proposal_id)
        if self._is_settled(proposal):
            return
        agree_to(self.life, self.simulation.row(t.slot, proposal["slot_id"]))
        done = accept_proposal(self.life.desk, proposal_id, proposal["version"])
        if done["accepted"]:
            self._await_answer(done["referral_id"], proposal["need_id"])

    def _is_settled(self, proposal: Row) -> bool:
        is_over = proposal["state"] != t.ProposalState.PROPOSED or self.life.is_closed
        return is_over or self._open_referral(proposal["need_id"])

    def _ask(self, need: Row, slot: Slot) -> None:
        agree_to(self.life, slot)
        drafted = office.draft_referral(self.life.desk, need["id"], slot["id"])
        if self.life.happens(*LEFT_LATELY if self.life.is_lately else LEFT):
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
        if self.life.happens("nobody answers", 0.07):
            return self._seek_after(need_id, 12)  # the hold expires
        has_link = self.life.happens("asks by link", 0.1)
        token = make_answer_link(self.life.desk, referral_id).token if has_link else ""
        return self.simulation.at(self._answer_day(referral_id), lambda: self._answer(referral_id, token))

    def _answer_day(self, referral_id: str) -> date:
        """Within the hold, on a working day: whoever answers knows that it ends."""
        on = self.life.today + timedelta(days=self.life.rng.randint(1, 3))
        return min(on, last_working_day(self._row(referral_id)["hold_until_on"]))

    def _join_list(self, need: Row, slot: Slot) -> None:
        agree_to(self.life, slot)
        drafted = office.draft_referral(self.life.desk, need["id"], slot["id"])
        referral_id, expected_on = drafted["referral_id"], slot["start_on"]
        office.join_waitlist(self.life.desk, referral_id, drafted["version"], expected_on)
        self.simulation.after(10, lambda: self._call_up(referral_id))

    def _answer(self, referral_id: str, token: str) -> None:
        """The provider says yes, later, or no: from its account, or by a link."""
        row = self._row(referral_id)
        if row["state"] is not ReferralState.REQUESTED:
            return
        if row["hold_until_on"] < self.life.today:  # too late: it expires this evening
            return self._seek_after(row["need_id"], 2)
        answer = answered(self.life, self._provider(row), row, token)
        if answer is ReferralAction.ACCEPT:
            self._accepted(referral_id)
        elif answer is ReferralAction.WAITLIST:
            self.simulation.after(14, lambda: self._call_up(referral_id))
        else:
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
        if self.life.happens("thinks again of a seat", 0.04):
            self.simulation.after(3, lambda: self._think_again(referral_id))

    def _think_again(self, referral_id: str) -> None:
        row = self._row(referral_id)
        if row["state"] is ReferralState.ACCEPTED:
            self._cancel(referral_id, self.life.take_turns("why a referral is cancelled", CANCELLATIONS))
            self._seek_after(row["need_id"], RETRY_DAYS)

    def _start(self, referral_id: str) -> None:
        row = self._row(referral_id)
        if row["state"] is not ReferralState.ACCEPTED:
            return
        desk, version, begins = self._provider(row), row["version"], self.life.choose("a start", STARTS)
        if begins is ReferralAction.FAIL:
            provider.fail_referral(desk, referral_id, version, Reason.NO_SHOW)
            return self._seek_after(row["need_id"], 7)
        if begins is ReferralAction.CALL_OFF:
            provider.call_off_referral(desk, referral_id, version, Reason.GROUP_NOT_REACHED)
            return self._seek_after(row["need_id"], 3)
        provider.start_referral(desk, referral_id, version)
        end_on = self.simulation.row(t.slot, row["slot_id"])["end_on"]
        for follower in self._followers(row["need_id"], Relation.START):
            self._seek_after(follower["id"], 1)
        if end_on - self.life.today > timedelta(days=30) and self.life.happens("drops out", 0.08):
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
        outcome = self.life.choose("an outcome", OUTCOMES)
        provider.complete_referral(self._provider(row), referral_id, row["version"], outcome)
        course = next((step for step in self.life.open_steps() if "course/from-" in step["kind"]), None)
        if row["kind"] == TEST_KIND and course is not None and not self._open_referral(course["id"]):
            place(self.life, self._provider(row), course["kind"], row["recipient_id"])
        for follower in self._followers(row["need_id"], Relation.END):
            self._seek_after(follower["id"], self.life.rng.randint(0, 5))
        if not self.life.open_steps():
            self.all_done(self.life)

    def _book_ahead(self, need_id: str, slot: Slot) -> None:
        """Somebody far-sighted looks for the next step before this one ends."""
        for follower in self._followers(need_id, Relation.END):
            may_be_known = "course/from-" not in follower["kind"]  # a course follows from the test
            looks_on = slot["end_on"] - timedelta(days=BOOK_AHEAD_DAYS)
            if may_be_known and looks_on > self.life.today and self.life.happens("looks ahead", 0.5):
                from_on = slot["end_on"] + timedelta(days=1 + follower["lag_days"])
                self._seek_on(looks_on, follower["id"], from_on)

    def _followers(self, need_id: str, relation: Relation) -> list[Row]:
        found = self.life.open_steps()
        return [step for step in found if step["after_need_id"] == need_id and step["relation"] is relation]

    def _seek_on(self, on: date, need_id: str, from_on: date) -> None:
        self.simulation.at(on, lambda: self.seek(need_id, from_on))

    def _seek_after(self, need_id: str, days: int) -> None:
        self.simulation.after(days, lambda: self.seek(need_id))

    def _cancel(self, referral_id: str, reason: Reason, text: str = "") -> None:
        version = self._row(referral_id)["version"]
        office.cancel_referral(self.life.desk, referral_id, version, reason, text)

    def _row(self, referral_id: str) -> Row:
        return self.simulation.row(t.referral, referral_id)

    def _open_referral(self, need_id: str) -> bool:
        return bool(self.simulation.rows(t.referral, t.referral.c.ended_on.is_(None), need_id=need_id))

    def _provider(self, row: Row) -> Desk:
        """Desk of whoever answers for the recipient."""
        key = self.life.world.supply.keys[row["recipient_id"]]
        return replace(self.staff.provider(key), purpose="referral")
