"""Whose a row is follows from the help plan; what is foreign looks as if it were not there."""

import pytest

from plans.actions import Action
from plans.roles import ObjectScope, Role
from store import tables as t
from store.faults import Missing
from store.unit_of_work import ReadingUnit
from tests.store.builders import a_unit, a_whole_case, an_account, an_organisation, described
from tests.workflows.desks import REGION, a_caller, the_machine
from workflows.acting import Desk, Look, question
from workflows.refusal import Forbidden
from workflows.scopes import SCOPES, admit, scope_of


@question(Action.CLOSE_PLAN)
def take_up(look: Look, table: t.Table, id: str) -> str:
    return admit(look, table, id)["id"]


@pytest.fixture
def rows(store):
    with a_unit(store) as uow:
        made = a_whole_case(uow)
        made["anna"] = an_account(uow)
        made["other_office"] = an_organisation(uow, REGION, "other-office", type="municipality")
        uow.change(t.help_plan, made["plan"], 1, counsellor_id=made["anna"])
        about = {"region_id": REGION, "help_plan_id": made["plan"]}
        made["goal"] = uow.insert(t.goal, **about, position=1, text_de="Arbeit", text_en="Work")
        made["household"] = uow.get(t.person, made["person"])["household_id"]
        made["agreement"] = uow.insert(
            t.agreement,
            region_id=REGION,
            household_id=made["household"],
            organisation_id=made["office"],
            language="prs",
            state="drafted",
        )
        party = {"agreement_id": made["agreement"], "person_id": made["person"]}
        uow.insert(t.agreement_party, region_id=REGION, **party, position=1)
        described(uow).commit()
    return made


OF_THE_PERSON = [
    (t.person, "person"),
    (t.help_plan, "plan"),
    (t.household, "household"),
    (t.need, "need"),
    (t.goal, "goal"),
    (t.agreement, "agreement"),
]


@pytest.mark.parametrize(("table", "name"), OF_THE_PERSON, ids=lambda value: getattr(value, "name", ""))
def test_all_about_a_person_belongs_to_the_office_and_the_counsellor_of_the_plan(store, rows, table, name):
    with ReadingUnit(store) as unit:
        scope = scope_of(unit, table, unit.get(table, rows[name]))
    assert scope == ObjectScope(REGION, rows["office"], frozenset({rows["anna"]}))


@pytest.mark.parametrize(("table", "name"), OF_THE_PERSON, ids=lambda value: getattr(value, "name", ""))
def test_what_is_foreign_looks_as_if_it_were_not_there(store, rows, table, name):
    own = Desk(store, a_caller(Role.COUNSELLOR, rows["anna"], rows["office"]))
    assert take_up(own, table, rows[name]) == take_up(the_machine(store), table, rows[name]) == rows[name]
    not_theirs = [
        a_caller(Role.COUNSELLOR, "acc-other", rows["office"]),
        a_caller(Role.COUNSELLOR, rows["anna"], rows["other_office"]),
        a_caller(Role.COUNSELLOR, rows["anna"], rows["office"], "other-region"),
    ]
    for caller in not_theirs:
        with pytest.raises(Missing) as foreign:
            take_up(Desk(store, caller), table, rows[name])
        with pytest.raises(Missing) as missing:
            take_up(Desk(store, caller), table, "x-0")
        assert str(foreign.value).replace(rows[name], "…") == str(missing.value).replace("x-0", "…")


def test_a_role_that_may_never_is_told_nothing_about_what_there_is(store, rows):
    provider = Desk(store, a_caller(Role.PROVIDER, "acc-1", rows["provider"]))
    for id in (rows["person"], "per-nobody"):
        with pytest.raises(Forbidden):
            take_up(provider, t.person, id)


def test_a_person_without_a_counsellor_is_nobodys_own(store, rows):
    with a_unit(store) as uow:
        uow.change(t.help_plan, rows["plan"], 2, counsellor_id=None)
        described(uow).commit()
    with pytest.raises(Missing):
        take_up(
            Desk(store, a_caller(Role.COUNSELLOR, rows["anna"], rows["office"])), t.person, rows["person"]
        )


def test_every_table_with_a_scope_is_a_table():
    assert set(SCOPES) <= set(t.metadata.tables)
