"""Everybody booked one after another at given prices (Einbuchen): a first plan, soon and not too good."""

from collections.abc import Callable

import numpy as np

from matching.annealing import state_of
from matching.booking import State
from matching.candidates import Candidates
from matching.problem import Floats
from matching.search import book_all

PUSHES = (20.0, 100.0, 400.0, 1500.0)  # cost of a missing participant, round by round
AT_ONCE = 2000  # units booked between two looks at the clock


def booked_at_prices(c: Candidates, price: Floats, seed: int, stop: Callable[[], bool]) -> State:
    """Everybody booked at the seat prices in a random order, several times over: groups fill up."""
    state = state_of(c, np.where(c.fixed, c.pair_ptr[:-1], -1), price)
    rng = np.random.default_rng(seed)
    for push in PUSHES:
        order = rng.permutation(c.units)
        for part in np.array_split(order, 1 + len(order) // AT_ONCE):
            if not stop():
                book_all(c, state, part, 1.0, push)
    return state
