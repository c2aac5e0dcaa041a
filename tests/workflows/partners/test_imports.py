"""Partner files come into the store whole or not at all, show first what they change, and can be undone."""

from datetime import date, timedelta

import pytest

from network.partner_files import find_region, read_region
from plans.referral_table import ReferralState
from plans.roles import Role
from store import seats
from store import tables as t
from store.faults import Missing, Stale
from store.unit_of_work import ReadingUnit
from tests.store.builders import a_need, a_person, a_plan, a_referral, a_unit, an_account, described
from tests.workflows.desks import REGION, a_caller, the_machine
from tests.workflows.partners.regions import an_empty_region, exported, imported, partner_files, row_of
from workflows.acting import Desk
from workflows.partners.from_store import region_from_store
from workflows.partners.imports import (
    ImportRefused,
    apply_import,
    list_imports,
    look_over_import,
    preview_import,
    undo_import,
)
from workflows.refusal import Forbidden

GROUP = "ik-vhs-01"


@pytest.fixture
def desk(store):
    an_empty_region(store)
    return the_machine(store)


@pytest.fixture
def filled(store, desk):
    imported(store, partner_files())
    return desk


def a_seat(store, key=GROUP):
    with a_unit(store) as uow:
        seats.take(uow, uow.find(t.slot_group, region_id=REGION, key=key)[0]["id"])
        described(uow).commit()


def a_referred_person(store, slot_key):
    with a_unit(store) as uow:
        slot = uow.find(t.slot, region_id=REGION, key=slot_key)[0]
        office = uow.find(t.organisation, region_id=REGION, key="kim")[0]["id"]
        plan = a_plan(uow, REGION, office, a_person(uow, REGION, office))
        a_referral(uow, a_need(uow, REGION, plan), slot["id"], ReferralState.REQUESTED)
        seats.take(uow, slot["slot_group_id"])
        described(uow).commit()


@pytest.mark.parametrize("name", ["musterkreis", "dortmund"])
def test_a_region_in_the_store_is_the_region_of_its_files(store, name):
    an_empty_region(store, name)
    preview = preview_import(the_machine(store), name, partner_files(name))
    apply_import(the_machine(store), preview["import_id"], 1)
    files = read_region(find_region(name))
    with ReadingUnit(store) as unit:
        region = region_from_store(unit, name)
    assert region == files
    until_on = files.today + timedelta(days=400)
    assert region.slots(files.today, until_on) == files.slots(files.today, until_on)


def test_the_slots_of_the_store_are_those_that_the_network_derives(store, filled):
    region = read_region(find_region(REGION))
    derived = region.slots(date(2000, 1, 1), date(2100, 12, 31)).slots
    with ReadingUnit(store) as unit:
        rows = unit.find(t.slot, region_id=REGION)
    assert {(row["key"], row["kind"], row["start_on"], row["end_on"], row["online"]) for row in rows} == {
        (slot.id, slot.kind, slot.start_on, slot.end_on, slot.online) for slot in derived
    }


def test_the_same_files_again_change_nothing(store, filled):
    before = exported(store)
    again = imported(store, partner_files())
    assert again["counts"] == {"added": 0, "changed": 0, "gone": 0}
    assert exported(store) == before


def test_a_preview_names_what_changes_cell_by_cell_and_changes_nothing(store, filled):
    before = exported(store)
    files = partner_files(groups=("1|3|5,20,18,12,mo-fr-am", "1|3|5,22,18,12,mo-fr-am"))
    preview = preview_import(filled, REGION, files)
    assert preview["differences"] == [
        {"table": "groups", "key": GROUP, "change": "changed", "cells": {"seats": ["20", "22"]}}
    ]
    assert exported(store) == before
    apply_import(filled, preview["import_id"], preview["version"])
    assert row_of(store, t.slot_group, GROUP)["seats"] == 22


def test_what_the_files_no_longer_name_is_gone_but_stays_and_comes_back_under_its_id(store, filled):
    line = next(
        line for line in partner_files()["groups.csv"].decode().splitlines(True) if line.startswith(GROUP)
    )
    slot = row_of(store, t.slot, f"{GROUP}-from-3")
    imported(store, partner_files(groups=(line, "")))
    assert row_of(store, t.slot_group, GROUP)["gone_on"] == row_of(store, t.slot, slot["key"])["gone_on"]
    assert row_of(store, t.slot_group, GROUP)["gone_on"] is not None
    imported(store, partner_files())
    back = row_of(store, t.slot, f"{GROUP}-from-3")
    assert (back["id"], back["gone_on"]) == (slot["id"], None)


def test_an_import_of_some_tables_leaves_the_others(store, filled):
    files = {"groups.csv": partner_files()["groups.csv"]}
    assert preview_import(filled, REGION, files)["differences"] == []


def test_every_problem_is_named_with_file_line_column_and_hint_and_nothing_is_kept(store, filled):
    files = partner_files(groups=("2026-06-01", "31.02.2026"), actors=("municipality", "townhall"))
    preview = preview_import(filled, REGION, files)
    assert (preview["import_id"], preview["differences"]) == (None, [])
    (bad_date,) = (one for one in preview["problems"] if one["file"] == "groups.csv")
    assert (bad_date["line"], bad_date["column"]) == (2, "start")
    assert "28.02.2026" in bad_date["text"]["de"]
    assert any(one["file"] == "actors.csv" for one in preview["problems"])
    with ReadingUnit(store) as unit:
        assert unit.count(t.import_run) == 1


def test_fewer_seats_than_are_taken_is_a_problem_that_names_the_group(store, filled):
    for _ in range(2):
        a_seat(store)
    preview = preview_import(filled, REGION, partner_files(groups=(",20,18,12,mo", ",19,18,12,mo")))
    (problem,) = preview["problems"]
    assert (problem["file"], problem["line"], problem["column"]) == ("groups.csv", 2, "seats")
    assert GROUP in problem["text"]["en"]
    assert row_of(store, t.slot_group, GROUP)["seats"] == 20


def test_referrals_take_seats_from_what_is_free_but_are_no_difference_to_the_files(store, filled):
    a_seat(store)
    a_seat(store, "fm-kim-t1-2026-12-01")
    with ReadingUnit(store) as unit:
        region = region_from_store(unit, REGION)
    assert region.groups[GROUP].free_seats == 1
    free = {one.id: one.seats for one in region.slots(region.today, date(2027, 1, 1)).capacities}
    assert (free["fm-kim-t1-2026-11-24"], free["fm-kim-t1-2026-12-01"]) == (2, 1)
    assert preview_import(filled, REGION, partner_files())["differences"] == []


def test_what_was_previewed_is_applied_or_nothing(store, filled):
    files = partner_files(groups=(",20,18,12,mo", ",22,18,12,mo"))
    stale = preview_import(filled, REGION, files)
    imported(store, partner_files(groups=(",20,18,12,mo", ",21,18,12,mo")))
    with pytest.raises(ImportRefused, match="preview it again"):
        apply_import(filled, stale["import_id"], stale["version"])
    assert row_of(store, t.slot_group, GROUP)["seats"] == 21


def test_a_change_elsewhere_does_not_make_a_preview_stale(store, filled):
    mine = preview_import(filled, REGION, {"stock.csv": partner_files()["stock.csv"]})
    imported(store, {"groups.csv": partner_files(groups=(",20,18,12,mo", ",21,18,12,mo"))["groups.csv"]})
    assert apply_import(filled, mine["import_id"], mine["version"])["counts"]["changed"] == 0


def test_an_import_is_applied_once(store, desk):
    run = imported(store, partner_files())
    with pytest.raises(Stale):
        apply_import(desk, run["import_id"], 1)
    with pytest.raises(ImportRefused, match="applied already"):
        apply_import(desk, run["import_id"], run["version"])


def test_undo_restores_what_was_before_to_the_byte(store, filled):
    before = exported(store)
    files = partner_files(
        groups=(",20,18,12,mo", ",22,18,12,mo"),
        services=("2028-04-28", "2027-06-30"),
        stock=("01,2,", "01,9,"),
    )
    files["cooperation.csv"] = b"\n".join(files["cooperation.csv"].splitlines()[:5]) + b"\n"
    run = imported(store, files)
    assert exported(store) != before
    undone = undo_import(filled, run["import_id"], run["version"])
    assert exported(store) == before
    with pytest.raises(ImportRefused, match="undone"):
        undo_import(filled, run["import_id"], undone["version"])
    assert [one["state"] for one in list_imports(filled, REGION)] == ["undone", "applied"]


def test_undo_of_the_first_import_leaves_an_empty_network(store, desk):
    run = imported(store, partner_files())
    undo_import(desk, run["import_id"], run["version"])
    with ReadingUnit(store) as unit:
        assert unit.count(t.slot, gone_on=None) == unit.count(t.organisation, gone_on=None) == 0
    imported(store, partner_files())


def test_later_work_forbids_to_undo_and_says_why(store, filled):
    run = imported(store, partner_files(groups=(",20,18,12,mo", ",22,18,12,mo")))
    imported(store, partner_files(groups=(",20,18,12,mo", ",23,18,12,mo")))
    with pytest.raises(ImportRefused, match=f"{GROUP}.*changed again") as refused:
        undo_import(filled, run["import_id"], run["version"])
    assert GROUP in refused.value.text("de")


def test_a_group_that_somebody_is_referred_to_is_not_undone(store, desk):
    run = imported(store, partner_files())
    a_referred_person(store, f"{GROUP}-from-1")
    with pytest.raises(ImportRefused, match=f"referrals to “{GROUP}”"):
        undo_import(desk, run["import_id"], run["version"])


def test_seats_taken_meanwhile_forbid_to_undo(store, filled):
    run = imported(store, partner_files(groups=(",20,18,12,mo", ",22,18,12,mo")))
    for _ in range(3):
        a_seat(store)
    with pytest.raises(ImportRefused, match=GROUP):
        undo_import(filled, run["import_id"], run["version"])


def own_files(organisation="vhs", **changed):
    """The tables of an organisation as it hands them in: only its own rows."""
    files = {}
    for name, content in partner_files(**changed).items():
        head, *lines = content.decode().splitlines(True)
        offerings = [line.split(",")[0] for line in _lines("offerings.csv") if f",{organisation}," in line]
        if name == "offerings.csv":
            own = [line for line in lines if line.split(",")[1] == organisation]
        elif name == "groups.csv":
            own = [line for line in lines if line.split(",")[1] in offerings]
        else:
            continue
        files[name] = "".join([head, *own]).encode()
    return files


def _lines(name):
    return partner_files()[name].decode().splitlines()


@pytest.fixture
def provider(store, filled):
    with a_unit(store) as uow:
        account = an_account(uow)
        described(uow).commit()
    return Desk(store, a_caller(Role.PROVIDER, account, row_of(store, t.organisation, "vhs")["id"]))


def test_a_provider_previews_its_own_files_and_the_coordinator_applies(store, provider):
    files = own_files(groups=(",20,18,12,mo", ",22,18,12,mo"))
    preview = preview_import(provider, REGION, files, "vhs")
    assert [one["key"] for one in preview["differences"]] == [GROUP]
    with pytest.raises(Forbidden):
        apply_import(provider, preview["import_id"], preview["version"])
    coordinator = Desk(store, a_caller(Role.COORDINATOR, "acc-2"))
    apply_import(coordinator, preview["import_id"], preview["version"])
    assert row_of(store, t.slot_group, GROUP)["seats"] == 22


def test_a_provider_reaches_no_files_but_its_own(store, provider):
    for organisation in (None, "kim", "nobody"):
        with pytest.raises(Forbidden):
            look_over_import(provider, REGION, own_files(), organisation)
    found = look_over_import(provider, REGION, {"groups.csv": partner_files()["groups.csv"]}, "vhs")
    assert {one["text"]["en"].partition(".")[0] for one in found["problems"]} == {
        "This row is not of the organisation “vhs”"
    }


def test_an_import_of_another_region_looks_as_if_it_were_not_there(store, desk):
    run = imported(store, partner_files())
    other = Desk(store, a_caller(Role.COORDINATOR, "acc-3", region="elsewhere"))
    for id in (run["import_id"], "imp-none"):
        with pytest.raises(Missing):
            undo_import(other, id, 2)


def test_files_of_another_region_are_refused(desk):
    found = look_over_import(desk, REGION, partner_files("wetzlar"))
    assert "wetzlar" in next(one["text"]["en"] for one in found["problems"] if one["file"] == "region.csv")


def test_a_town_that_moves_moves_who_is_named_by_it(store, filled):
    imported(store, partner_files(towns=("50.617", "50.618")))
    with ReadingUnit(store) as unit:
        assert region_from_store(unit, REGION).towns[0].place.lat == 50.618
