"""Waves of search (Suchwellen): how hot they are, how long they take, and what happens between them.

First groups may miss participants, at a price that rises; then the few that still do are filled or closed;
then no new one may arise. Every wave searches all regions (``regions.py``).
"""

from collections.abc import Iterator
from typing import Protocol

import numpy as np

from matching.annealing import Schedule
from matching.booking import State
from matching.candidates import Candidates
from matching.guide import Prices
from matching.pricing import Longs
from matching.problem import Problem
from matching.regions import Regions, Wave
from matching.result import SolveOptions

SOFT_WAVES, HARD_WAVES = 8, 10
SOFT = Schedule(6.0, 1.5, 1.0, 1.0, 200.0, 20_000.0, 1.0)
HARD = Schedule(1.0, 1.0, 3.0, 0.1, 1.0, 1.0, 0.0)
FADE = 0.3  # most of the seat prices that steer bookings once no group may be short
STEPS_PER_UNIT = 3000  # of one wave, where the clock ends it
STEPS_A_WAVE = 20  # for each unit, where work is counted in steps


class Run(Protocol):
    """What waves need to know of the run that they belong to."""

    problem: Problem
    options: SolveOptions
    timed: bool
    steps_done: int

    @property
    def working(self) -> Candidates:
        """The pairs that plans are made of."""

    @property
    def seconds(self) -> float:
        """Seconds since the run began."""

    def left(self, share: float = 1.0) -> float:
        """Seconds until this share of the time limit."""

    def finished(self) -> bool:
        """True when the run is to end."""

    def stopped(self) -> bool:
        """True when the run is to end at once."""

    def best_here(self) -> Longs:
        """The best plan, in pairs that plans are made of."""

    def improve(self, choice: Longs) -> None:
        """Keep a plan if it is the best."""


class Waves:
    """Search by regions in one run, from a state; the prices tell where to look."""

    def __init__(self, run: Run, state: State, prices: Prices) -> None:
        self.run, self.choice = run, state.choice
        seed = run.options.seed + run.steps_done
        self.regions = Regions(run.problem, prices, state, seed, run.options.workers)

    def settle(self, until: float) -> None:
        """Fill the groups that miss participants and close the others; what comes out is a plan.

        Parameters
        ----------
        until : float
            Share of the time limit at which no group may miss participants any more.
        """
        for wave in self._waves(SOFT_WAVES, SOFT, until):
            self._search(wave)
        self.run.improve(self.regions.settled(self.choice, self.run.stopped))

    def polish(self) -> None:
        """Better bookings from the best plan on; no group falls short."""
        self.choice = self.run.best_here()
        for wave in self._waves(HARD_WAVES, HARD, 1.0):
            self._search(wave)
            self.run.improve(self.choice)

    def _search(self, wave: Wave) -> None:
        self.choice = self.regions.search(self.choice, wave, self.run.stopped)
        self.run.steps_done += max(1, self.regions.steps)

    def _waves(self, many: int, schedule: Schedule, until: float) -> Iterator[Wave]:
        """So many waves that follow a schedule, until a share of the time is gone."""
        run, hard = self.run, schedule.soft_share == 0
        ends = run.seconds + run.left(until)
        for k in range(many):
            if run.finished():
                return
            hot, push, fade = schedule.at(k / many)
            cold = schedule.at((k + 1) / many)[0]
            seconds = (ends - run.seconds) / (many - k) if run.timed else np.inf
            steps = STEPS_PER_UNIT if run.timed else STEPS_A_WAVE
            fade = fade if schedule is SOFT else FADE
            yield Wave(hot, cold, np.inf if hard else push, fade, seconds, steps)
