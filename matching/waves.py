"""Waves of search (Suchwellen): how hot they are, how long they take, and what happens between them.

First groups may miss participants, at a price that rises; then the few that still do are filled or closed;
then no new one may arise. Every wave searches all regions (``regions.py``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from matching.annealing import Schedule, state_of
from matching.booking import State
from matching.candidates import Candidates
from matching.guide import Prices
from matching.pricing import Longs
from matching.problem import Problem
from matching.regions import Regions, Wave
from matching.result import SolveOptions

SOFT = Schedule(6.0, 1.5, 1.0, 1.0, 200.0, 20_000.0, 1.0)
HARD = Schedule(1.0, 1.0, 3.0, 0.1, 1.0, 1.0, 0.0)
FADE = 0.3  # most of the seat prices that steer bookings once no group may be short
STEPS_PER_UNIT = 3000  # of one wave, where the clock ends it
STEPS_A_WAVE = 20  # for each unit, where work is counted in steps


@dataclass(frozen=True)
class Pace:
    """How the time of a search is divided.

    Parameters
    ----------
    soft, hard : int
        Waves in which groups may miss participants, and in which they may not.
    chances : tuple of int
        Hard waves before which whoever was left without a slot gets a second chance.
    sweeps : int
        Every so many hard waves groups are opened and closed by several at once.
    """

    soft: int
    hard: int
    chances: tuple[int, ...]
    sweeps: int


PACE = Pace(soft=8, hard=10, chances=(0, 2, 5), sweeps=1)
HASTE = Pace(soft=3, hard=6, chances=(0, 2, 4), sweeps=3)  # where there is little time for each unit


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

    def give_second_chance(self, prices: Prices) -> tuple[Prices, Longs]:
        """Add pairs with free seats for whoever the best plan leaves without a slot, and book them there.

        Returns the prices and everybody's pairs, with the new ones among the pairs that plans are made of.
        """


class Waves:
    """Search by regions in one run, from a state; the prices tell where to look."""

    def __init__(self, run: Run, state: State, prices: Prices, pace: Pace = PACE) -> None:
        self.run, self.choice, self.prices = run, state.choice, prices
        self.pace = pace
        self.beside = 0.0  # seconds that a wave takes beside its search
        self.seed = run.options.seed + run.steps_done
        self.regions = Regions(run.problem, prices, state, self.seed, run.options.workers)

    def settle(self, until: float) -> None:
        """Fill the groups that miss participants and close the others; what comes out is a plan.

        Parameters
        ----------
        until : float
            Share of the time limit at which no group may miss participants any more.
        """
        for wave in self._waves(self.pace.soft, SOFT, until):
            self._search(wave)
        self.run.improve(self.regions.settled(self.choice, self.run.stopped))

    def polish(self) -> None:
        """Better bookings from the best plan on; no group falls short."""
        for k, wave in enumerate(self._waves(self.pace.hard, HARD, 1.0)):
            if k in self.pace.chances:
                self._second_chance()
            self._search(wave)
            self.run.improve(self.choice)

    def _second_chance(self) -> None:
        run, waves = self.run, self.regions.waves
        self.prices, self.choice = run.give_second_chance(self.prices)
        state = state_of(run.working, self.choice, self.regions.price)
        self.regions = Regions(run.problem, self.prices, state, self.seed, run.options.workers)
        self.regions.waves = waves

    def _search(self, wave: Wave) -> None:
        began = self.run.seconds
        self.choice = self.regions.search(self.choice, wave, self.run.stopped)
        self.beside = self.run.seconds - began - wave.seconds if self.run.timed else 0.0
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
            seconds = (ends - run.seconds) / (many - k) - self.beside if run.timed else np.inf
            steps = STEPS_PER_UNIT if run.timed else STEPS_A_WAVE
            fade = fade if schedule is SOFT else FADE
            yield Wave(
                hot, cold, np.inf if hard else push, fade, seconds, steps, hard and k % self.pace.sweeps == 0
            )
