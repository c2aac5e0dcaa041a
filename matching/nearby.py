"""Search near a few people (Suche in der Nähe): ruin and recreate around the units that have changed.

Every step frees one of the units named and some that compete with it for seats, and books them anew. Groups
below their minimum never arise; the bookings of everybody else stay.
"""

from collections.abc import Callable

import numpy as np
from numba import njit

from matching.booking import State
from matching.candidates import Candidates
from matching.pricing import INFINITE, Longs
from matching.randomness import Words, below, draw, random_state
from matching.search import MOST, rebook, restore

WARM, COLD = 4.0, 0.1  # temperature at the beginning and end, weighted waiting days
FADE = 0.3  # most of the seat prices that a booking is steered by
CHUNK = 200  # steps between two looks at the clock


@njit(cache=True)
def _rivals(  # pragma: no cover - compiled
    c: Candidates, s: State, rng: Words, first: int, many: int, picked: Longs
) -> int:
    """Choose up to ``many`` units that compete with ``first`` or with one another; returns how many."""
    picked[0], count = first, 1
    for _ in range(4 * many):
        if count == many:
            break
        unit = picked[below(rng, count)]
        i = c.unit_ptr[unit] + below(rng, c.unit_ptr[unit + 1] - c.unit_ptr[unit])
        pairs = c.pair_ptr[i + 1] - c.pair_ptr[i]
        if pairs == 0:
            continue
        p = s.choice[i]
        if p < 0 or draw(rng) < 0.8:  # rather a slot that it would like than the one that it has
            stop = p - c.pair_ptr[i] if p >= 0 and draw(rng) < 0.7 else pairs
            p = c.pair_ptr[i] + below(rng, max(1, stop))
        slot = c.slot[p]
        u = c.uses[c.use_ptr[slot] + below(rng, c.use_ptr[slot + 1] - c.use_ptr[slot])]
        if s.load[u] == 0:
            continue
        other = c.unit[s.holders[s.holder_ptr[u] + below(rng, s.load[u])]]
        fresh = True
        for k in range(count):
            if picked[k] == other:
                fresh = False
        if fresh:
            picked[count] = other
            count += 1
    return count


@njit(cache=True, nogil=True)
def _steps(  # pragma: no cover - compiled
    c: Candidates,
    s: State,
    rng: Words,
    near: Longs,
    steps: int,
    temperature: float,
    best: Longs,
    best_cost: float,
) -> float:
    """Run some steps at one temperature; keeps the best bookings in ``best`` and returns their cost."""
    picked, old = np.empty(MOST, np.int64), np.empty(len(c.row), np.int64)
    for _ in range(steps):
        many = 1 + below(rng, MOST if draw(rng) < 0.2 else 4)
        count = _rivals(c, s, rng, near[below(rng, len(near))], many, picked)
        change = rebook(c, s, rng, picked, count, draw(rng) * FADE, INFINITE, old)
        if s.totals[1] > 1e-9 or change > -temperature * np.log(max(1e-300, draw(rng))):
            restore(c, s, picked, count, old)
        elif s.totals[0] < best_cost - 1e-9:
            best_cost = s.totals[0]
            best[:] = s.choice
    return best_cost


def improve_near(
    c: Candidates,
    state: State,
    near: Longs,
    seed: int,
    steps: int,
    seconds: Callable[[], float],
    stop: Callable[[], bool],
) -> tuple[Longs, int]:
    """Better bookings near the units named, everybody else as far as possible as they are.

    Parameters
    ----------
    state : State
        Without short groups; it is changed.
    near : array of int
        Units; without any nothing is done.
    steps : int
        Units freed and booked anew, >= 0; the same seed and steps give the same bookings.
    seconds : callable
        Seconds that are left.

    Returns
    -------
    choice : array of int
        Pair of each need, -1 = none; the cheapest found.
    done : int
        Steps made.
    """
    best, cost = state.choice.copy(), float(state.totals[0])
    rng, done = random_state(seed), 0
    while near.size and done < steps and seconds() > 0 and not stop():
        heat = WARM * (COLD / WARM) ** (done / steps)
        todo = min(CHUNK, steps - done)
        cost = float(_steps(c, state, rng, near, todo, heat, best, cost))
        done += todo
    return best, done
