"""Who could join which group (Bindungen), and multipliers for it.

A *link* is a need and a group with a minimum that the need could join. ``x_link <= open`` says that nobody
joins a group that does not run; its multiplier is what keeps a group from being opened by a fraction.
Groups are *nested* where everybody who uses the inner one uses the outer one too: who joins at module 1 is
still there at module 5, so the inner one runs only where the outer one does.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matching.candidates import Candidates
from matching.problem import Flags, Floats, Ints

Longs = NDArray[np.int64]


class Links(NamedTuple):
    """All links of a problem, and how its groups are nested.

    ``capacity`` and ``need`` are indexed by the link; the links of need i are ``ptr[i] : ptr[i + 1]``.
    ``outer`` holds the group around each capacity (-1 = none), ``order`` the groups with a minimum and a
    seat, inner ones before outer ones. ``joins`` tells which slots use such a group.
    """

    ptr: Longs
    capacity: Ints
    need: Ints
    outer: Ints
    order: Ints
    grouped: Flags  # capacity -> has a minimum and a seat
    joins: Flags  # slot -> uses such a capacity

    @property
    def total(self) -> int:
        """Number of links."""
        return len(self.capacity)


@dataclass(frozen=True)
class Multipliers:
    """What a booking pays for the limits it meets; any values >= 0 prove a bound.

    Parameters
    ----------
    seat, minimum : array of float, one for each capacity
        Of ``bookings <= seats`` and of ``bookings >= minimum``; weighted waiting days for a booking.
    link : array of float, one for each link
        Of ``booked <= open``.
    """

    seat: Floats
    minimum: Floats
    link: Floats

    def mixed(self, other: "Multipliers", share: float) -> "Multipliers":
        """This, with a share of another set of multipliers (smoothing)."""
        return Multipliers(
            (1 - share) * self.seat + share * other.seat,
            (1 - share) * self.minimum + share * other.minimum,
            (1 - share) * self.link + share * other.link,
        )


def links_of(c: Candidates, groups: Links | None = None) -> Links:
    """Find the links and nestings of a problem.

    Parameters
    ----------
    groups : Links, optional
        Those of the same capacities and slots for other pairs: the nestings are taken from there.
    """
    groups = without_links(c) if groups is None else groups
    ptr, capacity = _links(c, groups.grouped, groups.joins)
    need = np.repeat(np.arange(c.needs, dtype=np.int32), np.diff(ptr))
    return groups._replace(ptr=ptr, capacity=capacity.astype(np.int32), need=need)


def without_links(c: Candidates) -> Links:
    """The groups of a problem and how they are nested, and no link."""
    grouped = (c.minimum > 0) & (c.seats > 0)
    joins = np.zeros(len(c.use_ptr) - 1, np.bool_)
    joins[np.repeat(np.arange(len(joins)), np.diff(c.use_ptr))[grouped[c.uses]]] = True
    outer, users = _nestings(c, grouped)
    groups = np.flatnonzero(grouped)
    order = groups[np.lexsort((groups, users[groups]))].astype(np.int32)
    none = np.zeros(0, np.int32)
    return Links(np.zeros(c.needs + 1, np.int64), none, none, outer, order, grouped, joins)


def carried(old: Links, values: Floats, new: Links) -> Floats:
    """Values of links as values of the same links among others of the same needs; 0 for new ones."""
    found = np.zeros(new.total)
    _carry(old.ptr, old.capacity, values, new.ptr, new.capacity, np.full(len(old.grouped), -1), found)
    return found


@njit(cache=True)
def _carry(  # pragma: no cover - compiled
    old_ptr: Longs,
    old_capacity: Ints,
    values: Floats,
    new_ptr: Longs,
    new_capacity: Ints,
    place: Longs,
    found: Floats,
) -> None:
    """Write the old values to the new places; ``place`` is -1 for each capacity."""
    for i in range(len(new_ptr) - 1):
        for k in range(old_ptr[i], old_ptr[i + 1]):
            place[old_capacity[k]] = k
        for k in range(new_ptr[i], new_ptr[i + 1]):
            if place[new_capacity[k]] >= 0:
                found[k] = values[place[new_capacity[k]]]
        for k in range(old_ptr[i], old_ptr[i + 1]):
            place[old_capacity[k]] = -1


def part_of_links(links: Links, begin: int, end: int) -> tuple[Links, slice]:
    """The links of the needs ``begin : end``, needs counted from the first, and where they stand in all."""
    held = slice(int(links.ptr[begin]), int(links.ptr[end]))
    part = links._replace(
        ptr=links.ptr[begin : end + 1] - links.ptr[begin],
        capacity=links.capacity[held],
        need=links.need[held] - np.int32(begin),
    )
    return part, held


@njit(cache=True)
def _links(c: Candidates, grouped: Flags, joins: Flags) -> tuple[Longs, Ints]:  # pragma: no cover
    """Groups that each need could join, in the order of its pairs."""
    needs = len(c.row)
    ptr, found = np.zeros(needs + 1, np.int64), np.empty(1024, np.int32)
    seen, n = np.full(len(c.seats), -1, np.int64), 0
    for i in range(needs):
        for p in range(c.pair_ptr[i], c.pair_ptr[i + 1]):
            slot = c.slot[p]
            if c.fixed[i] or not joins[slot]:
                continue
            for x in range(c.use_ptr[slot], c.use_ptr[slot + 1]):
                u = c.uses[x]
                if grouped[u] and seen[u] != i:
                    seen[u] = i
                    if n == len(found):
                        found = np.concatenate((found, np.empty(n, np.int32)))
                    found[n] = u
                    n += 1
        ptr[i + 1] = n
    return ptr, found[:n].copy()


def _nestings(c: Candidates, grouped: Flags) -> tuple[Ints, Ints]:
    """The group around each capacity, -1 = none, and how many slots use each capacity."""
    slots_of: dict[int, list[int]] = defaultdict(list)
    slot_of = np.repeat(np.arange(len(c.use_ptr) - 1), np.diff(c.use_ptr))
    kept = grouped[c.uses]
    for u, slot in zip(c.uses[kept].tolist(), slot_of[kept].tolist(), strict=True):
        slots_of[u].append(slot)
    users = np.bincount(c.uses, minlength=len(c.seats)).astype(np.int32)
    outer = np.full(len(c.seats), -1, np.int32)
    for u, slots in slots_of.items():
        around = set.intersection(*(_groups_of(c, grouped, slot) for slot in slots))
        # of equal ones the next larger number is the outer one, or they would make a circle
        around = {v for v in around if (users[v], v) > (users[u], u)}
        if around:
            outer[u] = min(around, key=lambda v: (users[v], v))
    return outer, users


def _groups_of(c: Candidates, grouped: Flags, slot: int) -> set[int]:
    used = c.uses[c.use_ptr[slot] : c.use_ptr[slot + 1]]
    return set(used[grouped[used]].tolist())


@njit(cache=True)
def add_links(  # pragma: no cover - compiled
    c: Candidates, links: Links, i: int, link: Floats, own: Floats, offset: int, at: Floats
) -> None:
    """Add to every pair of need i, from ``own[pair - offset]`` on, what its links pay.

    ``at`` is an array of zeros, one for each capacity, and is left so.
    """
    first, last = links.ptr[i], links.ptr[i + 1]
    some = False
    for k in range(first, last):
        if link[k] > 0:
            at[links.capacity[k]] = link[k]
            some = True
    if not some:
        return
    for p in range(c.pair_ptr[i], c.pair_ptr[i + 1]):
        slot = c.slot[p]
        if links.joins[slot]:
            for x in range(c.use_ptr[slot], c.use_ptr[slot + 1]):
                own[p - offset] += at[c.uses[x]]
    for k in range(first, last):
        at[links.capacity[k]] = 0.0


@njit(cache=True)
def pair_prices(  # pragma: no cover - compiled
    c: Candidates, links: Links, slot_price: Floats, link: Floats
) -> Floats:
    """What each pair pays under the multipliers, its own waiting left out; fixed ones pay nothing."""
    price, at = np.empty(len(c.slot)), np.zeros(len(c.seats))
    for i in range(len(c.row)):
        for p in range(c.pair_ptr[i], c.pair_ptr[i + 1]):
            price[p] = 0.0 if c.fixed[i] else slot_price[c.slot[p]]
        add_links(c, links, i, link, price, 0, at)
    return price


def worth_of_groups(c: Candidates, links: Links, m: Multipliers) -> Floats:
    """What each capacity contributes to the bound by itself while it is open, weighted waiting days."""
    joined = np.bincount(links.capacity, m.link, minlength=len(c.seats))
    return np.asarray(np.where(c.seats > 0, m.minimum * c.minimum - m.seat * c.seats - joined, 0.0))


def open_worth(links: Links, worth: Floats, forced: Mapping[int, bool]) -> tuple[float, Floats]:
    """Contribution of all capacities to the bound: the closed form of each open or closed decision.

    A group that is forced open keeps those around it open, one that is forced closed those inside it closed.

    Returns
    -------
    float
        Sum over all capacities, every group open or closed as is cheapest.
    array of float, one for each capacity
        What opening a group contributes, with the best of what is nested in it.
    """
    decided = np.zeros(len(worth), np.int8)
    for u, opens in forced.items():
        decided[u] = 1 if opens else -1
    with_inner = worth.copy()
    total = float(worth[~links.grouped].sum())
    total += float(_add_inner(links.order, links.outer, decided, with_inner))
    return total, with_inner


@njit(cache=True)
def _add_inner(  # pragma: no cover - compiled
    order: Ints, outer: Ints, decided: NDArray[np.int8], worth: Floats
) -> float:
    """Add to the worth of each group the best of what is nested in it; the sum over the outermost ones.

    ``decided`` is 1 where a group is forced open, -1 where it is forced closed.
    """
    total = 0.0
    for u in order:
        least = worth[u]
        if decided[u] < 0:
            least = 0.0
        elif decided[u] == 0:
            least = min(0.0, least)
        if outer[u] >= 0:
            worth[outer[u]] += least
            if decided[u] > 0:
                decided[outer[u]] = 1
        else:
            total += least
    return total
