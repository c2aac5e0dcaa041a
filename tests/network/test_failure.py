"""A region without one of its actors, solved by hand and against solving everything anew."""

from datetime import timedelta
from random import Random

import numpy as np
import pytest
from region_builders import HERE, TODAY, a_group, a_network, a_region, a_service, an_actor, an_offering
from test_flow import FAR, SOON, a_chain

from network.analysis.failure import failures
from network.analysis.flow import flow_network, greatest_flow
from network.analysis.grid import grid_of
from network.analysis.travel import GreatCircle
from network.analysis.waits import mean_wait_days, starts_of
from network.graph import SupportNetwork
from network.model import Place


def without(network, actor_id):
    """The region once an actor and all that it offers is gone."""
    region = network.region
    offerings = [o for o in region.offerings.values() if o.actor_id != actor_id]
    kept = {o.id for o in offerings}
    dated = [
        row
        for rows in (region.groups, region.services, region.stock)
        for row in rows.values()
        if row.offering_id in kept
    ]
    region = a_region(region.actors.values(), offerings, dated)
    return SupportNetwork(region, region.slots(TODAY, TODAY + timedelta(days=700)))


def found(network, arrivals=1000, reach_km=30, **more):
    grid = grid_of(network, TODAY, GreatCircle())
    reach = grid.reach(reach_km)
    flow = greatest_flow(flow_network(grid, reach, arrivals, "arrived", "working"))
    return flow, {one.actor: one for one in failures(grid, flow, starts_of(grid, reach), **more)}


def two_schools():
    actors, offerings, dated = a_chain(tests=30, courses=12, b2=20)
    actors.append(an_actor("zweit"))
    offerings.append(an_offering("i2", "zweit", "integration-course"))
    dated.append(a_group("i2", "i2", SOON + timedelta(days=100), seats=5, booked=0))
    return a_network(actors, offerings, dated)


def test_the_only_provider_of_a_step_takes_everybody_with_it():
    flow, failure = found(two_schools())
    assert flow.people == 17
    assert (failure["vhs"].lost_people, failure["vhs"].lost_people_at_most) == (17, 17)
    assert failure["vhs"].reach_lost_share == 1.0
    assert failure["vhs"].reach_lost_kind == "vocational-language/B2"


def test_one_of_two_schools_costs_its_own_seats_and_the_sooner_start():
    _, failure = found(two_schools())
    assert failure["zweit"].lost_people == failure["zweit"].lost_people_at_most == 5
    assert failure["zweit"].reach_lost_kind is None
    # Days 11 to 110 waited for day 110 and wait to the end of the year now: 255 days more on 100 of 365 days.
    assert failure["zweit"].longer_wait_days == pytest.approx(100 * 255 / 365)
    assert failure["zweit"].longer_wait_kind == "integration-course"


def test_an_actor_beside_free_seats_costs_nobody_the_goal():
    actors, offerings, dated = a_chain(tests=30, courses=12)
    actors.append(an_actor("zweit"))
    offerings.append(an_offering("t2", "zweit", "placement-test"))
    dated.append(a_service("t2", "t2", SOON, SOON, seats=30))
    _, failure = found(a_network(actors, offerings, dated))
    assert failure["zweit"].lost_people_at_most == 0
    assert failure["zweit"].longer_wait_days == 0.0


def test_the_wait_is_the_mean_over_all_days():
    starts = np.array([True, False, False, True])
    assert mean_wait_days(starts) == pytest.approx((0 + 2 + 1 + 0) / 4)
    assert mean_wait_days(np.zeros(4, bool)) == pytest.approx((4 + 3 + 2 + 1) / 4)


@pytest.mark.parametrize("seed", range(6))
def test_without_an_actor_it_is_as_in_the_region_without_it(seed):
    rng = Random(seed)
    towns = [HERE, FAR, Place("Nahstadt", 50.7, 9.3)]
    actors = [an_actor(f"a{k}", rng.choice(towns)) for k in range(6)]
    kinds = ["counselling/case-management", "placement-test", "integration-course", "vocational-language/B2"]
    kinds += ["job/intake"]
    offerings = [an_offering(f"o{k}", f"a{rng.randrange(6)}", rng.choice(kinds)) for k in range(24)]
    dated = [
        a_group(
            f"g{k}", f"o{k}", TODAY + timedelta(days=rng.randrange(300)), seats=rng.randint(1, 9), booked=0
        )
        for k in range(24)
    ]
    network = a_network(actors, offerings, dated)
    arrivals = rng.randint(5, 60)
    flow, failure = found(network, arrivals, reach_km=300)
    for actor, one in failure.items():
        anew, _ = found(without(network, actor), arrivals, reach_km=300)
        assert one.lost_people == one.lost_people_at_most == flow.people - anew.people
    _, interval = found(network, arrivals=60, reach_km=300, most_solved=0)
    _, exact = found(network, arrivals=60, reach_km=300)
    for actor, one in exact.items():
        assert interval[actor].lost_people <= one.lost_people <= interval[actor].lost_people_at_most
