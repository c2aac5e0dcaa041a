"""Fristen: by when a help plan or an agreement must be reviewed, and when a plan must be erased."""

from __future__ import annotations

from datetime import date, timedelta

from plans.agreement import Agreement
from plans.help_plan import Case
from plans.rules import RuleBook, standard_rules
from plans.steps import PlanStep, StepState


def review_due_on(case: Case, book: RuleBook | None = None) -> date | None:
    """Answer by which day the plan must be looked at next: of somebody who is announced, the day of arrival.

    Parameters
    ----------
    case : Case
        The plan.
    book : RuleBook, optional
        Dated rules: a new plan at the shorter distance, a running one at the longer.

    Returns
    -------
    date or None
        The earlier of the appointment agreed and the rule's day, before arrival the day expected; None where
        closed.
    """
    if case.closure is not None:
        return None
    if case.arrived_on is None:
        expected_on = case.notice.expected_on if case.notice else None
        days = (expected_on, case.next_appointment_on)
        return min((day for day in days if day is not None), default=None)
    rules = book or standard_rules()
    last_on = case.talks[-1].held_on if case.talks else case.arrived_on
    new_until_on = case.arrived_on + timedelta(days=rules.rule("review-acute-until-days", last_on).days)
    key = "review-acute-days" if last_on < new_until_on else "review-active-days"
    due_on = last_on + timedelta(days=rules.rule(key, last_on).days)
    return min(due_on, case.next_appointment_on or due_on)


def overall_review_due_on(case: Case, book: RuleBook | None = None) -> date | None:
    """Day by which the plan as a whole must be reviewed (half-yearly); None where announced or closed."""
    if case.arrived_on is None or case.closure is not None:
        return None
    last_on = max((talk.held_on for talk in case.talks if talk.is_overall), default=case.arrived_on)
    rules = book or standard_rules()
    return last_on + timedelta(days=rules.rule("review-overall-days", last_on).days)


def module_review_due_on(
    step: PlanStep, module_days: int, modules: int, book: RuleBook | None = None
) -> date | None:
    """Day by which a running course must be reviewed because a module ended.

    Parameters
    ----------
    step : PlanStep
        The course.
    module_days : int
        Length of a module with its breaks, days, >= 1.
    modules : int
        Modules that the person takes, >= 1.
    book : RuleBook, optional
        Dated rules: how long after the end of a module.

    Returns
    -------
    date or None
        For the first module whose end has not been reviewed; None where the step does not run.
    """
    started_on = step.clocks.started_on
    if step.state is not StepState.UNDER_WAY or started_on is None:
        return None
    last_on = step.reviews[-1].reviewed_on if step.reviews else started_on
    for module in range(1, modules + 1):
        end_on = started_on + timedelta(days=module * module_days - 1)
        if last_on < end_on:
            rules = book or standard_rules()
            return end_on + timedelta(days=rules.rule("review-module-end-days", end_on).days)
    return None


def erase_due_on(case: Case, book: RuleBook | None = None) -> date | None:
    """Day on which a closed plan must be erased (SGB X § 84); None while it is open."""
    if case.closure is None:
        return None
    closed_on = case.closure.closed_on
    rules = book or standard_rules()
    return closed_on + timedelta(days=rules.rule("retention-case-days", closed_on).days)


def agreement_review_due_on(agreement: Agreement, book: RuleBook | None = None) -> date | None:
    """Day by which an agreement in force must be reviewed; None where none is in force.

    The earlier of the next appointment agreed, where it still lies ahead of the last review, and of the
    interval of the rules.
    """
    version = agreement.in_force
    if version is None:
        return None
    last_on = agreement.reviews[-1].reviewed_on if agreement.reviews else version.signed_on
    rules = book or standard_rules()
    due_on = last_on + timedelta(days=rules.rule("agreement-review-days", last_on).days)
    appointment_on = version.contents.next_appointment_on
    return due_on if appointment_on is None or appointment_on <= last_on else min(due_on, appointment_on)
