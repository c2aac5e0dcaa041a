"""Netzgraph: actors and offerings by the stage of the chain, typed edges, and weak points marked on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from network.analysis.flow import cut_parts, flow_network, greatest_flow
from network.analysis.grid import grid_of
from network.analysis.travel import GreatCircle
from network.chains import BreakCode
from network.graph import SupportNetwork
from network.kinds import KINDS, Stage
from network.model import CooperationKind
from network.svg import actor_group
from workflows.weak_points import GOAL, START, WeakPoints, weak_points

STAGES = ("access", *(stage.name.lower().replace("_", "-") for stage in Stage if stage), "beside")
"""Columns from arrival to work; actors without an offering stand in the first, what is beside in the last."""

MARKS = ("single", "broken", "isolated", "bottleneck")
REACH_KM = 30.0
"""Ways within which somebody can get from home to an offering, great circle."""


@dataclass(frozen=True)
class GraphNode:
    """Knoten: an actor or an offering.

    Parameters
    ----------
    id, name : str
        Of the partner files.
    is_actor : bool
        Else it is an offering.
    group : str
        Kind of actor, for its colour; for an offering that of its actor.
    stages : tuple of str
        Of `STAGES`, those at which it stands.
    marks : tuple of str
        Weak points, of `MARKS`.
    actor_id : str
        The actor itself, or who runs the offering.
    """

    id: str
    name: str
    is_actor: bool
    group: str
    stages: tuple[str, ...]
    marks: tuple[str, ...]
    actor_id: str


@dataclass(frozen=True)
class GraphEdge:
    """Kante: ``offers`` (actor to offering), ``refers`` or ``cooperates`` (actor to actor)."""

    tail: str
    head: str
    kind: str


@dataclass(frozen=True)
class NetworkGraph:
    """Netzgraph.

    Parameters
    ----------
    nodes, edges : tuple
        Actors before their offerings; an edge names ``actor:`` or ``offering:`` and the id.
    weak : WeakPoints
        What the marks come from.
    """

    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    weak: WeakPoints

    @property
    def actors(self) -> tuple[GraphNode, ...]:
        """The actors."""
        return tuple(node for node in self.nodes if node.is_actor)

    def offerings_of(self, actor_id: str) -> tuple[GraphNode, ...]:
        """The offerings of an actor."""
        return tuple(node for node in self.nodes if not node.is_actor and node.actor_id == actor_id)

    def partners(self, actor_id: str, kind: str) -> tuple[str, ...]:
        """Ids of the actors to which an edge of a kind leads, sorted."""
        own = f"actor:{actor_id}"
        heads = (edge.head for edge in self.edges if edge.kind == kind and edge.tail == own)
        return tuple(sorted(head.removeprefix("actor:") for head in heads))


def network_graph(network: SupportNetwork, today: date) -> NetworkGraph:
    """Return a network as a graph with its weak points on a day marked."""
    weak = weak_points(network, today)
    marked = _marked(network, weak, bottlenecks(network, today))
    region = network.region
    stages: dict[str, set[str]] = {actor_id: set() for actor_id in region.actors}
    for offering in region.offerings.values():
        stages[offering.actor_id].add(stage_of(offering.kind))
    nodes = [
        GraphNode(
            id=actor.id,
            name=actor.name,
            is_actor=True,
            group=actor_group(actor.type),
            stages=tuple(stage for stage in STAGES if stage in (stages[actor.id] or {"access"})),
            marks=_in_order(marked.get(f"actor:{actor.id}", ())),
            actor_id=actor.id,
        )
        for actor in region.actors.values()
    ]
    nodes += [
        GraphNode(
            id=offering.id,
            name=offering.name,
            is_actor=False,
            group=actor_group(region.actors[offering.actor_id].type),
            stages=(stage_of(offering.kind),),
            marks=_in_order(marked.get(f"offering:{offering.id}", ())),
            actor_id=offering.actor_id,
        )
        for offering in region.offerings.values()
    ]
    return NetworkGraph(tuple(nodes), tuple(_edges(network)), weak)


def bottlenecks(network: SupportNetwork, today: date) -> frozenset[str]:
    """Return the offerings of which more seats would let more people a year get from arrival to work.

    They are the smallest cut nearest to the goal of the flow with as many arrivals as there are seats.
    """
    if not network.supply.slots:
        return frozenset()
    grid = grid_of(network, today, GreatCircle())
    arrivals = int(grid.rows.seats.sum())
    flow = greatest_flow(flow_network(grid, grid.reach(REACH_KM), arrivals, START, GOAL))
    return frozenset(part.offering for part in cut_parts(grid, flow) if part.offering)


def stage_of(kind: str) -> str:
    """Stage of a kind, of `STAGES`."""
    return KINDS[kind].stage.name.lower().replace("_", "-")


def _marked(network: SupportNetwork, weak: WeakPoints, bottleneck: Iterable[str]) -> Mapping[str, set[str]]:
    marked: dict[str, set[str]] = {}
    for one, actor in weak.single:
        for node in (f"actor:{actor.id}", *(f"offering:{offering}" for offering in one.offerings)):
            marked.setdefault(node, set()).add("single")
    for gap in weak.breaks:
        of = "actor" if gap.code is BreakCode.NO_COOPERATION else "offering"
        for id in gap.evidence:
            marked.setdefault(f"{of}:{id}", set()).add("broken")
    for actor in weak.isolated:
        marked.setdefault(f"actor:{actor.id}", set()).add("isolated")
    for offering_id in bottleneck:
        marked.setdefault(f"offering:{offering_id}", set()).add("bottleneck")
    return marked


def _in_order(marks: Iterable[str]) -> tuple[str, ...]:
    given = set(marks)
    return tuple(mark for mark in MARKS if mark in given)


def _edges(network: SupportNetwork) -> Iterable[GraphEdge]:
    for offering in network.region.offerings.values():
        yield GraphEdge(f"actor:{offering.actor_id}", f"offering:{offering.id}", "offers")
    for link in network.region.cooperations:
        kind = "refers" if link.kind is CooperationKind.REFERS else "cooperates"
        yield GraphEdge(f"actor:{link.from_actor}", f"actor:{link.to_actor}", kind)
