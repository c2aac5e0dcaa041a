"""Branch and bound (Verzweigen und Beschränken): closes the last gap of small problems.

Branches first on whether a group opens, then on splitting what one need may have in two: the earlier pairs,
or the later ones and none. Every node raises its own bound by column generation; the bound of the whole is
the lowest of all nodes that are still open.
"""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count

import numpy as np

from matching.columns import Generator
from matching.master import Master
from matching.pricing import Longs
from matching.problem import Flags, Floats

WHOLE = 1e-5  # how near to 0 or 1 counts as whole
MET = 1e-9  # relative difference of bound and cost that counts as none


@dataclass(frozen=True)
class Node:
    """A part of all plans: groups forced open or closed, pairs forbidden, needs that have to have a slot."""

    forced: dict[int, bool]
    forbidden: Flags
    required: frozenset[int] = frozenset()


def branch(
    generator: Generator,
    bound: float,
    upper: Callable[[], float],
    seconds: Callable[[], float],
    found: Callable[[Longs], None],
    told: Callable[[float], None],
) -> float:
    """Raise the bound by branching until it meets the best plan or time is over.

    Parameters
    ----------
    bound : float
        What the root proves.
    upper : callable
        Cost of the best plan known.
    seconds : callable
        Seconds that are left.
    found, told : callable
        Told of every plan (pair of each need) and of every better bound.

    Returns
    -------
    float
        The bound of the whole.
    """
    generator.pricer.tolerance = 0.0  # else a whole solution may stay away from its bound, with no node left
    number = count()
    root = Node({}, np.zeros(generator.c.pairs, np.bool_))
    open_nodes = [(bound, next(number), root)]
    left = np.inf  # smallest bound of a node that ended without meeting the best plan
    while open_nodes:
        bound = max(bound, min(open_nodes[0][0], left, upper()))
        told(bound)
        if _met(open_nodes[0][0], upper()) or seconds() <= 0 or generator.stop():
            break
        low, _, node = heapq.heappop(open_nodes)
        generator.master.restrict(node.forbidden, node.forced, node.required)
        proven = generator.converge(
            *(low, seconds, upper(), node.forbidden, node.forced, sorted(node.required))
        )
        if _met(proven, upper()):
            continue
        if seconds() <= 0 or generator.stop():
            heapq.heappush(open_nodes, (proven, next(number), node))
            continue
        children = list(_children(generator, node, found))
        for child in children:
            heapq.heappush(open_nodes, (proven, next(number), child))
        if not children and not _met(proven, upper()):
            left = min(left, proven)
    else:
        bound = max(bound, min(left, upper()))
        told(bound)
    generator.master.restrict(root.forbidden, {})
    return bound


def _met(bound: float, cost: float) -> bool:
    return bound >= cost - MET * max(1.0, abs(cost))


def _children(generator: Generator, node: Node, found: Callable[[Longs], None]) -> Iterator[Node]:
    """Split a node where its solution is not whole; a whole one is a plan and has none."""
    master = generator.master
    group = max(master.opened, key=lambda u: _split(master.opened[u]), default=None)
    if group is not None and _split(master.opened[group]) > WHOLE:
        for opens in (True, False):
            yield replace(node, forced=follow(master, node.forced, group, opens))
        return
    shares = pair_shares(master)
    need, last = _most_split(generator, shares)
    if need < 0:
        found(_whole_plan(master))
        return
    first, stop = generator.c.pair_ptr[need], generator.c.pair_ptr[need + 1]
    for begin, end, required in (
        (first, last + 1, node.required),
        (last + 1, stop, node.required | {need}),
    ):
        forbidden = node.forbidden.copy()
        forbidden[begin:end] = True
        yield replace(node, forbidden=forbidden, required=required)


def _split(share: float) -> float:
    return min(share, 1.0 - share)


def follow(master: Master, forced: dict[int, bool], group: int, opens: bool) -> dict[int, bool]:
    """Force a group, and with it those that must follow by nesting."""
    forced, waiting = dict(forced), [group]
    while waiting:
        u = waiting.pop()
        if u not in forced:
            forced[u] = opens
            waiting += [(b if opens else a) for a, b in master.nesting if (a if opens else b) == u]
    return forced


def pair_shares(master: Master) -> Floats:
    """How much of each pair the present solution of the master books."""
    shares = np.zeros(master.c.pairs)
    for k in np.flatnonzero(master.weights > 1e-9).tolist():
        held = master.columns[k].pairs
        shares[held[held >= 0]] += master.weights[k]
    return shares


def _most_split(generator: Generator, shares: Floats) -> tuple[int, int]:
    """The need whose bookings are split most evenly, and the last pair of its earlier half."""
    best, need, last = WHOLE, -1, -1
    ptr = generator.c.pair_ptr
    for p in np.flatnonzero((shares > WHOLE) & (shares < 1 - WHOLE)).tolist():
        i = int(np.searchsorted(ptr, p, side="right")) - 1
        earlier = float(shares[ptr[i] : p + 1].sum())
        if _split(earlier) > best:
            best, need, last = _split(earlier), i, p
    return need, last


def _whole_plan(master: Master) -> Longs:
    choice = np.full(master.c.needs, -1, np.int64)
    for k in np.flatnonzero(master.weights > 0.5).tolist():
        column = master.columns[k]
        choice[master.c.unit_ptr[column.unit] : master.c.unit_ptr[column.unit + 1]] = column.pairs
    return choice
