"""No seat is given twice and none is lost, also where four processes come at once, on both databases."""

import multiprocessing
import time

import pytest
import sqlalchemy as sa

from store import tables as t
from store.engine import make_engine
from store.faults import Conflict, Missing, NoSeat
from store.seats import give_back, resize, take
from store.secrets import KeyRing
from store.unit_of_work import ReadingUnit, Store
from tests.store.builders import a_group, a_region, a_unit, an_organisation, described

PROCESSES, ATTEMPTS, SEATS = 4, 400, 50


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


def book(url, keys, group, attempts, is_guarded, together, results):
    """One process: so many attempts, each in its own transaction."""
    engine = make_engine(url, wait_seconds=60)
    store = Store(engine, KeyRing.read(keys, "test"))
    won = 0
    together.wait(60)
    for _ in range(attempts):
        try:
            if is_guarded:
                act(store, take, group)
            else:
                look_then_take(store, group)
            won += 1
        except NoSeat:
            pass
    engine.dispose()
    results.put(won)


def look_then_take(store, group):
    """Look in one transaction, write in the next, as a program without the guarded UPDATE does."""
    with ReadingUnit(store) as unit:
        seen = unit.get(t.slot_group, group)
    if seen["taken"] >= seen["seats"]:
        raise NoSeat("full", group=group)
    time.sleep(0.001)  # what every program does between looking and writing
    with a_unit(store) as uow:
        changed = t.slot_group.update().where(t.slot_group.c.id == group)
        uow.execute(changed.values(taken=seen["taken"] + 1))
        described(uow).commit()


def race(store, group, is_guarded):
    context = multiprocessing.get_context("spawn")
    together, results = context.Barrier(PROCESSES), context.Queue()
    url = store.engine.url.render_as_string(hide_password=False)
    arguments = (url, store.keys.written(), group, ATTEMPTS // PROCESSES, is_guarded)
    processes = [context.Process(target=book, args=(*arguments, together, results)) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    won = sum(results.get(timeout=120) for _ in processes)
    for process in processes:
        process.join()
        assert process.exitcode == 0
    return won


def test_four_processes_with_400_attempts_get_exactly_the_50_seats_there_are(store):
    group = a_store_with_seats(store, seats=SEATS)
    assert race(store, group, is_guarded=True) == SEATS
    with ReadingUnit(store) as unit:
        counts = unit.connection.execute(sa.text("SELECT taken, seats FROM slot_group")).one()
        assert tuple(counts) == (SEATS, SEATS)
        assert unit.count(t.audit_entry) == SEATS + 1


def test_without_the_guard_the_same_race_gives_seats_twice(store):
    """Control: look first, then write; more people are told that they have a seat than there are."""
    group = a_store_with_seats(store, seats=SEATS)
    assert race(store, group, is_guarded=False) > SEATS
