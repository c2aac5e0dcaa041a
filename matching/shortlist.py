"""The pairs worth a look (Auswahl): the best few of every need under the present prices.

Where a problem has hundreds of pairs a need, prices and plans are found on a shortlist and proven on all
pairs. A pair is the better the less its unit pays that takes it and does the best afterwards.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from matching.booking import State
from matching.bound import Part, Pricer, load_prices
from matching.candidates import Candidates, by_end_day
from matching.links import Links, Multipliers
from matching.prices import slot_prices
from matching.pricing import Longs, base_day, choose, evaluate, waiting
from matching.problem import Flags, Floats

_NOTHING = np.zeros(0, np.bool_)


class Shortlist(NamedTuple):
    """Some pairs of a problem by themselves.

    Parameters
    ----------
    c : Candidates
        The problem with these pairs alone.
    pairs : array of int
        What each is called among all pairs, rising.
    """

    c: Candidates
    pairs: Longs

    def in_all(self, choice: Longs) -> Longs:
        """Chosen pairs as they are called among all, -1 = none."""
        return np.where(choice >= 0, self.pairs[choice], -1)

    def here(self, choice: Longs) -> Longs:
        """Pairs out of all as they are called here; all chosen ones must be listed."""
        return np.where(choice >= 0, np.searchsorted(self.pairs, choice), -1)


def shortlist(c: Candidates, kept: Flags) -> Shortlist:
    """The problem with the kept pairs alone; those of fixed needs must be kept."""
    pairs = np.flatnonzero(kept)
    ptr, end = np.searchsorted(pairs, c.pair_ptr), c.end[pairs]
    short = c._replace(
        pair_ptr=ptr,
        slot=c.slot[pairs],
        start=c.start[pairs],
        end=end,
        static_cost=c.static_cost[pairs],
        by_end=by_end_day(ptr, end),
    )
    return Shortlist(short, pairs)


def best_pairs(pricer: Pricer, m: Multipliers, most: int) -> Flags:
    """Mark the best pairs of each need under the multipliers, up to ``most``, and the one that it takes."""
    kept = np.zeros(pricer.c.pairs, np.bool_)
    slot_price = slot_prices(pricer.c, m.seat - m.minimum)

    def mark(part: Part, state: State, at: Floats) -> float:
        link = m.link[part.held]
        mark_best(part.c, state, part.links, slot_price, link, most, kept[part.pairs], at)
        return 0.0

    pricer.in_parts(mark, pricer.parts)
    return kept


def best_pairs_and(pricer: Pricer, m: Multipliers, most: int, *plans: Longs) -> Flags:
    """The same, and the pairs of some plans."""
    kept = best_pairs(pricer, m, most)
    for choice in plans:
        kept[choice[choice >= 0]] = True
    return kept


@njit(cache=True, nogil=True)
def mark_best(  # pragma: no cover - compiled
    c: Candidates,
    s: State,
    links: Links,
    slot_price: Floats,
    link: Floats,
    most: int,
    kept: Flags,
    at: Floats,
) -> None:
    """Mark up to ``most`` pairs of each need, those that cost a unit least beside what comes before them.

    The ready day is taken from what the unit would choose; a pair before it counts as if it waited as long.
    """
    choice = np.full(len(c.row), -1, np.int64)
    for unit in range(len(c.unit_ptr) - 1):
        load_prices(c, s, links, slot_price, link, _NOTHING, unit, at)
        begin, stop = c.unit_ptr[unit], c.unit_ptr[unit + 1]
        p, q = c.pair_ptr[begin], c.pair_ptr[stop]
        s.value[p:q] = s.own[p:q]
        evaluate(c, unit, s.value, s.skipped, s.near, s.far, s.near_key, s.far_key)
        choose(c, unit, s.value, s.skipped, choice)
        for i in range(begin, stop):
            first, last = c.pair_ptr[i], c.pair_ptr[i + 1]
            if last - first <= most:
                kept[first:last] = True
                continue
            key = s.near_key[first:last]
            key[:] = s.value[first:last]
            before = c.after[i]
            if before >= 0 and choice[before] >= 0:
                ready = max(c.earliest[i], base_day(c, choice[before], c.relation[i]) + c.lag[i])
                for x in range(last - first):
                    key[x] += c.weight[i] * waiting(c, abs(c.start[first + x] - ready))
            elif before >= 0:
                for x in range(last - first):
                    key[x] += c.weight[i] * waiting(c, max(0, c.start[first + x] - c.earliest[i]))
            limit, many = np.partition(key, most - 1)[most - 1], 0
            for x in range(last - first):
                if key[x] <= limit and many < most:
                    kept[first + x] = True
                    many += 1
            if choice[i] >= 0:
                kept[choice[i]] = True
