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
from matching.candidates import Candidates, part_of, with_its_capacities
from matching.guide import Prices, Wishes
from matching.prices import wanted
from matching.pricing import Longs
from matching.problem import Flags, Ints, Problem
from matching.randomness import random_state
from matching.search import anneal, dissolve
from matching.together import settle, sweep
from matching.units import place_key

UNITS = 1500  # of a region, about
SHIFT = 0.382  # of a region's length, by which the cuts move from wave to wave
CHUNK = 200  # steps between two looks at the clock
AFRESH = 10 * CHUNK  # steps after which it is asked anew who pays more than prices ask
SETTLING = (1500, 1500, 12_000)  # units of a region, wave by wave, where groups are filled or closed
AT_ONCE_UNITS = 50_000  # units up to which groups that two regions share are settled with care too
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
    sweeps : bool
        Whether groups are opened and closed by several at once before; only where none may fall short.
    """

    hot: float
    cold: float
    push: float
    fade: float
    seconds: float
    steps: int
    sweeps: bool = False

    def temperature(self, share: float) -> float:
        """Temperature when this share of the wave is over."""
        return float(self.hot * (self.cold / self.hot) ** share)


@dataclass(frozen=True)
class Region:
    """The units ``begin : end`` by themselves, and the capacities that belong to them in this wave."""

    number: int
    begin: int
    end: int
    own: Flags
    c: Candidates
    state: State


class Regions:
    """Waves of search over everybody.

    Parameters
    ----------
    prices : Prices
        Of a problem whose units stand in the order of their homes.
    state : State
        Seat prices that steer the bookings, and groups that are not to open.
    workers : int
        Regions searched at the same time, >= 1; what is found in so many steps is the same for any number.
    """

    def __init__(self, problem: Problem, prices: Prices, state: State, seed: int, workers: int) -> None:
        c, self.prices = prices.c, prices
        self.c, self.price, self.closed, self.share = c, state.price, state.closed, state.share
        self.seed, self.workers, self.waves, self.steps = seed, workers, 0, 0  # steps of the last wave
        self.rounds = 1  # in which the regions of a wave come to their turn
        people, slots = problem.people, problem.slots
        home = problem.needs.person[c.row[c.unit_ptr[:-1]]]
        self.of_unit = place_key(people.lat[home], people.lon[home])
        of_slot = np.where(slots.online, -1, place_key(slots.lat, slots.lon))
        self.of_capacity = np.full(len(c.seats), -1, np.int64)
        self.of_capacity[c.uses] = np.repeat(of_slot, np.diff(c.use_ptr))

    def search(self, choice: Longs, wave: Wave, stop: Callable[[], bool]) -> Longs:
        """Everybody's pairs after one wave."""
        hard, empty = wave.push == np.inf, (self._loads(self.c, choice) == 0) & (self.c.minimum > 0)
        wishes = self.prices.wishes(self.closed | empty if hard else self.closed)

        def work(region: Region) -> int:
            if wave.sweeps:
                sweep(region.c, region.state, region.own, self.waves, stop)
            mine = wishes.of_part(region.c, region.begin, region.end)
            return self._anneal(region, mine, wave, stop)

        return self._everywhere(choice, work, stop, UNITS)

    def settled(self, choice: Longs, stop: Callable[[], bool]) -> Longs:
        """Everybody's pairs when every group that misses participants has been filled or closed.

        A region settles what it has to itself; what two share is left to the end.
        """

        def work(region: Region) -> int:
            settle(region.c, region.state, region.own, stop)
            return 0

        for units in SETTLING:
            choice = self._everywhere(choice, work, stop, units)
        state = state_of(self.c, choice, self.price)
        state.closed[:] = self.closed
        if self.c.units <= AT_ONCE_UNITS:
            settle(self.c, state, np.ones(len(self.c.seats), np.bool_), stop)
        dissolve(self.c, state, len(self.c.seats))
        return state.choice

    def _everywhere(
        self, choice: Longs, work: Callable[[Region], int], stop: Callable[[], bool], units: int
    ) -> Longs:
        """Everybody's pairs when every region of about so many units has been worked on.

        ``steps`` is what the works return, summed up. Regions that have not come to their turn when the run
        is to end stay as they are.
        """
        cuts = self._cuts(units)
        owner, load = self._owners(cuts), self._loads(self.c, choice)
        many = len(cuts) - 1

        def one(k: int) -> tuple[Longs, int]:
            if stop():  # where there are many, cutting them out takes long
                needs = slice(*self.c.unit_ptr[cuts[k : k + 2]].tolist())
                return self._counted_from_its_first(choice, needs), 0
            region = self._region(k, int(cuts[k]), int(cuts[k + 1]), owner == k, load, choice)
            done = work(region)
            return region.state.choice, done

        self.rounds = math.ceil(many / self.workers)
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

    def _counted_from_its_first(self, choice: Longs, needs: slice) -> Longs:
        """Pairs of some needs, counted from the first pair of these, -1 = none."""
        mine = choice[needs]
        return np.where(mine >= 0, mine - self.c.pair_ptr[needs.start], -1)

    def _loads(self, c: Candidates, choice: Longs) -> Ints:
        return wanted(c, choice).astype(np.int32)

    def _random(self, k: int) -> int:
        return self.seed + 7919 * self.waves + 104_729 * k

    def _anneal(self, region: Region, wishes: Wishes, wave: Wave, stop: Callable[[], bool]) -> int:
        """Search one region; the number of steps made."""
        sub, state, seconds = region.c, region.state, wave.seconds / self.rounds
        rng, done, began = random_state(self._random(region.number)), 0, time.monotonic()
        most, hard = wave.steps * sub.units, wave.push == np.inf
        while done < most and not stop():
            share = max(done / most, (time.monotonic() - began) / max(seconds, 1e-9))
            if share >= 1:
                break
            todo = min(CHUNK, most - done)
            if done % AFRESH == 0:
                guide = wishes.guide(state.choice, state.unit_cost)
            push = 0.0 if hard else wave.push
            anneal(
                sub, state, guide, rng, todo, wave.temperature(share), push, hard, wave.fade, _NONE, -np.inf
            )
            done += todo
        return done

    def _cuts(self, units: int) -> Longs:
        """Where the regions of this wave begin, and where the last one ends."""
        many = 2 * max(1, round(self.c.units / units / 2))  # even: two workers end at the same time
        inner = (np.arange(many) + (self.waves * SHIFT) % 1.0) * self.c.units / many
        return np.unique(np.concatenate([[0], np.round(inner), [self.c.units]]).astype(np.int64))

    def _owners(self, cuts: Longs) -> Longs:
        """Region that each capacity belongs to in this wave."""
        owner = np.searchsorted(self.of_unit[cuts[1:-1]], self.of_capacity, side="right")
        online = np.flatnonzero(self.of_capacity < 0)
        owner[online] = (online + self.waves) % (len(cuts) - 1)
        return owner

    def _region(self, k: int, begin: int, end: int, own: Flags, load: Ints, choice: Longs) -> Region:
        """One region by itself; the seats of others are held by its first need, which harms nobody."""
        c, needs = self.c, slice(int(self.c.unit_ptr[begin]), int(self.c.unit_ptr[end]))
        sub, here = with_its_capacities(part_of(c, begin, end))
        own, load, mine = own[here], load[here], self._counted_from_its_first(choice, needs)
        # what is not the region's own may not shrink, and somebody stays there who does not exist
        load = load + np.where(own | (sub.minimum == 0) | (load == 0), 0, 1).astype(np.int32)
        others = load - self._loads(sub, mine)
        left = np.where(own, sub.seats, load) - others
        held = np.where(sub.minimum > 0, load, 0)
        sub = sub._replace(minimum=np.where(own, sub.minimum, held).astype(np.int32))
        idle = np.where(sub.fixed, sub.pair_ptr[:-1], -1)
        room = np.concatenate([[0], np.cumsum(np.minimum(left, sub.needs) + others, dtype=np.int64)])
        state = scratch(sub.needs, sub.pairs, left.astype(np.int32))._replace(
            choice=idle,
            load=others,
            closed=self.closed[here],
            holder_ptr=room,
            holders=np.zeros(int(room[-1]), np.int32),
            share=self.share[here],
            unit_cost=booking_costs(sub, idle),
            price=self.price[here],
        )
        missing = np.where((others > 0) & (others < sub.minimum), sub.minimum - others, 0)
        state.totals[:] = state.unit_cost.sum(), float(state.share @ missing)
        hold_all(sub, state, mine)
        return Region(k, begin, end, own, sub, state)
