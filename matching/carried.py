"""Earlier seat prices carried over to the present problem (Preise vom letzten Lauf)."""

from collections.abc import Mapping

import numpy as np

from matching.candidates import Candidates
from matching.problem import Floats, Ints, Problem


def carried_prices(problem: Problem, c: Candidates, prices: Mapping[str, float]) -> Floats:
    """Prices by capacity row; any prices prove a bound, and earlier ones usually nearly the best.

    Parameters
    ----------
    prices : mapping of capacity id to float
        Weighted waiting days; capacities not named cost nothing, negative prices count as 0.
    """
    earlier = np.array([max(0.0, prices.get(name, 0.0)) for name in problem.capacities.ids])
    price = np.bincount(deciding(problem, c), earlier, minlength=len(earlier))
    return np.where(c.seats > 0, price, 0.0)


def deciding(problem: Problem, c: Candidates) -> Ints:
    """Row of the capacity that decides for each one.

    Of capacities that the same slots use only one decides (``candidates``), and which one may change from
    week to week: it takes the prices of all of them.
    """
    slots, n = problem.slots, len(problem.capacities.ids)
    slot_of = np.repeat(np.arange(len(slots.ids)), np.diff(slots.use_ptr))
    ends = np.cumsum(np.bincount(slots.uses, minlength=n))
    users = np.split(slot_of[np.lexsort((slot_of, slots.uses))], ends[:-1]) if n else []
    decides = np.zeros(n, np.bool_)
    decides[c.uses] = True
    of = {held.tobytes(): u for u, held in enumerate(users) if decides[u]}
    return np.array([of.get(held.tobytes(), u) for u, held in enumerate(users)], np.int32)
