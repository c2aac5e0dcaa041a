"""Steps come from a template or one by one, stay a forest, and are not changed behind a referral's back."""

from datetime import date

import pytest

from plans.fault import PlanFault
from plans.needs import Goal
from plans.roles import Role
from plans.step_draft import Follows
from plans.steps import Finding, Precondition, StepState
from plans.templates import profile
from plans.waiting import ClockDates
from store import tables as t
from store.faults import Missing
from store.unit_of_work import ReadingUnit
from tests.plans.builders import an_analysis
from tests.store.builders import a_group, a_referral, a_slot, a_unit, described
from tests.workflows.cases.scene import a_draft, a_running_case
from tests.workflows.desks import REGION
from workflows.cases.analysis import record_analysis
from workflows.cases.clocks import note_dates, note_entitlement
from workflows.cases.goals import change_goal
from workflows.cases.placement import deviate_from_placement, follow_placement, record_placement_test
from workflows.cases.records import load_case
from workflows.cases.reviews import review_step
from workflows.cases.steps import add_chain, add_step, change_step, drop_step, fulfil_precondition, move_step
from workflows.refusal import Refusal

MARCH_9 = date(2026, 3, 9)
TEST_RESULT = frozenset({Precondition.TEST_RESULT})


@pytest.fixture
def scene(store):
    return a_running_case(store)


def case_of(scene, person="amina"):
    with ReadingUnit(scene.store) as unit:
        return load_case(unit, scene.ids[person])


def step_of(scene):
    return case_of(scene).step(scene.ids["step"])


def test_a_template_gives_the_usual_chain(scene):
    chain = profile("recognised-refugee")
    made = add_chain(
        *(scene.anna, scene.ids["amina"], scene.version(), chain.key),
        earliest_on=MARCH_9,
        entitled_on=date(2026, 3, 5),
        done=[chain.steps[0].key],
    )
    case = case_of(scene)
    steps = [step for step in case.steps if step.id in made["step_ids"]]
    assert len(steps) == len(chain.steps) - 1
    assert {step.responsible for step in steps} == {scene.ids["office"]}
    assert {step.clocks.entitled_on for step in steps} == {date(2026, 3, 5)}
    assert all(step.need.after in made["step_ids"] for step in steps if step.need.after)
    assert any(step.need.after for step in steps)
    assert chain.goal in case.goals
    again = add_chain(scene.anna, scene.ids["amina"], made["version"], chain.key, earliest_on=MARCH_9)
    assert len(again["step_ids"]) == len(chain.steps)
    assert case_of(scene).goals.count(chain.goal) == 1


def test_a_template_must_be_known_and_needs_an_analysis(scene):
    with pytest.raises(PlanFault, match="emperor"):
        add_chain(scene.anna, scene.ids["amina"], scene.version(), "emperor", earliest_on=MARCH_9)
    with pytest.raises(PlanFault, match="no competence and social analysis"):
        version = scene.version("karim")
        add_chain(scene.anna, scene.ids["karim"], version, "recognised-refugee", earliest_on=MARCH_9)


def test_a_step_is_changed_and_its_dates_agreed(scene):
    changed = a_draft(scene, target_on=date(2026, 6, 1), weight=2.0, goal=Goal("B2", "B2"))
    change_step(scene.anna, scene.ids["step"], 1, changed)
    need = step_of(scene).need
    assert (need.target_on, need.weight, need.goal) == (date(2026, 6, 1), 2.0, Goal("B2", "B2"))


@pytest.mark.parametrize("who", ["amina", "job-centre"])
def test_a_person_or_an_organisation_of_the_region_is_responsible(scene, who):
    change_step(scene.anna, scene.ids["step"], 1, a_draft(scene, responsible=scene.ids[who]))
    assert step_of(scene).responsible == scene.ids[who]


def test_nobody_else_is_responsible(scene):
    for stranger in ("org-nowhere", scene.ids["karim"]):
        with pytest.raises(Missing, match=stranger):
            change_step(scene.anna, scene.ids["step"], 1, a_draft(scene, responsible=stranger))


def test_steps_stay_a_forest_within_the_household(scene):
    follows = Follows(scene.ids["step"], lag_days=7)
    draft = a_draft(scene, kind="job/intake", preconditions=frozenset())
    second = add_step(scene.anna, scene.ids["amina"], scene.version(), draft, follows)["step_id"]
    with pytest.raises(PlanFault, match="circle"):
        move_step(scene.anna, scene.ids["step"], 1, Follows(second))
    with pytest.raises(PlanFault, match="no predecessor"):
        move_step(scene.anna, scene.ids["step"], 1, Follows("ned-nowhere"))
    move_step(scene.anna, second, 1, Follows())
    assert case_of(scene).step(second).need.after is None
    # Somebody else of the household may wait for it as well.
    analysis = an_analysis(analysed_on=MARCH_9)
    record_analysis(scene.anna, scene.ids["karim"], scene.version("karim"), analysis)
    waits = add_step(scene.anna, scene.ids["karim"], scene.version("karim"), draft, follows)
    assert case_of(scene, "karim").step(waits["step_id"]).need.after == scene.ids["step"]


def test_what_was_missing_is_there_once(scene):
    fulfil_precondition(scene.anna, scene.ids["step"], 1, Precondition.CHILDCARE_PLACE)
    assert step_of(scene).preconditions == frozenset()
    with pytest.raises(PlanFault, match="childcare"):
        fulfil_precondition(scene.anna, scene.ids["step"], 2, Precondition.CHILDCARE_PLACE)


def test_a_step_is_given_up_with_a_reason(scene):
    with pytest.raises(PlanFault, match="why"):
        drop_step(scene.anna, scene.ids["step"], 1, " ")
    drop_step(scene.anna, scene.ids["step"], 1, "moved away")
    step = step_of(scene)
    assert (step.state, step.done_on, step.reviews[-1].why) == (StepState.DROPPED, MARCH_9, "moved away")
    with pytest.raises(PlanFault, match="make a new step"):
        change_step(scene.anna, scene.ids["step"], 2, a_draft(scene))


def test_the_four_dates_of_a_step_are_noted_by_hand(scene):
    scene.calendar.today = date(2026, 4, 27)
    dates = ClockDates(date(2026, 3, 5), date(2026, 3, 17), date(2026, 4, 20), date(2026, 4, 27))
    with pytest.raises(PlanFault, match="still missing"):
        note_dates(scene.anna, scene.ids["step"], 1, dates)
    fulfil_precondition(scene.anna, scene.ids["step"], 1, Precondition.CHILDCARE_PLACE)
    note_dates(scene.anna, scene.ids["step"], 2, dates)
    step = step_of(scene)
    assert (step.clocks, step.state, step.kept_its_date) == (dates, StepState.UNDER_WAY, True)
    assert step.need.entitled_on == date(2026, 3, 5)
    note_entitlement(scene.anna, scene.ids["step"], 3, date(2026, 3, 6))
    assert step_of(scene).clocks.entitled_on == date(2026, 3, 6)
    assert step_of(scene).clocks.started_on == date(2026, 4, 27)


def test_what_has_not_happened_yet_is_not_noted(scene):
    with pytest.raises(PlanFault, match="registered_on"):
        note_dates(scene.anna, scene.ids["step"], 1, ClockDates(registered_on=date(2026, 3, 10)))


def a_referral_for_the_step(scene, state="draft", **given):
    with a_unit(scene.store) as uow:
        group = a_group(uow, REGION, scene.ids["vhs"])
        slot = a_slot(uow, REGION, scene.ids["vhs"], group)
        id = a_referral(uow, scene.ids["step"], slot, state, **given)
        described(uow).commit()
    return id


def test_while_a_referral_is_open_the_step_is_neither_dropped_nor_ended_nor_dated_by_hand(scene):
    referral = a_referral_for_the_step(scene)
    step = scene.ids["step"]
    refused = [
        lambda: drop_step(scene.anna, step, 1, "moved"),
        lambda: review_step(scene.anna, step, 1, MARCH_9, Finding.DONE),
        lambda: note_dates(scene.anna, step, 1, ClockDates(registered_on=MARCH_9)),
        lambda: change_step(scene.anna, step, 1, a_draft(scene, kind="job/intake")),
    ]
    for edit in refused:
        with pytest.raises(Refusal, match=referral):
            edit()
    review_step(scene.anna, step, 1, MARCH_9, Finding.OPEN)
    change_step(scene.anna, step, 2, a_draft(scene, weight=2.0))


def test_a_step_is_done_while_its_referral_goes_on(scene):
    a_referral_for_the_step(scene, "in-progress", started_on=MARCH_9)
    review_step(scene.anna, scene.ids["step"], 1, MARCH_9, Finding.DONE)
    assert step_of(scene).state is StepState.DONE


def test_a_goal_is_changed(scene):
    change_goal(scene.anna, scene.ids["goal"], 1, Goal("Ausbildung", "Training", date(2027, 9, 1)))
    assert case_of(scene).goals == (Goal("Ausbildung", "Training", date(2027, 9, 1)),)


# ── The placement test ──


def tested(scene, desk=None, kind="integration-course/from-3"):
    made = record_placement_test(
        desk or scene.anna, scene.ids["amina"], MARCH_9, kind, an_analysis().german, scene.ids["tests"]
    )
    scene.ids["placement"] = made["id"]


def test_a_test_fixes_the_kind_of_the_open_course_and_of_nothing_else(scene):
    change_step(scene.anna, scene.ids["step"], 1, a_draft(scene, preconditions=TEST_RESULT))
    other = a_draft(scene, kind="job/intake", preconditions=TEST_RESULT)
    job = add_step(scene.anna, scene.ids["amina"], scene.version(), other)["step_id"]
    tested(scene)
    assert follow_placement(scene.anna, scene.ids["placement"], 1)["step_ids"] == [scene.ids["step"]]
    assert (step_of(scene).need.kind, step_of(scene).preconditions) == (
        "integration-course/from-3",
        frozenset(),
    )
    assert case_of(scene).step(job).preconditions == TEST_RESULT


def test_a_deviation_needs_a_written_reason_and_a_difference(scene):
    tested(scene)
    id = scene.ids["placement"]
    with pytest.raises(PlanFault, match="written reason"):
        deviate_from_placement(scene.anna, id, 1, "integration-course/from-1", "–")
    with pytest.raises(PlanFault, match="leave out the reason"):
        deviate_from_placement(scene.anna, id, 1, "integration-course/from-3", "Her script is slow.")
    deviate_from_placement(scene.anna, id, 1, "integration-course/from-1", "Her script is slow.")
    row = scene.row(t.placement, "placement")
    assert (row["decided_kind"], row["reason"]) == ("integration-course/from-1", "Her script is slow.")
    assert (row["decided_by"], row["decided_on"]) == (scene.ids["anna"], MARCH_9)


def test_a_test_is_of_the_past_by_an_organisation_of_the_region_and_finds_a_known_kind(scene):
    skills, amina, anna = an_analysis().german, scene.ids["amina"], scene.anna
    kind, tests = "integration-course/from-3", scene.ids["tests"]
    with pytest.raises(PlanFault, match="tested_on"):
        record_placement_test(anna, amina, date(2026, 3, 10), kind, skills, tests)
    with pytest.raises(Missing, match="org-nowhere"):
        record_placement_test(anna, amina, MARCH_9, kind, skills, "org-nowhere")
    with pytest.raises(PlanFault, match="magic"):
        record_placement_test(anna, amina, MARCH_9, "magic", skills, tests)


def test_a_provider_records_a_test_of_those_it_has_taken_up_only(scene):
    provider = scene.desk(Role.PROVIDER, "ben", "vhs")
    with pytest.raises(Missing):
        tested(scene, provider)
    a_referral_for_the_step(scene, "in-progress", started_on=MARCH_9)
    tested(scene, provider)
    with pytest.raises(Missing):
        tested(scene, scene.desk(Role.PROVIDER, "ben", "kita-mond"))
    with pytest.raises(Refusal, match="still open"):
        follow_placement(provider, scene.ids["placement"], 1)
