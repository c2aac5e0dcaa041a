"""Builders of what belongs to a plan's life: consents, referrals, cases, agreements."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from network.model import ActorType
from plans.agreement import Agreement, draft_agreement
from plans.agreement_records import Side, Signature
from plans.consent import Consent, DataCategory, Purpose, Recipient
from plans.help_plan import Case
from plans.referral import Referral, apply
from plans.referral_details import Details
from plans.referral_table import TRANSITIONS, ReferralAction, ReferralOutcome, ReferralState, Transition
from plans.steps import PlanStep
from plans.waiting import ClockDates
from tests.plans.builders import a_goal, a_need, an_analysis

VHS = Recipient("vhs", ActorType.COURSE_PROVIDER)
CATEGORIES = frozenset({DataCategory.REFERENCE, DataCategory.IDENTITY, DataCategory.LANGUAGE})


def a_consent(**changes: Any) -> Consent:
    """Consent of p1 that the vhs may see identity and languages for a referral."""
    consent = Consent("c1", "p1", Recipient("vhs"), Purpose.REFERRAL, CATEGORIES, from_on=date(2026, 11, 2))
    return replace(consent, **changes)


def a_referral(**changes: Any) -> Referral:
    """Draft of a referral of p1's need to a course of the vhs."""
    referral = Referral(
        id="r1",
        person_id="p1",
        need_id="p1-1",
        slot_id="kurs-from-1",
        kind="integration-course/from-1",
        recipient=VHS,
        carries=CATEGORIES,
        clocks=ClockDates(entitled_on=date(2026, 10, 1)),
    )
    return replace(referral, **changes)


#: The shortest way from the draft to each state.
WAYS = {
    ReferralState.DRAFT: (),
    ReferralState.REQUESTED: ("request",),
    ReferralState.WAITLISTED: ("request", "waitlist"),
    ReferralState.ACCEPTED: ("request", "accept"),
    ReferralState.IN_PROGRESS: ("request", "accept", "start"),
    ReferralState.COMPLETED: ("request", "accept", "start", "complete"),
    ReferralState.REJECTED: ("request", "reject"),
    ReferralState.EXPIRED: ("request", "expire"),
    ReferralState.FAILED: ("request", "accept", "fail"),
    ReferralState.CANCELLED: ("cancel",),
}


def details_for(row: Transition, on: date) -> Details:
    """What a transition asks for, in its first possible form."""
    return Details(
        reason=min(row.reasons) if row.reasons else None,
        text="IntV § 4" if row.reasons else "",
        outcome=ReferralOutcome.GOAL_REACHED if row.asks_outcome else None,
        expected_start_on=on if row.asks_expected_start else None,
    )


def step(referral: Referral, action: str, on: date, **changes: Any) -> Referral:
    """Do a step as the table allows it, with what it asks for."""
    row = TRANSITIONS[referral.state, ReferralAction(action)]
    given = {"by": min(row.by), "details": details_for(row, on), "consents": [a_consent()], **changes}
    return apply(referral, row.action, on=on, **given)


def a_referral_in(state: ReferralState, on: date = date(2026, 11, 23), **changes: Any) -> Referral:
    """A referral that has come to a state; the hold of an expired one ran out before `on`."""
    referral = a_referral(**changes)
    for action in WAYS[state]:
        is_early = state is ReferralState.EXPIRED and action == "request"
        referral = step(referral, action, on - timedelta(days=10) if is_early else on)
    return referral


def a_step(id: str = "p1-1", **changes: Any) -> PlanStep:
    """Step of p1's help plan: the integration course, for which the vhs is responsible."""
    return replace(PlanStep(a_need(id), responsible="vhs"), **changes)


def a_case(*steps: PlanStep, **changes: Any) -> Case:
    """Case of p1, arrived and analysed in November."""
    case = Case(
        "p1",
        arrived_on=date(2026, 11, 2),
        analyses=(an_analysis(),),
        goals=(a_goal(),),
        steps=steps,
        next_appointment_on=date(2026, 12, 7),
    )
    return replace(case, **changes)


def an_agreement(*cases: Case, **changes: Any) -> Agreement:
    """Draft of an agreement of the kim with p1, about one step."""
    drafted = draft_agreement("a1", "h1", "kim", cases or (a_case(a_step()),), date(2026, 11, 24), "prs")
    return replace(drafted, **changes)


def signed(agreement: Agreement, on: date = date(2026, 11, 25)) -> Agreement:
    """The agreement, signed under its last version by all persons and by one representative of the kim."""
    for person_id in agreement.person_ids:
        agreement = agreement.sign(Signature(Side.PERSON, person_id, person_id, on, "anna"))
    return agreement.sign(Signature(Side.OFFICE, "kim", "Frau Muster", on, "anna"))
