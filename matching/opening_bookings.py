"""First bookings of everybody (Erste Buchungen): from prices to seats without a linear program.

At good prices most units book the same in pass after pass; the others waver between bookings that cost them
the same. Booked in any order at fixed prices, whoever comes late finds the seats gone and loses far more than
the prices say. So everybody books in turn (``in_turn``) once more, and a booking beyond the seats costs more
from pass to pass: who has something else as good gives way, for whom there is nothing else stays. What fits
then is booked as it is; the few who are left are booked over the seats that remain.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numba import njit

from matching.annealing import state_of
from matching.booking import State, occupy, release
from matching.candidates import Candidates
from matching.conflicts import NO_CONFLICT, overlap
from matching.in_turn import InTurn
from matching.offers import pairs_of_slots
from matching.pricing import Longs
from matching.problem import Flags
from matching.search import book_all

PASSES, HEAT = 3, (10.0, 3.0)  # in which prices still move, with the groups as decided
BEYOND = (20.0, 50.0, 100.0, 200.0, 400.0, 800.0, 1600.0, 3200.0)  # price of a booking too many, pass by pass
PUSHES = (200.0, 1500.0)  # cost of a missing participant for those who are left, round by round
AT_ONCE = 2000  # units booked between two looks at the clock


def booked_in_turn(
    turn: InTurn, forced: Mapping[int, bool], spent: Callable[[], float], stop: Callable[[], bool]
) -> State:
    """Everybody's bookings; groups may miss participants, and closed ones have none.

    Parameters
    ----------
    turn : InTurn
        Prices and bookings that have risen, of pairs without offers; they move on.
    forced : mapping
        Which groups run.
    spent : callable
        Share of the time for this that is gone.
    """
    ascent, c, closed = turn.ascent, turn.c, [u for u, opens in forced.items() if not opens]
    state = state_of(c, np.where(c.fixed, c.pair_ptr[:-1], -1), ascent.now.seat)
    state.closed[closed] = True
    if not c.pairs:
        return state
    turn.rise(PASSES, spent, stop, HEAT, forced)
    state.price[:] = ascent.now.seat
    turn.fill(state.closed, HEAT[-1], BEYOND, lambda: spent() >= 1 or stop())
    trial = np.where(c.fixed, c.pair_ptr[:-1], pairs_of_slots(c, turn.taken))
    whole = np.ones(c.units, np.bool_)
    whole[c.unit[(turn.taken >= 0) & (trial < 0)]] = False  # booked before there were only these pairs
    left = np.flatnonzero(~book_as_they_are(c, state, trial, whole))
    for push in PUSHES:
        for part in np.array_split(left, 1 + len(left) // AT_ONCE):
            if not stop():
                book_all(c, state, part, 1.0, push)
    return state


@njit(cache=True)
def book_as_they_are(  # pragma: no cover - compiled
    c: Candidates, s: State, trial: Longs, whole: Flags
) -> Flags:
    """Give ``whole`` units their pairs in ``trial`` in turn; whether each found all its seats and time."""
    booked = np.zeros(len(c.unit_ptr) - 1, np.bool_)
    for unit in range(len(booked)):
        if whole[unit] and has_seats(c, s, unit, trial) and overlap(c, unit, trial)[0] == NO_CONFLICT:
            release(c, s, unit)
            occupy(c, s, unit, trial)
            booked[unit] = True
    return booked


@njit(cache=True)
def has_seats(c: Candidates, s: State, unit: int, trial: Longs) -> bool:  # pragma: no cover - compiled
    """Whether there are seats in open capacities for all of a unit's pairs at once."""
    enough = True
    for sign in (1, -1):
        for i in range(c.unit_ptr[unit], c.unit_ptr[unit + 1]):
            if trial[i] < 0 or c.fixed[i]:
                continue
            slot = c.slot[trial[i]]
            for x in range(c.use_ptr[slot], c.use_ptr[slot + 1]):
                u = c.uses[x]
                s.left[u] -= sign
                enough = enough and not s.closed[u] and (sign < 0 or s.left[u] >= 0)
    return enough
