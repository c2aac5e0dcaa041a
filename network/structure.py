"""Where the network is weak and who holds it together: single providers, isolated actors, brokers, parts."""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx

from network.chains import kind_routes
from network.graph import SupportNetwork
from network.kinds import KINDS, STATES


@dataclass(frozen=True, slots=True)
class SingleProvider:
    """A kind that chains need and only one actor offers.

    ``goals`` are the states that no chain from arrival reaches without this kind.
    """

    kind: str
    actor_id: str
    offerings: tuple[str, ...]
    goals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CutActor:
    """An actor without which others lose touch; ``cut_off`` are those outside the largest remaining part."""

    actor_id: str
    cut_off: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Broker:
    """An actor on many shortest ways between others.

    ``share`` (0…1) is the share of pairs of other actors whose shortest ways lead through it (betweenness);
    ``links`` how many parts its partners belong to.
    """

    actor_id: str
    share: float
    links: int


@dataclass(frozen=True, slots=True)
class Part:
    """Actors that work together more closely than with the rest."""

    actors: tuple[str, ...]


def needed_kinds(start: str = "arrived") -> dict[str, tuple[str, ...]]:
    """For each kind, the states that no chain from a situation reaches without it; other kinds are left out.

    Of alternatives (counselling for adults or for young people) neither is needed for a goal.
    """
    needed: dict[str, list[str]] = {}
    for state in STATES:
        if state == start or not any(state in kind.leads_to for kind in KINDS.values()):
            continue
        routes = kind_routes(state, {start})
        in_every = frozenset.intersection(*map(frozenset, routes)) if routes else frozenset()
        for kind in in_every:
            needed.setdefault(kind, []).append(state)
    return {kind: tuple(states) for kind, states in needed.items()}


def single_providers(network: SupportNetwork) -> tuple[SingleProvider, ...]:
    """Kinds that exactly one actor offers, those that most goals depend on first."""
    needed = needed_kinds()
    found = []
    for kind in KINDS:
        providers = network.providers(kind)
        if len(providers) == 1:
            offerings = tuple(offering.id for offering in network.offerings_of_kind[kind])
            found.append(SingleProvider(kind, providers[0], offerings, needed.get(kind, ())))
    return tuple(sorted(found, key=lambda single: (-len(single.goals), single.kind)))


def missing_kinds(network: SupportNetwork) -> tuple[str, ...]:
    """Kinds that nobody in the region offers, in the order of the catalogue."""
    return tuple(kind for kind in KINDS if not network.offerings_of_kind[kind])


def isolated_actors(network: SupportNetwork) -> tuple[str, ...]:
    """Ids of the actors that neither refer to anybody nor cooperate, sorted."""
    links = network.actor_links
    return tuple(sorted(actor for actor in links if links.degree(actor) == 0))


def cut_actors(network: SupportNetwork) -> tuple[CutActor, ...]:
    """Actors whose loss would split the network (articulation points), those that cut off most first."""
    links = network.actor_links
    found = [CutActor(actor, _cut_off(links, actor)) for actor in sorted(nx.articulation_points(links))]
    return tuple(sorted(found, key=lambda cut: (-len(cut.cut_off), cut.actor_id)))


def _cut_off(links: nx.Graph, actor: str) -> tuple[str, ...]:
    """Actors of the same component outside its largest part once an actor is gone."""
    rest = links.subgraph(nx.node_connected_component(links, actor) - {actor})
    pieces = sorted(nx.connected_components(rest), key=lambda piece: (-len(piece), min(piece)))
    return tuple(sorted(other for piece in pieces[1:] for other in piece))


def brokers(network: SupportNetwork, top: int = 5) -> tuple[Broker, ...]:
    """Actors on the largest share of shortest ways between others, at most `top`, none with a share of 0."""
    links = network.actor_links
    part_of = {actor: number for number, part in enumerate(parts(network)) for actor in part.actors}
    shares = nx.betweenness_centrality(links)
    found = [
        Broker(actor, share, len({part_of[other] for other in links[actor]}))
        for actor, share in shares.items()
        if share > 0
    ]
    return tuple(sorted(found, key=lambda broker: (-broker.share, broker.actor_id))[:top])


def parts(network: SupportNetwork) -> tuple[Part, ...]:
    """Parts of the network, largest first: communities of greatest modularity; isolated actors left out.

    Clauset, Newman, Moore (2004): Finding community structure in very large networks.
    """
    joined = [actor for actor in sorted(network.actor_links) if network.actor_links.degree(actor)]
    if not joined:
        return ()
    links = nx.Graph()
    links.add_nodes_from(joined)
    links.add_edges_from(sorted(tuple(sorted(edge)) for edge in network.actor_links.edges))
    communities = nx.community.greedy_modularity_communities(links)
    found = [Part(tuple(sorted(community))) for community in communities]
    return tuple(sorted(found, key=lambda part: (-len(part.actors), part.actors)))
