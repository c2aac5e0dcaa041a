"""Groups below their minimum (Gruppen unter der Mindestzahl): filled by others, or dissolved.

Where a group has begun to fill and misses participants, the units to whom that costs least join it, or its
people are booked elsewhere, whichever is cheaper. Nobody leaves a group that needs them.
"""

from collections.abc import Callable

import numpy as np
from numba import njit

from matching.booking import State, load_values, occupy, release, shortage, solve_unit
from matching.candidates import Candidates
from matching.pricing import Longs
from matching.problem import Flags

NODES = 60  # overlap branches for one booking
PUSH = 25.0  # cost of a missing participant while the others are booked, weighted waiting days
JOINED = 1e7  # worth of joining a group that is to be filled
NEEDED = 1e5  # the same for who might join another group: nobody leaves one that needs them
LATER = 200.0  # the same where two ways out of a short group are compared
WORTH_FILLING = 0.5  # a group with a smaller share of its minimum is dissolved without trying to fill it


def settle(c: Candidates, s: State, fade: float, stop: Callable[[], bool]) -> None:
    """Fill or dissolve every short group."""
    tried: set[int] = set()
    while True:
        short = _short(c, s)
        if not short.size:
            break
        share = s.load[short] / c.minimum[short]
        thin = short[share < WORTH_FILLING]
        if thin.size:  # emptiest first: their people may fill others
            _dissolve(c, s, int(short[np.argmin(share)]), fade)
            continue
        missing = (c.minimum - s.load)[short]
        u = int(short[np.argmax(missing)])  # who joins the widest gap of a course fills its later modules too
        if u in tried or stop():
            _dissolve(c, s, u, fade)
            continue
        tried.add(u)
        before = s.choice.copy()
        filled = _filled(c, s, u, fade)
        if filled is None:
            go_to(c, s, before)
            _dissolve(c, s, u, fade)
        else:
            go_to(c, s, filled)
    s.totals[1] = 0.0


def _short(c: Candidates, s: State) -> Longs:
    """Groups that have begun to fill and miss participants."""
    return np.flatnonzero((s.load > 0) & (s.load < c.minimum))


def fill_first(c: Candidates, s: State, fade: float, stop: Callable[[], bool]) -> None:
    """Fill the short groups for which that is cheaper than to dissolve them; leave the others as they are."""
    missing, room = c.minimum - s.load, _room(c, s)
    for u in sorted(_short(c, s).tolist(), key=lambda u: (int(room[u] - missing[u]), u)):
        if s.load[u] < c.minimum[u] * WORTH_FILLING or s.load[u] >= c.minimum[u] or stop():
            continue
        before = s.choice.copy()
        filled = _filled(c, s, u, fade)
        go_to(c, s, before if filled is None else filled)


def _room(c: Candidates, s: State) -> Longs:
    """How many could still join each group by one of its slots, the other groups of the slot considered."""
    room = np.zeros(len(s.left), np.int64)
    if len(c.use_ptr) > 1:
        narrowest = np.minimum.reduceat(s.left[c.uses], c.use_ptr[:-1])
        np.maximum.at(room, c.uses, np.repeat(narrowest, np.diff(c.use_ptr)))
    return room


def _filled(c: Candidates, s: State, u: int, fade: float) -> Longs | None:
    """Bookings with a short group filled, None where dissolving it costs less; leaves any bookings behind."""
    before, cost = s.choice.copy(), _cost(s)
    filled = _fill(c, s, u)
    filled_cost, filled_choice = _cost(s) - cost, s.choice.copy()
    go_to(c, s, before)
    _dissolve(c, s, u, fade)
    s.closed[u] = False
    return filled_choice if filled and filled_cost <= _cost(s) - cost else None


def _cost(s: State) -> float:
    return float(s.totals[0] + LATER * s.totals[1])


@njit(cache=True)
def has_room(c: Candidates, s: State, slot: int) -> bool:  # pragma: no cover - compiled
    """Whether every capacity of a slot has a seat left and may be used."""
    for x in range(c.use_ptr[slot], c.use_ptr[slot + 1]):
        if s.left[c.uses[x]] <= 0 or s.closed[c.uses[x]]:
            return False
    return True


@njit(cache=True)
def missing_in(  # pragma: no cover - compiled
    c: Candidates, s: State, begin: int, stop: int, choice: Longs
) -> float:
    """Participants that the groups of these bookings miss."""
    total = 0.0
    for i in range(begin, stop):
        if choice[i] >= 0 and not c.fixed[i]:
            slot = c.slot[choice[i]]
            for x in range(c.use_ptr[slot], c.use_ptr[slot + 1]):
                total += shortage(c, s, c.uses[x])
    return total


@njit(cache=True)
def book(c: Candidates, s: State, units: Longs, fade: float, push: float) -> None:  # pragma: no cover
    """Book units anew, one after another; whoever is needed where they are stays there."""
    old = np.empty(len(c.row), np.int64)
    for unit in units:
        begin, stop = c.unit_ptr[unit], c.unit_ptr[unit + 1]
        old[begin:stop] = s.choice[begin:stop]
        short = missing_in(c, s, begin, stop, old)
        release(c, s, unit)
        load_values(c, s, unit, fade, push)
        solve_unit(c, s, unit, NODES)
        occupy(c, s, unit, s.best)
        if missing_in(c, s, begin, stop, old) > short + 1e-9:
            release(c, s, unit)
            occupy(c, s, unit, old)


@njit(cache=True)
def _holders(c: Candidates, s: State, u: int) -> Longs:  # pragma: no cover - compiled
    """Units that hold a seat of a capacity, each once."""
    units = np.empty(s.load[u], np.int64)
    for k in range(len(units)):
        units[k] = c.unit[s.holders[s.holder_ptr[u] + k]]
    return np.unique(units)


@njit(cache=True)
def _dissolve(c: Candidates, s: State, u: int, fade: float) -> None:  # pragma: no cover - compiled
    """Close a group and book its people elsewhere."""
    units = _holders(c, s, u)
    s.closed[u] = True
    for unit in units:
        release(c, s, unit)
    book(c, s, units, fade, PUSH)


@njit(cache=True)
def go_to(c: Candidates, s: State, choice: Longs) -> None:  # pragma: no cover - compiled
    """Give everybody the pairs of an earlier moment."""
    changed = np.zeros(len(c.unit_ptr) - 1, np.bool_)
    for i in range(len(choice)):
        if choice[i] != s.choice[i]:
            changed[c.unit[i]] = True
    for unit in range(len(changed)):
        if changed[unit]:
            release(c, s, unit)
    for unit in range(len(changed)):
        if changed[unit]:
            occupy(c, s, unit, choice)


@njit(cache=True)
def _join(c: Candidates, s: State, unit: int, u: int, joins: Flags) -> bool:  # pragma: no cover - compiled
    """Book a unit anew with one more seat in group u; false, and nothing done, where it cannot help."""
    begin, stop = c.unit_ptr[unit], c.unit_ptr[unit + 1]
    old, short, load = s.choice.copy(), s.totals[1], s.load[u]
    needed = missing_in(c, s, begin, stop, old)
    release(c, s, unit)
    load_values(c, s, unit, 0.0, NEEDED)
    for i in range(begin, stop):
        for p in range(c.pair_ptr[i], c.pair_ptr[i + 1]):
            if joins[c.slot[p]] and not c.fixed[i]:
                s.own[p] -= JOINED
    solve_unit(c, s, unit, NODES)
    occupy(c, s, unit, s.best)
    helps = s.load[u] > load and s.totals[1] < short - 1e-9
    if helps and missing_in(c, s, begin, stop, old) <= needed + 1e-9:
        return True
    release(c, s, unit)
    occupy(c, s, unit, old)
    return False


@njit(cache=True)
def _fill(c: Candidates, s: State, u: int) -> bool:  # pragma: no cover - compiled
    """Let the units to whom it costs least join a short group; true where it then has its minimum."""
    joins = np.zeros(len(c.use_ptr) - 1, np.bool_)
    for slot in range(len(joins)):
        uses = False
        for x in range(c.use_ptr[slot], c.use_ptr[slot + 1]):
            uses = uses or c.uses[x] == u
        joins[slot] = uses and has_room(c, s, slot)
    units = len(c.unit_ptr) - 1
    who, extra, count = np.empty(units, np.int64), np.empty(units), 0
    for unit in range(units):
        begin, stop = c.unit_ptr[unit], c.unit_ptr[unit + 1]
        can = False
        for p in range(c.pair_ptr[begin], c.pair_ptr[stop]):
            if joins[c.slot[p]]:
                can = True
                break
        if not can:
            continue
        old, cost = s.choice[begin:stop].copy(), s.totals[0]
        if _join(c, s, int(unit), u, joins):
            who[count], extra[count] = unit, s.totals[0] - cost
            count += 1
            release(c, s, unit)
            s.best[begin:stop] = old
            occupy(c, s, unit, s.best)
    for k in np.argsort(extra[:count], kind="mergesort"):
        if s.load[u] >= c.minimum[u]:
            break
        _join(c, s, int(who[k]), u, joins)
    return s.load[u] >= c.minimum[u]
