"""Handovers without agreement, gaps between programmes, bridges and islands, by hand or by networkx."""

from datetime import timedelta
from random import Random

import networkx as nx
import numpy as np
import pytest
from region_builders import (
    HERE,
    TODAY,
    a_group,
    a_network,
    a_service,
    an_actor,
    an_offering,
    cooperates,
    refers,
)
from test_flow import FAR, SOON, a_chain

from network.analysis.flow import flow_network, greatest_flow
from network.analysis.grid import grid_of
from network.analysis.handovers import handovers, next_kinds
from network.analysis.links import betweenness, links
from network.analysis.transitions import transitions
from network.analysis.travel import GreatCircle


def day(number):
    return TODAY + timedelta(days=number)


def handed_over(network, arrivals=1000):
    grid = grid_of(network, TODAY, GreatCircle())
    reach = grid.reach(30)
    flow = greatest_flow(flow_network(grid, reach, arrivals, "arrived", "working"))
    return handovers(grid, reach, flow)


def two_schools(*cooperations):
    """12 people pass: tests at the office, courses at two schools (8 and 4 seats), B2 at the first."""
    actors, offerings, dated = a_chain(courses=8)
    actors.append(an_actor("zweit"))
    offerings.append(an_offering("i2", "zweit", "integration-course"))
    dated.append(a_group("i2", "i2", SOON, seats=4, booked=0))
    return a_network(actors, offerings, dated, cooperations)


def test_people_go_where_the_seats_are():
    found = handed_over(two_schools())
    missing = {(one.from_actor, one.to_actor, one.kind): one.people for one in found.missing}
    assert missing["amt", "vhs", "placement-test"] == pytest.approx(8)
    assert missing["amt", "zweit", "placement-test"] == pytest.approx(4)
    assert missing["zweit", "vhs", "integration-course"] == pytest.approx(4)
    assert missing["vhs", "amt", "vocational-language/B2"] == pytest.approx(12)
    assert found.missing_share == 1.0
    assert found.people == pytest.approx(28)


def test_an_agreement_in_either_direction_is_one():
    found = handed_over(two_schools(refers("vhs", "amt"), cooperates("zweit", "vhs")))
    assert [(one.from_actor, one.to_actor) for one in found.missing] == [("amt", "zweit")]
    assert found.missing_share == pytest.approx(4 / 28)


def test_what_a_course_opens_is_read_from_the_catalogue():
    assert "vocational-language/B2" in next_kinds("integration-course")
    assert "vocational-language/A2-B1" in next_kinds("integration-course")
    assert "childcare/place" not in next_kinds("counselling/case-management")


def connected(starts, ends_on=28, place=HERE, pause=None, level_in=None, **changes):
    """A course of 28 days from day 1, then groups of B2 on some days; days to the next of them."""
    offerings = [
        an_offering("i", "a", "integration-course", level_out="B1"),
        an_offering("b", "b", "vocational-language/B2", level_in=level_in),
    ]
    course = a_group("i", "i", day(1), module_days=ends_on, seats=10, booked=0)
    dated = [course, *(a_group(f"b{n}", "b", day(n), **changes) for n in starts)]
    network = a_network([an_actor("a"), an_actor("b", place)], offerings, dated)
    grid = grid_of(network, TODAY, GreatCircle())
    found = transitions(grid, grid.reach(30), pause)
    return {(one.kind, one.next_kind): one for one in found}["integration-course", "vocational-language/B2"]


def test_the_gap_is_the_days_from_the_day_after_the_end_to_the_next_start():
    assert connected([28, 29, 60]).median_days == 0
    assert connected([28, 60]).median_days == 31
    assert connected([28, 60]).within_six_weeks == 1.0
    assert connected([72]).within_six_weeks == 0.0


def test_the_days_until_the_result_are_no_gap():
    assert connected([40, 70], pause={"integration-course": 35}).median_days == 6


def test_where_nothing_follows_within_reach_the_programme_is_named():
    for found in (connected([]), connected([60], place=FAR)):
        assert found.median_days is None
        assert found.without == 1.0
        assert [(one.offering, one.median_days) for one in found.worst] == [("i", None)]


def test_a_level_that_is_not_reached_is_a_gap_of_its_own():
    found = connected([40], level_in="B2")
    assert (found.level_gap, found.without, found.median_days) == (1.0, 0.0, None)
    assert connected([40], level_in="B1").median_days == 11


def test_full_groups_do_not_follow():
    assert connected([40, 90], seats=5, booked=5).without == 1.0


def test_what_ends_too_late_to_be_judged_is_left_out():
    offerings = [an_offering("t", "a", "placement-test"), an_offering("i", "a", "integration-course")]
    dated = [a_service("t", "t", day(340), day(340))]
    grid = grid_of(a_network([an_actor("a")], offerings, dated), TODAY, GreatCircle())
    assert transitions(grid, grid.reach(30)) == ()


def test_islands_bridges_and_those_who_stand_alone():
    pairs = [refers("a", "b"), refers("b", "c"), cooperates("x", "y")]
    found = links(a_network([an_actor(name) for name in "abcxyz"], cooperations=pairs))
    assert [(one.actor, one.partners) for one in found.bridges] == [("b", 2)]
    assert found.bridges[0].share == pytest.approx(1 / 10)
    assert found.islands == (("x", "y"),)
    assert found.alone == ("z",)


@pytest.mark.parametrize("seed", range(5))
def test_betweenness_is_that_of_networkx(seed):
    graph = nx.gnp_random_graph(40, Random(seed).choice((0.03, 0.08, 0.2)), seed=seed)
    wanted = nx.betweenness_centrality(graph)
    found = betweenness(nx.to_scipy_sparse_array(graph, dtype=float, format="csr"))
    assert np.allclose(found, [wanted[k] for k in range(40)])
