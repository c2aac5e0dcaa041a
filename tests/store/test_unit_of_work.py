"""A unit of work is one transaction with one audit entry, or nothing at all."""

import threading

import pytest
import sqlalchemy as sa

from store import tables as t
from store.engine import make_engine
from store.faults import Conflict, Missing, NotAllowed, Stale, StoreBusy
from store.unit_of_work import ReadingUnit, Store, UnitOfWork
from tests.store.builders import (
    ANNA,
    a_group,
    a_person,
    a_referral,
    a_region,
    a_unit,
    a_whole_case,
    an_organisation,
    described,
)


def entries(store):
    with ReadingUnit(store) as unit:
        return unit.connection.execute(sa.select(t.audit_entry).order_by(t.audit_entry.c.sequence)).all()


def regions(store):
    with ReadingUnit(store) as unit:
        return [row["id"] for row in unit.find(t.region)]


def test_what_is_committed_lasts_and_has_one_entry(store):
    with a_unit(store, "set up") as uow:
        a_region(uow)
        uow.describe("create-region", "region", "musterkreis", region_id="musterkreis", details={"n": 1})
        anchor = uow.commit()
    assert regions(store) == ["musterkreis"]
    (entry,) = entries(store)
    assert (entry.sequence, entry.action, entry.object_id) == (1, "create-region", "musterkreis")
    assert (entry.actor_label, entry.purpose, entry.details) == (ANNA.label, "set up", '{"n":1}')
    assert (anchor.sequence, anchor.hash) == (1, entry.hash)


def test_leaving_without_commit_leaves_nothing(store):
    with a_unit(store) as uow:
        described(uow)
        a_region(uow)
    assert regions(store) == []
    assert entries(store) == []


def test_a_part_that_is_refused_is_undone_alone(store):
    with a_unit(store) as uow:
        a_region(uow, "kept")
        with pytest.raises(Conflict), uow.attempt():
            a_region(uow, "undone")
            a_region(uow, "kept")
        with uow.attempt():
            a_region(uow, "tried")
        described(uow).commit()
    assert sorted(regions(store)) == ["kept", "tried"]


def test_nothing_can_be_tried_after_the_end(store):
    with a_unit(store) as uow:
        described(uow).commit()
        with pytest.raises(NotAllowed), uow.attempt():
            pytest.fail("the unit is over")


def test_a_fault_in_the_middle_leaves_nothing(store):
    with pytest.raises(ZeroDivisionError), a_unit(store) as uow:
        a_region(uow)
        described(uow)
        raise ZeroDivisionError
    assert regions(store) == []
    assert entries(store) == []


def test_a_unit_that_does_not_say_what_it_does_is_refused_and_undone(store):
    with a_unit(store) as uow:
        a_region(uow)
        with pytest.raises(NotAllowed, match="describe"):
            uow.commit()
    assert regions(store) == []


def test_a_unit_describes_itself_once(store):
    with a_unit(store) as uow:
        described(uow)
        with pytest.raises(NotAllowed, match="one audit entry"):
            described(uow)


def test_a_unit_cannot_be_committed_twice(store):
    with a_unit(store) as uow:
        described(uow).commit()
        with pytest.raises(NotAllowed, match="not open"):
            uow.commit()
    assert len(entries(store)) == 1


def test_a_unit_needs_a_purpose(store):
    with pytest.raises(NotAllowed, match="purpose"):
        UnitOfWork(store, actor=ANNA, purpose=" ")


def test_details_that_are_no_json_are_refused_at_once(store):
    with a_unit(store) as uow, pytest.raises(TypeError, match="audit"):
        uow.describe("test", "thing", "x", details={"what": object()})


def test_a_reading_unit_can_change_nothing(store):
    with ReadingUnit(store) as unit, pytest.raises(sa.exc.DBAPIError, match=r"read.?only"):
        unit.connection.execute(sa.text("DELETE FROM region"))


def test_a_reading_unit_sees_one_state(store):
    with ReadingUnit(store) as unit:
        assert unit.find(t.region) == []
        with a_unit(store) as uow:
            a_region(uow)
            described(uow).commit()
        assert unit.find(t.region) == []
    assert regions(store) == ["musterkreis"]


def test_writers_wait_for_each_other_only_for_a_bounded_time(make_url):
    engine = make_engine(make_url("sqlite"), wait_seconds=0.2)
    store = Store(engine, None)
    with a_unit(store), pytest.raises(StoreBusy, match="try again"), a_unit(store):
        pass
    with a_unit(store) as uow:
        assert uow.count(t.region) == 0
    engine.dispose()


def test_a_held_row_is_waited_for_only_for_a_bounded_time(make_url, store):
    if store.engine.dialect.name == "sqlite":
        return  # the whole file has one writer; see the test before
    impatient = make_engine(store.engine.url, wait_seconds=0.2)
    with a_unit(store) as uow:
        a_region(uow)
        described(uow).commit()
    with a_unit(store) as uow, a_unit(Store(impatient, store.keys)) as late:
        uow.change(t.region, "musterkreis", 1, name_de="Anders")
        with pytest.raises(StoreBusy):
            late.change(t.region, "musterkreis", 1, name_de="Ganz anders")
    impatient.dispose()


def test_a_writer_that_waits_gets_its_turn(store):
    def write(region_id):
        with a_unit(store) as uow:
            a_region(uow, region_id)
            described(uow).commit()

    threads = [threading.Thread(target=write, args=(f"kreis-{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(regions(store)) == 8
    assert [entry.sequence for entry in entries(store)] == list(range(1, 9))


def test_a_stale_edit_is_refused_and_shows_both_versions(store):
    with a_unit(store) as uow:
        a_region(uow)
        assert uow.change(t.region, "musterkreis", 1, name_de="Erster")["version"] == 2
        with pytest.raises(Stale, match="version 1 is out of date, it is 2 now") as refusal:
            uow.change(t.region, "musterkreis", 1, name_de="Zweiter")
        assert refusal.value.current["name_de"] == "Erster"


def test_an_edit_without_a_version_is_refused(store):
    with a_unit(store) as uow:
        a_region(uow)
        with pytest.raises(NotAllowed, match="version"):
            uow.change(t.region, "musterkreis", name_de="Erster")


@pytest.mark.parametrize("column", ["taken", "seats", "booked_elsewhere", "id", "version", "created_at"])
def test_a_column_that_belongs_to_another_module_is_refused(store, column):
    with a_unit(store) as uow:
        a_region(uow)
        group = a_group(uow, "musterkreis", an_organisation(uow, "musterkreis"))
        with pytest.raises(NotAllowed, match=column):
            uow.change(t.slot_group, group, 1, **{column: 5})


def test_a_new_group_has_no_seat_taken_whatever_is_said(store):
    with a_unit(store) as uow:
        a_region(uow)
        with pytest.raises(NotAllowed, match="taken"):
            a_group(uow, "musterkreis", an_organisation(uow, "musterkreis"), taken=3)


def test_an_unknown_column_is_named(store):
    with a_unit(store) as uow, pytest.raises(NotAllowed, match="no column colour"):
        uow.insert(t.region, colour="red")


def test_a_row_that_is_not_there_is_missing(store):
    with a_unit(store) as uow:
        for act in (
            lambda: uow.get(t.region, "nowhere"),
            lambda: uow.change(t.region, "nowhere", 1, name_de="x"),
            lambda: uow.delete(t.region, "nowhere"),
        ):
            with pytest.raises(Missing, match="there is no region nowhere"):
                act()


def test_a_second_open_referral_of_one_need_breaks_a_rule_that_has_a_name(store):
    with a_unit(store) as uow:
        case = a_whole_case(uow)
        with pytest.raises(Conflict, match="referral: the rule uq_referral_active"):
            a_referral(uow, case["need"], case["slot"])


def test_a_check_that_is_broken_has_a_name(store):
    with a_unit(store) as uow:
        case = a_whole_case(uow)
        with pytest.raises(Conflict, match="ck_need_weight"):
            uow.change(t.need, case["need"], 1, weight=0.0)


def test_a_row_cannot_refer_into_another_region(store):
    with a_unit(store) as uow:
        a_region(uow)
        a_region(uow, "nachbarkreis")
        foreign = an_organisation(uow, "nachbarkreis")
        with pytest.raises(Conflict, match="household"):
            a_person(uow, "musterkreis", foreign)


def test_what_a_row_owns_goes_with_it_and_what_others_refer_to_stays(store):
    with a_unit(store) as uow:
        case = a_whole_case(uow)
        uow.delete(t.referral, case["referral"])
        uow.delete(t.person, case["person"])
        assert (uow.count(t.help_plan), uow.count(t.need)) == (0, 0)
    with a_unit(store) as uow:
        case = a_whole_case(uow, "nachbarkreis")
        with pytest.raises(Conflict, match="would be broken"):
            uow.delete(t.person, case["person"])


def test_rows_are_found_by_condition_and_in_order(store):
    with a_unit(store) as uow:
        for name in ("b", "c", "a"):
            a_region(uow, name)
        assert [row["id"] for row in uow.find(t.region)] == ["a", "b", "c"]
        assert [row["id"] for row in uow.find(t.region, order_by=t.region.c.id.desc(), limit=2)] == ["c", "b"]
        assert [row["id"] for row in uow.find(t.region, t.region.c.id > "a", ags="")] == ["b", "c"]
        assert uow.count(t.region, name_de="Musterkreis") == 3
