"""What is held about a person is found from one place, in every table there is."""

from plans.referral_table import ReferralState
from store import tables as t
from store.unit_of_work import ReadingUnit
from tests.reliability.whole_stores import a_network, a_whole_person
from tests.store.builders import a_unit, described
from workflows.privacy.held import ABOUT_NOBODY, HELD, held_about, ids_of


def test_every_table_is_looked_into_or_said_to_be_about_nobody():
    assert HELD.keys() | ABOUT_NOBODY.keys() == t.metadata.tables.keys()
    assert HELD.keys() & ABOUT_NOBODY.keys() == set()


def test_everything_about_one_of_two_people_is_found_and_nothing_of_the_other(store):
    with a_unit(store) as uow:
        ids = a_network(uow)
        first, second = (a_whole_person(uow, ids, name) for name in ("Sara Muster", "Karim Muster"))
        described(uow).commit()
    with ReadingUnit(store) as unit:
        held, other = held_about(unit, first), held_about(unit, second)
        everything = {name: len(unit.find(t.metadata.tables[name])) for name in HELD}
    assert {name: len(rows) for name, rows in held.items()} == dict.fromkeys(HELD, 1)
    assert everything == dict.fromkeys(HELD, 2)
    assert ids_of(held).isdisjoint(ids_of(other))
    assert held["disclosure"][0]["content"] == {"name": "Sara Muster"}
    assert held["referral"][0]["state"] is ReferralState.WAITLISTED
