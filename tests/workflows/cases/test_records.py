"""A help plan that is written into rows is the same when it is read again."""

from dataclasses import replace
from datetime import date

import pytest

from plans.actions import Action
from plans.case_records import Achievement, Closure, ClosureReason
from plans.fault import PlanFault
from plans.help_plan import Phase
from plans.steps import Finding, PlanStep, Precondition, StepReview
from plans.waiting import ClockDates
from store import tables as t
from store.faults import Missing, Stale
from store.tables import new_id
from store.unit_of_work import ReadingUnit
from tests.plans.builders import a_goal, a_need, an_analysis
from tests.store.builders import a_need as a_need_row
from tests.store.builders import a_person as a_person_row
from tests.store.builders import a_plan, a_unit, a_whole_case, described
from tests.workflows.desks import the_machine
from workflows.acting import Work, workflow
from workflows.cases.records import keep_case, keep_step, load_case, load_household, open_case
from workflows.plain import plain

MAY = date(2026, 5, 4)


@pytest.fixture
def rows(store):
    """One person whose plan was begun on 2 March 2026, with one step and no analysis yet."""
    with a_unit(store) as uow:
        made = a_whole_case(uow)
        uow.delete(t.referral, made["referral"])
        uow.delete(t.need, made["need"])
        plan = uow.get(t.help_plan, made["plan"])
        uow.change(t.help_plan, made["plan"], plan["version"], phase=Phase.ARRIVED)
        described(uow).commit()
    return made


@workflow(Action.EDIT_PLAN)
def change_case(work: Work, person_id: str, change) -> None:
    file = open_case(work.unit, person_id)
    work.reach()
    keep_case(work, file, change(file.case))
    work.record("help_plan", file.plan["id"], file.plan["region_id"])


@workflow(Action.EDIT_PLAN)
def change_step(work: Work, person_id: str, need_id: str, change, **how) -> None:
    file = open_case(work.unit, person_id)
    work.reach()
    keep_step(work, file, change(file.case.step(need_id)), **how)
    work.record("need", need_id, file.plan["region_id"])


def case_of(store, rows):
    with ReadingUnit(store) as unit:
        return load_case(unit, rows["person"])


def plan_row(store, rows):
    with ReadingUnit(store) as unit:
        return unit.get(t.help_plan, rows["plan"])


def two_steps(rows):
    first = PlanStep(
        a_need(new_id("ned"), earliest_on=MAY, target_on=date(2026, 6, 1), features=frozenset({"childcare"})),
        rows["provider"],
        frozenset({Precondition.CHILDCARE_PLACE, Precondition.ENTITLEMENT}),
        clocks=ClockDates(entitled_on=date(2026, 4, 1)),
    )
    first = replace(first, need=replace(first.need, entitled_on=date(2026, 4, 1)))
    second = PlanStep(
        a_need(new_id("ned"), kind="job/intake", after=first.id, lag_days=14, max_lag_days=90, weight=2.5),
        rows["person"],
    )
    return first, second


def planned(store, rows):
    steps = two_steps(rows)

    def change(case):
        case = case.analyse(an_analysis(analysed_on=date(2026, 3, 9))).analyse(an_analysis(analysed_on=MAY))
        return case.agree([a_goal(), a_goal(due_on=MAY, text_en="Work")], steps)

    change_case(the_machine(store), rows["person"], change)
    return steps


def test_a_plan_is_read_as_it_was_written(store, rows):
    before = case_of(store, rows)
    steps = planned(store, rows)
    case = case_of(store, rows)
    assert before.phase is Phase.ARRIVED
    assert case.steps == steps
    assert [analysis.analysed_on for analysis in case.analyses] == [date(2026, 3, 9), MAY]
    assert [goal.text_en for goal in case.goals] == ["German up to B1", "Work"]
    assert plan_row(store, rows)["phase"] is Phase.ACTIVE


def test_reviews_achievements_and_the_closure_are_read_as_they_were_written(store, rows):
    first, second = planned(store, rows)
    reviewed = first.review(StepReview(MAY, Finding.OBSTRUCTED, "no seat")).drop(MAY, "moved")
    ended = second.review(StepReview(MAY, Finding.DONE))
    closure = Closure(date(2026, 6, 1), ClosureReason.OTHER_REASON, "went home")

    def change(case):
        return case.with_step(reviewed).with_step(ended).achieve(MAY, Achievement.OWN_HOME).close(closure)

    change_case(the_machine(store), rows["person"], change)
    case = case_of(store, rows)
    assert case.steps == (reviewed, ended)
    assert case.achievements == ((MAY, Achievement.OWN_HOME),)
    assert case.closure == closure
    assert plan_row(store, rows)["erase_due_on"] == date(2028, 5, 31)


def test_only_the_step_that_changed_gets_a_new_version(store, rows):
    first, second = planned(store, rows)
    change = lambda step: step.fulfil(Precondition.ENTITLEMENT)  # noqa: E731
    version = plan_row(store, rows)["version"]
    change_step(the_machine(store), rows["person"], first.id, change)
    with ReadingUnit(store) as unit:
        versions = [unit.get(t.need, step.id)["version"] for step in (first, second)]
    assert versions == [2, 1]
    assert plan_row(store, rows)["version"] == version
    assert case_of(store, rows).step(first.id).preconditions == {Precondition.CHILDCARE_PLACE}


def unmark(store, rows):
    with a_unit(store) as uow:
        row = uow.get(t.help_plan, rows["plan"])
        uow.change(t.help_plan, rows["plan"], row["version"], replan_marked_at=None)
        described(uow).commit()


def test_a_plan_is_marked_for_a_re_plan_by_what_planning_reads_and_by_nothing_else(store, rows):
    first, _ = planned(store, rows)
    assert plan_row(store, rows)["replan_marked_at"] is not None
    unmark(store, rows)
    machine, person = the_machine(store), rows["person"]
    change_step(machine, person, first.id, lambda step: step.fulfil(Precondition.ENTITLEMENT))
    change_case(machine, person, lambda case: case.achieve(MAY, Achievement.OWN_HOME))
    change_case(machine, person, lambda case: case.analyse(replace(an_analysis(), analysed_on=MAY)))
    assert plan_row(store, rows)["replan_marked_at"] is None
    change_step(machine, person, first.id, lambda step: step.drop(MAY, "moved"))
    assert plan_row(store, rows)["replan_marked_at"] is not None
    unmark(store, rows)
    change_case(machine, person, lambda case: case.analyse(an_analysis(analysed_on=MAY, schooling_years=3)))
    assert plan_row(store, rows)["replan_marked_at"] is not None


def test_a_plan_that_somebody_else_changed_in_between_is_not_overwritten(store, rows):
    with ReadingUnit(store) as unit:
        read_before = open_case(unit, rows["person"])
    planned(store, rows)

    @workflow(Action.EDIT_PLAN)
    def write_what_was_read_before(work: Work) -> None:
        work.reach()
        keep_case(work, read_before, read_before.case.achieve(MAY, Achievement.OWN_HOME))

    with pytest.raises(Stale):
        write_what_was_read_before(the_machine(store))
    assert case_of(store, rows).achievements == ()


def test_a_person_who_is_not_there_has_no_plan(store, rows):
    with ReadingUnit(store) as unit, pytest.raises(Missing, match="per-nobody"):
        load_case(unit, "per-nobody")


def a_companion(uow, rows, waits_for):
    """Somebody else of the same household, whose step waits for the end of one of the first person's."""
    household_id = uow.get(t.person, rows["person"])["household_id"]
    other = a_person_row(uow, rows["region"], rows["office"])
    emptied = uow.get(t.person, other)["household_id"]
    uow.change(t.person, other, 1, household_id=household_id)
    plan = a_plan(uow, rows["region"], rows["office"], other)
    about = {"region_id": rows["region"], "help_plan_id": plan}
    uow.insert(t.analysis, **about, number=1, analysed_on=MAY, content=plain(an_analysis(analysed_on=MAY)))
    a_need_row(uow, rows["region"], plan, kind="job/intake", after_need_id=waits_for)
    return household_id, other, emptied


def test_a_household_is_read_with_those_who_are_planned_for(store, rows):
    first, _ = planned(store, rows)
    with a_unit(store) as uow:
        household_id, other, emptied = a_companion(uow, rows, first.id)
        described(uow).commit()

    def others_need():
        with ReadingUnit(store) as unit:
            members = {person.id: person for person in load_household(unit, household_id).members}
        assert set(members) == {rows["person"], other}
        return members[other].needs[0]

    assert others_need().after == first.id
    change_step(the_machine(store), rows["person"], first.id, lambda step: step.drop(MAY, "moved"))
    assert others_need().after is None
    with ReadingUnit(store) as unit, pytest.raises(PlanFault, match="no members"):
        load_household(unit, emptied)
