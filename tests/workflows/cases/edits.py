"""Every workflow that edits something of a case: how it is called on the running case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from plans.case_records import Achievement, Closure, ClosureReason
from plans.needs import Goal
from plans.step_draft import Follows
from plans.steps import Finding, Precondition
from plans.waiting import ClockDates
from store import tables as t
from tests.plans.builders import an_analysis
from tests.workflows.cases.scene import Scene, a_draft, a_home, a_notice, an_identity, karim
from workflows.acting import Desk
from workflows.cases.analysis import record_analysis
from workflows.cases.appointments import (
    cancel_appointment,
    move_appointment,
    note_missed_appointment,
    set_appointment,
)
from workflows.cases.clocks import note_dates, note_entitlement
from workflows.cases.closing import close_plan, record_achievement, reopen_plan
from workflows.cases.goals import add_goal, change_goal
from workflows.cases.households import add_person, edit_household
from workflows.cases.order import bring_forward
from workflows.cases.persons import arrive, assign_counsellor, change_notice, edit_person
from workflows.cases.placement import deviate_from_placement, follow_placement, record_placement_test
from workflows.cases.reviews import hold_review, review_step
from workflows.cases.steps import add_chain, add_step, change_step, drop_step, fulfil_precondition, move_step

Call = Callable[[Desk, Scene, str, Any], Any]


def nothing_first(scene: Scene) -> None:
    """The running case is as it must be."""


@dataclass(frozen=True)
class Edit:
    """One workflow that edits.

    Parameters
    ----------
    workflow : callable
        Which.
    about : str
        Name in the scene of what its id names: a person, a step, a goal, …
    call : callable
        Calls it from a desk, with an id and a version.
    edits : Table
        Whose version it takes.
    first : callable
        What must be done before it is possible.
    """

    workflow: Callable[..., Any]
    about: str
    call: Call
    edits: t.Table = t.help_plan
    first: Callable[[Scene], None] = nothing_first


def a_test_was_made(scene: Scene) -> None:
    skills = an_analysis().german
    made = record_placement_test(
        *(scene.anna, scene.ids["amina"], date(2026, 3, 9), "integration-course/from-3", skills),
        scene.ids["tests"],
    )
    scene.ids["placement"] = made["id"]


def another_step_follows(scene: Scene) -> None:
    draft, follows = a_draft(scene, goal=WORK), Follows(scene.ids["step"])
    added = add_step(scene.anna, scene.ids["amina"], scene.version(), draft, follows)
    scene.ids["follower"] = added["step_id"]


def the_step_is_done(scene: Scene) -> None:
    review_step(scene.anna, scene.ids["step"], 1, date(2026, 3, 9), Finding.DONE)


def the_plan_is_closed(scene: Scene) -> None:
    the_step_is_done(scene)
    close_plan(scene.anna, scene.ids["amina"], scene.version(), GOALS_REACHED)


def the_day_of_the_talk_has_come(scene: Scene) -> None:
    scene.calendar.today = date(2026, 4, 8)


def somebody_is_announced(scene: Scene) -> None:
    version = scene.row(t.household, "household")["version"]
    sister = an_identity("Sara Muster")
    made = add_person(scene.anna, scene.ids["household"], version, sister, notice=a_notice(scene))
    scene.ids["sara"] = made["person_id"]


MARCH_9 = date(2026, 3, 9)
WORK = Goal("Arbeit", "Work")
GOALS_REACHED = Closure(MARCH_9, ClosureReason.GOALS_REACHED)
REASON = "Her script is slow; the test centre agrees."

CASE_EDITS = (
    Edit(
        edit_household,
        "household",
        lambda desk, _, id, version: edit_household(desk, id, version, a_home(children=())),
        t.household,
    ),
    Edit(
        add_person,
        "household",
        lambda desk, _, id, version: add_person(desk, id, version, karim(), arrived_on=MARCH_9),
        t.household,
    ),
    Edit(
        edit_person,
        "amina",
        lambda desk, _, id, version: edit_person(desk, id, version, an_identity("Amina Beispiel")),
        t.person,
    ),
    Edit(
        arrive,
        "sara",
        lambda desk, _, id, version: arrive(desk, id, version, MARCH_9),
        first=somebody_is_announced,
    ),
    Edit(
        change_notice,
        "sara",
        lambda desk, _, id, version: change_notice(desk, id, version, date(2026, 4, 1), ("prs",)),
        first=somebody_is_announced,
    ),
    Edit(
        assign_counsellor,
        "amina",
        lambda desk, scene, id, version: assign_counsellor(desk, id, version, scene.ids["carla"]),
    ),
    Edit(
        record_analysis,
        "amina",
        lambda desk, _, id, version: record_analysis(desk, id, version, an_analysis(analysed_on=MARCH_9)),
    ),
    Edit(add_goal, "amina", lambda desk, _, id, version: add_goal(desk, id, version, WORK)),
    Edit(change_goal, "goal", lambda desk, _, id, version: change_goal(desk, id, version, WORK), t.goal),
    Edit(
        add_chain,
        "amina",
        lambda desk, _, id, version: add_chain(desk, id, version, "recognised-refugee", earliest_on=MARCH_9),
    ),
    Edit(
        add_step,
        "amina",
        lambda desk, scene, id, version: add_step(desk, id, version, a_draft(scene)),
    ),
    Edit(
        change_step,
        "step",
        lambda desk, scene, id, version: change_step(desk, id, version, a_draft(scene, weight=2.0)),
        t.need,
    ),
    Edit(move_step, "step", lambda desk, _, id, version: move_step(desk, id, version, Follows()), t.need),
    Edit(
        fulfil_precondition,
        "step",
        lambda desk, _, id, version: fulfil_precondition(desk, id, version, Precondition.CHILDCARE_PLACE),
        t.need,
    ),
    Edit(
        bring_forward,
        "follower",
        lambda desk, _, id, version: bring_forward(desk, id, version),
        t.need,
        first=another_step_follows,
    ),
    Edit(drop_step, "step", lambda desk, _, id, version: drop_step(desk, id, version, "moved"), t.need),
    Edit(
        note_entitlement,
        "step",
        lambda desk, _, id, version: note_entitlement(desk, id, version, MARCH_9),
        t.need,
    ),
    Edit(
        note_dates,
        "step",
        lambda desk, _, id, version: note_dates(desk, id, version, ClockDates(registered_on=MARCH_9)),
        t.need,
    ),
    Edit(
        set_appointment,
        "amina",
        lambda desk, _, id, version: set_appointment(desk, id, version, date(2026, 3, 30)),
    ),
    Edit(
        move_appointment,
        "appointment",
        lambda desk, _, id, version: move_appointment(desk, id, version, date(2026, 4, 14)),
        t.appointment,
    ),
    Edit(
        cancel_appointment,
        "appointment",
        lambda desk, _, id, version: cancel_appointment(desk, id, version),
        t.appointment,
    ),
    Edit(
        note_missed_appointment,
        "appointment",
        lambda desk, _, id, version: note_missed_appointment(desk, id, version),
        t.appointment,
        the_day_of_the_talk_has_come,
    ),
    Edit(
        hold_review,
        "amina",
        lambda desk, scene, id, version: hold_review(
            *(desk, id, version, MARCH_9, {scene.ids["step"]: (Finding.OBSTRUCTED, "no seat")}),
            date(2026, 4, 7),
            note="Frau Muster wünscht einen Abendkurs.",
        ),
    ),
    Edit(
        review_step,
        "step",
        lambda desk, _, id, version: review_step(desk, id, version, MARCH_9, Finding.OPEN),
        t.need,
    ),
    Edit(
        follow_placement,
        "placement",
        lambda desk, _, id, version: follow_placement(desk, id, version),
        t.placement,
        a_test_was_made,
    ),
    Edit(
        deviate_from_placement,
        "placement",
        lambda desk, _, id, version: deviate_from_placement(
            desk, id, version, "integration-course/from-1", REASON
        ),
        t.placement,
        a_test_was_made,
    ),
    Edit(
        record_achievement,
        "amina",
        lambda desk, _, id, version: record_achievement(desk, id, version, MARCH_9, Achievement.OWN_HOME),
    ),
    Edit(
        close_plan,
        "amina",
        lambda desk, _, id, version: close_plan(desk, id, version, GOALS_REACHED),
        first=the_step_is_done,
    ),
    Edit(
        reopen_plan,
        "amina",
        lambda desk, _, id, version: reopen_plan(desk, id, version, date(2026, 3, 30)),
        first=the_plan_is_closed,
    ),
)
