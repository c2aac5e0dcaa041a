"""A workflow is one permission, one transaction and one audit entry, or nothing at all."""

import pytest
import sqlalchemy as sa

from plans.actions import Action
from plans.roles import ObjectScope, Role, Whose
from store import tables as t
from store.faults import KeyReused, Missing
from store.unit_of_work import ReadingUnit
from tests.store.builders import a_region, a_unit, an_organisation, described
from tests.workflows.desks import REGION, a_caller, the_machine
from workflows.acting import DECLARED, Desk, Look, Work, question, workflow
from workflows.refusal import TEXTS, Forbidden, Refusal


@workflow(Action.EDIT_ACTOR)
def rename(work: Work, organisation_id: str, name: str) -> str:
    row = work.unit.get(t.organisation, organisation_id)
    scope = ObjectScope(row["region_id"], organisation_id)
    work.allow(scope, t.organisation, organisation_id)
    work.unit.change(t.organisation, organisation_id, row["version"], name=name)
    work.record("organisation", organisation_id, row["region_id"])
    return name


@workflow(Action.EDIT_ACTOR)
def rename_without_asking(work: Work, organisation_id: str) -> None:
    row = work.unit.get(t.organisation, organisation_id)
    work.unit.change(t.organisation, organisation_id, row["version"], name="Heimlich")
    work.record("organisation", organisation_id, row["region_id"])


@workflow(Action.EDIT_ACTOR)
def rename_and_fail(work: Work, organisation_id: str) -> None:
    row = work.unit.get(t.organisation, organisation_id)
    work.allow(ObjectScope(row["region_id"], organisation_id), t.organisation, organisation_id)
    work.unit.change(t.organisation, organisation_id, row["version"], name="Halb")
    work.record("organisation", organisation_id, row["region_id"])
    raise ZeroDivisionError


@question(Action.READ_NETWORK)
def names(look: Look) -> list[str]:
    look.reach()
    return [row["name"] for row in look.unit.find(t.organisation)]


@question(Action.READ_NETWORK)
def names_without_asking(look: Look) -> list[str]:
    return [row["name"] for row in look.unit.find(t.organisation)]


@pytest.fixture
def vhs(store):
    with a_unit(store) as uow:
        a_region(uow)
        id = an_organisation(uow, REGION, name="VHS")
        described(uow).commit()
    return id


def provider_of(store, organisation_id):
    return Desk(store, a_caller(Role.PROVIDER, "acc-1", organisation_id))


def name_now(store):
    return names(the_machine(store))


def entries(store):
    with ReadingUnit(store) as unit:
        return unit.connection.execute(sa.select(t.audit_entry).order_by("sequence")).all()


def test_who_may_changes_it_with_one_entry(store, vhs):
    before = len(entries(store))
    assert rename(provider_of(store, vhs), vhs, "Volkshochschule") == "Volkshochschule"
    assert name_now(store) == ["Volkshochschule"]
    (entry,) = entries(store)[before:]
    assert (entry.action, entry.object_id, entry.account_id) == (Action.EDIT_ACTOR, vhs, "acc-1")


def test_what_belongs_to_others_looks_as_if_it_were_not_there(store, vhs):
    others = provider_of(store, "org-other")
    with pytest.raises(Missing) as foreign:
        rename(others, vhs, "Fremd")
    with pytest.raises(Missing) as missing:
        rename(others, "org-nowhere", "Fremd")
    assert str(foreign.value).replace(vhs, "…") == str(missing.value).replace("org-nowhere", "…")
    assert name_now(store) == ["VHS"]


def test_a_role_that_may_never_do_it_is_told_so(store, vhs):
    counsellor = Desk(store, a_caller(Role.COUNSELLOR, "acc-1", vhs))
    with pytest.raises(Forbidden, match="edit-actor"):
        rename(counsellor, vhs, "Fremd")


def test_a_workflow_that_asks_for_no_permission_is_not_committed(store, vhs):
    with pytest.raises(RuntimeError, match="rename_without_asking asked for no permission"):
        rename_without_asking(provider_of(store, vhs), vhs)
    assert name_now(store) == ["VHS"]


def test_a_question_that_asks_for_no_permission_is_not_answered(store, vhs):
    with pytest.raises(RuntimeError, match="names_without_asking"):
        names_without_asking(provider_of(store, vhs))


def test_a_fault_in_the_middle_leaves_nothing(store, vhs):
    before = len(entries(store))
    with pytest.raises(ZeroDivisionError):
        rename_and_fail(provider_of(store, vhs), vhs)
    assert name_now(store) == ["VHS"]
    assert len(entries(store)) == before


def test_a_request_that_comes_twice_counts_once(store, vhs):
    desk = provider_of(store, vhs).once("request-0001")
    before = len(entries(store))
    assert rename(desk, vhs, "Einmal") == rename(desk, vhs, name="Einmal") == "Einmal"
    assert len(entries(store)) == before + 1


def test_a_key_with_another_question_is_refused(store, vhs):
    desk = provider_of(store, vhs).once("request-0001")
    rename(desk, vhs, "Einmal")
    with pytest.raises(KeyReused):
        rename(desk, vhs, "Zweimal")
    assert name_now(store) == ["Einmal"]


def test_the_machine_may_everything_and_says_so(store, vhs):
    rename(the_machine(store), vhs, "Maschine")
    assert entries(store)[-1].actor_label == "command line"


def test_how_far_a_role_reaches_is_told_for_lists(store, vhs):
    @question(Action.EDIT_ACTOR)
    def reach(look: Look) -> object:
        return look.reach()

    ((whose, grant),) = reach(provider_of(store, vhs))
    assert (whose, grant.organisation_id) == (Whose.OWN_ORGANISATION, vhs)
    assert reach(the_machine(store)) == ((Whose.ANY, None),)


def test_every_workflow_is_declared_under_its_name():
    declared = DECLARED[f"{__name__}.rename"]
    assert (declared.action, declared.changes, declared.function) == (Action.EDIT_ACTOR, True, rename)


def test_a_refusal_is_one_short_line_whatever_it_quotes():
    refusal = Refusal("key-taken", key="x\x1b[31m\n" * 200)
    for lang in ("de", "en"):
        assert refusal.text(lang).isprintable()
        assert len(refusal.text(lang)) < 600


def test_refusals_speak_both_languages():
    assert all(text["de"] and text["en"] and text["de"] != text["en"] for text in TEXTS.values())
    refusal = Forbidden("not-your-role", action="edit-actor")
    assert "Rolle" in refusal.text("de")
