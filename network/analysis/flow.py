"""The support chain as a flow network (Förderkette als Flussnetz): how many people a year it can bear.

Nodes are stations of the catalogue in each town (``arrived`` in Musterstadt) and kinds of offerings at each
place; edges lead from a station to every kind that it opens within reach, and from there to the stations that
the kind leads to, in every town within reach. Only kinds at places have a capacity: their free seats.
Arrivals flow in at the start, spread over the towns; the greatest flow to the goal is what the network can
bear, and a smallest cut says where it ends.

It is an upper bound in one respect: people from two towns who meet in one course cannot be told apart
afterwards. A kind that asks for several states at once counts as open from any of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from network.analysis.grid import Flags, Floats, Grid, Ints
from network.kinds import KINDS, STATES

MANY = 1_000_000_000
"""Capacity of an edge that is never the limit."""


@dataclass(frozen=True)
class FlowNetwork:
    """Nodes and edges of a region's chain (Flussnetz).

    Parameters
    ----------
    tail, head, capacity
        Edges; node 0 is the source, node 1 the sink.
    supply
        Number of the edge that carries the seats of a kind (rows) at a place (columns), -1 where there are
        none.
    demand
        Number of the edge by which the people of each town arrive.
    """

    tail: Ints
    head: Ints
    capacity: Ints
    nodes: int
    supply: Ints
    demand: Ints


@dataclass(frozen=True)
class Flow:
    """The greatest flow (größter Fluss) of a flow network and its smallest cuts.

    Parameters
    ----------
    people
        People who can reach the goal within the stretch of days.
    on_edge
        People on each edge.
    near, far
        Edges of the smallest cut next to the source, and of the one next to the sink.
    """

    network: FlowNetwork
    people: int
    on_edge: Ints
    near: Flags
    far: Flags

    @cached_property
    def on_supply(self) -> Ints:
        """People who pass each kind (rows) at each place (columns)."""
        supply = self.network.supply
        return np.where(supply >= 0, self.on_edge[supply], 0)

    @property
    def limited_by_arrivals(self) -> bool:
        """Whether everybody who arrives reaches the goal."""
        return bool(self.people == self.network.capacity[self.network.demand].sum())


def flow_network(grid: Grid, reach: Flags, arrivals: int, start: str, goal: str) -> FlowNetwork:
    """Build the flow network from one station to another.

    Parameters
    ----------
    reach
        For each town, the places within reach (:meth:`Grid.reach`).
    arrivals
        People who arrive within the grid's days, >= 0; spread over the towns like the inhabitants.

    Raises
    ------
    KeyError
        When the catalogue does not know a station.
    """
    states = {state: number for number, state in enumerate(STATES)}
    towns, seats = len(grid.towns), grid.seats()
    kinds, places = seats.shape
    first_in = 2 + len(states) * towns
    first_out = first_in + kinds * places
    edges = _Edges()
    everywhere = np.arange(towns)
    demand = edges.add(np.zeros(towns), 2 + states[start] * towns + everywhere, spread(arrivals, grid.people))
    edges.add(2 + states[goal] * towns + everywhere, np.ones(towns), np.full(towns, MANY))
    for brought in STATES.values():
        for implied in sorted(brought.implies):
            tail, head = (2 + states[one] * towns + everywhere for one in (brought.id, implied))
            edges.add(tail, head, np.full(towns, MANY))
    offered = np.flatnonzero(seats)
    supply = np.full(seats.size, -1, np.int64)
    supply[offered] = edges.add(first_in + offered, first_out + offered, seats.ravel()[offered])
    for number, name in enumerate(grid.kinds):
        here = np.flatnonzero(seats[number])
        town, place = np.nonzero(reach[:, here])
        node = number * places + here[place]
        for state in sorted(frozenset().union(*KINDS[name].requires)):
            edges.add(2 + states[state] * towns + town, first_in + node, np.full(len(town), MANY))
        for state in sorted(KINDS[name].leads_to):
            edges.add(first_out + node, 2 + states[state] * towns + town, np.full(len(town), MANY))
    nodes = first_out + kinds * places
    return FlowNetwork(*edges.columns(), nodes, supply.reshape(seats.shape), demand)


class _Edges:
    def __init__(self) -> None:
        self.parts: list[tuple[Ints, Ints, Ints]] = []
        self.count = 0

    def add(self, tail: Ints | Floats, head: Ints | Floats, capacity: Ints) -> Ints:
        """Add edges and return their numbers."""
        self.parts.append((tail.astype(np.int64), head.astype(np.int64), capacity))
        self.count += len(capacity)
        return np.arange(self.count - len(capacity), self.count)

    def columns(self) -> tuple[Ints, Ints, Ints]:
        tail, head, capacity = (np.concatenate(column) for column in zip(*self.parts, strict=True))
        return tail, head, capacity


def spread(whole: int, shares: Floats) -> Ints:
    """A whole number spread by shares that add up to 1, largest remainders first; the sum stays."""
    exact = whole * shares
    counts = np.floor(exact).astype(np.int64)
    counts[np.argsort(counts - exact, kind="stable")[: whole - counts.sum()]] += 1
    return counts


def greatest_flow(network: FlowNetwork, capacity: Ints | None = None) -> Flow:
    """The greatest flow from source to sink, and both smallest cuts.

    Parameters
    ----------
    capacity
        Of every edge; that of the network unless told.
    """
    capacity = network.capacity if capacity is None else capacity
    shape = (network.nodes, network.nodes)
    graph = csr_array((capacity.astype(np.int32), (network.tail, network.head)), shape=shape)
    found = maximum_flow(graph, 0, 1)
    flow = csr_array(found.flow)
    on_edge = np.maximum(0, np.asarray(flow[network.tail, network.head]).ravel()).astype(np.int64)
    near, far = _cuts(network, capacity, on_edge)
    return Flow(network, int(found.flow_value), on_edge, near, far)


def _cuts(network: FlowNetwork, capacity: Ints, on_edge: Ints) -> tuple[Flags, Flags]:
    """Edges between what the source still reaches and the rest, and before what still reaches the sink."""
    tail, head = network.tail, network.head
    free, used = capacity > on_edge, on_edge > 0
    rows, columns = np.concatenate([tail[free], head[used]]), np.concatenate([head[free], tail[used]])
    shape = (network.nodes, network.nodes)
    rest = csr_array((np.ones(len(rows), np.int8), (rows, columns)), shape=shape)
    sides = []
    for graph, root in ((rest, 0), (csr_array(rest.T), 1)):
        side = np.zeros(network.nodes, np.bool_)
        side[breadth_first_order(graph, root, return_predecessors=False)] = True
        sides.append(side)
    source_side, sink_side = sides
    return (
        np.asarray(source_side[tail] & ~source_side[head]),
        np.asarray(~sink_side[tail] & sink_side[head]),
    )


@dataclass(frozen=True)
class CutPart:
    """What a smallest cut consists of (Teil des Engpasses): an offering of an actor, or arrivals.

    ``seats`` is its part of the cut; None as ``offering`` and ``actor`` means that too few people arrive
    there.
    """

    kind: str
    offering: str | None
    actor: str | None
    seats: int


def cut_parts(grid: Grid, flow: Flow) -> tuple[CutPart, ...]:
    """The smallest cut nearest to the goal by offering, the largest part first.

    The sum of all parts is the greatest flow.
    """
    in_cut = (flow.network.supply >= 0) & flow.far[flow.network.supply]
    rows = grid.rows
    of = in_cut[rows.kind, rows.place]
    seats = np.zeros(len(grid.offerings), np.int64)
    np.add.at(seats, rows.offering[of], rows.seats[of])
    found = [_offering_part(grid, number, int(seats[number])) for number in np.flatnonzero(seats).tolist()]
    arriving = int(flow.network.capacity[flow.network.demand][flow.far[flow.network.demand]].sum())
    if arriving:
        found.append(CutPart("", None, None, arriving))
    return tuple(sorted(found, key=lambda part: (-part.seats, part.offering or "")))


def _offering_part(grid: Grid, number: int, seats: int) -> CutPart:
    offering = grid.network.region.offerings[grid.offerings[number]]
    return CutPart(offering.kind, offering.id, offering.actor_id, seats)


@dataclass(frozen=True)
class StageFlow:
    """One kind of offering in the flow (Stufe): its seats, who passes, and how full that makes it."""

    kind: str
    seats: int
    people: int
    actors: int

    @property
    def used_share(self) -> float:
        """People over seats, 0 to 1."""
        return self.people / self.seats if self.seats else 0.0


def stage_flows(grid: Grid, flow: Flow) -> tuple[StageFlow, ...]:
    """Each kind that has seats or is asked for, in the order of the catalogue."""
    seats, people = grid.seats().sum(axis=1), flow.on_supply.sum(axis=1)
    return tuple(
        StageFlow(kind, int(seats[k]), int(people[k]), len(np.unique(grid.rows.actor[grid.rows.kind == k])))
        for k, kind in enumerate(grid.kinds)
    )


def people_reaching(
    grid: Grid, reach: Flags, arrivals: int, start: str, stations: Sequence[str]
) -> dict[str, int]:
    """How many people can get from one station at least to each of several others."""
    return {
        station: greatest_flow(flow_network(grid, reach, arrivals, start, station)).people
        for station in stations
    }
