"""Units (Einheiten): people whose needs are tied together by predecessors or by an exclusive group.

A unit is the smallest part of a problem that can be solved by itself once seats have prices. Inside a unit
a predecessor stands before its successors.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matching.problem import Floats, Ints, Problem


def units(problem: Problem) -> tuple[Ints, Ints, Ints]:
    """Order of the needs by unit and depth, where each unit begins, and the renumbered predecessors."""
    needs = problem.needs
    n = len(needs.ids)
    root = _union(n, needs.after, needs.group)
    depth = _depths(needs.after)
    _, unit = np.unique(root, return_inverse=True)
    row = np.lexsort((np.arange(n), depth, unit)).astype(np.int32)
    place = np.empty(n + 1, np.int32)
    place[row], place[n] = np.arange(n), -1
    counts = np.bincount(unit, minlength=int(unit.max()) + 1 if n else 0)
    unit_ptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return row, unit_ptr, place[needs.after[row]]


@njit(cache=True)
def _union(n: int, after: Ints, group: Ints) -> Ints:  # pragma: no cover - compiled
    """Smallest need of the unit of each need."""
    root = np.arange(n).astype(np.int32)
    first = np.full(n + 1, -1, np.int32)
    for i in range(n):
        g = group[i]
        if first[g] < 0:
            first[g] = i
        for j in (after[i], first[g]):
            if j >= 0:
                a, b = i, j
                while root[a] != a:
                    root[a] = root[root[a]]
                    a = root[a]
                while root[b] != b:
                    root[b] = root[root[b]]
                    b = root[b]
                root[max(a, b)] = min(a, b)
    for i in range(n):
        a = i
        while root[a] != a:
            a = root[a]
        root[i] = a
    return root


@njit(cache=True)
def _depths(after: Ints) -> Ints:  # pragma: no cover - compiled
    """Number of predecessors of each need, all the way up."""
    depth = np.zeros(len(after), np.int32)
    for i in range(len(after)):
        j = after[i]
        while j >= 0:
            depth[i] += 1
            j = after[j]
    return depth


def by_home(problem: Problem, row: Ints, unit_ptr: Ints, after: Ints) -> tuple[Ints, Ints, Ints]:
    """The same units in an order in which neighbours stand together; given and returned as by ``units``."""
    people, home = problem.people, problem.needs.person[row[unit_ptr[:-1]]]
    order = np.argsort(place_key(people.lat[home], people.lon[home]), kind="stable")
    counts = np.diff(unit_ptr)[order]
    ptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    former = np.repeat(unit_ptr[:-1][order] - ptr[:-1], counts) + np.arange(len(row), dtype=np.int32)
    place = np.empty(len(row) + 1, np.int32)
    place[former], place[len(row)] = np.arange(len(row)), -1
    return row[former], ptr, place[after[former]]


def place_key(lat: Floats, lon: Floats) -> NDArray[np.int64]:
    """Place on a curve through fields of about 2 km (Z-order), on which neighbours mostly follow each other.

    Parameters
    ----------
    lat, lon : array of float
        Degrees; empty places count as 0.
    """
    key = np.zeros(len(lat), np.int64)
    y = np.floor((np.nan_to_num(lat) + 90) * 64).astype(np.int64)
    x = np.floor((np.nan_to_num(lon) + 180) * 42).astype(np.int64)
    for bit in range(14):
        key |= ((x >> bit) & 1) << (2 * bit) | ((y >> bit) & 1) << (2 * bit + 1)
    return key


def successors(after: Ints) -> tuple[Ints, Ints]:
    """Needs that follow each need: where each list begins, and the lists."""
    child = np.argsort(after, kind="stable")[np.count_nonzero(after < 0) :].astype(np.int32)
    counts = np.bincount(after[after >= 0], minlength=len(after))
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int32), child
