"""Earlier seat prices carried over to the present problem (Preise vom letzten Lauf)."""

from collections.abc import Mapping

import numpy as np

from matching.candidates import Candidates
from matching.problem import Floats, Problem


def carried_prices(problem: Problem, c: Candidates, prices: Mapping[str, float]) -> Floats:
    """Prices by capacity row; any prices prove a bound, and earlier ones usually nearly the best.

    Of capacities that the same slots use only one decides (``candidates``), and which one may change from
    week to week: it takes the prices of all of them.

    Parameters
    ----------
    prices : mapping of capacity id to float
        Weighted waiting days; capacities not named cost nothing, negative prices count as 0.
    """
    slots, n = problem.slots, len(problem.capacities.ids)
    earlier = np.array([max(0.0, prices.get(name, 0.0)) for name in problem.capacities.ids])
    slot_of = np.repeat(np.arange(len(slots.ids)), np.diff(slots.use_ptr))
    ends = np.cumsum(np.bincount(slots.uses, minlength=n))
    users = np.split(slot_of[np.lexsort((slot_of, slots.uses))], ends[:-1]) if n else []
    decides = np.zeros(n, np.bool_)
    decides[c.uses] = True
    deciding = {held.tobytes(): u for u, held in enumerate(users) if decides[u]}
    price = np.zeros(n)
    for u in np.flatnonzero(earlier).tolist():
        price[deciding.get(users[u].tobytes(), u)] += earlier[u]
    return np.where(c.seats > 0, price, 0.0)
