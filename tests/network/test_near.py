"""Who offers this kind near here, and when."""

from datetime import date

import pytest
from region_builders import HERE, TODAY, a_group, a_network, a_service, an_actor, an_offering

from network.distance import distance_km
from network.model import Place
from network.near import Search, offers_near

FAR = Place("Neudorf", 50.9, 9.2)
"""33.4 km north of here: 0.3 degrees of latitude."""


@pytest.fixture
def network():
    actors = [an_actor("vhs"), an_actor("far", FAR, languages=frozenset({"ara"}))]
    offerings = [
        an_offering("ik", "vhs", "integration-course", features=frozenset({"childcare"})),
        an_offering("ik-far", "far", "integration-course", unstated=frozenset({"features"})),
        an_offering("ik-online", "far", "integration-course", online=True),
        an_offering("undated", "vhs", "integration-course"),
        an_offering("test", "vhs", "placement-test"),
    ]
    dated = [
        a_group("g1", "ik", date(2027, 2, 1), modules=7, entry_modules=(1, 3), minimum=12),
        a_group("g2", "ik-far", date(2027, 1, 11), times=frozenset(), unstated=frozenset({"times"})),
        a_group("g3", "ik-online", date(2027, 2, 1), times=frozenset({"mo-ev"}), online=True),
        a_service("s1", "test", TODAY, TODAY),
    ]
    return a_network(actors, offerings, dated)


def found(network, **search):
    return [
        (o.slot.id if o.slot else o.offering.id, o.unknown) for o in offers_near(network, Search(**search))
    ]


def test_the_earliest_comes_first_and_what_has_no_date_last(network):
    assert [slot for slot, _ in found(network, kind="integration-course")] == [
        "g2-from-1",
        "g1-from-1",
        "g3-from-1",
        "g1-from-3",
        "undated",
    ]


def test_a_slot_kind_finds_that_entry_and_the_offering_without_dates(network):
    assert found(network, kind="integration-course/from-3") == [("g1-from-3", ()), ("undated", ("dates",))]


def test_too_far_is_left_out_but_online_is_never_too_far(network):
    near = found(network, kind="integration-course", around=HERE, max_km=30)
    assert "g2-from-1" not in dict(near)
    assert "g3-from-1" in dict(near)
    assert "g2-from-1" in dict(found(network, around=HERE, max_km=34))


def test_among_slots_of_one_day_the_nearest_comes_first():
    near, far = an_actor("near"), an_actor("far", FAR)
    offerings = [an_offering("a", "far", "placement-test"), an_offering("b", "near", "placement-test")]
    dated = [a_service("s1", "a", TODAY, TODAY), a_service("s2", "b", TODAY, TODAY)]
    network = a_network([near, far], offerings, dated)
    offers = offers_near(network, Search(around=HERE))
    assert [offer.actor.id for offer in offers] == ["near", "far"]
    assert offers[1].travel_km == pytest.approx(33.36, abs=0.01)


def test_what_is_not_stated_does_not_exclude_but_is_named(network):
    mornings = frozenset({"mo-am"})
    assert dict(
        found(network, kind="integration-course", half_days=mornings, features=frozenset({"childcare"}))
    ) == {
        "g1-from-1": (),
        "g1-from-3": (),
        "g2-from-1": ("features", "times"),
    }


def test_the_languages_of_the_actor_count_where_the_offering_names_none(network):
    assert set(dict(found(network, kind="integration-course", languages=frozenset({"ara"})))) == {
        "g2-from-1",
        "g3-from-1",
    }


def test_nothing_starts_before_the_day_asked_for(network):
    slots = [slot for slot, _ in found(network, kind="integration-course", from_on=date(2027, 1, 12))]
    assert "g2-from-1" not in slots


def test_an_offer_says_how_many_seats_are_free_and_how_many_bookings_are_missing(network):
    offer = offers_near(network, Search(kind="integration-course/from-1"))[1]
    assert (offer.free_seats, offer.missing) == (15, 7)


def test_the_distance_is_the_great_circle_on_the_mean_earth():
    assert distance_km(Place("a", 0, 0), Place("b", 0, 90)) == pytest.approx(10007.557, abs=0.001)
    assert distance_km(HERE, HERE) == 0
