"""Zeilen schreiben: objects of the plan room become columns of the store."""

from __future__ import annotations

from typing import Any

from plans.due_dates import erase_due_on, overall_review_due_on, review_due_on
from plans.help_plan import Case
from plans.identity import Home, Identity
from plans.needs import Goal
from plans.rules import RuleBook
from plans.steps import PlanStep, StepReview
from workflows.plain import plain

POINT_DIGITS = 3
"""Decimals of a home's latitude and longitude: about 100 m, which is enough for planning."""


def plan_columns(case: Case, book: RuleBook) -> dict[str, Any]:
    """Columns of `help_plan` that follow from a case, with the days by which something is due."""
    notice, closure = case.notice, case.closure
    return {
        "phase": case.phase,
        "announced_on": notice.announced_on if notice else None,
        "expected_on": notice.expected_on if notice else None,
        "announced_by": notice.announced_by if notice else None,
        "announced_languages": frozenset(notice.languages if notice else ()),
        "arrived_on": case.arrived_on,
        "next_appointment_on": case.next_appointment_on,
        "review_due_on": review_due_on(case, book),
        "overall_review_due_on": overall_review_due_on(case, book),
        "closed_on": closure.closed_on if closure else None,
        "closure_reason": closure.reason if closure else None,
        "closure_text": (closure.text or None) if closure else None,
        "erase_due_on": erase_due_on(case, book),
    }


def identity_columns(person: Identity) -> dict[str, Any]:
    """Columns of `person` that follow from who somebody is."""
    return {
        "name": person.name.strip(),
        "birth_on": person.birth_on,
        "gender": person.gender,
        "contact": plain(person.contact),
        "profile": person.profile,
        "tags": person.tags,
    }


def home_columns(home: Home) -> dict[str, Any]:
    """Columns of `household` that follow from where it lives."""
    return {
        "home_name": home.place.name,
        "home_lat": round(home.place.lat, POINT_DIGITS),
        "home_lon": round(home.place.lon, POINT_DIGITS),
        "address": home.address or None,
        "children": plain(home.children),
        "shared_childcare": home.shared_childcare,
    }


def goal_columns(goal: Goal) -> dict[str, Any]:
    """Columns of `goal` that follow from a goal of a plan."""
    return {"text_de": goal.text_de, "text_en": goal.text_en, "due_on": goal.due_on}


def step_columns(step: PlanStep) -> dict[str, Any]:
    """Columns of `need` that follow from a step; whose it is and its place in the plan are not among them."""
    need, clocks = step.need, step.clocks
    return {
        "kind": need.kind,
        "goal_de": need.goal.text_de,
        "goal_en": need.goal.text_en,
        "goal_due_on": need.goal.due_on,
        "after_need_id": need.after,
        "relation": need.relation,
        "lag_days": need.lag_days,
        "max_lag_days": need.max_lag_days,
        "earliest_on": need.earliest_on,
        "target_on": need.target_on,
        "weight": need.weight,
        "features": need.features,
        "fixed_slot_id": need.fixed_slot,
        "proposed_slot_id": need.proposed_slot,
        "responsible": step.responsible,
        "preconditions": step.preconditions,
        "state": step.state,
        "entitled_on": clocks.entitled_on or need.entitled_on,
        "registered_on": clocks.registered_on,
        "placed_on": clocks.placed_on,
        "started_on": clocks.started_on,
        "done_on": step.done_on,
    }


def review_columns(review: StepReview) -> dict[str, Any]:
    """Columns of `review` that follow from the review of a step."""
    return {"reviewed_on": review.reviewed_on, "finding": review.finding, "why": review.why or None}
