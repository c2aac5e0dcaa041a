"""Households, help plans and agreements."""

from __future__ import annotations

from datetime import date

from store import tables as t
from tests.plans.builders import an_analysis
from tests.reliability.interrupting import Call, Fresh, Life, call
from tests.workflows.agreements.edits import AGREEMENT_EDITS
from tests.workflows.cases.edits import CASE_EDITS, Edit, nothing_first
from tests.workflows.cases.scene import Scene, a_home, a_notice, a_running_case, a_scene, an_identity, karim
from workflows.agreements.drafting import draft_agreement
from workflows.agreements.reading import read_agreement
from workflows.cases.file import read_person
from workflows.cases.households import announce_household, create_household
from workflows.cases.placement import record_placement_test
from workflows.cases.reviews import hold_review
from workflows.cases.steps import drop_step
from workflows.cases.whole_case import read_case, read_for_sheet

MARCH_9 = date(2026, 3, 9)
ALONE = {drop_step, hold_review}
"""One ends what others change, the other must find no further steps."""


def call_of(scene: Scene, edit: Edit) -> Call:
    """An edit that is ready to be made on a case."""
    edit.first(scene)
    row = scene.plan(edit.about) if edit.edits is t.help_plan else scene.row(edit.edits, edit.about)
    desk, id, version = scene.anna, scene.ids[edit.about], row["version"]
    return Call(edit.workflow, desk, lambda: edit.call(desk, scene, id, version))


def of_households(fresh: Fresh) -> Life:
    """From the notice of an arrival on; a file that is read."""
    scene = a_scene(fresh(), MARCH_9)
    office, people = scene.ids["office"], [an_identity(), karim()]
    yield call(announce_household, scene.anna, office, a_home(), people, a_notice(scene))
    made = yield call(create_household, scene.anna, office, a_home(), people, date(2026, 3, 3))
    amina = made["person_ids"][0]
    yield call(read_person, scene.anna, amina)
    yield call(read_case, scene.anna, amina)
    yield call(read_for_sheet, scene.anna, amina, "prs")
    found = (MARCH_9, "integration-course/from-3", an_analysis().german, scene.ids["tests"])
    yield call(record_placement_test, scene.anna, amina, *found)


def of_cases(fresh: Fresh) -> Life:
    """Every edit of a case."""
    shared = a_running_case(fresh())
    for edit in CASE_EDITS:
        is_alone = edit.first is not nothing_first or edit.workflow in ALONE
        yield call_of(a_running_case(fresh()) if is_alone else shared, edit)


def of_agreements(fresh: Fresh) -> Life:
    """An agreement that is drafted and read, and every edit of one."""
    scene = a_running_case(fresh())
    people = [scene.ids["amina"]]
    made = yield call(draft_agreement, scene.anna, scene.ids["household"], people, "prs")
    yield call(read_agreement, scene.anna, made["id"])
    for edit in AGREEMENT_EDITS:
        yield call_of(a_running_case(fresh()), edit)
