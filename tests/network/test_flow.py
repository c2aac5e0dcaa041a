"""Greatest flow and smallest cut of chains that one can solve by hand, and beside networkx."""

from datetime import timedelta
from random import Random

import networkx as nx
import numpy as np
import pytest
from region_builders import HERE, TODAY, a_group, a_network, a_service, an_actor, an_offering

from network.analysis.flow import cut_parts, flow_network, greatest_flow, people_reaching, spread, stage_flows
from network.analysis.grid import grid_of
from network.analysis.travel import GreatCircle
from network.model import Place

FAR = Place("Fernstadt", 52.6, 9.2)
SOON = TODAY + timedelta(days=10)


def a_chain(tests=30, courses=12, b2=20, place=HERE):
    """Counselling for 52, then so many seats in tests, integration course and B2, intake for 100."""
    actors = [an_actor("amt"), an_actor("vhs", place), an_actor("fern", FAR)]
    offerings = [
        an_offering("c", "amt", "counselling/case-management"),
        an_offering("t", "amt", "placement-test"),
        an_offering("i", "vhs", "integration-course"),
        an_offering("b", "vhs", "vocational-language/B2"),
        an_offering("j", "amt", "job/intake"),
    ]
    dated = [
        a_service("c", "c", TODAY, TODAY + timedelta(days=363), seats=1),
        a_service("t", "t", SOON, SOON, seats=tests),
        a_group("i", "i", SOON, seats=courses, booked=0),
        a_group("b", "b", SOON + timedelta(days=60), seats=b2, booked=0),
        a_service("j", "j", SOON, SOON, seats=100),
    ]
    return actors, offerings, dated


def solved(network, arrivals=1000, reach_km=30, goal="working"):
    grid = grid_of(network, TODAY, GreatCircle())
    return grid, greatest_flow(flow_network(grid, grid.reach(reach_km), arrivals, "arrived", goal))


def test_the_narrowest_stage_bears_the_flow_and_is_the_cut():
    grid, flow = solved(a_network(*a_chain()))
    assert flow.people == 12
    assert [(part.offering, part.actor, part.seats) for part in cut_parts(grid, flow)] == [("i", "vhs", 12)]
    assert not flow.limited_by_arrivals


def test_two_offerings_share_the_cut():
    actors, offerings, dated = a_chain()
    offerings.append(an_offering("i2", "amt", "integration-course"))
    dated.append(a_group("i2", "i2", SOON, seats=5, booked=1))
    grid, flow = solved(a_network(actors, offerings, dated))
    assert flow.people == 16
    assert [(part.offering, part.seats) for part in cut_parts(grid, flow)] == [("i", 12), ("i2", 4)]


def test_what_is_out_of_reach_bears_nobody():
    _, flow = solved(a_network(*a_chain(place=FAR)))
    assert flow.people == 0
    _, flow = solved(a_network(*a_chain(place=FAR)), reach_km=400)
    assert flow.people == 12


def test_where_few_arrive_the_arrivals_are_the_cut():
    _, flow = solved(a_network(*a_chain()), arrivals=7)
    assert flow.people == 7
    assert flow.limited_by_arrivals


def test_each_stage_says_its_seats_and_who_passes():
    grid, flow = solved(a_network(*a_chain()))
    stages = {stage.kind: stage for stage in stage_flows(grid, flow)}
    assert (stages["placement-test"].seats, stages["placement-test"].people) == (30, 12)
    assert stages["integration-course"].used_share == 1.0
    assert stages["counselling/case-management"].seats == 52


def test_more_people_get_half_way_than_to_the_end():
    network = a_network(*a_chain(courses=12, b2=9))
    grid = grid_of(network, TODAY, GreatCircle())
    found = people_reaching(grid, grid.reach(30), 1000, "arrived", ("counselled", "tested", "B1", "working"))
    assert found == {"counselled": 52, "tested": 30, "B1": 12, "working": 9}


def test_a_group_of_several_entries_counts_its_seats_once():
    actors, offerings, dated = a_chain()
    dated[2] = a_group("i", "i", SOON, seats=12, booked=0, modules=7, entry_modules=(1, 3, 5))
    assert solved(a_network(actors, offerings, dated))[1].people == 12


@pytest.mark.parametrize("seed", range(12))
def test_flow_and_cuts_agree_with_networkx_on_random_regions(seed):
    rng = Random(seed)
    towns = [Place(f"Ort {k}", 50.6 + rng.random(), 9.2 + rng.random()) for k in range(4)]
    actors = [an_actor(f"a{k}", rng.choice(towns)) for k in range(12)]
    kinds = ["counselling/case-management", "placement-test", "integration-course", "vocational-language/B2"]
    kinds += ["job/intake", "coaching/voucher", "recognition/application", "qualification/adaptation"]
    offerings = [an_offering(f"o{k}", f"a{rng.randrange(12)}", rng.choice(kinds)) for k in range(40)]
    dated = [a_group(f"g{k}", f"o{k}", SOON, seats=rng.randint(1, 30), booked=0) for k in range(40)]
    network = a_network(actors, offerings, dated)
    _, flow = solved(network, arrivals=rng.randint(5, 90), reach_km=rng.choice((20, 60, 200)))
    graph = nx.DiGraph()
    graph.add_nodes_from((0, 1))
    edges = flow.network
    for tail, head, capacity in zip(edges.tail, edges.head, edges.capacity, strict=True):
        graph.add_edge(int(tail), int(head), capacity=int(capacity))
    value, _ = nx.minimum_cut(graph, 0, 1)
    assert flow.people == value
    assert edges.capacity[flow.near].sum() == edges.capacity[flow.far].sum() == value
    balance = np.zeros(edges.nodes, np.int64)
    np.add.at(balance, edges.tail, flow.on_edge)
    np.subtract.at(balance, edges.head, flow.on_edge)
    assert balance[0] == value
    assert not balance[2:].any()


def test_people_are_spread_without_losing_anybody():
    assert spread(10, np.array([0.55, 0.25, 0.2])).tolist() == [6, 2, 2]
    assert spread(0, np.array([0.5, 0.5])).sum() == 0
