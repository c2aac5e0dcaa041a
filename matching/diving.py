"""Which groups run (Welche Gruppen laufen): from the master's shares to a plan.

The master opens a group by half where that is cheapest; a plan cannot. The dive fixes the sure groups, then
step by step the surest of the others, and lets the master react. At its end most units have one whole
column; those are booked first, the others by the exact program over the seats left, at the master's prices.
"""

from collections import Counter
from collections.abc import Callable

import numpy as np

from matching.booking import State, load_values, new_state, occupy, release, solve_unit
from matching.branching import follow
from matching.candidates import Candidates
from matching.columns import Generator
from matching.master import Master
from matching.problem import Floats

SURE = 0.98  # a group opened by so much is taken as open, one by 1 - SURE as closed
AT_ONCE = 0.3  # share of the unsure groups that one step of the dive fixes
ROUNDS = 1  # rounds of new columns after each step
WHOLE = 0.5  # weight from which a column is booked as it is
NODES = 60
PUSH = 200.0


def dive(generator: Generator, seconds: Callable[[], float]) -> dict[int, bool]:
    """Decide for every group whether it opens; leaves the master solved under these decisions."""
    master, forced = generator.master, dict[int, bool]()
    none = np.zeros(generator.c.pairs, np.bool_)
    inner = Counter(
        outer for _, outer in master.nesting
    )  # of two equals first the one that decides the other
    while seconds() > 0 and not generator.stop():
        unsure = sorted(
            (-abs(y - 0.5), inner.get(u, 0), u)
            for u, y in master.opened.items()
            if u not in forced and 1e-6 < y < 1 - 1e-6
        )
        if not unsure:
            break
        few = max(1, int(AT_ONCE * len(unsure)))
        for k, (nearness, _, u) in enumerate(unsure):
            if k < few or nearness < 0.5 - SURE:
                forced = follow(master, forced, u, master.opened[u] >= 0.5)
        master.restrict(none, forced)
        generator.converge(-np.inf, seconds, forced=forced, most_rounds=ROUNDS)
    for u, y in master.opened.items():
        forced.setdefault(u, y > 0.5)
    master.restrict(none, {})
    return forced


def rounded(c: Candidates, master: Master, price: Floats, forced: dict[int, bool]) -> State:
    """Book the heavy columns of the master, then everybody else at its prices; closed groups stay shut."""
    state = new_state(c, price)
    for u, opens in forced.items():
        state.closed[u] = not opens
    for unit in range(c.units):
        release(c, state, unit)
    booked = np.zeros(c.units, np.bool_)
    trial = np.where(c.fixed, c.pair_ptr[:-1], -1).astype(np.int64)
    for k in np.argsort(-master.weights, kind="stable").tolist():
        column = master.columns[k]
        if master.weights[k] < WHOLE or booked[column.unit] or not _fits(c, state, master, k):
            continue
        trial[c.unit_ptr[column.unit] : c.unit_ptr[column.unit + 1]] = column.pairs
        occupy(c, state, column.unit, trial)
        booked[column.unit] = True
    for unit in np.flatnonzero(~booked).tolist():
        load_values(c, state, unit, 1.0, PUSH)
        solve_unit(c, state, unit, NODES)
        occupy(c, state, unit, state.best)
    return state


def _fits(c: Candidates, state: State, master: Master, k: int) -> bool:
    """True where every seat that a column wants is left in a group that is not shut."""
    column, wanted = master.columns[k], dict[int, int]()
    begin = int(c.unit_ptr[column.unit])
    for i, p in enumerate(column.pairs.tolist()):
        if p >= 0 and not c.fixed[begin + i]:
            for u in master.uses[c.slot[p]]:
                wanted[u] = wanted.get(u, 0) + 1
    return all(state.left[u] >= n and not state.closed[u] for u, n in wanted.items())
