"""Prices of large problems (Große Aufgaben): found on few pairs of each need, proven on all of them.

Where there are too many units for a linear program, a pass over everybody is what costs. So prices rise
first while units book in turn (``in_turn``), then on a shortlist of the best pairs of each need, which is
renewed as prices change. Every bound comes from an exact pass over all pairs.
"""

from collections import defaultdict
from collections.abc import Callable

import numpy as np

from matching.ascent import NODES, Ascent, markets
from matching.bound import Pricer
from matching.candidates import Candidates
from matching.in_turn import InTurn, slots_taken
from matching.links import Multipliers, links_of
from matching.offers import slots_for_offers, without_offers
from matching.pricing import Longs
from matching.problem import Flags, Floats, Ints, Problem
from matching.shortlist import Shortlist, best_pairs_and, shortlist

COARSE_PASSES, COARSE_HEAT = 24, (3000.0, 3.0)
WARM_HEAT = (30.0, 10.0)  # of prices that go out from earlier ones
MOST = 24  # pairs of a need on the shortlist
MOST_WITH_OFFERS = 16  # the same where pairs have offers: up to three slots take the place of each
FINE_PASSES = 120
FINE_HEAT = ((4.0, 1.0), (3.0, 0.7), (2.0, 0.5))  # one for each shortlist
STEP_PASSES, STEP_HEAT = 2, (6.0, 3.0)  # after each step of deciding groups
SURE = 0.48  # distance of a group's share from one half at which it is decided at once
AT_ONCE = 0.5  # share of the other groups that a step decides


class Large:
    """Prices, shortlist and groups of a problem with many units.

    Parameters
    ----------
    pricer : Pricer
        Of all pairs, without links.
    stop : callable
        True ends the work at the next occasion.
    told : callable
        Told of every better bound.
    seat : array of float, one for each capacity, optional
        Earlier prices, to go out from.
    """

    def __init__(
        self,
        problem: Problem,
        pricer: Pricer,
        stop: Callable[[], bool],
        told: Callable[[float], None],
        seat: Floats | None = None,
    ) -> None:
        self.pricer, self.stop, self.told = pricer, stop, told
        self.groups = pricer.links
        self.ascent = Ascent(pricer, markets(problem, without_offers(pricer.c)), seat)
        self.best, self.proven_by = -np.inf, self.ascent.now
        self.heat = COARSE_HEAT if seat is None else WARM_HEAT
        self.renewed = 0

    def coarse(self, spent: Callable[[], float]) -> None:
        """Let the prices answer bookings in turn, and prove them."""
        self.prove(self.ascent.now)
        now, taken = self.ascent.now, None
        if now.seat.any():
            taken = slots_taken(self.pricer.c, now, self.pricer.choice)
        self.turn = InTurn(self.ascent, taken)
        self.turn.rise(COARSE_PASSES, spent, self.stop, self.heat)
        self.prove(self.ascent.now)

    def prove(self, m: Multipliers) -> None:
        """The bound of these multipliers, by an exact pass over all pairs."""
        self.pricer.linked(self.ascent.links._replace(joins=self.groups.joins))
        bound = self.pricer.bound(m, nodes=NODES)
        self.told(bound)
        if bound > self.best:
            self.best, self.proven_by = bound, m

    def shortened(self, plan: Longs) -> Shortlist:
        """The best pairs under the present prices and those of a plan; prices go on rising on them."""
        short = shortlist(self.pricer.c, self._best_and(plan))
        self.ascent.go_on(self.pricer.of(short.c, links_of(short.c, self.groups)))
        return short

    def shortened_to_slots(self, plans: Ints) -> Candidates:
        """The same where pairs have offers, which slots take the place of.

        Parameters
        ----------
        plans : array of int, one row for each plan
            Slot of each need, -1 = none.
        """
        m = self.ascent.now
        c = slots_for_offers(self.pricer.c, self._best_and(), m.seat - m.minimum, plans)
        groups = self.groups._replace(joins=self.groups.joins[: c.slots])
        self.ascent.go_on(self.pricer.of(c, links_of(c, groups)))
        return c

    def _best_and(self, *plans: Longs) -> Flags:
        """Mark the best pairs under the present prices, those everybody took last and those of some plans."""
        most = MOST_WITH_OFFERS if len(self.pricer.c.members) else MOST
        last = (self.pricer.choice, self.pricer.wished)
        return best_pairs_and(self.pricer, self.ascent.now, most, *plans, *last)

    def forget_all_pairs(self) -> None:
        """Give their memory back; no bound can be proven from here on."""
        del self.pricer

    def fine(self, spent: Callable[[], float]) -> None:
        """Let the prices rise on the shortlist, and prove them."""
        heat = FINE_HEAT[min(self.renewed, len(FINE_HEAT) - 1)]
        self.renewed += 1
        blind = 1.0 if len(self.pricer.c.members) else 0.5
        risen = self.ascent.rise(FINE_PASSES, spent, self.stop, heat=heat, blind=blind)
        self.prove(risen.multipliers)

    def decided(self, spent: Callable[[], float]) -> dict[int, bool]:
        """Decide for every group whether it runs: step by step the surest, prices answer in between."""
        forced: dict[int, bool] = {}
        links = self.ascent.links
        inner = defaultdict(list)
        for u in links.order.tolist():
            inner[int(links.outer[u])].append(u)

        def decide(u: int, opens: bool) -> None:
            if u >= 0 and u not in forced:
                forced[u] = opens
                for v in [int(links.outer[u])] if opens else inner[u]:
                    decide(v, opens)

        self.turn = InTurn(self.ascent, self.turn.taken)
        while len(forced) < len(links.order) and spent() < 1 and not self.stop():
            opened = self.ascent.opened
            unsure = [u for u in links.order.tolist() if u not in forced]
            unsure.sort(key=lambda u: (-abs(opened[u] - 0.5), u))
            few = max(1, int(AT_ONCE * len(unsure)))
            for k, u in enumerate(unsure):
                if k < few or abs(opened[u] - 0.5) > SURE:
                    decide(u, bool(opened[u] >= 0.5))
            self.turn.rise(STEP_PASSES, spent, self.stop, STEP_HEAT, forced)
        for u in links.order.tolist():
            decide(u, bool(self.ascent.opened[u] >= 0.5))
        return forced
