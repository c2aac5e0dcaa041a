"""The exact program for units (Preisrechnung): the cheapest bookings of everyone under seat prices.

From the leaves of the need forest up: for every pair of a predecessor, the best pair of the successor that
starts at or after the ready day and not after the latest day. Waiting is ``w * (x + f * max(0, x - L))``, so
the minimum over all starts splits in two windows, each a sliding minimum over the pairs sorted by day; the
time is proportional to the number of pairs. Overlaps inside an exclusive group are left out here, which keeps
every bound valid.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matching.candidates import Candidates
from matching.pairs import FAR_AWAY
from matching.problem import AFTER_START, Floats, Ints

INFINITE = np.inf
Longs = NDArray[np.int64]


@njit(cache=True)
def waiting(c: Candidates, days: float) -> float:  # pragma: no cover - compiled
    """Waiting cost of one person with weight 1, in days."""
    return days + c.long_wait_factor * max(0.0, days - c.long_wait_days)


@njit(cache=True)
def base_day(c: Candidates, pair: int, relation: int) -> int:  # pragma: no cover - compiled
    """Day from which a successor counts its lags when the predecessor takes this pair."""
    return c.start[pair] if relation == AFTER_START else c.end[pair] + 1


@njit(cache=True)
def successor_cost(  # pragma: no cover - compiled
    c: Candidates, i: int, pair: int, base: int, value: Floats
) -> float:
    """Cost of need i in this pair when its predecessor's base day is given; infinite outside the window."""
    ready = max(c.earliest[i], base + c.lag[i])
    days = c.start[pair] - ready
    if c.fixed[i]:
        return value[pair] + c.weight[i] * waiting(c, max(0, days))
    if days < 0 or (c.max_lag[i] >= 0 and c.start[pair] > base + c.max_lag[i]):
        return INFINITE
    return value[pair] + c.weight[i] * waiting(c, days)


@njit(cache=True)
def _push(deque: Ints, head: int, tail: int, pair: int, key: Floats) -> int:  # pragma: no cover - compiled
    """Put a pair behind all that are cheaper; returns the new tail."""
    while tail > head and key[deque[tail - 1]] >= key[pair]:
        tail -= 1
    deque[tail] = pair
    return tail + 1


@njit(cache=True)
def add_successor(  # pragma: no cover - compiled
    c: Candidates,
    i: int,
    child: int,
    value: Floats,
    skipped: float,
    near: Ints,
    far: Ints,
    near_key: Floats,
    far_key: Floats,
) -> None:
    """Add to every pair of need i the best that its successor ``child`` can do after it.

    ``skipped`` is the cost of the child and all below it when it is not served. ``near`` and ``far`` are
    queues of pairs, ``near_key`` and ``far_key`` their keys; they hold as many entries as there are pairs.
    """
    relation, w = c.relation[child], c.weight[child]
    first, last = c.pair_ptr[child], c.pair_ptr[child + 1]
    steep = w * (1.0 + c.long_wait_factor)
    enter_near, enter_far = last - 1, last - 1
    near_head, near_tail, far_head, far_tail = first, first, first, first
    previous, best = -1, 0.0
    for x in range(c.pair_ptr[i + 1] - 1, c.pair_ptr[i] - 1, -1):
        p = x if relation == AFTER_START else c.pair_ptr[i] + c.by_end[x]
        if value[p] == INFINITE:
            continue
        base = base_day(c, p, relation)
        if base != previous:
            previous = base
            if c.fixed[child]:
                best = successor_cost(c, child, first, base, value)
            else:
                ready = max(c.earliest[child], base + c.lag[child])
                latest = base + c.max_lag[child] if c.max_lag[child] >= 0 else FAR_AWAY
                while enter_near >= first and c.start[enter_near] >= ready:
                    if value[enter_near] < INFINITE:
                        near_key[enter_near] = value[enter_near] + w * c.start[enter_near]
                        near_tail = _push(near, near_head, near_tail, enter_near, near_key)
                    enter_near -= 1
                while enter_far >= first and c.start[enter_far] - ready > c.long_wait_days:
                    if value[enter_far] < INFINITE:
                        far_key[enter_far] = value[enter_far] + steep * c.start[enter_far]
                        far_tail = _push(far, far_head, far_tail, enter_far, far_key)
                    enter_far -= 1
                while near_head < near_tail and (
                    c.start[near[near_head]] - ready > c.long_wait_days or c.start[near[near_head]] > latest
                ):
                    near_head += 1
                while far_head < far_tail and c.start[far[far_head]] > latest:
                    far_head += 1
                best = skipped
                if near_head < near_tail:
                    best = min(best, near_key[near[near_head]] - w * ready)
                if far_head < far_tail:
                    extra = w * c.long_wait_factor * c.long_wait_days
                    best = min(best, far_key[far[far_head]] - steep * ready - extra)
        value[p] += best


@njit(cache=True)
def evaluate(  # pragma: no cover - compiled
    c: Candidates,
    unit: int,
    value: Floats,
    skipped: Floats,
    near: Ints,
    far: Ints,
    near_key: Floats,
    far_key: Floats,
) -> float:
    """Cheapest bookings of one unit.

    ``value`` holds what each pair costs by itself (infinite = not to be had) and becomes the cost of the pair
    with the best of everything that follows it; ``skipped`` becomes the cost of not serving each need.
    """
    total = 0.0
    for i in range(c.unit_ptr[unit + 1] - 1, c.unit_ptr[unit] - 1, -1):
        first, last = c.pair_ptr[i], c.pair_ptr[i + 1]
        skipped[i] = c.unserved_cost[i]
        for x in range(c.child_ptr[i], c.child_ptr[i + 1]):
            k = c.child[x]
            add_successor(c, i, k, value, skipped[k], near, far, near_key, far_key)
            skipped[i] += skipped[k]
        if c.fixed[i]:  # it keeps its slot whatever its predecessor does
            skipped[i] = value[first]
            if c.after[i] >= 0:
                skipped[i] += c.weight[i] * waiting(c, max(0, c.start[first] - c.earliest[i]))
        if c.after[i] < 0:
            best = skipped[i]
            for p in range(first, last):
                best = min(best, value[p])
            total += best
    return total


@njit(cache=True)
def choose(  # pragma: no cover - compiled
    c: Candidates, unit: int, value: Floats, skipped: Floats, choice: Longs
) -> None:
    """Write the pair of each need (-1 = none) of the cheapest bookings that ``evaluate`` has found."""
    for i in range(c.unit_ptr[unit], c.unit_ptr[unit + 1]):
        first, last = c.pair_ptr[i], c.pair_ptr[i + 1]
        before = c.after[i]
        if c.fixed[i]:
            choice[i] = first
            continue
        choice[i] = -1
        if before >= 0 and choice[before] < 0:
            continue
        best = skipped[i]
        base = base_day(c, choice[before], c.relation[i]) if before >= 0 else 0
        for p in range(first, last):
            cost = value[p] if before < 0 else successor_cost(c, i, p, base, value)
            if cost < best:
                best = cost
                choice[i] = p


@njit(cache=True)
def booking_cost(c: Candidates, unit: int, choice: Longs) -> float:  # pragma: no cover - compiled
    """Cost of a unit's bookings, seats free of charge."""
    total = 0.0
    for i in range(c.unit_ptr[unit], c.unit_ptr[unit + 1]):
        p, before = choice[i], c.after[i]
        if p < 0:
            total += c.unserved_cost[i]
            continue
        total += c.static_cost[p]
        if before >= 0:
            ready = c.earliest[i]
            if choice[before] >= 0:
                ready = max(ready, base_day(c, choice[before], c.relation[i]) + c.lag[i])
            total += c.weight[i] * waiting(c, max(0, c.start[p] - ready))
    return total


@njit(cache=True)
def price_all(  # pragma: no cover - compiled
    c: Candidates,
    value: Floats,
    skipped: Floats,
    near: Ints,
    far: Ints,
    near_key: Floats,
    far_key: Floats,
    choice: Longs,
) -> float:
    """One exact pass over everybody: the sum of the cheapest bookings, written to ``choice``."""
    total = 0.0
    for unit in range(len(c.unit_ptr) - 1):
        total += evaluate(c, unit, value, skipped, near, far, near_key, far_key)
        choose(c, unit, value, skipped, choice)
    return total


class Pass:
    """Working arrays of a pricing pass, made once for a problem."""

    def __init__(self, candidates: Candidates) -> None:
        pairs, needs = max(1, candidates.pairs), candidates.needs
        self.candidates = candidates
        self.value, self.skipped = np.empty(pairs), np.empty(needs)
        self.near, self.far = np.empty(pairs, np.int32), np.empty(pairs, np.int32)
        self.near_key, self.far_key = np.empty(pairs), np.empty(pairs)
        self.choice = np.full(needs, -1, np.int64)

    def run(self, pair_price: Floats) -> float:
        """Price everybody; returns the sum of the cheapest bookings, prices included.

        Parameters
        ----------
        pair_price : array of float, one for each pair
            What the seats of the pair cost, in weighted waiting days; infinite = not to be had.
        """
        c = self.candidates
        np.add(c.static_cost, pair_price, out=self.value[: c.pairs])
        return float(
            price_all(
                c,
                self.value,
                self.skipped,
                self.near,
                self.far,
                self.near_key,
                self.far_key,
                self.choice,
            )
        )
