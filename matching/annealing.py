"""Rounds of search (Suchläufe): heat, price of short groups, and how both change while a round goes on."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from matching.booking import State, hold_all, new_state
from matching.candidates import Candidates
from matching.guide import NO_GUIDE
from matching.pricing import Longs
from matching.problem import Floats
from matching.randomness import random_state
from matching.search import anneal, dissolve

CHUNK_SECONDS = 0.05  # how long the search runs before it looks up
PATIENCE = 12  # dissolving: parts in which the short groups are closed one after another


@dataclass(frozen=True)
class Schedule:
    """How a round is heated; weighted waiting days throughout.

    Parameters
    ----------
    hot, cold : float
        Temperature at the beginning and end of the soft part, in which short groups are allowed.
    warm, frozen : float
        The same for the hard part, in which they are not.
    first_push, last_push : float
        Cost of a missing participant at the beginning and end of the soft part.
    soft_share : float
        Share of the round that is soft, 0 to 1.
    """

    hot: float
    cold: float
    warm: float
    frozen: float
    first_push: float
    last_push: float
    soft_share: float

    def at(self, share: float) -> tuple[float, float, float]:
        """Temperature, cost of a missing participant and share of the seat prices at this point."""
        if share > self.soft_share or self.soft_share == 0:
            part = (share - self.soft_share) / max(1e-9, 1 - self.soft_share)
            return self.warm * (self.frozen / self.warm) ** part, 0.0, 0.3
        part = share / self.soft_share
        heat = self.hot * (self.cold / self.hot) ** part
        return heat, self.first_push * (self.last_push / self.first_push) ** part, 1.0 - part


FROM_PRICES = Schedule(6.0, 1.0, 2.0, 0.2, 200.0, 5000.0, 0.5)
FROM_MASTER = Schedule(6.0, 0.5, 2.0, 0.1, 100.0, 5000.0, 0.4)
POLISH = Schedule(1.0, 1.0, 4.0, 0.1, 1.0, 1.0, 0.0)


@dataclass
class Round:
    """One stream of a round of search; ``best`` and ``cost`` are the best feasible plan it knows."""

    c: Candidates
    state: State
    schedule: Schedule
    seed: int
    best: Longs
    cost: float
    steps: int = 0

    def run(self, most_steps: int, seconds: float, stop: Callable[[], bool], timed: bool) -> None:
        """Search for so many steps or seconds, whichever ends first.

        Parameters
        ----------
        timed : bool
            True: the schedule follows the clock; false: it follows the steps, and the outcome does not
            depend on the speed of the machine.
        """
        rng, began = random_state(self.seed), time.monotonic()
        hard, chunk = self.schedule.soft_share == 0, 20 if timed else 500

        def over() -> bool:
            return stop() or time.monotonic() - began >= seconds

        while self.steps < most_steps and not over():
            spent = time.monotonic() - began
            share = max(self.steps / most_steps, spent / seconds if timed else 0.0)
            if share > self.schedule.soft_share and not hard:
                self._close_short_groups(rng, over)
                hard = True
            heat, push, fade = self.schedule.at(share)
            todo = min(chunk, most_steps - self.steps)
            before = time.monotonic()
            self.cost = float(
                anneal(self.c, self.state, NO_GUIDE, rng, todo, heat, push, hard, fade, self.best, self.cost)
            )
            self.steps += todo
            if timed:
                chunk = _longer(chunk, time.monotonic() - before)

    def _close_short_groups(
        self, rng: np.ndarray[tuple[int], np.dtype[np.uint64]], over: Callable[[], bool]
    ) -> None:
        """Close short groups a few at a time, so that their people can fill others; then the rest."""
        steps = max(50, self.c.units // 8)
        for _ in range(PATIENCE):
            if self.state.totals[1] <= 1e-9 or over():
                break
            dissolve(self.c, self.state, max(1, int(self.short_groups() / PATIENCE)))
            for _ in range(16):
                if not over():
                    anneal(
                        self.c, self.state, NO_GUIDE, rng, steps, 3.0, 2000.0, False, 0.3, self.best, np.inf
                    )
        dissolve(self.c, self.state, len(self.c.seats))
        if self.state.totals[0] < self.cost:
            self.best[:], self.cost = self.state.choice, float(self.state.totals[0])

    def short_groups(self) -> int:
        """Number of groups that have begun to fill and miss participants."""
        return int(((self.state.load > 0) & (self.state.load < self.c.minimum)).sum())


def _longer(chunk: int, spent: float) -> int:
    return max(20, min(5000, int(chunk * min(2.0, CHUNK_SECONDS / max(spent, 1e-6)))))


def state_of(c: Candidates, choice: Longs, price: Floats) -> State:
    """The state in which everybody holds the given pairs."""
    state = new_state(c, price)
    hold_all(c, state, choice)
    return state


def run_all(
    rounds: Sequence[Round],
    workers: int,
    most_steps: int,
    seconds: float,
    stop: Callable[[], bool],
    timed: bool,
) -> Round:
    """Run several streams, at most ``workers`` at once; the best one, the first of equals."""
    if workers == 1 or len(rounds) == 1:
        for one in rounds:
            one.run(most_steps, seconds / len(rounds), stop, timed)
    else:
        with ThreadPoolExecutor(min(workers, len(rounds))) as pool:
            for job in [pool.submit(one.run, most_steps, seconds, stop, timed) for one in rounds]:
                job.result()
    return min(rounds, key=lambda one: one.cost)
