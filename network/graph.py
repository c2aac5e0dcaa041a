"""The network of a region as a graph (Netzwerkgraph): actors, offerings and states, joined by typed edges.

=============  ==========================  =====================================================
edge           from → to                   meaning
=============  ==========================  =====================================================
``offers``     actor → offering            runs it
``requires``   offering → state            one of the states that may open it
``leads-to``   offering → state            what is reached afterwards
``refers-to``  actor → actor               hands people on
``cooperates`` actor ↔ actor               works together; one edge in each direction
=============  ==========================  =====================================================

The questions a coordinator asks of it are in :mod:`network.near` (who offers this near here and when),
:mod:`network.chains` (which ways lead to a goal, where they break) and :mod:`network.structure` (single
points of failure, isolated actors, brokers, parts).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import networkx as nx

from network.kinds import KINDS
from network.model import Actor, Capacity, Cooperation, CooperationKind, Group, Offering, Region, Slot, Supply


class EdgeType(StrEnum):
    """What an edge of the network says."""

    OFFERS = "offers"
    REQUIRES = "requires"
    LEADS_TO = "leads-to"
    REFERS_TO = "refers-to"
    COOPERATES = "cooperates"


@dataclass(frozen=True, slots=True, order=True)
class Node:
    """A node of the graph: ``type`` is ``actor``, ``offering`` or ``state``, ``id`` its id there."""

    type: str
    id: str


class SupportNetwork:
    """The graph of a region and its supply, with the look-ups that every question needs.

    Parameters
    ----------
    region
        Actors, offerings and cooperation.
    supply
        The dated ways in that the questions shall know, usually ``region.slots(today, until_on)``.
    """

    def __init__(self, region: Region, supply: Supply) -> None:
        self.region = region
        self.supply = supply
        self.capacities: dict[str, Capacity] = {c.id: c for c in supply.capacities}
        self.graph = nx.MultiDiGraph()
        self._add_nodes()
        self._add_chain_edges()
        self._add_cooperation()

    def _add_nodes(self) -> None:
        for actor in self.region.actors.values():
            self.graph.add_node(Node("actor", actor.id))
        for offering in self.region.offerings.values():
            self.graph.add_node(Node("offering", offering.id))
            self._join(Node("actor", offering.actor_id), Node("offering", offering.id), EdgeType.OFFERS)

    def _add_chain_edges(self) -> None:
        for offering in self.region.offerings.values():
            kind, node = KINDS[offering.kind], Node("offering", offering.id)
            for state in sorted(frozenset().union(*kind.requires)):
                self._join(node, Node("state", state), EdgeType.REQUIRES)
            for state in sorted(kind.leads_to):
                self._join(node, Node("state", state), EdgeType.LEADS_TO)

    def _add_cooperation(self) -> None:
        for cooperation in self.region.cooperations:
            tail, head = Node("actor", cooperation.from_actor), Node("actor", cooperation.to_actor)
            if cooperation.kind is CooperationKind.REFERS:
                self._join(tail, head, EdgeType.REFERS_TO, cooperation)
            else:
                self._join(tail, head, EdgeType.COOPERATES, cooperation)
                self._join(head, tail, EdgeType.COOPERATES, cooperation)

    def _join(self, tail: Node, head: Node, kind: EdgeType, evidence: Cooperation | None = None) -> None:
        """Add an edge; the same type joins two nodes at most once."""
        self.graph.add_edge(tail, head, key=kind, evidence=evidence)

    def edges(self, kind: EdgeType) -> Iterator[tuple[Node, Node]]:
        """Edges of a type; those of one node stand together."""
        return ((tail, head) for tail, head, key in self.graph.edges(keys=True) if key is kind)

    @cached_property
    def actor_links(self) -> nx.Graph:
        """Actors and whether two of them refer or cooperate in either direction, without direction."""
        links = nx.Graph()
        links.add_nodes_from(sorted(self.region.actors))
        links.add_edges_from(sorted((c.from_actor, c.to_actor) for c in self.region.cooperations))
        return links

    @cached_property
    def slots_of(self) -> dict[str, tuple[Slot, ...]]:
        """Slots of each offering, earliest first; empty where it has none."""
        slots: dict[str, list[Slot]] = {offering_id: [] for offering_id in self.region.offerings}
        for slot in sorted(self.supply.slots, key=lambda slot: (slot.start_on, slot.id)):
            slots[slot.offering_id].append(slot)
        return {offering_id: tuple(found) for offering_id, found in slots.items()}

    @cached_property
    def offerings_of_kind(self) -> dict[str, tuple[Offering, ...]]:
        """Offerings of each kind of the catalogue; empty where nobody offers it."""
        found: dict[str, list[Offering]] = {kind: [] for kind in KINDS}
        for offering in self.region.offerings.values():
            found[offering.kind].append(offering)
        return {kind: tuple(offerings) for kind, offerings in found.items()}

    def actor_of(self, offering: Offering) -> Actor:
        """The actor that runs an offering."""
        return self.region.actors[offering.actor_id]

    def providers(self, kind: str) -> tuple[str, ...]:
        """Ids of the actors that offer a kind, sorted."""
        return tuple(sorted({offering.actor_id for offering in self.offerings_of_kind[kind]}))

    def work_together(self, actor_id: str, other_id: str) -> bool:
        """Whether two actors are one, or refer or cooperate in either direction."""
        return actor_id == other_id or bool(self.actor_links.has_edge(actor_id, other_id))

    def free_seats(self, slot: Slot) -> int:
        """Seats that are free in every capacity the slot uses."""
        return min(self.capacities[capacity].seats for capacity in slot.uses)

    def missing(self, slot: Slot) -> int:
        """Bookings still missing before the slot's group opens; 0 where none are."""
        return max(self.capacities[capacity].min_participants for capacity in slot.uses)

    def group_of(self, slot: Slot) -> Group | None:
        """The course group behind a slot, or None for services and stock."""
        return self.region.groups.get(slot.row_id)
