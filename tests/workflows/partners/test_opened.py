"""An opened network is kept from page to page, and read anew as soon as something of it has changed."""

from __future__ import annotations

import pytest

from store import tables as t
from store.engine import make_engine
from store.seats import give_back, take
from store.secrets import KeyRing
from store.unit_of_work import ReadingUnit, Store
from tests.databases import *  # noqa: F403
from tests.store.builders import a_group, a_slot, a_unit, an_organisation, described
from tests.workflows.access.builders import START, Clock, with_clock
from tests.workflows.desks import REGION, the_machine
from tests.workflows.partners.regions import an_empty_region
from workflows.partners.opened import open_network


@pytest.fixture
def clock():
    return Clock(START)


@pytest.fixture
def store(make_url, clock):
    engine = make_engine(make_url("sqlite"))
    store = with_clock(Store(engine, KeyRing.make()), clock)
    an_empty_region(store)
    with a_unit(store) as uow:
        provider = an_organisation(uow, REGION)
        for key in ("eins", "zwei"):
            a_slot(uow, REGION, provider, a_group(uow, REGION, provider, key), key=key)
        described(uow).commit()
    yield store
    engine.dispose()


def opened(store):
    return open_network(the_machine(store), REGION)


def groups(store):
    with ReadingUnit(store) as unit:
        return [row["id"] for row in unit.find(t.slot_group, order_by=t.slot_group.c.key)]


def test_the_same_network_is_given_as_long_as_nothing_changes(store):
    assert opened(store) is opened(store)
    assert opened(store).weak is opened(store).weak


def a_new_partner(uow, _):
    an_organisation(uow, REGION, "neu")


def a_name(uow, _):
    (row,) = uow.find(t.organisation)
    uow.change(t.organisation, row["id"], row["version"], name="Anders")


def a_seat(uow, ids):
    take(uow, ids[0])


def gone(uow, ids):
    row = uow.get(t.slot_group, ids[0])
    uow.change(t.slot_group, ids[0], row["version"], gone_on=START.date())


@pytest.mark.parametrize("change", [a_new_partner, a_name, a_seat, gone])
def test_whatever_changes_is_seen_at_the_next_page_within_the_same_instant(store, change):
    before, ids = opened(store), groups(store)
    with a_unit(store) as uow:
        change(uow, ids)
        described(uow).commit()
    after = opened(store)
    assert after is not before and after.region != before.region


def test_a_seat_that_changes_its_place_is_seen(store):
    first, second = groups(store)
    for given_back, taken in ((None, first), (None, first), (first, second)):
        with a_unit(store) as uow:
            if given_back:
                give_back(uow, given_back)
            take(uow, taken)
            described(uow).commit()
        found = opened(store)
    assert [group.booked for group in found.region.groups.values()] == [1, 1]


def test_after_a_while_and_on_another_day_it_is_read_anew(store, clock):
    first = opened(store)
    clock.forward(minutes=2)
    second = opened(store)
    clock.forward(days=1)
    third = opened(store)
    assert first is not second is not third
    assert first.region == second.region and second.today < third.today
