"""Groups opened and closed by several at once (Gemeinsam): moves that no single booking can make.

A group that does not run cannot be joined by one person, and nobody is better off alone in it. So a whole
group is moved: a slot is filled by the units to whom that costs least until its groups have their minimum; or
a group is closed, its people are booked elsewhere, and may open another one instead. What costs more than
before is undone.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba import njit

from matching.booking import State, load_values, occupy, release, short_share, solve_unit
from matching.candidates import Candidates
from matching.filling import go_to, has_room, missing_in
from matching.pricing import INFINITE, Longs
from matching.problem import Flags

NODES = 60  # overlap branches for one booking
JOINED = 1e7  # worth of joining the slot that is to be filled
PUSH = 500.0  # cost of a missing participant while the people of a closed group are booked elsewhere
DEAR = 2000.0  # the same where plans with short groups are compared
CASCADE = 4  # groups that may close because one does
TRIED = 3  # other groups that the people of a closed one try to open
PARTS = 6  # of the groups, one of which a sweep tries to close
EPSILON = 1e-6  # weighted waiting days


class Joiners(NamedTuple):
    """Who could take each slot: pairs and their needs, ``ptr[slot] : ptr[slot + 1]``."""

    ptr: Longs
    pair: Longs
    need: Longs


@njit(cache=True)
def joiners(c: Candidates) -> Joiners:  # pragma: no cover - compiled
    """Pairs by slot, needs in their order; fixed needs left out."""
    ptr = np.zeros(len(c.use_ptr) + 1, np.int64)
    for i in range(len(c.row)):
        for p in range(c.pair_ptr[i], c.pair_ptr[i + 1]):
            if not c.fixed[i]:
                ptr[c.slot[p] + 2] += 1
    ptr = np.cumsum(ptr)
    pair, need = np.empty(ptr[-1], np.int64), np.empty(ptr[-1], np.int64)
    for i in range(len(c.row)):
        for p in range(c.pair_ptr[i], c.pair_ptr[i + 1]):
            if not c.fixed[i]:
                k = ptr[c.slot[p] + 1]
                pair[k], need[k] = p, i
                ptr[c.slot[p] + 1] += 1
    return Joiners(ptr[:-1], pair, need)


@njit(cache=True)
def lacking(c: Candidates, s: State, slot: int) -> int:  # pragma: no cover - compiled
    """Participants that the groups of a slot need before all of them run."""
    most = 0
    for x in range(c.use_ptr[slot], c.use_ptr[slot + 1]):
        most = max(most, c.minimum[c.uses[x]] - s.load[c.uses[x]])
    return most


@njit(cache=True)
def join(  # pragma: no cover - compiled
    c: Candidates, s: State, unit: int, pair: int, push: float, old: Longs
) -> bool:
    """Book a unit anew so that it takes a pair; false, and nothing done, where others need it elsewhere."""
    begin, stop = c.unit_ptr[unit], c.unit_ptr[unit + 1]
    old[begin:stop] = s.choice[begin:stop]
    needed = missing_in(c, s, begin, stop, old)
    release(c, s, unit)
    load_values(c, s, unit, 0.0, push)
    s.own[pair] = c.static_cost[pair] - JOINED
    solve_unit(c, s, unit, NODES)
    occupy(c, s, unit, s.best)
    takes = False
    for i in range(begin, stop):
        takes = takes or s.choice[i] == pair
    if takes and missing_in(c, s, begin, stop, old) <= needed + EPSILON:
        return True
    release(c, s, unit)
    occupy(c, s, unit, old)
    return False


@njit(cache=True)
def fill(c: Candidates, s: State, by: Joiners, slot: int, old: Longs) -> bool:  # pragma: no cover - compiled
    """Let those to whom it costs least take a slot until its groups run; true where all of them then do.

    Whoever gains by it joins beyond the minimum. What is done is not undone.
    """
    first, last = by.ptr[slot], by.ptr[slot + 1]
    missing = lacking(c, s, slot)
    if last - first < missing or not has_room(c, s, slot):
        return False
    extra, which, count, previous = np.empty(last - first), np.empty(last - first, np.int64), 0, -1
    for k in range(first, last):
        unit, cost = c.unit[by.need[k]], s.totals[0]
        if unit == previous or s.choice[by.need[k]] == by.pair[k]:
            continue
        if join(c, s, unit, by.pair[k], INFINITE, old):
            extra[count], which[count] = s.totals[0] - cost, k
            count += 1
            previous = unit
            release(c, s, unit)
            occupy(c, s, unit, old)
    if count < missing:
        return False
    for k in np.argsort(extra[:count], kind="mergesort"):
        if not has_room(c, s, slot) or (lacking(c, s, slot) <= 0 and extra[k] >= 0):
            break
        join(c, s, c.unit[by.need[which[k]]], by.pair[which[k]], INFINITE, old)
    return lacking(c, s, slot) <= 0


@njit(cache=True)
def close(c: Candidates, s: State, u: int, out: Longs) -> int:  # pragma: no cover - compiled
    """Close a group and book its people elsewhere; returns how many units, the first of ``out``, they are.

    Where others than the units at hand hold a seat there, nobody is booked, and -1 returned.
    """
    count = 0
    for k in range(s.load[u]):
        unit, fresh = c.unit[s.holders[s.holder_ptr[u] + k]], True
        for x in range(count):
            fresh = fresh and out[x] != unit
        if fresh:
            out[count] = unit
            count += 1
    s.closed[u] = True
    for x in range(count):
        release(c, s, out[x])
    if s.load[u] > 0:
        return -1
    for x in range(count):
        load_values(c, s, out[x], 0.0, PUSH)
        solve_unit(c, s, out[x], NODES)
        occupy(c, s, out[x], s.best)
    return count


@njit(cache=True)
def plan_value(s: State) -> float:  # pragma: no cover - compiled
    """What bookings cost, missing participants included."""
    return s.totals[0] + DEAR * s.totals[1]


@njit(cache=True)
def emptiest(c: Candidates, s: State) -> int:  # pragma: no cover - compiled
    """The emptiest group that misses participants; -1 = none."""
    worst, widest = -1, 0.0
    for u in range(len(s.load)):
        missing = short_share(c, s, u)
        if missing > widest:
            worst, widest = u, missing
    return worst


@njit(cache=True)
def open_others(  # pragma: no cover - compiled
    c: Candidates, s: State, by: Joiners, units: Longs, old: Longs
) -> None:
    """Try to open the slots that most of these units could take, where that makes the plan cheaper."""
    wanted = np.zeros(len(c.use_ptr) - 1, np.int64)
    for unit in units:
        for p in range(c.pair_ptr[c.unit_ptr[unit]], c.pair_ptr[c.unit_ptr[unit + 1]]):
            wanted[c.slot[p]] += 1
    for _ in range(TRIED):
        best = -1
        for unit in units:
            for p in range(c.pair_ptr[c.unit_ptr[unit]], c.pair_ptr[c.unit_ptr[unit + 1]]):
                slot = c.slot[p]
                if wanted[slot] > 0 and (best < 0 or wanted[slot] > wanted[best]):
                    if lacking(c, s, slot) > 0 and has_room(c, s, slot):
                        best = slot
                    else:
                        wanted[slot] = 0
        if best < 0:
            break
        wanted[best] = 0
        try_fill(c, s, by, best, old)


@njit(cache=True, nogil=True)
def try_fill(  # pragma: no cover - compiled
    c: Candidates, s: State, by: Joiners, slot: int, old: Longs
) -> bool:
    """Fill a slot until its groups run; undone, and false, where the plan does not become cheaper.

    No other group misses more participants by it.
    """
    before, value, short = s.choice.copy(), plan_value(s), s.totals[1]
    if fill(c, s, by, slot, old) and plan_value(s) < value - EPSILON and s.totals[1] <= short + EPSILON:
        return True
    go_to(c, s, before)
    return False


@njit(cache=True, nogil=True)
def try_close(  # pragma: no cover - compiled
    c: Candidates, s: State, by: Joiners, u: int, must: bool, old: Longs
) -> bool:
    """Close a group, its people going elsewhere or opening another one, and those that fall short by it.

    Undone, and false, where the plan does not become cheaper or more participants are missing than before,
    unless it ``must`` close.
    """
    before, value, short = s.choice.copy(), plan_value(s), s.totals[1]
    n = 0
    while u >= 0 and n < CASCADE:
        out = np.empty(s.load[u], np.int64)
        count = close(c, s, u, out)
        if count < 0:
            s.closed[u] = False
            go_to(c, s, before)
            return False
        open_others(c, s, by, out[:count], old)
        s.closed[u] = False
        n += 1
        u = emptiest(c, s) if s.totals[1] > short + EPSILON else -1
    if must or (plan_value(s) < value - EPSILON and s.totals[1] <= short + EPSILON):
        return True
    go_to(c, s, before)
    return False


def settle(c: Candidates, s: State, own: Flags, stop: Callable[[], bool]) -> None:
    """Fill or close the groups that miss participants, whichever is cheaper, emptiest first.

    Parameters
    ----------
    own : array of bool, one for each capacity
        Those that may be filled or closed; a group in which others hold seats too is left as it is.
    """
    by, old = joiners(c), np.empty(c.needs, np.int64)
    slot_of = np.repeat(np.arange(len(c.use_ptr) - 1), np.diff(c.use_ptr))
    may = own.copy()
    while not stop():
        short = np.flatnonzero(may & (s.load > 0) & (s.load < c.minimum))
        if not len(short):
            break
        u = int(short[np.argmin(s.load[short] / c.minimum[short])])
        may[u] = False
        before, best, filled = s.choice.copy(), math.inf, s.choice
        for slot in slot_of[c.uses == u].tolist():
            if try_fill(c, s, by, slot, old) and plan_value(s) < best:
                best, filled = float(plan_value(s)), s.choice.copy()
            go_to(c, s, before)
        closed = try_close(c, s, by, u, True, old)
        if best < math.inf and (not closed or best < plan_value(s)):
            go_to(c, s, filled)


def sweep(c: Candidates, s: State, own: Flags, turn: int, stop: Callable[[], bool]) -> None:
    """Open every group that makes a plan cheaper, and close some that do.

    Parameters
    ----------
    s : State
        Without groups that miss participants.
    own : array of bool, one for each capacity
        Those that may open or close.
    turn : int
        Which part of the groups is tried to be closed.
    """
    by, old = joiners(c), np.empty(c.needs, np.int64)
    most = np.maximum.reduceat((c.minimum - s.load)[c.uses], c.use_ptr[:-1])
    mine = np.logical_and.reduceat(own[c.uses], c.use_ptr[:-1])
    for slot in np.flatnonzero(mine & (most > 0) & (np.diff(by.ptr) >= most)).tolist():
        if stop():
            return
        try_fill(c, s, by, slot, old)
    for u in np.flatnonzero(own & (c.minimum > 0) & (s.load > 0))[turn % PARTS :: PARTS].tolist():
        if stop():
            return
        try_close(c, s, by, u, False, old)
