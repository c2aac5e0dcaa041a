"""Who finds a complete chain within reach, on regions that one can follow by hand."""

from dataclasses import replace
from datetime import timedelta

import pytest
from region_builders import HERE, ORIGIN, TODAY, a_group, a_network, a_service, an_actor, an_offering

from network.analysis.coverage import Case, CaseStep, coverage
from network.analysis.grid import grid_of
from network.analysis.travel import GreatCircle, TravelTimes
from network.graph import SupportNetwork
from network.model import Place, Town

VILLAGE = Place("Dorf", 50.6 + 40 / 111.2 / 1.3, 9.2)  # 40 km by road
MORNING, EVENING = frozenset({"mo-am"}), frozenset({"mo-ev"})


def day(number):
    return TODAY + timedelta(days=number)


def a_county(dated, offerings=None, actors=None):
    """Three of four people live in the town, one in the village."""
    offerings = offerings or [
        an_offering("t", "vhs", "placement-test"),
        an_offering("b", "vhs", "vocational-language/B2"),
    ]
    network = a_network(actors or [an_actor("vhs")], offerings, dated)
    towns = (Town(HERE, 3000, **ORIGIN), Town(VILLAGE, 1000, **ORIGIN))
    region = replace(network.region, towns=towns)
    return SupportNetwork(region, network.supply)


def a_case(**changes):
    steps = (CaseStep("placement-test"), CaseStep("vocational-language/B2", after=0, lag_days=5))
    fields = {"weight": 1.0, "facts": {"profile": "p"}, "steps": steps, "times": MORNING}
    return Case(**{**fields, **changes})


def shares(network, *cases, travel=None, reaches=(30, 60), days=365):
    grid = grid_of(network, TODAY, travel or GreatCircle(), days)
    return {(one.dimension, one.value): one for one in coverage(grid, cases, reaches)}


TEST = a_service("t", "t", day(10), day(10))


def test_the_town_is_covered_within_30_km_and_the_village_within_60():
    network = a_county([TEST, a_group("b", "b", day(40))])
    everybody = shares(network, a_case())["", ""]
    assert everybody.shares == pytest.approx((0.75, 1.0))
    assert everybody.breaks is None


def test_a_step_that_begins_before_the_lag_is_over_does_not_count():
    assert shares(a_county([TEST, a_group("b", "b", day(16))]), a_case())["", ""].shares[1] == 1.0
    too_soon = shares(a_county([TEST, a_group("b", "b", day(15))]), a_case())["", ""]
    assert too_soon.shares == (0.0, 0.0)
    assert too_soon.breaks == "vocational-language/B2"


def test_a_step_that_follows_the_start_need_not_wait_for_the_end():
    long = a_group("t", "t", day(10), module_days=100, booked=0)
    steps = (CaseStep("placement-test"), CaseStep("vocational-language/B2", after=0, from_start=True))
    network = a_county([long, a_group("b", "b", day(12))])
    assert shares(network, a_case(steps=steps))["", ""].shares[1] == 1.0
    assert shares(network, a_case())["", ""].shares[1] == 0.0


def test_half_days_tags_and_features_exclude():
    evening = a_county([TEST, a_group("b", "b", day(40), times=EVENING)])
    assert shares(evening, a_case())["", ""].shares[1] == 0.0
    assert shares(evening, a_case(times=MORNING | EVENING))["", ""].shares[1] == 1.0
    women = a_county([TEST, a_group("b", "b", day(40), requires=frozenset({"female"}))])
    assert shares(women, a_case())["", ""].shares[1] == 0.0
    assert shares(women, a_case(tags=frozenset({"female"})))["", ""].shares[1] == 1.0


def test_a_language_excludes_only_where_others_are_stated():
    steps = (CaseStep("counselling/case-management", spoken=True),)
    offerings = [an_offering("c", "amt", "counselling/case-management")]
    dated = [a_service("c", "c", day(3), day(3))]
    german = a_county(dated, offerings, [an_actor("amt")])
    unstated = a_county(dated, offerings, [an_actor("amt", languages=frozenset())])
    case = a_case(steps=steps, language="tir")
    assert shares(german, case)["", ""].shares[1] == 0.0
    assert shares(unstated, case)["", ""].shares[1] == 1.0


def test_what_is_online_counts_for_those_who_can():
    network = a_county([TEST, a_group("b", "b", day(40), online=True)])
    assert shares(network, a_case())["", ""].shares[1] == 0.0
    assert shares(network, a_case(online=True))["", ""].shares == pytest.approx((0.75, 1.0))


def test_values_are_weighed_within_their_dimension():
    network = a_county([TEST, a_group("b", "b", day(40), times=EVENING)])
    cases = [
        a_case(weight=0.6, facts={"profile": "p", "half-day": "am"}),
        a_case(weight=0.2, facts={"profile": "p", "half-day": "ev"}, times=EVENING),
        a_case(weight=0.2, facts={"profile": "q", "half-day": "ev"}, times=EVENING),
        a_case(weight=9.0, facts={"profile": "q", "half-day": "never"}, only="half-day"),
    ]
    found = shares(network, *cases)
    assert found["", ""].shares[1] == pytest.approx(0.4)
    assert found["profile", "p"].shares[1] == pytest.approx(0.25)
    assert found["profile", "q"].shares[1] == 1.0
    assert found["half-day", "am"].shares[1] == found["half-day", "never"].shares[1] == 0.0


def test_travel_times_take_the_place_of_distances():
    network = a_county([TEST, a_group("b", "b", day(40))])
    slow, quick = (TravelTimes({("dorf", "musterstadt"): minutes}) for minutes in (90.0, 45.0))
    assert shares(network, a_case(), travel=slow)["", ""].shares == pytest.approx((0.75, 0.75))
    assert shares(network, a_case(), travel=quick)["", ""].shares == pytest.approx((0.75, 1.0))


def test_a_chain_longer_than_the_days_looked_at_is_not_complete():
    network = a_county([TEST, a_group("b", "b", day(40))])
    assert shares(network, a_case(), days=40)["", ""].shares[1] == 0.0
    assert shares(network, a_case(), days=41)["", ""].shares[1] == 1.0
