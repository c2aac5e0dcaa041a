"""Single providers, isolated actors, brokers and parts, on networks one can solve by hand."""

import pytest
from region_builders import a_network, an_actor, an_offering, cooperates, refers

from network.graph import EdgeType, Node
from network.structure import (
    brokers,
    cut_actors,
    isolated_actors,
    missing_kinds,
    needed_kinds,
    parts,
    single_providers,
)


def two_triangles():
    """Triangles a-b-c and d-e-f joined by the bridge c-d, and g alone."""
    links = [refers("a", "b"), refers("b", "c"), cooperates("a", "c"), refers("c", "d")]
    links += [refers("d", "e"), cooperates("e", "f"), refers("d", "f")]
    return a_network([an_actor(name) for name in "abcdefg"], cooperations=links)


def test_an_actor_without_cooperation_is_isolated():
    assert isolated_actors(two_triangles()) == ("g",)


def test_the_ends_of_the_bridge_cut_off_the_other_triangle():
    assert [(cut.actor_id, cut.cut_off) for cut in cut_actors(two_triangles())] == [
        ("c", ("a", "b")),
        ("d", ("e", "f")),
    ]


def test_the_ends_of_the_bridge_are_the_brokers():
    found = brokers(two_triangles())
    assert [broker.actor_id for broker in found] == ["c", "d"]
    # of the 15 pairs of the six others, the 6 between {a, b} and {d, e, f} lead through c
    assert found[0].share == pytest.approx(6 / 15)
    assert found[0].links == 2


def test_the_parts_are_the_triangles():
    assert [part.actors for part in parts(two_triangles())] == [("a", "b", "c"), ("d", "e", "f")]


def test_a_network_without_links_has_no_parts_and_no_brokers():
    network = a_network([an_actor("a"), an_actor("b")])
    assert parts(network) == brokers(network) == cut_actors(network) == ()


def test_the_only_provider_of_a_kind_is_found_with_the_goals_that_hang_on_it():
    offerings = [
        an_offering("t", "a", "placement-test"),
        an_offering("i1", "a", "integration-course"),
        an_offering("i2", "b", "integration-course"),
        an_offering("i3", "b", "integration-course"),
    ]
    network = a_network([an_actor("a"), an_actor("b")], offerings)
    single = single_providers(network)
    assert [(one.kind, one.actor_id, one.offerings) for one in single] == [("placement-test", "a", ("t",))]
    assert {"B1", "B2", "C1"} <= set(single[0].goals)
    assert "working" not in single[0].goals


def test_kinds_that_nobody_offers_are_missing():
    network = a_network([an_actor("a")], [an_offering("t", "a", "placement-test")])
    assert "placement-test" not in missing_kinds(network)
    assert "housing/flat" in missing_kinds(network)


def test_of_alternatives_neither_is_needed():
    needed = needed_kinds()
    assert "C1" in needed["placement-test"]
    assert "counselling/youth" not in needed


def test_the_graph_has_typed_edges():
    offerings = [an_offering("t", "a", "placement-test")]
    network = a_network([an_actor("a"), an_actor("b")], offerings, cooperations=[cooperates("a", "b")])
    offer = Node("offering", "t")
    assert list(network.edges(EdgeType.OFFERS)) == [(Node("actor", "a"), offer)]
    assert (offer, Node("state", "tested")) in network.edges(EdgeType.LEADS_TO)
    assert (offer, Node("state", "counselled")) in network.edges(EdgeType.REQUIRES)
    assert len(list(network.edges(EdgeType.COOPERATES))) == 2
