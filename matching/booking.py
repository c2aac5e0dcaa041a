"""Bookings that change (Buchungsstand): who holds which seat, and the best way to book one unit anew.

All functions here are compiled and work on a ``State``. A unit is booked by the exact program of
``pricing`` over the seats that are left; where two needs of one exclusive group would overlap, the program
branches on who gives way on that day.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from matching.candidates import Candidates
from matching.conflicts import NO_CONFLICT, NOTHING, SEAT, impose, overlap, parts_of, rival_before, rivalry
from matching.pricing import INFINITE, Longs, booking_cost, choose, evaluate
from matching.problem import Flags, Floats, Ints

DEEPEST = 64  # conflicts resolved in one unit before a need is left out


class State(NamedTuple):
    """Who holds what, and the working arrays of the program.

    ``left``, ``load``, ``closed``, ``holders`` belong to capacities: seats left, bookings, shut for new
    bookings, and the needs that hold a seat (``holder_ptr`` says where each capacity's list begins).
    ``totals`` is [cost of all units, missing participants of short groups weighted by ``share``].
    """

    choice: Longs
    left: Ints
    load: Ints
    closed: Flags
    holder_ptr: Longs
    holders: Ints
    share: Floats
    unit_cost: Floats
    totals: Floats
    price: Floats
    best: Longs
    value: Floats
    own: Floats
    skipped: Floats
    near: Ints
    far: Ints
    near_key: Floats
    far_key: Floats


def new_state(c: Candidates, price: Floats | None = None) -> State:
    """A state in which only the fixed bookings stand.

    Parameters
    ----------
    price : array of float, one for each capacity, optional
        What a seat costs others, in weighted waiting days; steers insertion, not the cost.
    """
    caps, room = len(c.seats), room_for_holders(c)
    choice = np.full(c.needs, -1, np.int64)
    choice[c.fixed] = c.pair_ptr[:-1][c.fixed]
    state = scratch(c.needs, c.pairs, c.seats.copy())._replace(
        choice=choice,
        load=np.zeros(caps, np.int32),
        closed=np.zeros(caps, np.bool_),
        holder_ptr=room,
        holders=np.full(int(room[-1]), -1, np.int32),
        share=_shares(c),
        unit_cost=booking_costs(c, choice),
        price=np.zeros(caps) if price is None else price.copy(),
    )
    state.totals[0] = state.unit_cost.sum()
    return state


def room_for_holders(c: Candidates) -> Longs:
    """Where the list of those who hold a seat begins for each capacity, and where the last one ends."""
    most = np.minimum(np.maximum(c.seats, 0), c.needs)  # nobody can hold more seats than there are needs
    return np.concatenate([[0], np.cumsum(most, dtype=np.int64)])


def scratch(needs: int, pairs: int, left: Ints) -> State:
    """Working arrays for units with so many needs and pairs; of bookings only the seats left are there."""
    pairs, none, nothing = max(1, pairs), np.zeros(0, np.int32), np.zeros(0)
    return State(
        *(np.zeros(0, np.int64), left, none, np.zeros(0, np.bool_), np.zeros(0, np.int64), none),
        *(nothing, nothing, np.zeros(2), nothing, np.full(needs, -1, np.int64)),
        *(np.empty(pairs), np.empty(pairs), np.empty(needs)),
        *(np.empty(pairs, np.int32), np.empty(pairs, np.int32)),
        *(np.empty(pairs), np.empty(pairs)),
    )


@njit(cache=True)
def booking_costs(c: Candidates, choice: Longs) -> Floats:  # pragma: no cover - compiled
    """Cost of every unit's bookings, prices left out."""
    cost = np.empty(len(c.unit_ptr) - 1)
    for unit in range(len(cost)):
        cost[unit] = booking_cost(c, unit, choice)
    return cost


@njit(cache=True)
def hold_all(c: Candidates, s: State, choice: Longs) -> None:  # pragma: no cover - compiled
    """Let everybody hold the given pairs instead of what they held now."""
    for unit in range(len(c.unit_ptr) - 1):
        release(c, s, unit)
        occupy(c, s, unit, choice)


def copy_of(state: State) -> State:
    """The same bookings in arrays of their own, for a second stream of search."""
    return State._make(array.copy() for array in state)


def _shares(c: Candidates) -> Floats:
    """Weight of a missing participant in each capacity: a course of seven modules counts once."""
    widest = np.ones(len(c.seats))
    used = np.diff(c.use_ptr)
    np.maximum.at(widest, c.uses, np.repeat(used, used))
    return np.asarray(1.0 / widest)


@njit(cache=True)
def shortage(c: Candidates, s: State, u: int) -> float:  # pragma: no cover - compiled
    """Weighted number of participants that a begun group still misses."""
    if s.load[u] == 0 or s.load[u] >= c.minimum[u]:
        return 0.0
    return s.share[u] * (c.minimum[u] - s.load[u])


@njit(cache=True)
def short_share(c: Candidates, s: State, u: int) -> float:  # pragma: no cover - compiled
    """Share of its participants that a begun group still misses, 0 to 1."""
    if s.load[u] == 0 or s.load[u] >= c.minimum[u]:
        return 0.0
    return (c.minimum[u] - s.load[u]) / c.minimum[u]


@njit(cache=True)
def take(c: Candidates, s: State, i: int, p: int) -> None:  # pragma: no cover - compiled
    """Give need i the seats of pair p; the unit's cost is not brought up to date."""
    s.choice[i] = p
    for x in range(c.use_ptr[c.slot[p]], c.use_ptr[c.slot[p] + 1]):
        u = c.uses[x]
        s.totals[1] -= shortage(c, s, u)
        s.holders[s.holder_ptr[u] + s.load[u]] = i
        s.left[u] -= 1
        s.load[u] += 1
        s.totals[1] += shortage(c, s, u)


@njit(cache=True)
def give_back(c: Candidates, s: State, i: int) -> None:  # pragma: no cover - compiled
    """Free the seats of a served need; the unit's cost is not brought up to date."""
    p = s.choice[i]
    s.choice[i] = -1
    for x in range(c.use_ptr[c.slot[p]], c.use_ptr[c.slot[p] + 1]):
        u = c.uses[x]
        s.totals[1] -= shortage(c, s, u)
        s.left[u] += 1
        s.load[u] -= 1
        s.totals[1] += shortage(c, s, u)
        for k in range(s.holder_ptr[u], s.holder_ptr[u] + s.load[u]):
            if s.holders[k] == i:
                s.holders[k] = s.holders[s.holder_ptr[u] + s.load[u]]
                break


@njit(cache=True)
def release(c: Candidates, s: State, unit: int) -> None:  # pragma: no cover - compiled
    """Give back every seat of a unit that is not fixed."""
    for i in range(c.unit_ptr[unit], c.unit_ptr[unit + 1]):
        if s.choice[i] >= 0 and not c.fixed[i]:
            give_back(c, s, i)
    s.totals[0] -= s.unit_cost[unit]
    s.unit_cost[unit] = 0.0


@njit(cache=True)
def occupy(c: Candidates, s: State, unit: int, choice: Longs) -> None:  # pragma: no cover - compiled
    """Take the seats of a released unit; ``choice`` is indexed by need."""
    for i in range(c.unit_ptr[unit], c.unit_ptr[unit + 1]):
        if choice[i] >= 0 and not c.fixed[i]:
            take(c, s, i, choice[i])
        else:
            s.choice[i] = choice[i]
    s.unit_cost[unit] = booking_cost(c, unit, s.choice)
    s.totals[0] += s.unit_cost[unit]


@njit(cache=True)
def seat_cost(  # pragma: no cover - compiled
    c: Candidates, s: State, slot: int, fade: float, push: float
) -> float:
    """What a slot costs a unit beside its waiting: prices, and joining or opening short groups.

    ``push`` is the cost of one missing participant; infinite: only groups that run already can be joined.
    """
    total = 0.0
    for x in range(c.use_ptr[slot], c.use_ptr[slot + 1]):
        u = c.uses[x]
        if s.left[u] <= 0 or s.closed[u]:
            return INFINITE
        total += fade * s.price[u]
        if s.load[u] < c.minimum[u]:
            if s.load[u] == 0:
                if push == INFINITE:
                    return INFINITE
                total += push * s.share[u] * (c.minimum[u] - 1)
            elif push < INFINITE:
                total -= push * s.share[u]
    return total


@njit(cache=True)
def load_values(  # pragma: no cover - compiled
    c: Candidates, s: State, unit: int, fade: float, push: float
) -> None:
    """Fill ``own``: what each pair of the unit costs by itself under the seats left."""
    for i in range(c.unit_ptr[unit], c.unit_ptr[unit + 1]):
        for p in range(c.pair_ptr[i], c.pair_ptr[i + 1]):
            s.own[p] = c.static_cost[p]
            if not c.fixed[i]:
                s.own[p] += seat_cost(c, s, c.slot[p], fade, push)


@njit(cache=True)
def solve_unit(  # pragma: no cover - compiled
    c: Candidates, s: State, unit: int, nodes: int, upper: float = INFINITE, slack: float = 0.0
) -> tuple[float, float]:
    """Cheapest bookings of a released unit, for the pair costs in ``own``; written to ``best``.

    Splits on conflicts (``conflicts.py``), depth first.

    Parameters
    ----------
    nodes : int
        Branches after which the best bookings so far are taken.
    upper : float
        Cost of bookings that are known; only cheaper ones are written to ``best``.
    slack : float
        Bookings that are cheaper by no more than this need not be found, >= 0.

    Returns
    -------
    cost, bound : float
        Cost of the best bookings known, and a cost below which there are none.
    """
    begin, stop = c.unit_ptr[unit], c.unit_ptr[unit + 1]
    first, last = c.pair_ptr[begin], c.pair_ptr[stop]
    split = np.zeros((DEEPEST, 4), np.int64)  # at each depth the conflict that is split there
    side = np.zeros(DEEPEST, np.int64)  # ... which part is being searched
    parts = np.zeros(DEEPEST, np.int64)  # ... of how many
    lower = np.empty(DEEPEST + 1)
    keep = np.empty(stop - begin, np.int64)
    found, open_bound, depth, used = upper, INFINITE, 0, 0
    while True:
        s.value[first:last] = s.own[first:last]
        for d in range(depth):
            impose(c, unit, split[d], side[d], s.value)
        cost = evaluate(c, unit, s.value, s.skipped, s.near, s.far, s.near_key, s.far_key)
        used += 1
        lower[depth] = cost
        deeper = False
        if found - slack <= cost < found:
            open_bound = min(open_bound, cost)
        elif cost < found:
            choose(c, unit, s.value, s.skipped, s.best)
            kind, i, j, what = overlap(c, unit, s.best)
            if kind == NO_CONFLICT:
                kind, i, j, what = rivalry(c, s.left, unit, s.best)
            if kind == NO_CONFLICT:
                found = cost
                keep[:] = s.best[begin:stop]
            elif depth < DEEPEST and (used < nodes or found == INFINITE):
                deeper = True
                if used >= nodes or depth >= DEEPEST - 10:  # enough: one of two goes without
                    if kind == SEAT:
                        i = rival_before(i, j, begin)
                    kind = NOTHING
                if kind == NOTHING:
                    open_bound = min(open_bound, cost)
                split[depth, 0], split[depth, 1], split[depth, 2], split[depth, 3] = kind, i, j, what
                side[depth], parts[depth] = 0, parts_of(split[depth])
                depth += 1
            else:
                open_bound = min(open_bound, cost)
        if not deeper:
            while depth > 0 and side[depth - 1] == parts[depth - 1] - 1:
                depth -= 1
            if depth == 0:
                break
            if used >= nodes and found < INFINITE:
                for d in range(depth):
                    if side[d] < parts[d] - 1:
                        open_bound = min(open_bound, lower[d])
                break
            side[depth - 1] += 1
    if found < upper:
        s.best[begin:stop] = keep
    return found, min(found, open_bound)
