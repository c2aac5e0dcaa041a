"""Rising prices (Preisanstieg): multipliers that prove a good bound, without a linear program.

Every pass books everybody at the present multipliers and moves these towards what the bookings lack:

* seats: ``seat += tau * log(load / (seats * open))``, the load averaged over the passes (entropic descent);
* a market (one kind of slot in one place) that is short as a whole moves all its prices together, by a step
  that grows while the shortage lasts: prices that must rise by a year's waiting get there in some passes;
* minimums: ``minimum += tau * log(minimum_places * open / load)``;
* links: ``link += step * tau * (booked - open)``, who wants to join a group that does not run pays for it.

``open`` is the share in which a group runs: 1 / (1 + exp(worth / tau)), worth being what opening it
contributes to the bound (``links.open_worth``). ``tau`` falls from 40 to 0.5 weighted waiting days. The
bound is exact in every pass, whatever the multipliers are (Barahona & Anbil, The volume algorithm, 2000, for
the averaging; entropic steps as in ``docs/engine.md``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numba import njit

from matching.bound import Pricer
from matching.candidates import Candidates
from matching.links import Links, Longs, Multipliers, carried, open_worth, worth_of_groups
from matching.offers import offer_loads
from matching.problem import Floats, Ints, Problem

FIRST_TAU, LAST_TAU = 40.0, 0.5  # weighted waiting days
MEMORY = 0.9  # weight of the earlier passes in averages
LOWEST = 0.02  # loads below this share of the seats count as this share
LINK_STEP = 1.0
SHARPNESS = 0.3  # of the open share: worth of one participant, in tau
GROWTH, SHRINKING, LARGEST = 1.2, 0.5, 60.0  # of a market's step
MOST_AT_ONCE = 5.0  # times tau: farthest that a market's prices move in a pass
BLIND = 0.5  # share of the passes that leave conflicts inside a household out of account
FIELD_DEGREES = 0.5  # of latitude, half as many again of longitude
NODES = 60  # branches on conflicts in the other passes


@dataclass(frozen=True)
class Risen:
    """What the passes have found.

    Parameters
    ----------
    multipliers : Multipliers
        Those of the best bound.
    lower_bound : float
        No plan costs less.
    opened : array of float, one for each capacity
        Share in which each group runs, 0 to 1; 1 where there is no minimum.
    """

    multipliers: Multipliers
    lower_bound: float
    opened: Floats


def markets(problem: Problem, c: Candidates) -> Ints:
    """Number of the market of each capacity: one kind of slot in one field of about 55 by 55 km."""
    slots = problem.slots
    lat, lon = np.where(slots.online, 0.0, slots.lat), np.where(slots.online, 0.0, slots.lon)
    field = np.floor(lat / FIELD_DEGREES) * 1000 + np.floor(lon / (1.5 * FIELD_DEGREES))
    _, market = np.unique(
        np.stack([slots.kind, np.where(slots.online, -1, field)]), axis=1, return_inverse=True
    )
    found = np.zeros(len(c.seats), np.int32)
    found[c.uses] = np.repeat(market.reshape(-1), np.diff(c.use_ptr))
    return found


class Ascent:
    """Multipliers and averages that go on from call to call.

    Parameters
    ----------
    pricer : Pricer
    market : array of int, one for each capacity
        Number of the market that a capacity belongs to, 0 and up.
    seat : array of float, one for each capacity, optional
        Seat prices to begin with, for example last week's.
    """

    def __init__(self, pricer: Pricer, market: Ints, seat: Floats | None = None) -> None:
        c, self.pricer, self.market = pricer.c, pricer, market
        self.c, self.links = c, pricer.links
        caps, self.markets = len(c.seats), int(market.max(initial=-1)) + 1
        zero = np.zeros(caps)
        self.now = Multipliers(zero if seat is None else seat.copy(), zero, np.zeros(self.links.total))
        self.load, self.booked = zero.copy(), np.zeros(self.links.total)
        self.opened = np.ones(caps)
        self.step, self.shortage = np.zeros(self.markets), np.zeros(self.markets)
        self.passes = 0

    def rise(
        self,
        passes: int,
        spent: Callable[[], float],
        stop: Callable[[], bool] = lambda: False,
        told: Callable[[float], None] = lambda _: None,
        seen: Callable[[float, Longs], None] = lambda share, choice: None,
        heat: tuple[float, float] = (FIRST_TAU, LAST_TAU),
        blind: float = BLIND,
        nodes: int = NODES,
        memory: float = MEMORY,
    ) -> Risen:
        """Make up to ``passes`` passes; the best bound met, with its multipliers.

        Parameters
        ----------
        spent : callable
            Share of the time for this that is gone: ``tau`` falls by passes or by time, whichever is ahead.
        stop, told : callable
            Asked after every pass, true ends; told of every better bound.
        seen : callable
            Given the share of the way that is done and everybody's bookings, after every pass that respects
            conflicts.
        heat : pair of float
            First and last ``tau``, weighted waiting days.
        blind : float
            Share of the way on which conflicts inside a household are left out of account.
        nodes : int
            Branches on the conflicts of one household on the rest of it, >= 1.
        memory : float
            Weight of the earlier passes in averages, 0 to 1.
        """
        best, known = -np.inf, self.now
        closed = self.c.seats <= 0
        for done in range(passes):
            share = max(done / passes, spent())
            if share >= 1 or (done and stop()):
                break
            sees = 0 if share < blind else nodes
            worth, constant = self._worth({})
            bound = self.pricer.cheapest(self.now, sees, closed=closed) + constant
            if bound > best:
                best, known = bound, self.now
                told(best)
            choice = self.pricer.choice if sees else self.pricer.wished
            if sees:
                seen(share, choice)
            self._move(choice, worth, heat[0] * (heat[1] / heat[0]) ** share, memory)
        return Risen(known, best, self.opened.copy())

    def _worth(self, forced: Mapping[int, bool]) -> tuple[Floats, float]:
        constant, worth = open_worth(self.links, worth_of_groups(self.c, self.links, self.now), forced)
        return worth, constant

    def open_shares(self, tau: float, forced: Mapping[int, bool]) -> Floats:
        """Share in which each group runs under the present multipliers; the heat in weighted waiting days.

        Parameters
        ----------
        forced : mapping
            Groups that are decided: capacity -> runs.
        """
        return self._open_shares(self._worth(forced)[0], tau, forced)

    def go_on(self, pricer: Pricer) -> None:
        """Go on with other pairs of the same problem; links that are new there begin at 0."""
        old, self.pricer, self.c, self.links = self.links, pricer, pricer.c, pricer.links
        link = carried(old, self.now.link, self.links)
        self.now = Multipliers(self.now.seat, self.now.minimum, link)
        self.booked = carried(old, self.booked, self.links)

    def _move(self, choice: Longs, worth: Floats, tau: float, memory: float) -> None:
        """One step of all multipliers after a pass."""
        c, memory = self.c, memory if self.passes else 0.0
        self.passes += 1
        load = np.zeros(len(c.seats))
        self.booked *= memory
        _count(c, self.links, choice, 1 - memory, load, self.booked)
        load += offer_loads(c, choice, self.now.seat - self.now.minimum, tau)
        self.load = memory * self.load + (1 - memory) * load
        self.opened = memory * self.opened + (1 - memory) * self._open_shares(worth, tau, {})
        seats, least = np.maximum(c.seats, 1), np.maximum(c.minimum, 1)
        excess = log_ratio(self.load, seats * self.opened, seats)
        lack = log_ratio(least * self.opened, self.load, least)
        seat = self.now.seat + tau * (excess + self._together(excess, seats))
        self.now = Multipliers(
            np.where(c.seats > 0, np.maximum(0.0, seat), 0.0),
            np.where(self.links.grouped, np.maximum(0.0, self.now.minimum + tau * lack), 0.0),
            np.maximum(
                0.0, self.now.link + LINK_STEP * tau * (self.booked - self.opened[self.links.capacity])
            ),
        )

    def _together(self, excess: Floats, seats: Ints) -> Floats:
        """Step of all prices of a market that is short, or long, as a whole; in units of tau."""
        active = (self.c.seats > 0) & ((self.now.seat > 0) | (excess > 0))
        load = np.bincount(self.market, self.load * active, minlength=self.markets)
        room = np.bincount(self.market, seats * self.opened * active, minlength=self.markets)
        shortage = np.log(np.maximum(load, 1e-3) / np.maximum(room, 1e-3))
        same = shortage * self.shortage > 0
        grown = np.maximum(self.step, 0.5) * GROWTH
        self.step = np.clip(np.where(same, grown, self.step * SHRINKING), 0.0, LARGEST)
        self.shortage = shortage
        moved = np.clip(self.step * shortage, -MOST_AT_ONCE, MOST_AT_ONCE)
        return np.where(active, moved[self.market], 0.0)

    def _open_shares(self, worth: Floats, tau: float, forced: Mapping[int, bool]) -> Floats:
        """Share in which each group runs at a heat; inner groups no more than those around them."""
        heat = tau * SHARPNESS * np.maximum(self.c.minimum, 1)
        share = np.where(self.links.grouped, 1 / (1 + np.exp(np.clip(worth / heat, -50, 50))), 1.0)
        for u, opens in forced.items():
            share[u] = float(opens)
        _share_of_outer(self.links.order, self.links.outer, share)
        return share


def log_ratio(above: Floats, below: Floats, whole: Ints) -> Floats:
    """Logarithm of a ratio, both sides at least a small share of the whole."""
    return np.asarray(np.log(np.maximum(above, LOWEST * whole) / np.maximum(below, LOWEST * whole)))


@njit(cache=True)
def _share_of_outer(order: Ints, outer: Ints, share: Floats) -> None:  # pragma: no cover - compiled
    """Let no group run by a larger share than those around it."""
    for k in range(len(order) - 1, -1, -1):
        if outer[order[k]] >= 0:
            share[order[k]] *= share[outer[order[k]]]


@njit(cache=True)
def _count(  # pragma: no cover - compiled
    c: Candidates, links: Links, choice: Longs, weight: float, load: Floats, booked: Floats
) -> None:
    """Count the bookings of each capacity, and add the weight to the links that are booked."""
    for i in range(len(choice)):
        p = choice[i]
        if p < 0 or c.fixed[i]:
            continue
        slot = c.slot[p]
        for x in range(c.use_ptr[slot], c.use_ptr[slot + 1]):
            load[c.uses[x]] += 1.0
        if links.joins[slot]:
            for k in range(links.ptr[i], links.ptr[i + 1]):
                for x in range(c.use_ptr[slot], c.use_ptr[slot + 1]):
                    if links.capacity[k] == c.uses[x]:
                        booked[k] += weight
