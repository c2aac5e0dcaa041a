"""Bookings fixed step by step (Festlegen nach Preisen): from prices to bookings without a linear program.

At good prices most units book the same in pass after pass; the others waver between bookings that cost them
the same, and waver all at once. Booked in any order, whoever comes late finds the seats gone and loses far
more than the prices say. So the steadiest units are booked as they are, a part of them at a time, and the
prices answer for the seats and units that are left. It is the dive of ``diving.py`` with prices in place of
the linear program.
"""

import math
from collections.abc import Callable, Mapping

import numpy as np
from numba import njit

from matching.annealing import state_of
from matching.ascent import Ascent
from matching.booking import State, occupy, release
from matching.candidates import OF_NEEDS, OF_PAIRS, Candidates
from matching.links import Multipliers, links_of
from matching.prices import wanted
from matching.pricing import Longs
from matching.problem import Flags, Floats
from matching.search import book_all

STEPS = 12
PASSES = 12  # of prices before each step
HEAT = (2.0, 0.7)  # tau of these, weighted waiting days
MEMORY = 0.7  # weight of the earlier passes in averages
BRANCHES = 6  # on the conflicts of one unit
PUSHES = (200.0, 1500.0)  # cost of a missing participant for those who are left, round by round
AT_ONCE = 2000  # units booked between two looks at the clock
STEADY = 0.3  # weight of the last pass when it is counted how steady a unit is
_NOBODY = np.zeros(0)


def booked_step_by_step(
    ascent: Ascent, forced: Mapping[int, bool], spent: Callable[[], float], stop: Callable[[], bool]
) -> State:
    """Everybody's bookings; groups may miss participants, and closed ones have none.

    Parameters
    ----------
    ascent : Ascent
        Prices that have risen; they go on rising for fewer and fewer units, and are of no use afterwards.
    forced : mapping
        Which groups run.
    spent : callable
        Share of the time for this that is gone.
    """
    c, price = ascent.c, ascent.now.seat
    state = state_of(c, np.where(c.fixed, c.pair_ptr[:-1], -1), price)
    state.closed[[u for u, opens in forced.items() if not opens]] = True
    left = fix_by_prices(ascent, state, forced, spent, stop)
    for push in PUSHES:
        for part in np.array_split(left, 1 + len(left) // AT_ONCE):
            if not stop():
                book_all(c, state, part, 1.0, push)
    return state


def fix_by_prices(
    ascent: Ascent,
    state: State,
    forced: Mapping[int, bool],
    spent: Callable[[], float],
    stop: Callable[[], bool],
) -> Longs:
    """Book the units that hold on to their bookings while prices rise, and return those that are left."""
    c, left, pairs = ascent.c, np.arange(ascent.c.units), np.arange(ascent.c.pairs)
    for step in range(STEPS):
        began = spent()
        steady = _steadiness(ascent, forced, spent, stop) if len(left) else _NOBODY
        if not len(left) or spent() >= 1 or stop():
            break
        few = math.ceil(len(left) / min(STEPS - step, _steps_in(1 - spent(), spent() - began)))
        order = np.argsort(-steady, kind="stable")[:few]
        trial = np.full(c.needs, -1, np.int64)
        chosen = ascent.pricer.choice
        trial[np.isin(c.unit, left)] = np.where(chosen >= 0, pairs[chosen], -1) if len(pairs) else -1
        booked = np.zeros(len(left), np.bool_)
        booked[order] = book_as_they_are(c, state, left[order], trial)
        pairs = pairs[go_on_without(ascent, booked)]
        left = left[~booked]
    return left


def _steps_in(left: float, last: float) -> float:
    """How many steps there is time for, >= 1, from one on that took ``last``; each prices fewer units.

    When the n-th of n steps is done, all together have taken half as long as n steps like the first would.
    """
    return max(1.0, 1.0 + 2.0 * left / last) if last > 0 else math.inf


def _steadiness(
    ascent: Ascent, forced: Mapping[int, bool], spent: Callable[[], float], stop: Callable[[], bool]
) -> Floats:
    """How seldom each unit changes its bookings while prices rise, 0 to 1."""
    begins, last = ascent.c.unit_ptr[:-1], ascent.pricer.choice.copy()
    steady = np.zeros(ascent.c.units)

    def watched(share: float, choice: Longs) -> None:
        same = ~np.logical_or.reduceat(choice != last, begins)
        steady[:] = (1 - STEADY) * steady + STEADY * same
        last[:] = choice

    ascent.rise(
        PASSES,
        lambda: float(spent() >= 1),
        stop,
        seen=watched,
        forced=forced,
        heat=HEAT,
        blind=0.0,
        nodes=BRANCHES,
        memory=MEMORY,
    )
    return steady


def go_on_without(ascent: Ascent, booked: Flags) -> Longs:
    """Let prices go on for the other units and the seats that are left; returns their pairs as they were."""
    c, links = ascent.c, ascent.links
    taken = wanted(c, np.where(booked[c.unit], ascent.pricer.choice, -1)).astype(np.int32)
    rest, pairs = some_units(c, ~booked)
    rest = rest._replace(seats=c.seats - taken, minimum=np.maximum(0, c.minimum - taken))
    held = ~booked[c.unit[links.need]]
    ascent.pricer = ascent.pricer.of(rest, links_of(rest, links))
    ascent.c, ascent.links = rest, ascent.pricer.links
    ascent.now = Multipliers(ascent.now.seat, ascent.now.minimum, ascent.now.link[held])
    ascent.booked = ascent.booked[held]
    ascent.load = np.maximum(0.0, ascent.load - taken)
    return pairs


def some_units(c: Candidates, kept: Flags) -> tuple[Candidates, Longs]:
    """Some units by themselves, capacities as they are, and what each pair is called among all."""
    mine = kept[c.unit]
    needs, place = np.flatnonzero(mine), (np.cumsum(mine) - 1).astype(np.int32)
    pairs = np.flatnonzero(np.repeat(mine, np.diff(c.pair_ptr)))
    after, units = c.after[needs], np.diff(c.unit_ptr)[kept]
    part = c._replace(
        **{name: getattr(c, name)[needs] for name in OF_NEEDS},
        **{name: getattr(c, name)[pairs] for name in OF_PAIRS},
        unit_ptr=_begins(units).astype(np.int32),
        unit=np.repeat(np.arange(len(units), dtype=np.int32), units),
        after=np.where(after >= 0, place[after], after),
        child_ptr=_begins(np.diff(c.child_ptr)[needs]).astype(np.int32),
        child=place[c.child[np.repeat(mine, np.diff(c.child_ptr))]],
        pair_ptr=_begins(np.diff(c.pair_ptr)[needs]),
    )
    return part, pairs


def _begins(counts: Longs) -> Longs:
    return np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])


@njit(cache=True)
def book_as_they_are(  # pragma: no cover - compiled
    c: Candidates, s: State, units: Longs, trial: Longs
) -> Flags:
    """Give units their pairs in ``trial``, one after another; which of them found all their seats."""
    booked = np.zeros(len(units), np.bool_)
    for k in range(len(units)):
        unit = units[k]
        if has_seats(c, s, unit, trial):
            release(c, s, unit)
            occupy(c, s, unit, trial)
            booked[k] = True
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
