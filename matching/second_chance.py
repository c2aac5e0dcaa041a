"""Second chance (Nachvermittlung): whoever was left without a slot gets to see every seat that is still free.

Bookings are searched for on a shortlist: the best few pairs of each need under the prices. The same few seem
best to many, and who comes late finds them all taken, while seats stay free that nobody has on the list. A
need without a slot is what costs most. So the units that have lost one get the best of all their pairs that
have a free seat.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from matching.bound import Pricer
from matching.candidates import Candidates, by_end_day, candidates_of, some_units
from matching.links import Multipliers, without_links
from matching.offers import slots_for_offers
from matching.prices import slot_prices, wanted
from matching.pricing import Longs
from matching.problem import Flags, Floats, Problem
from matching.shortlist import Shortlist, best_pairs, shortlist

MOST = 16  # pairs of a need that a second chance adds
TAKEN = 1e9  # price of a seat that is not to be had, weighted waiting days


def losers(c: Candidates, choice: Longs, wish: Longs) -> Flags:
    """Units with a need that has no slot and would have one at the prices.

    Parameters
    ----------
    choice, wish : array of int, one for each need
        The plan, and what everybody would have at the prices: pairs, -1 = none.
    """
    lost = np.zeros(c.units, np.bool_)
    lost[c.unit[(choice < 0) & (wish >= 0)]] = True
    return lost


def free_of_charge(c: Candidates, choice: Longs) -> Floats:
    """Price of each capacity for who comes last: 0 where a seat is free in what runs, else ``TAKEN``."""
    load = wanted(c, choice)
    return np.where((load < c.seats) & (load >= c.minimum), 0.0, TAKEN)


def with_a_seat(
    c: Candidates, price: Floats, workers: int, asked: Callable[[], bool] = lambda: False
) -> Flags:
    """Mark the best pairs of each need that can be had at these prices, up to ``MOST``."""
    pricer, zero = Pricer(c, workers, without_links(c), asked), np.zeros(len(c.seats))
    kept = best_pairs(pricer, Multipliers(price, zero, np.zeros(0)), MOST)
    return kept & (slot_prices(c, price)[c.slot] < TAKEN)


def with_free_seats(problem: Problem, c: Candidates, choice: Longs, lost: Flags, workers: int) -> Candidates:
    """Pairs without offers, and for some units also the best of all their pairs that have a free seat.

    Parameters
    ----------
    choice : array of int, one for each need
        The plan: pairs, -1 = none.
    lost : array of bool, one for each unit
        Whose pairs are all looked at.
    """
    few, _ = some_units(c, lost)
    more = candidates_of(problem, few.row, few.unit_ptr, few.after, by_offer=True)
    price = free_of_charge(c, choice)
    return added(c, lost, more, with_a_seat(more, price, workers), price)


def longer(short: Shortlist, c: Candidates, choice: Longs, lost: Flags, workers: int) -> Shortlist:
    """A shortlist, and for some units also the best of all their pairs that have a free seat.

    Parameters
    ----------
    c : Candidates
        All pairs, of which the shortlist has some.
    choice : array of int, one for each need
        The plan: pairs of the shortlist, -1 = none.
    lost : array of bool, one for each unit
        Whose pairs are all looked at.
    """
    more, pairs = some_units(c, lost)
    kept = np.zeros(c.pairs, np.bool_)
    kept[short.pairs] = True
    kept[pairs[with_a_seat(more, free_of_charge(short.c, choice), workers)]] = True
    return shortlist(c, kept)


def added(c: Candidates, units: Flags, more: Candidates, kept: Flags, price: Floats) -> Candidates:
    """The pairs of everybody, and for some units the kept ones of ``more`` beside them.

    Parameters
    ----------
    units : array of bool, one for each unit
        Whose needs ``more`` holds, in their order.
    more : Candidates
        All pairs of these units; offers are replaced by slots that can be had at the prices.
    """
    extra = slots_for_offers(more, kept, price, np.full((1, more.needs), -1, np.int32))
    mine = units[c.unit]
    old = np.flatnonzero(np.repeat(mine, np.diff(c.pair_ptr)))
    need = np.concatenate(
        [
            np.repeat(np.flatnonzero(mine), np.diff(c.pair_ptr)[mine]),
            np.repeat(np.flatnonzero(mine), np.diff(extra.pair_ptr)),
        ]
    )
    both = {
        name: np.concatenate([getattr(c, name)[old], getattr(extra, name)])
        for name in ("slot", "start", "end", "static_cost")
    }
    order = np.lexsort((both["slot"], both["start"], need))
    same = (np.diff(need[order]) == 0) & (np.diff(both["slot"][order]) == 0)
    order = order[np.concatenate([[True], ~same])] if len(order) else order
    counts = np.diff(c.pair_ptr)
    counts[mine] = np.bincount(need[order], minlength=c.needs)[mine]
    ptr = np.concatenate([[0], np.cumsum(counts)])
    theirs = np.repeat(mine, counts)
    columns: dict[str, Any] = {}
    for name, values in both.items():
        columns[name] = np.empty(int(ptr[-1]), values.dtype)
        columns[name][theirs] = values[order]
        columns[name][~theirs] = np.delete(getattr(c, name), old)
    return c._replace(pair_ptr=ptr, by_end=by_end_day(ptr, columns["end"]), **columns)
