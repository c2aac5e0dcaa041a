"""Brokers and islands among the actors (Brücken und Inseln), at any size of network.

:mod:`network.structure` asks networkx, which is fine for a region; a nation has too many shortest ways for
that. Here they are counted for many actors at once, level by level (Brandes 2001), with the same result.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from network.analysis.grid import Floats
from network.graph import SupportNetwork

AT_ONCE = 256
"""Actors from whom shortest ways are counted together."""


@dataclass(frozen=True)
class Bridge:
    """An actor on shortest ways between others (Brücke); ``share`` of the pairs of others, 0 to 1."""

    actor: str
    share: float
    partners: int


@dataclass(frozen=True)
class Links:
    """Who holds the network together, and who stands apart.

    Parameters
    ----------
    bridges
        The actors on most shortest ways between others, the largest share first.
    islands
        Groups of actors that work together, but with nobody of the largest group; the largest first.
    alone
        Actors without any cooperation.
    """

    bridges: tuple[Bridge, ...]
    islands: tuple[tuple[str, ...], ...]
    alone: tuple[str, ...]


def links(network: SupportNetwork, top: int = 10) -> Links:
    """Name the `top` bridges, the islands and those who stand alone."""
    actors = tuple(sorted(network.region.actors))
    matrix = _matrix(network, actors)
    degree = np.diff(matrix.indptr)
    shares = betweenness(matrix)
    order = sorted(np.flatnonzero(shares > 0).tolist(), key=lambda k: (-round(float(shares[k]), 12), k))
    count, part = connected_components(matrix, directed=False)
    parts = [tuple(actors[k] for k in np.flatnonzero(part == number)) for number in range(count)]
    joined = sorted((one for one in parts if len(one) > 1), key=lambda one: (-len(one), one))
    return Links(
        tuple(Bridge(actors[k], float(shares[k]), int(degree[k])) for k in order[:top]),
        tuple(joined[1:]),
        tuple(actors[k] for k in np.flatnonzero(degree == 0)),
    )


def _matrix(network: SupportNetwork, actors: tuple[str, ...]) -> csr_array:
    number = {actor: k for k, actor in enumerate(actors)}
    pairs = {
        (number[a], number[b])
        for one in network.region.cooperations
        for a, b in ((one.from_actor, one.to_actor), (one.to_actor, one.from_actor))
        if a != b
    }
    rows, columns = zip(*sorted(pairs), strict=True) if pairs else ((), ())
    ones = np.ones(len(rows))
    return csr_array((ones, (np.array(rows, int), np.array(columns, int))), shape=(len(actors),) * 2)


def betweenness(matrix: csr_array) -> Floats:
    """Share of the pairs of others whose shortest ways lead through each node, 0 to 1.

    Parameters
    ----------
    matrix
        Symmetric, 1 for each link.
    """
    nodes = matrix.shape[0]
    through = np.zeros(nodes)
    for begin in range(0, nodes, AT_ONCE):
        through += _through(matrix, np.arange(begin, min(begin + AT_ONCE, nodes)))
    pairs = (nodes - 1) * (nodes - 2)
    return through / pairs if pairs > 0 else through


def _through(matrix: csr_array, sources: np.ndarray) -> Floats:
    """Dependencies of some sources on every node, summed; nodes are rows here, sources columns."""
    columns = np.arange(len(sources))
    ways = np.zeros((matrix.shape[0], len(sources)))
    ways[sources, columns] = 1.0
    level = np.where(ways > 0, 0, -1)
    front, depth = ways.copy(), 0
    while front.any():
        front = np.where(level < 0, matrix @ front, 0.0)
        depth += 1
        level[front > 0] = depth
        ways += front
    hangs = np.zeros_like(ways)
    for d in range(depth - 1, 0, -1):
        at = level == d
        carried = np.divide(1.0 + hangs, ways, out=np.zeros_like(ways), where=at)
        hangs += np.where(level == d - 1, ways * (matrix @ carried), 0.0)
    hangs[sources, columns] = 0.0
    return np.asarray(hangs.sum(axis=1))
