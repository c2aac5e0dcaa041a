"""Groups, services and stock become slots and capacities as the planning problem's file format says."""

from datetime import date

import pytest
from region_builders import HERE, TODAY, a_group, a_region, a_service, a_stock, an_actor, an_offering

from network.model import Capacity, Place


def supply_of(*dated, until_on=date(2028, 1, 1), today=TODAY, **offering):
    offerings = [
        an_offering("kurs", "vhs", "integration-course", **offering),
        an_offering("b2", "vhs", "vocational-language/B2"),
        an_offering("kita", "vhs", "childcare/place"),
    ]
    return a_region([an_actor("vhs")], offerings, dated).slots(today, until_on)


def test_every_entry_module_is_a_slot_that_uses_the_rest_of_the_modules():
    group = a_group("g", "kurs", date(2026, 12, 7), modules=7, entry_modules=(1, 3, 6))
    supply = supply_of(group)
    assert [(s.id, s.kind, s.start_on, s.end_on) for s in supply.slots] == [
        ("g-from-1", "integration-course/from-1", date(2026, 12, 7), date(2027, 6, 20)),
        ("g-from-3", "integration-course/from-3", date(2027, 2, 1), date(2027, 6, 20)),
        ("g-from-6", "integration-course/from-6", date(2027, 4, 26), date(2027, 6, 20)),
    ]
    assert supply.slots[2].uses == ("g-m6", "g-m7")
    assert [capacity.id for capacity in supply.capacities] == [f"g-m{m}" for m in range(1, 8)]


def test_a_kind_without_modules_keeps_its_plain_name():
    assert supply_of(a_group("g", "b2", date(2027, 1, 11))).slots[0].kind == "vocational-language/B2"


def test_a_running_group_keeps_the_entries_to_come_and_needs_nobody_more():
    running = a_group(
        "g", "kurs", date(2026, 10, 26), modules=3, entry_modules=(1, 2, 3), booked=8, minimum=12
    )
    supply = supply_of(running)
    assert [slot.id for slot in supply.slots] == ["g-from-2", "g-from-3"]
    assert supply.capacities == (Capacity("g-m2", 12, 0), Capacity("g-m3", 12, 0))


@pytest.mark.parametrize(("booked", "missing"), [(5, 7), (12, 0), (15, 0)])
def test_a_group_to_come_lacks_what_its_minimum_is_above_the_bookings(booked, missing):
    supply = supply_of(a_group("g", "kurs", TODAY, booked=booked, minimum=12))
    assert supply.capacities == (Capacity("g-m1", 20 - booked, missing),)


def test_a_service_has_a_slot_and_a_capacity_each_date_from_today_on():
    service = a_service("s", "b2", date(2026, 11, 3), date(2026, 12, 8), duration_days=3, seats=4)
    supply = supply_of(service)
    assert [(s.id, s.end_on) for s in supply.slots] == [
        ("s-2026-11-24", date(2026, 11, 26)),
        ("s-2026-12-01", date(2026, 12, 3)),
        ("s-2026-12-08", date(2026, 12, 10)),
    ]
    assert supply.capacities[0] == Capacity("s-2026-11-24", 4, 0)


def test_a_stock_row_is_one_slot_with_as_many_seats_as_there_are_places():
    supply = supply_of(a_stock("k", "kita", date(2027, 1, 1), number=3))
    assert supply.slots[0].end_on == date(2027, 10, 27)
    assert supply.capacities == (Capacity("k", 3, 0),)


def test_nothing_starts_before_today_or_after_the_end_and_only_used_capacities_are_given():
    dated = (
        a_group("early", "kurs", date(2026, 10, 1)),
        a_group("late", "kurs", date(2028, 1, 2)),
        a_stock("gone", "kita", date(2026, 11, 22)),
        a_stock("now", "kita", TODAY),
    )
    supply = supply_of(*dated)
    assert [slot.id for slot in supply.slots] == ["now"]
    assert [capacity.id for capacity in supply.capacities] == ["now"]


def test_a_slot_is_where_its_row_says_else_at_its_actor_and_nowhere_when_online():
    there = Place("Neudorf", 50.7, 9.3)
    dated = (
        a_group("own", "kurs", TODAY, place=there),
        a_group("home", "kurs", TODAY),
        a_group("online", "kurs", TODAY, online=True),
    )
    assert {slot.row_id: slot.place for slot in supply_of(*dated).slots} == {
        "own": there,
        "home": HERE,
        "online": None,
    }


def test_conditions_of_the_offering_and_of_the_row_add_up():
    group = a_group("g", "kurs", TODAY, requires=frozenset({"female"}), features=frozenset({"childcare"}))
    slot = supply_of(group, requires=frozenset({"parent"}), features=frozenset({"wheelchair"})).slots[0]
    assert slot.requires == {"female", "parent"}
    assert slot.features == {"childcare", "wheelchair"}


@pytest.mark.parametrize(
    "changes", [{"booked": 21}, {"minimum": 21}, {"entry_modules": (2,)}, {"modules": 0}]
)
def test_an_impossible_group_cannot_exist(changes):
    with pytest.raises(ValueError, match="g"):
        a_group("g", "kurs", TODAY, **changes)
