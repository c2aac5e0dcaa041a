"""Zeilen lesen: rows of the store become objects of the plan room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from network.model import Place
from plans.analysis import Analysis
from plans.case_records import ArrivalNotice, Closure, Talk
from plans.help_plan import Case, Phase
from plans.model import Child, Household, Person
from plans.needs import Goal, Need
from plans.steps import PlanStep, StepReview
from plans.waiting import ClockDates
from store import tables as t
from workflows.plain import read

Row = Mapping[str, Any]


@dataclass(frozen=True)
class CaseRows:
    """Zeilen eines Hilfeplans: everything of one plan, each in its order.

    Parameters
    ----------
    plan : mapping
        Row of `help_plan`.
    analyses, goals, needs, reviews, appointments, achievements : sequence of mapping
        Rows of these tables that belong to it; reviews of all its needs.
    """

    plan: Row
    analyses: Sequence[Row] = ()
    goals: Sequence[Row] = ()
    needs: Sequence[Row] = ()
    reviews: Sequence[Row] = ()
    appointments: Sequence[Row] = ()
    achievements: Sequence[Row] = ()


def case_from(rows: CaseRows) -> Case:
    """Make the case of a help plan from its rows."""
    plan = rows.plan
    held = [row for row in rows.appointments if row["state"] is t.AppointmentState.HELD]
    return Case(
        person_id=plan["person_id"],
        notice=notice_from(plan),
        arrived_on=plan["arrived_on"],
        analyses=tuple(analysis_from(row) for row in sorted(rows.analyses, key=lambda row: row["number"])),
        goals=tuple(goal_from(row) for row in sorted(rows.goals, key=_position)),
        steps=steps_from(rows.needs, rows.reviews),
        next_appointment_on=plan["next_appointment_on"],
        talks=tuple(
            Talk(row["held_on"], row["is_overall"]) for row in sorted(held, key=lambda row: row["held_on"])
        ),
        achievements=tuple((row["achieved_on"], row["what"]) for row in rows.achievements),
        closure=closure_from(plan),
    )


def notice_from(plan: Row) -> ArrivalNotice | None:
    """Make the notice before arrival from a help plan's row; None where there was none."""
    if plan["announced_on"] is None:
        return None
    languages = tuple(sorted(plan["announced_languages"]))
    return ArrivalNotice(plan["announced_on"], plan["expected_on"], plan["announced_by"], languages)


def closure_from(plan: Row) -> Closure | None:
    """Make the closure from a help plan's row; None while it is open."""
    if plan["phase"] is not Phase.CLOSED:
        return None
    return Closure(plan["closed_on"], plan["closure_reason"], plan["closure_text"] or "")


def analysis_from(row: Row) -> Analysis:
    """Make an analysis from its row."""
    analysis: Analysis = read(Analysis, row["content"], "analysis")
    return analysis


def goal_from(row: Row) -> Goal:
    """Make a goal of a plan from its row."""
    return Goal(row["text_de"], row["text_en"], row["due_on"])


def steps_from(needs: Iterable[Row], reviews: Iterable[Row]) -> tuple[PlanStep, ...]:
    """Make the steps of a plan from the rows of its needs and of their reviews, in their order."""
    by_need: dict[str, list[Row]] = {}
    for review in sorted(reviews, key=lambda row: row["number"]):
        by_need.setdefault(review["need_id"], []).append(review)
    return tuple(step_from(row, by_need.get(row["id"], ())) for row in sorted(needs, key=_position))


def step_from(row: Row, reviews: Iterable[Row] = ()) -> PlanStep:
    """Make one step from the rows of its need and of its reviews, oldest first."""
    return PlanStep(
        need=need_from(row),
        responsible=row["responsible"],
        preconditions=row["preconditions"],
        state=row["state"],
        clocks=clocks_from(row),
        done_on=row["done_on"],
        reviews=tuple(StepReview(one["reviewed_on"], one["finding"], one["why"] or "") for one in reviews),
    )


def need_from(row: Row) -> Need:
    """Make the need of a step from its row."""
    return Need(
        id=row["id"],
        kind=row["kind"],
        earliest_on=row["earliest_on"],
        goal=Goal(row["goal_de"], row["goal_en"], row["goal_due_on"]),
        after=row["after_need_id"],
        relation=row["relation"],
        lag_days=row["lag_days"],
        max_lag_days=row["max_lag_days"],
        entitled_on=row["entitled_on"],
        target_on=row["target_on"],
        weight=row["weight"],
        features=row["features"],
        fixed_slot=row["fixed_slot_id"],
        proposed_slot=row["proposed_slot_id"],
    )


def clocks_from(row: Row) -> ClockDates:
    """Make the four dates of both clocks from the row of a need or of a referral."""
    return ClockDates(row["entitled_on"], row["registered_on"], row["placed_on"], row["started_on"])


def person_from(row: Row, case: Case, others: Iterable[PlanStep] = ()) -> Person:
    """Make a person with the open steps from its row and its case.

    Parameters
    ----------
    row, case : mapping, Case
        Row of `person`, and the help plan.
    others : iterable of PlanStep
        Steps of the others of the household.

    Raises
    ------
    PlanFault
        Where there is no analysis yet.
    """
    expected_on = case.notice.expected_on if case.notice else None
    arrived_on = case.arrived_on or expected_on
    assert arrived_on is not None  # a case has one of them
    return Person(
        id=row["id"],
        name=row["name"],
        birth_on=row["birth_on"],
        arrived_on=arrived_on,
        profile=row["profile"],
        plan=case.help_plan(others),
        gender=row["gender"],
        tags=row["tags"],
    )


def household_from(row: Row, members: Iterable[Person]) -> Household:
    """Make a household from its row and those of its persons who are planned for."""
    return Household(
        id=row["id"],
        members=tuple(members),
        home=home_from(row),
        children=children_from(row),
        shared_childcare=row["shared_childcare"],
    )


def home_from(row: Row) -> Place:
    """Make the place of a household from its row."""
    return Place(row["home_name"], row["home_lat"], row["home_lon"])


def children_from(row: Row) -> tuple[Child, ...]:
    """Make the children of a household from its row."""
    children: tuple[Child, ...] = read(tuple[Child, ...], row["children"], "children")
    return children


def _position(row: Row) -> int:
    return int(row["position"])
