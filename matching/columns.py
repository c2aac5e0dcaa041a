"""Column generation (Spaltenerzeugung): new bookings from prices, prices from the master, until they agree.

Multipliers are smoothed with those of the best bound so far, because the duals of a linear program with few
columns jump. Violated link rows are added as soon as the program and the bound have nearly met.
"""

from collections.abc import Callable, Sequence

import numpy as np

from matching.booking import booking_costs
from matching.bound import Pricer
from matching.links import Multipliers
from matching.master import Master
from matching.pricing import Longs
from matching.problem import Flags

SMOOTHING = 0.5  # share of the multipliers of the best bound
MEET = 0.002  # (program - bound) / program below which violated rows are looked for
AGREE = 1e-6  # ... below which the two have met
AGREE_IN_BRANCHES = 1e-10  # the same where nothing comes after it that could close the rest


class Generator:
    """The master and the exact pass, working for each other.

    Parameters
    ----------
    pricer : Pricer
    stop : callable
        True ends the work at the next occasion.
    """

    def __init__(self, pricer: Pricer, stop: Callable[[], bool]) -> None:
        self.c, self.pricer, self.stop = pricer.c, pricer, stop
        self.master = Master(pricer.c, pricer.links)
        self.duals: Multipliers | None = None
        self.rounds = 0
        self._add_idle()

    def _add_idle(self) -> None:
        """Every unit may do nothing beyond its fixed bookings: the master always has a solution."""
        self.learn(np.where(self.c.fixed, self.c.pair_ptr[:-1], -1))

    def learn(self, choice: Longs) -> int:
        """Take in everyone's bookings of a feasible plan as columns; returns how many are new."""
        return self.master.add_choice(choice, booking_costs(self.c, choice))

    def learn_from(self, m: Multipliers) -> int:
        """Take in everyone's cheapest bookings under multipliers; returns how many are new."""
        self.pricer.nothing_known()
        self.pricer.cheapest(m)
        return self.learn(self.pricer.choice)

    def converge(
        self,
        best: float,
        seconds: Callable[[], float],
        target: float = np.inf,
        forbidden: Flags | None = None,
        forced: dict[int, bool] | None = None,
        required: Sequence[int] = (),
        told: Callable[[float], None] = lambda _: None,
        most_rounds: int = 10**9,
        centre: Multipliers | None = None,
    ) -> float:
        """Raise the bound until program and bound agree, time is over, or ``target`` is reached.

        Parameters
        ----------
        best : float
            A bound that is known already.
        seconds : callable
            Seconds that are left.
        forbidden, forced, required
            Pairs that are not to be had, groups forced open or closed, and needs that have to have a slot
            (branching).
        told : callable
            Told of every better bound.
        most_rounds : int
            Solve the master at most so often, and then once more with the last columns.
        centre : Multipliers, optional
            Those that prove ``best``, to smooth the first duals with.

        Returns
        -------
        float
            The best bound proven.
        """
        master = self.master
        last, agree = self.rounds + most_rounds, AGREE if forbidden is None else AGREE_IN_BRANCHES
        while not self.stop() and seconds() > 0 and master.solve(seconds()):
            self.rounds += 1
            if self.rounds > last:
                break
            new, bound = 0, -np.inf
            trials = (
                [master.duals] if centre is None else [master.duals.mixed(centre, SMOOTHING), master.duals]
            )
            for duals in trials:
                self.pricer.nothing_known()
                master.cheapest_known(duals, self.pricer.choice)
                proven = self.pricer.bound(duals, forbidden, forced, required=required)
                new += self.learn(self.pricer.choice)
                bound = max(bound, proven)
                if centre is None or proven > best:
                    centre = duals
                    if proven > best:
                        best, self.duals = proven, duals
                        told(best)
            if best >= target:
                break
            apart = (master.value - best) / max(1.0, abs(master.value))
            if (apart < MEET or new == 0) and master.cut():
                continue
            if new == 0 or apart < agree:
                break
        return best
