"""Search region by region (Suche nach Gegenden): many neighbourhoods at once, each with what is its own.

Units stand in the order of their homes, so a stretch of them is a region. In a *wave* every region is
searched by itself: each capacity belongs to one of them, and the others may only give seats back there, and
not even that where the group has a minimum. So what the regions find fits together, on one worker and on
many. The next wave cuts elsewhere.
"""

import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from matching.annealing import state_of
from matching.booking import State, booking_costs, hold_all, scratch
from matching.candidates import Candidates, part_of
from matching.prices import wanted
from matching.pricing import Longs
from matching.problem import Flags, Ints, Problem
from matching.search import anneal, dissolve, random_state
from matching.units import place_key

UNITS = 1500  # of a region, about
SHIFT = 0.382  # of a region's length, by which the cuts move from wave to wave
CHUNK = 200  # steps between two looks at the clock
_NONE = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Wave:
    """How a wave searches; weighted waiting days.

    Parameters
    ----------
    hot, cold : float
        Temperature at its beginning and end.
    push : float
        Cost of a missing participant; infinite: no short group may arise.
    fade : float
        Most of the seat prices that a booking is steered by, 0 to 1.
    seconds : float
        Wall time that it may take; infinite where work is counted in steps.
    steps : int
        Most bookings of each unit, on average.
    """

    hot: float
    cold: float
    push: float
    fade: float
    seconds: float
    steps: int

    def temperature(self, share: float) -> float:
        """Temperature when this share of the wave is over."""
        return float(self.hot * (self.cold / self.hot) ** share)


class Regions:
    """Waves of search over everybody.

    Parameters
    ----------
    c : Candidates
        Its units stand in the order of their homes.
    state : State
        Seat prices that steer the bookings, and groups that are not to open.
    workers : int
        Regions searched at the same time, >= 1; what is found in so many steps is the same for any number.
    """

    def __init__(self, problem: Problem, c: Candidates, state: State, seed: int, workers: int) -> None:
        self.c, self.price, self.closed, self.share = c, state.price, state.closed, state.share
        self.seed, self.workers, self.waves, self.steps = seed, workers, 0, 0  # steps of the last wave
        people, slots = problem.people, problem.slots
        home = problem.needs.person[c.row[c.unit_ptr[:-1]]]
        self.of_unit = place_key(people.lat[home], people.lon[home])
        of_slot = np.where(slots.online, -1, place_key(slots.lat, slots.lon))
        self.of_capacity = np.full(len(c.seats), -1, np.int64)
        self.of_capacity[c.uses] = np.repeat(of_slot, np.diff(c.use_ptr))

    def search(self, choice: Longs, wave: Wave, stop: Callable[[], bool]) -> Longs:
        """Everybody's pairs after one wave."""
        cuts = self._cuts()
        owner, load = self._owners(cuts), self._loads(self.c, choice)
        many = len(cuts) - 1
        seconds = wave.seconds / math.ceil(many / self.workers)

        def one(k: int) -> tuple[Longs, int]:
            begin, end = int(cuts[k]), int(cuts[k + 1])
            sub, state = self._region(begin, end, owner == k, load, choice)
            done = self._anneal(sub, state, wave, self._random(k), seconds, stop)
            return state.choice, done

        if self.workers == 1:
            found = [one(k) for k in range(many)]
        else:
            with ThreadPoolExecutor(self.workers) as pool:
                found = list(pool.map(one, range(many)))
        self.waves += 1
        self.steps = sum(done for _, done in found)
        after = np.concatenate([pairs for pairs, _ in found])
        begins = self.c.pair_ptr[self.c.unit_ptr[cuts]]
        needs = np.diff(self.c.unit_ptr[cuts])
        return np.where(after >= 0, after + np.repeat(begins[:-1], needs), -1)

    def close_short(self, choice: Longs, rounds: int) -> Longs:
        """Everybody's pairs when one in ``rounds`` of the groups that miss participants has been closed."""
        state = state_of(self.c, choice, self.price)
        state.closed[:] = self.closed
        short = int(((state.load > 0) & (state.load < self.c.minimum)).sum())
        dissolve(self.c, state, math.ceil(short / rounds) if rounds > 1 else len(self.c.seats))
        self.closed = state.closed
        return state.choice

    def _loads(self, c: Candidates, choice: Longs) -> Ints:
        return wanted(c, choice).astype(np.int32)

    def _random(self, k: int) -> int:
        return self.seed + 7919 * self.waves + 104_729 * k

    def _anneal(
        self,
        sub: Candidates,
        state: State,
        wave: Wave,
        seed: int,
        seconds: float,
        stop: Callable[[], bool],
    ) -> int:
        """Search one region; the number of steps made."""
        rng, done, began = random_state(seed), 0, time.monotonic()
        most, hard = wave.steps * sub.units, wave.push == np.inf
        while done < most and not stop():
            share = max(done / most, (time.monotonic() - began) / max(seconds, 1e-9))
            if share >= 1:
                break
            todo = min(CHUNK, most - done)
            push = 0.0 if hard else wave.push
            anneal(sub, state, rng, todo, wave.temperature(share), push, hard, wave.fade, _NONE, -np.inf)
            done += todo
        return done

    def _cuts(self) -> Longs:
        """Where the regions of this wave begin, and where the last one ends."""
        many = max(2, round(self.c.units / UNITS))
        inner = (np.arange(many) + (self.waves * SHIFT) % 1.0) * self.c.units / many
        return np.unique(np.concatenate([[0], np.round(inner), [self.c.units]]).astype(np.int64))

    def _owners(self, cuts: Longs) -> Longs:
        """Region that each capacity belongs to in this wave."""
        owner = np.searchsorted(self.of_unit[cuts[1:-1]], self.of_capacity, side="right")
        online = np.flatnonzero(self.of_capacity < 0)
        owner[online] = (online + self.waves) % (len(cuts) - 1)
        return owner

    def _region(
        self, begin: int, end: int, own: Flags, load: Ints, choice: Longs
    ) -> tuple[Candidates, State]:
        """One region by itself; the seats of others are held by its first need, which harms nobody."""
        c, needs = self.c, slice(int(self.c.unit_ptr[begin]), int(self.c.unit_ptr[end]))
        sub, mine = part_of(c, begin, end), choice[needs]
        mine = np.where(mine >= 0, mine - c.pair_ptr[needs.start], -1)
        others = load - self._loads(sub, mine)
        held = np.where(c.minimum > 0, load, 0)  # what is not the region's own may not shrink
        sub = sub._replace(minimum=np.where(own, c.minimum, held).astype(np.int32))
        left = np.where(own, c.seats, load) - others
        idle = np.where(sub.fixed, sub.pair_ptr[:-1], -1)
        room = np.concatenate([[0], np.cumsum(np.minimum(left, c.needs) + others, dtype=np.int64)])
        state = scratch(sub.needs, sub.pairs, left.astype(np.int32))._replace(
            choice=idle,
            load=others,
            closed=self.closed,
            holder_ptr=room,
            holders=np.zeros(int(room[-1]), np.int32),
            share=self.share,
            unit_cost=booking_costs(sub, idle),
            price=self.price,
        )
        missing = np.where((others > 0) & (others < sub.minimum), sub.minimum - others, 0)
        state.totals[:] = state.unit_cost.sum(), float(self.share @ missing)
        hold_all(sub, state, mine)
        return sub, state
