"""Leben eines Hilfeplans: from the notice before arrival through talks and reviews to the closure.

Source: the Dortmund contract model (2003): early contact with the reception centre, competence and social
analysis, help plan with dates, coaching, next appointment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from plans.analysis import Analysis
from plans.case_records import Achievement, ArrivalNotice, Closure, Talk
from plans.fault import refuse
from plans.model import HelpPlan
from plans.needs import Goal, Need, Relation, check_id, check_order
from plans.referral import Referral
from plans.steps import PlanStep, StepReview, StepState


class Phase(StrEnum):
    """Phase eines Hilfeplans."""

    ANNOUNCED = "announced"
    ARRIVED = "arrived"
    ACTIVE = "active"
    CLOSED = "closed"


@dataclass(frozen=True)
class Case:
    """Fall: the help plan of one person through its whole life.

    Parameters
    ----------
    person_id : str
        Whose.
    notice : ArrivalNotice or None
        Notice before arrival, where there was one.
    arrived_on : date or None
        Day of arrival; None = only announced.
    analyses : tuple of Analysis
        Every analysis so far, oldest first; the last one counts.
    goals : tuple of Goal
        What the plan is for.
    steps : tuple of PlanStep
        All steps, also those that are over.
    next_appointment_on : date or None
        Next talk (nächster Gesprächstermin).
    talks : tuple of Talk
        Talks in which the steps were reviewed, oldest first.
    achievements : tuple of (date, Achievement)
        What was reached, and when.
    closure : Closure or None
        Set once it ended.

    Raises
    ------
    PlanFault
        Where a person who has not arrived has an analysis, there are steps without an analysis, or a closed
        plan has open steps.
    """

    person_id: str
    notice: ArrivalNotice | None = None
    arrived_on: date | None = None
    analyses: tuple[Analysis, ...] = ()
    goals: tuple[Goal, ...] = ()
    steps: tuple[PlanStep, ...] = ()
    next_appointment_on: date | None = None
    talks: tuple[Talk, ...] = ()
    achievements: tuple[tuple[date, Achievement], ...] = ()
    closure: Closure | None = None

    def __post_init__(self) -> None:
        check_id(self.person_id)
        if self.notice is None and self.arrived_on is None:
            raise refuse("empty", self.person_id, field="arrived_on")
        if self.analyses and self.arrived_on is None:
            raise refuse("not-arrived", self.person_id)
        if self.steps and not self.analyses:
            raise refuse("no-analysis", self.person_id)
        self._check_steps()

    def _check_steps(self) -> None:
        ids = [step.id for step in self.steps]
        for id_ in ids:
            if ids.count(id_) > 1:
                raise refuse("duplicate-id", self.person_id, value=id_)
        if self.closure is not None and self.open_steps:
            raise refuse("open-steps", self.person_id, steps=tuple(step.id for step in self.open_steps))

    @property
    def phase(self) -> Phase:
        """Where the plan stands in its life."""
        if self.closure is not None:
            return Phase.CLOSED
        if self.arrived_on is None:
            return Phase.ANNOUNCED
        return Phase.ACTIVE if self.analyses else Phase.ARRIVED

    @property
    def open_steps(self) -> tuple[PlanStep, ...]:
        """Steps that are not over."""
        return tuple(step for step in self.steps if not step.state.is_end)

    @property
    def lives_without_benefits(self) -> bool:
        """Whether the person was noted to live without benefits."""
        return any(what is Achievement.WITHOUT_BENEFITS for _, what in self.achievements)

    def step(self, need_id: str) -> PlanStep:
        """Return a step by the id of its need.

        Raises
        ------
        PlanFault
            Where there is none.
        """
        for step in self.steps:
            if step.id == need_id:
                return step
        known = ", ".join(step.id for step in self.steps)
        raise refuse("unknown-value", self.person_id, field="step", value=need_id, allowed=known)

    def arrive(self, on: date) -> Case:
        """Note the arrival of somebody who was announced.

        Raises
        ------
        PlanFault
            Where the person is there already, or the day lies before the notice.
        """
        if self.arrived_on is not None:
            raise refuse("arrived-already", self.person_id, arrived_on=self.arrived_on)
        if self.notice is not None:
            check_order(self.person_id, "announced_on", self.notice.announced_on, "arrived_on", on)
        return replace(self, arrived_on=on)

    def expect(self, on: date, languages: Iterable[str]) -> Case:
        """Take over what the reception centre says now: another day of arrival, the languages spoken.

        Raises
        ------
        PlanFault
            Where the person is there already, the plan is closed, or the day lies before the notice.
        """
        self._check_not_closed()
        if self.notice is None or self.arrived_on is not None:
            raise refuse("arrived-already", self.person_id, arrived_on=self.arrived_on)
        return replace(self, notice=replace(self.notice, expected_on=on, languages=tuple(languages)))

    def analyse(self, analysis: Analysis) -> Case:
        """Add an analysis; the earlier ones are kept.

        Raises
        ------
        PlanFault
            Where the plan is closed, or the talk was before the arrival or before the last analysis.
        """
        self._check_not_closed()
        check_order(self.person_id, "arrived_on", self.arrived_on, "analysed_on", analysis.analysed_on)
        if self.analyses and analysis.analysed_on < self.analyses[-1].analysed_on:
            last_on = self.analyses[-1].analysed_on
            raise refuse("before-last", self.person_id, on=analysis.analysed_on, last_on=last_on)
        return replace(self, analyses=(*self.analyses, analysis))

    def agree(self, goals: Iterable[Goal] = (), steps: Iterable[PlanStep] = ()) -> Case:
        """Add goals and steps that were agreed with the person."""
        self._check_not_closed()
        return replace(self, goals=(*self.goals, *goals), steps=(*self.steps, *steps))

    def meet(self, next_appointment_on: date | None) -> Case:
        """Agree the next talk, or none; not before the last one.

        Raises
        ------
        PlanFault
            Where the plan is closed, or the talk lies before the last one.
        """
        self._check_not_closed()
        last_on = self.talks[-1].held_on if self.talks else None
        check_order(self.person_id, "held_on", last_on, "next_appointment_on", next_appointment_on)
        return replace(self, next_appointment_on=next_appointment_on)

    def with_step(self, changed: PlanStep) -> Case:
        """Put a changed step in the place of the one with its id."""
        self._check_not_closed()
        self.step(changed.id)
        return replace(self, steps=tuple(changed if s.id == changed.id else s for s in self.steps))

    def take_over(self, referral: Referral) -> Case:
        """Take over what a referral of one of the steps has come to (`PlanStep.after_referral`).

        Raises
        ------
        PlanFault
            Where it is about another person or about no step of this plan, or something is still missing.
        """
        if referral.person_id != self.person_id:
            allowed = self.person_id
            raise refuse(
                "unknown-value", referral.id, field="person_id", value=referral.person_id, allowed=allowed
            )
        return self.with_step(self.step(referral.need_id).after_referral(referral))

    def review(
        self, talk: Talk, findings: Mapping[str, StepReview], next_appointment_on: date | None
    ) -> Case:
        """Review every open step in one talk, and agree the next one.

        Parameters
        ----------
        talk : Talk
            The talk.
        findings : mapping of str to StepReview
            One for every open step, by the id of its need, of the day of the talk.
        next_appointment_on : date or None
            Next talk, not before this one.

        Raises
        ------
        PlanFault
            Where an open step has no finding, or the dates do not fit.
        """
        self._check_not_closed()
        if missing := tuple(step.id for step in self.open_steps if step.id not in findings):
            raise refuse("unreviewed", self.person_id, steps=missing)
        if self.talks and talk.held_on < self.talks[-1].held_on:
            raise refuse("before-last", self.person_id, on=talk.held_on, last_on=self.talks[-1].held_on)
        check_order(self.person_id, "held_on", talk.held_on, "next_appointment_on", next_appointment_on)
        case = replace(self, next_appointment_on=next_appointment_on, talks=(*self.talks, talk))
        for need_id, finding in findings.items():
            case = case.with_step(case.step(need_id).review(replace(finding, reviewed_on=talk.held_on)))
        return case

    def achieve(self, on: date, achievement: Achievement) -> Case:
        """Note what was reached."""
        self._check_not_closed()
        return replace(self, achievements=(*self.achievements, (on, achievement)))

    def close(self, closure: Closure) -> Case:
        """Close the plan; there is no next appointment then.

        Raises
        ------
        PlanFault
            Where it is closed already, or steps are still open: they are done or dropped first.
        """
        self._check_not_closed()
        return replace(self, closure=closure, next_appointment_on=None)

    def reopen(self, next_appointment_on: date) -> Case:
        """Open a closed plan again, with a next talk not before the closure.

        Raises
        ------
        PlanFault
            Where it is not closed, or the talk lies before the closure.
        """
        if self.closure is None:
            raise refuse("plan-open", self.person_id)
        closed_on = self.closure.closed_on
        check_order(self.person_id, "closed_on", closed_on, "next_appointment_on", next_appointment_on)
        return replace(self, closure=None, next_appointment_on=next_appointment_on)

    def help_plan(self, others: Iterable[PlanStep] = ()) -> HelpPlan:
        """Return the plan with its open steps, as planning reads it.

        Parameters
        ----------
        others : iterable of PlanStep
            Steps of the others of the household, for which steps of this plan may wait.

        Raises
        ------
        PlanFault
            Where there is no analysis yet.
        """
        if not self.analyses:
            raise refuse("no-analysis", self.person_id)
        over = {step.id: step for step in (*self.steps, *others) if step.state.is_end}
        needs = tuple(need_now(step.need, over) for step in self.open_steps)
        return HelpPlan(self.analyses[-1], needs, self.goals, self.next_appointment_on)

    def _check_not_closed(self) -> None:
        if self.closure is not None:
            raise refuse("plan-closed", self.person_id, closed_on=self.closure.closed_on)


def need_now(need: Need, over: Mapping[str, PlanStep]) -> Need:
    """Return a need as planning reads it: without a predecessor that is over.

    What had to pass after the end of the predecessor still has to.

    Parameters
    ----------
    need : Need
        Still open.
    over : mapping of need id to PlanStep
        Steps of the plan that are over.
    """
    before = over.get(need.after or "")
    if before is None:
        return need
    ends_wait_on = before.done_on if need.relation is Relation.END else before.clocks.started_on
    earliest_on = need.earliest_on
    if before.state is StepState.DONE and ends_wait_on is not None:
        earliest_on = max(earliest_on, ends_wait_on + timedelta(days=need.lag_days))
    # A date agreed that can no longer be kept is moved to the first day possible: it is overdue from there.
    target_on = None if need.target_on is None else max(need.target_on, earliest_on)
    return replace(
        need, after=None, lag_days=0, max_lag_days=None, earliest_on=earliest_on, target_on=target_on
    )
