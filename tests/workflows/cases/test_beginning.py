"""A household is announced or met, its people arrive, and somebody looks after each of them."""

from dataclasses import replace
from datetime import date

import pytest

from network.model import Place
from plans.case_records import Closure, ClosureReason
from plans.fault import PlanFault
from plans.help_plan import Phase
from plans.roles import Role
from store import tables as t
from store.faults import Missing
from store.unit_of_work import ReadingUnit
from tests.plans.builders import an_analysis
from tests.store.builders import a_unit, described
from tests.workflows.cases.scene import a_home, a_notice, a_running_case, a_scene, an_identity, karim
from tests.workflows.desks import the_machine
from workflows.cases.analysis import record_analysis
from workflows.cases.closing import close_plan
from workflows.cases.households import add_person, announce_household, create_household, edit_household
from workflows.cases.lists import list_due_reviews
from workflows.cases.persons import arrive, assign_counsellor, change_notice, edit_person
from workflows.refusal import Refusal


@pytest.fixture
def scene(store):
    return a_scene(store, date(2026, 2, 9))


@pytest.fixture
def running(store):
    return a_running_case(store)


def announced(scene, desk=None, **notice):
    made = announce_household(
        *(desk or scene.anna, scene.ids["office"], a_home(), [an_identity(), karim()]),
        a_notice(scene, **notice),
    )
    scene.ids["household"] = made["household_id"]
    scene.ids["amina"], scene.ids["karim"] = made["person_ids"]
    return made


def test_a_household_is_announced_before_it_arrives(scene):
    announced(scene)
    plan = scene.plan("karim")
    assert (plan["phase"], plan["review_due_on"]) == (Phase.ANNOUNCED, date(2026, 3, 2))
    assert (plan["announced_on"], plan["expected_on"]) == (date(2026, 2, 9), date(2026, 3, 2))
    assert plan["announced_by"] == scene.ids["reception"]
    assert plan["announced_languages"] == {"prs"}


def test_who_does_not_come_on_the_day_expected_is_not_lost_from_view(scene):
    announced(scene)
    change_notice(scene.anna, scene.ids["karim"], scene.version("karim"), date(2026, 3, 16), ["prs", "eng"])
    assert scene.plan("karim")["announced_languages"] == {"prs", "eng"}
    scene.calendar.today = date(2026, 3, 3)
    (due,) = list_due_reviews(scene.anna).rows
    assert (due["person_id"], due["phase"]) == (scene.ids["amina"], Phase.ANNOUNCED)
    closure = Closure(date(2026, 3, 3), ClosureReason.MOVED_AWAY)
    close_plan(scene.anna, scene.ids["amina"], scene.version(), closure)
    assert list_due_reviews(scene.anna).rows == []


def test_who_is_here_already_begins_without_a_notice(scene):
    made = create_household(scene.anna, scene.ids["office"], a_home(), [an_identity()], date(2026, 2, 2))
    (scene.ids["amina"],) = made["person_ids"]
    plan = scene.plan()
    assert (plan["phase"], plan["arrived_on"]) == (Phase.ARRIVED, date(2026, 2, 2))
    assert plan["review_due_on"] == date(2026, 3, 2)


def test_an_arrival_begins_the_reviews_and_lies_neither_ahead_nor_before_the_notice(scene):
    announced(scene)
    for arrived_on in (date(2026, 2, 8), date(2026, 2, 10)):
        with pytest.raises(PlanFault, match="date"):
            arrive(scene.anna, scene.ids["amina"], scene.version(), arrived_on)
    scene.calendar.today = date(2026, 3, 3)
    arrive(scene.anna, scene.ids["amina"], scene.version(), date(2026, 3, 3))
    assert scene.plan()["review_due_on"] == date(2026, 3, 31)
    with pytest.raises(PlanFault, match="noted already"):
        arrive(scene.anna, scene.ids["amina"], scene.version(), date(2026, 3, 3))


def test_nobody_is_analysed_before_the_arrival(scene):
    announced(scene)
    with pytest.raises(PlanFault, match="note the arrival first"):
        record_analysis(
            scene.anna, scene.ids["amina"], scene.version(), an_analysis(analysed_on=date(2026, 2, 9))
        )


def test_the_counsellor_who_begins_looks_after_them_and_a_coordinator_leaves_it_open(scene):
    announced(scene)
    assert scene.plan()["counsellor_id"] == scene.ids["anna"]
    announced(scene, scene.desk(Role.COORDINATOR, "carla", "reception"))
    assert scene.plan()["counsellor_id"] is None


@pytest.mark.parametrize("office", ["other-office", "nowhere"])
def test_a_household_begins_in_the_own_office_only(scene, office):
    scene.ids["nowhere"] = "org-nowhere"
    with pytest.raises(Missing, match=scene.ids[office]):
        create_household(scene.anna, scene.ids[office], a_home(), [karim()], date(2026, 2, 2))


def test_a_notice_comes_from_an_organisation_of_the_region_and_names_somebody(scene):
    with pytest.raises(Missing, match="org-nowhere"):
        announced(scene, announced_by="org-nowhere")
    with pytest.raises(PlanFault, match="no members"):
        announce_household(scene.anna, scene.ids["office"], a_home(), [], a_notice(scene))


def test_nobody_is_born_after_today_or_after_the_arrival(scene):
    for birth_on in (date(2026, 2, 3), date(2027, 1, 1)):
        with pytest.raises(PlanFault, match="birth_on"):
            create_household(
                *(scene.anna, scene.ids["office"], a_home(), [an_identity(birth_on=birth_on)]),
                date(2026, 2, 2),
            )
    with ReadingUnit(scene.store) as unit:
        assert unit.count(t.household) == 0


def test_somebody_joins_a_household_later(running):
    ida = an_identity("Ida Muster")
    made = add_person(running.anna, running.ids["household"], 1, ida, arrived_on=date(2026, 3, 8))
    running.ids["ida"] = made["person_id"]
    assert made["version"] == 2
    assert running.plan("ida")["phase"] is Phase.ARRIVED


def unmarked(scene):
    with ReadingUnit(scene.store) as unit:
        return not unit.find(t.help_plan, t.help_plan.c.replan_marked_at.is_not(None))


def unmark(scene):
    """As if the plan had just been made again."""
    with a_unit(scene.store) as uow:
        plan = uow.find(t.help_plan, person_id=scene.ids["amina"])[0]
        uow.change(t.help_plan, plan["id"], plan["version"], replan_marked_at=None)
        described(uow).commit()


def test_a_move_marks_plans_with_open_steps_and_a_new_address_alone_does_not(scene):
    announced(scene)
    elsewhere = Place("Probedorf", 51.6, 7.5)
    edit_household(scene.anna, scene.ids["household"], 1, a_home(place=elsewhere))
    assert unmarked(scene)  # nobody has any steps yet


def test_what_planning_reads_of_a_home_or_person_marks_the_plan(running):
    unmark(running)
    edit_household(running.anna, running.ids["household"], 1, a_home(address="Musterweg 2"))
    edit_person(running.anna, running.ids["amina"], 1, an_identity("Amina Beispiel"))
    assert unmarked(running)
    edit_household(running.anna, running.ids["household"], 2, a_home(shared_childcare=True))
    assert running.plan()["replan_marked_at"] is not None
    assert running.plan("karim")["replan_marked_at"] is None  # has no steps


def test_other_tags_mark_the_plan(running):
    unmark(running)
    tags = frozenset({"refugee", "female", "parent"})
    edit_person(running.anna, running.ids["amina"], 1, an_identity(tags=tags))
    assert running.plan()["replan_marked_at"] is not None


def test_a_person_who_was_renamed_is_found_under_the_new_name(running):
    edit_person(running.anna, running.ids["amina"], 1, an_identity("Amina Beispiel"))
    with ReadingUnit(running.store) as unit:
        index = t.person.c.name_birth_index
        assert unit.look_up(index, "Amina Muster", date(1990, 5, 17)) == []
        assert len(unit.look_up(index, "Amina Beispiel", date(1990, 5, 17))) == 1


def test_somebody_else_looks_after_a_person_and_takes_over_the_appointments(running):
    assign_counsellor(running.anna, running.ids["amina"], running.version(), running.ids["carla"])
    assert running.plan()["counsellor_id"] == running.ids["carla"]
    assert running.row(t.appointment, "appointment")["account_id"] == running.ids["carla"]
    assign_counsellor(the_machine(running.store), running.ids["amina"], running.version(), None)
    assert running.plan()["counsellor_id"] is None


@pytest.mark.parametrize("account", ["ben", "nobody"])
def test_only_a_counsellor_of_the_office_can_look_after_a_person(running, account):
    running.ids["nobody"] = "acc-nobody"
    with pytest.raises(Refusal, match="no active counsellor"):
        assign_counsellor(running.anna, running.ids["amina"], running.version(), running.ids[account])


def test_nobody_is_looked_after_by_an_account_that_was_deactivated(running):
    with a_unit(running.store) as uow:
        uow.change(t.account, running.ids["carla"], 1, is_active=False)
        described(uow).commit()
    with pytest.raises(Refusal, match="no active counsellor"):
        assign_counsellor(running.anna, running.ids["amina"], running.version(), running.ids["carla"])


def test_a_request_that_comes_twice_makes_one_household(scene):
    desk = replace(scene.anna, request_key="request-0001")
    args = (scene.ids["office"], a_home(), [an_identity()], date(2026, 2, 2))
    assert create_household(desk, *args) == create_household(desk, *args)
    with ReadingUnit(scene.store) as unit:
        assert unit.count(t.household) == unit.count(t.person) == 1


def test_analyses_are_numbered_and_kept(running):
    second = an_analysis(analysed_on=date(2026, 3, 9), schooling_years=12)
    amina = running.ids["amina"]
    assert record_analysis(running.anna, amina, running.version(), second)["number"] == 2
    with ReadingUnit(running.store) as unit:
        rows = unit.find(t.analysis, order_by=t.analysis.c.number)
    assert [row["content"]["schooling_years"] for row in rows] == [8, 12]
    with pytest.raises(PlanFault, match="before the last"):
        early = an_analysis(analysed_on=date(2026, 3, 8))
        record_analysis(running.anna, amina, running.version(), early)
