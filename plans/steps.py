"""Arbeitsschritte: a step of a help plan, who is responsible, what must be there first, its reviews."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from plans.fault import refuse
from plans.needs import Need, check_id
from plans.referral import Referral
from plans.referral_table import ReferralState
from plans.waiting import ClockDates


class StepState(StrEnum):
    """Stand eines Schritts."""

    OPEN = "open"
    UNDER_WAY = "under-way"
    DONE = "done"
    DROPPED = "dropped"

    @property
    def is_end(self) -> bool:
        """Whether the step no longer needs anything."""
        return self in (StepState.DONE, StepState.DROPPED)


class Finding(StrEnum):
    """Befund einer Überprüfung: done, open, or obstructed."""

    DONE = "done"
    OPEN = "open"
    OBSTRUCTED = "obstructed"


class Precondition(StrEnum):
    """Voraussetzung: what must be there before a step can start, beside the step before it."""

    ENTITLEMENT = "entitlement"
    DOCUMENTS = "documents"
    TEST_RESULT = "test-result"
    CERTIFICATE = "certificate"
    VOUCHER = "voucher"
    CHILDCARE_PLACE = "childcare-place"
    WAY = "way"


@dataclass(frozen=True)
class StepReview:
    """Überprüfung eines Schritts: what was found in a talk.

    Parameters
    ----------
    reviewed_on : date
        Day of the talk.
    finding : Finding
        Done, open or obstructed.
    why : str
        What is in the way; must be given where OBSTRUCTED.
    """

    reviewed_on: date
    finding: Finding
    why: str = ""

    def __post_init__(self) -> None:
        if self.finding is Finding.OBSTRUCTED and not self.why.strip():
            raise refuse("needed-for", str(self.reviewed_on), field="why", action=self.finding)


@dataclass(frozen=True)
class PlanStep:
    """Arbeitsschritt: one need of a help plan and its life.

    Parameters
    ----------
    need : Need
        What is needed, from when, for what, until when (Zeitziel).
    responsible : str
        Id of the organisation that has to act, or of the person.
    preconditions : frozenset of Precondition
        What is still missing.
    state : StepState
        Where it stands.
    clocks : ClockDates
        Entitled, registered, placed, started.
    done_on : date or None
        Day on which it was done or dropped; set exactly then.
    reviews : tuple of StepReview
        In the order of their days.
    """

    need: Need
    responsible: str
    preconditions: frozenset[Precondition] = frozenset()
    state: StepState = StepState.OPEN
    clocks: ClockDates = field(default_factory=ClockDates)
    done_on: date | None = None
    reviews: tuple[StepReview, ...] = ()

    def __post_init__(self) -> None:
        check_id(self.responsible)
        has_started = self.clocks.started_on is not None
        if (self.done_on is not None) != self.state.is_end or (
            self.state is StepState.UNDER_WAY and not has_started
        ):
            raise refuse("impossible-step", self.need.id, state=self.state)

    @property
    def id(self) -> str:
        """Id of the need."""
        return self.need.id

    @property
    def kept_its_date(self) -> bool | None:
        """Whether it started by the date agreed; None where none was agreed, or nothing started."""
        if self.need.target_on is None or self.clocks.started_on is None:
            return None
        return self.clocks.started_on <= self.need.target_on

    def fulfil(self, precondition: Precondition) -> PlanStep:
        """Note that something missing is there now.

        Raises
        ------
        PlanFault
            Where it was not missing.
        """
        if precondition not in self.preconditions:
            missing = self.preconditions or "–"
            raise refuse("unknown-value", self.id, field="preconditions", value=precondition, allowed=missing)
        return replace(self, preconditions=self.preconditions - {precondition})

    def note_dates(self, clocks: ClockDates) -> PlanStep:
        """Note the four dates of a step that no referral leads; a start puts it under way.

        Somebody entitled only later needs nothing before that: the step then begins with the entitlement.

        Raises
        ------
        PlanFault
            Where the step is over, or it starts though something is still missing.
        """
        self._check_open()
        earliest_on = max(self.need.earliest_on, clocks.entitled_on or self.need.earliest_on)
        target_on = None if self.need.target_on is None else max(self.need.target_on, earliest_on)
        need = replace(
            self.need, entitled_on=clocks.entitled_on, earliest_on=earliest_on, target_on=target_on
        )
        return replace(self._at(clocks), need=need)

    def after_referral(self, referral: Referral) -> PlanStep:
        """Take over what a referral for this step has come to.

        A seat given is booked; a start puts the step under way; completion ends it; any other end leaves it
        open and waiting since the first registration.

        Raises
        ------
        PlanFault
            Where the step is over, the referral is about another one, or it starts too early.
        """
        self._check_open()
        if referral.need_id != self.id:
            raise refuse("unknown-value", self.id, field="need_id", value=referral.need_id, allowed=self.id)
        clocks = referral.clocks
        if referral.state.is_end and referral.state is not ReferralState.COMPLETED:
            clocks = replace(clocks, placed_on=None, started_on=None)
        booked = referral.slot_id if clocks.placed_on is not None else None
        proposed = None if booked else self.need.proposed_slot
        need = replace(self.need, fixed_slot=booked, proposed_slot=proposed)
        step = replace(self._at(clocks), need=need)
        if referral.state is ReferralState.COMPLETED and referral.ended_on is not None:
            return step.review(StepReview(referral.ended_on, Finding.DONE))
        return step

    def review(self, review: StepReview) -> PlanStep:
        """Note a review; DONE ends the step on that day.

        Raises
        ------
        PlanFault
            Where the step is over, or the review lies before the last one.
        """
        self._check_open()
        last_on = self.reviews[-1].reviewed_on if self.reviews else None
        if last_on is not None and review.reviewed_on < last_on:
            raise refuse("before-last", self.id, on=review.reviewed_on, last_on=last_on)
        reviewed = replace(self, reviews=(*self.reviews, review))
        if review.finding is Finding.DONE:
            return replace(reviewed, state=StepState.DONE, done_on=review.reviewed_on)
        return reviewed

    def drop(self, on: date, why: str) -> PlanStep:
        """Give the step up, with a reason that is kept as its last review.

        Raises
        ------
        PlanFault
            Where the step is over, or no reason is given.
        """
        noted = self.review(StepReview(on, Finding.OBSTRUCTED, why))
        return replace(noted, state=StepState.DROPPED, done_on=on)

    def revise(self, need: Need, responsible: str, preconditions: frozenset[Precondition]) -> PlanStep:
        """Change what the step is, by whom, and what must be there first.

        Raises
        ------
        PlanFault
            Where the step is over, has begun though something would be missing, or has a seat of its kind.
        """
        self._check_open()
        if self.need.fixed_slot is not None and need.kind != self.need.kind:
            raise refuse("step-booked", self.id, kind=self.need.kind)
        step = replace(self, need=need, responsible=responsible, preconditions=preconditions)
        return step._at(self.clocks)

    def _at(self, clocks: ClockDates) -> PlanStep:
        has_started = clocks.started_on is not None
        if has_started and self.preconditions:
            raise refuse("preconditions-missing", self.id, missing=self.preconditions)
        return replace(self, clocks=clocks, state=StepState.UNDER_WAY if has_started else StepState.OPEN)

    def _check_open(self) -> None:
        if self.state.is_end:
            raise refuse("step-over", self.id, state=self.state, done_on=self.done_on)
