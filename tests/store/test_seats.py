"""A seat is taken, given back and counted only within what a group has (races: ``tests/reliability``)."""

import pytest

from store import tables as t
from store.faults import Conflict, Missing, NoSeat
from store.seats import give_back, resize, take
from store.unit_of_work import ReadingUnit
from tests.store.builders import a_group, a_region, a_unit, an_organisation, described


def a_store_with_seats(store, seats, **given):
    with a_unit(store) as uow:
        a_region(uow)
        group = a_group(uow, "musterkreis", an_organisation(uow, "musterkreis"), seats=seats, **given)
        described(uow).commit()
    return group


def taken(store, group):
    with ReadingUnit(store) as unit:
        return unit.get(t.slot_group, group)["taken"]


def act(store, change, *arguments):
    with a_unit(store) as uow:
        change(uow, *arguments)
        described(uow).commit()


def test_a_seat_is_taken_and_given_back(store):
    group = a_store_with_seats(store, seats=2)
    act(store, take, group)
    act(store, take, group)
    with pytest.raises(NoSeat, match="no seat is free"):
        act(store, take, group)
    act(store, give_back, group)
    assert taken(store, group) == 1


def test_none_can_be_given_back_that_is_not_taken(store):
    group = a_store_with_seats(store, seats=2)
    with pytest.raises(NoSeat, match="no seat of"):
        act(store, give_back, group)


def test_seats_that_the_provider_gave_away_are_not_free(store):
    group = a_store_with_seats(store, seats=2, booked_elsewhere=1)
    act(store, take, group)
    with pytest.raises(NoSeat):
        act(store, take, group)


def test_a_group_shrinks_only_down_to_the_seats_that_are_taken(store):
    group = a_store_with_seats(store, seats=5)
    act(store, take, group)
    act(store, take, group)
    with pytest.raises(NoSeat, match="2 seats of"):
        act(store, resize, group, 3, 2)
    act(store, resize, group, 3, 1)
    with pytest.raises(NoSeat):
        act(store, take, group)
    act(store, resize, group, 4, 1)
    act(store, take, group)
    assert taken(store, group) == 3


def test_a_resize_below_zero_is_refused(store):
    group = a_store_with_seats(store, seats=5)
    for seats, elsewhere in ((-1, 0), (5, -1)):
        with pytest.raises(NoSeat):
            act(store, resize, group, seats, elsewhere)


@pytest.mark.parametrize("change", [take, give_back, lambda uow, group: resize(uow, group, 3)])
def test_a_group_that_does_not_exist_is_missing(store, change):
    with pytest.raises(Missing, match="slot_group nowhere"):
        act(store, change, "nowhere")


def test_the_database_itself_refuses_one_seat_too_many(store):
    group = a_store_with_seats(store, seats=1)
    with a_unit(store) as uow, pytest.raises(Conflict, match="ck_slot_group_taken"):
        uow.execute(t.slot_group.update().where(t.slot_group.c.id == group).values(taken=2))
