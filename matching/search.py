"""Ruin and recreate (Umbuchungssuche): free a few units that compete for seats, book them anew, anneal.

Groups below their minimum are allowed at a price at first; the price of a missing participant rises until
the last part of the search, where short groups are dissolved and no new one may arise.
"""

import numpy as np
from numba import njit

from matching.booking import State, load_values, occupy, release, short_share, solve_unit
from matching.candidates import Candidates
from matching.guide import Guide
from matching.pricing import INFINITE, Longs
from matching.problem import Floats
from matching.randomness import Words, below, draw
from matching.ranking import first_of_most, put, ranking

MOST = 10  # units freed at once
NODES = 60  # overlap branches for one booking
TRIES = 3  # needs of a unit looked at for one that wishes for another pair
GUIDED = 0.5  # share of the steps that begin with a unit that pays more than prices ask


@njit(cache=True)
def first_unit(c: Candidates, guide: Guide, rng: Words) -> int:  # pragma: no cover - compiled
    """Choose the unit that a step begins with."""
    units = len(c.unit_ptr) - 1
    if len(guide.regret) and draw(rng) < GUIDED:
        at = np.searchsorted(guide.regret, draw(rng) * guide.regret[-1], side="right")
        return min(units - 1, int(at))
    return below(rng, units)


@njit(cache=True)
def liked(  # pragma: no cover - compiled
    c: Candidates, s: State, guide: Guide, rng: Words, unit: int
) -> int:
    """Choose a pair that the unit would like, or has; -1 = none."""
    begin, many = c.unit_ptr[unit], c.unit_ptr[unit + 1] - c.unit_ptr[unit]
    i = begin + below(rng, many)
    if len(guide.wish):
        for _ in range(TRIES):
            if guide.wish[i] >= 0 and guide.wish[i] != s.choice[i]:
                break
            i = begin + below(rng, many)
        if guide.wish[i] >= 0 and guide.wish[i] != s.choice[i] and draw(rng) < 0.5:
            return guide.wish[i]
    pairs = c.pair_ptr[i + 1] - c.pair_ptr[i]
    p = s.choice[i]
    if pairs > 0 and (p < 0 or draw(rng) < 0.7):  # rather a slot that it would like than the one that it has
        stop = p - c.pair_ptr[i] if p >= 0 and draw(rng) < 0.7 else pairs
        p = c.pair_ptr[i] + below(rng, max(1, stop))
    return p


@njit(cache=True)
def narrowest(c: Candidates, s: State, rng: Words, slot: int) -> int:  # pragma: no cover - compiled
    """A capacity of a slot: one without a seat left if there is any, else a random one."""
    first, many = c.use_ptr[slot], c.use_ptr[slot + 1] - c.use_ptr[slot]
    x = below(rng, many)
    for k in range(many):
        u = c.uses[first + (x + k) % many]
        if s.left[u] <= 0:
            return u
    return c.uses[first + x]


@njit(cache=True)
def holder(s: State, guide: Guide, rng: Words, u: int) -> int:  # pragma: no cover - compiled
    """Choose a need that holds a seat of a capacity, rather one that wishes to be elsewhere."""
    i = s.holders[s.holder_ptr[u] + below(rng, s.load[u])]
    if len(guide.wish):
        for _ in range(TRIES):
            if guide.wish[i] != s.choice[i]:
                break
            i = s.holders[s.holder_ptr[u] + below(rng, s.load[u])]
    return i


@njit(cache=True)
def pick_rivals(  # pragma: no cover - compiled
    c: Candidates, s: State, guide: Guide, rng: Words, many: int, picked: Longs
) -> int:
    """Choose up to ``many`` units that compete with one another; returns how many."""
    picked[0], count = first_unit(c, guide, rng), 1
    tries = 0
    while count < many and tries < 4 * many:
        tries += 1
        p = liked(c, s, guide, rng, picked[below(rng, count)])
        if p < 0:
            continue
        u = narrowest(c, s, rng, c.slot[p])
        if s.load[u] == 0:
            continue
        other = c.unit[holder(s, guide, rng, u)]
        fresh = True
        for k in range(count):
            if picked[k] == other:
                fresh = False
        if fresh:
            picked[count] = other
            count += 1
    return count


@njit(cache=True)
def rebook(  # pragma: no cover - compiled
    c: Candidates, s: State, rng: Words, picked: Longs, count: int, fade: float, push: float, old: Longs
) -> float:
    """Free the picked units and book them anew in a random order; returns the change of cost.

    ``old`` receives the former pairs of their needs, for ``restore``.
    """
    before = s.totals[0]
    for k in range(count):
        unit = picked[k]
        old[c.unit_ptr[unit] : c.unit_ptr[unit + 1]] = s.choice[c.unit_ptr[unit] : c.unit_ptr[unit + 1]]
        release(c, s, unit)
    for k in range(count - 1, 0, -1):
        j = below(rng, k + 1)
        picked[k], picked[j] = picked[j], picked[k]
    for k in range(count):
        load_values(c, s, picked[k], fade, push)
        solve_unit(c, s, picked[k], NODES)
        occupy(c, s, picked[k], s.best)
    return s.totals[0] - before


@njit(cache=True, nogil=True)
def book_all(  # pragma: no cover - compiled
    c: Candidates, s: State, order: Longs, fade: float, push: float
) -> None:
    """Book every unit anew, one after another, over the seats that the others leave."""
    for unit in order:
        release(c, s, unit)
        load_values(c, s, unit, fade, push)
        solve_unit(c, s, unit, NODES)
        occupy(c, s, unit, s.best)


@njit(cache=True)
def restore(  # pragma: no cover - compiled
    c: Candidates, s: State, picked: Longs, count: int, old: Longs
) -> None:
    """Undo ``rebook``."""
    for k in range(count):
        release(c, s, picked[k])
    for k in range(count):
        occupy(c, s, picked[k], old)


@njit(cache=True, nogil=True)
def anneal(  # pragma: no cover - compiled
    c: Candidates,
    s: State,
    guide: Guide,
    rng: Words,
    steps: int,
    temperature: float,
    push: float,
    hard: bool,
    highest_fade: float,
    best: Longs,
    best_cost: float,
) -> float:
    """Run some steps at one temperature; keeps the best plan without short groups in ``best``.

    Parameters
    ----------
    temperature : float
        Weighted waiting days; a change for the worse by this much is taken with probability 1/e.
    push : float
        Cost of one missing participant, in weighted waiting days.
    hard : bool
        True: a step that leaves a short group is undone.
    highest_fade : float
        Bookings are steered by the seat prices times a random factor from 0 to this.

    Returns
    -------
    float
        Cost of ``best``.
    """
    picked, old = np.empty(MOST, np.int64), np.empty(len(c.row), np.int64)
    for _ in range(steps):
        many = 1 + below(rng, MOST if draw(rng) < 0.2 else 4)
        count = pick_rivals(c, s, guide, rng, many, picked)
        short = s.totals[1]
        fade = draw(rng) * highest_fade
        change = rebook(c, s, rng, picked, count, fade, INFINITE if hard else push, old)
        if hard:
            refused = s.totals[1] > 1e-9
        else:
            refused = False
            change += push * (s.totals[1] - short)
        if refused or change > -temperature * np.log(max(1e-300, draw(rng))):
            restore(c, s, picked, count, old)
        elif s.totals[1] <= 1e-9 and s.totals[0] < best_cost - 1e-9:
            best_cost = s.totals[0]
            best[:] = s.choice
    return best_cost


@njit(cache=True)
def _rank(  # pragma: no cover - compiled
    c: Candidates, s: State, tree: Floats, unit: int, choice: Longs
) -> None:
    """Bring the share of participants that the groups of a unit's bookings miss up to date."""
    for i in range(c.unit_ptr[unit], c.unit_ptr[unit + 1]):
        if choice[i] >= 0 and not c.fixed[i]:
            for x in range(c.use_ptr[c.slot[choice[i]]], c.use_ptr[c.slot[choice[i]] + 1]):
                put(tree, c.uses[x], short_share(c, s, c.uses[x]))


@njit(cache=True, nogil=True)
def dissolve(c: Candidates, s: State, most: int) -> int:  # pragma: no cover - compiled
    """Close up to ``most`` groups that miss participants, emptiest first, and book their people elsewhere."""
    closed, tree, old = 0, ranking(len(s.load)), s.choice.copy()
    for u in range(len(s.load)):
        if 0 < s.load[u] < c.minimum[u]:
            put(tree, u, short_share(c, s, u))
    while closed < most and s.totals[1] > 1e-9:
        worst = first_of_most(tree)
        if worst < 0:
            s.totals[1] = 0.0  # rounding only
            break
        s.closed[worst] = True
        closed += 1
        units = np.empty(s.load[worst], np.int64)
        for k in range(len(units)):
            units[k] = c.unit[s.holders[s.holder_ptr[worst] + k]]
        for unit in units:
            release(c, s, unit)
        for unit in units:
            release(c, s, unit)  # one that held two of the seats is booked already
            load_values(c, s, unit, 1.0, INFINITE)
            solve_unit(c, s, unit, NODES)
            occupy(c, s, unit, s.best)
        for unit in units:
            _rank(c, s, tree, unit, old)
            _rank(c, s, tree, unit, s.choice)
            begin, stop = c.unit_ptr[unit], c.unit_ptr[unit + 1]
            old[begin:stop] = s.choice[begin:stop]
    return closed
