"""Pairs with offers (Paare mit Angeboten): what an offer costs and weighs, and its slots in its place.

An offer stands for online slots alike (``alike``). What a person pays for it is what the cheapest member
costs, so a pass over pairs with offers proves the same bound as one over all slots.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matching.candidates import Candidates, by_end_day
from matching.links import Links
from matching.prices import slot_prices
from matching.problem import Flags, Floats, Ints

Longs = NDArray[np.int64]

NEAR = 7.0  # members that cost no more than the cheapest by this are as good, weighted waiting days
MEMBERS = 3  # most slots of an offer that a need gets in its place


@njit(cache=True)
def add_links_of_members(  # pragma: no cover - compiled
    c: Candidates, links: Links, i: int, link: Floats, slot_price: Floats, own: Floats, at: Floats
) -> None:
    """Let the offers among the pairs of need i cost what their cheapest members do with the links of i.

    ``own`` holds what each pair costs without them. ``at`` is an array of zeros, one for each capacity, and
    is left so.
    """
    first, last, some = links.ptr[i], links.ptr[i + 1], False
    if len(c.members) == 0:
        return
    for k in range(first, last):
        at[links.capacity[k]] = link[k]
        some = some or link[k] > 0
    if some:
        for p in range(c.pair_ptr[i], c.pair_ptr[i + 1]):
            offer = c.slot[p] - (len(c.use_ptr) - len(c.member_ptr))
            if offer < 0:
                continue
            least = np.inf
            for x in range(c.member_ptr[offer], c.member_ptr[offer + 1]):
                slot = c.members[x]
                cost = slot_price[slot]
                if links.joins[slot] and cost < least:
                    for y in range(c.use_ptr[slot], c.use_ptr[slot + 1]):
                        cost += at[c.uses[y]]
                least = min(least, cost)
            own[p] += least - slot_price[c.slot[p]]
    for k in range(first, last):
        at[links.capacity[k]] = 0.0


def offer_loads(c: Candidates, choice: Longs, price: Floats, heat: float) -> Floats:
    """What the bookings of offers weigh on each capacity.

    They are spread over the members by seats * exp(-price / heat): were all of them counted for the cheapest
    one, prices would chase one another round the members.

    Parameters
    ----------
    choice : array of int
        Pair of each need, -1 = none.
    price : array of float, one for each capacity
        Finite, weighted waiting days.
    heat : float
        Difference of price at which a member gets 1/e of another's bookings, weighted waiting days, > 0.
    """
    if not len(c.members):
        return np.zeros(len(c.seats))
    slot = c.slot[choice[choice >= 0]]
    counts, starts = np.diff(c.member_ptr), c.member_ptr[:-1]
    booked = np.bincount(slot[slot >= c.slots] - c.slots, minlength=len(counts))
    of_slot = slot_prices(c, price)
    apart = of_slot[c.members] - np.repeat(of_slot[c.slots :], counts)
    seats = np.minimum.reduceat(c.seats[c.uses], c.use_ptr[: c.slots])
    wish = seats[c.members] * np.exp(-apart / heat)
    share = wish * np.repeat(booked / np.add.reduceat(wish, starts), counts)
    taken = np.bincount(c.members, share, minlength=c.slots)
    taken = np.repeat(taken, np.diff(c.use_ptr[: c.slots + 1]))
    return np.asarray(np.bincount(c.uses, taken, minlength=len(c.seats)), np.float64)


def without_offers(c: Candidates) -> Candidates:
    """The same slots and capacities; its pairs must be replaced by such without offers."""
    return c._replace(
        use_ptr=c.use_ptr[: c.slots + 1],
        times=c.times[: c.slots],
        member_ptr=c.member_ptr[:1],
        members=c.members[:0],
    )


def homes_of(c: Candidates) -> tuple[Ints, Ints]:
    """The offers that hold each slot: where each slot's begin, and the offers."""
    counts = np.diff(c.member_ptr)
    ptr = np.concatenate([[0], np.cumsum(np.bincount(c.members, minlength=c.slots))]).astype(np.int32)
    offers = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    return ptr, offers[np.argsort(c.members, kind="stable")]


def slots_for_offers(c: Candidates, kept: Flags, price: Floats, plans: Ints) -> Candidates:
    """The kept pairs and those of some plans by themselves, each offer replaced by slots it stands for.

    Who keeps an offer gets up to ``MEMBERS`` of its nearly cheapest members, not all needs the same.

    Parameters
    ----------
    kept : array of bool, one for each pair
    price : array of float, one for each capacity
        Finite, weighted waiting days.
    plans : array of int, one row for each plan
        Slot of each need, -1 = none; slots that do not serve a need are ignored.
    """
    of_slot, counts = slot_prices(c, price), np.diff(c.member_ptr)
    home_ptr, homes = homes_of(c)
    apart, offer = of_slot[c.members] - np.repeat(of_slot[c.slots :], counts), np.arange(len(counts))
    by_price = c.members[np.lexsort((apart, np.repeat(offer, counts)))]
    near = np.bincount(np.repeat(offer, counts), apart <= NEAR, minlength=len(counts)).astype(np.int32)
    pair_ptr = np.zeros(c.needs + 1, np.int64)
    nothing = np.zeros(0, np.int32)
    _replace(c, kept, plans, home_ptr, homes, by_price, near, pair_ptr, np.zeros(0, np.int64), nothing)
    np.cumsum(pair_ptr, out=pair_ptr)
    pair, slot = np.empty(pair_ptr[-1], np.int64), np.empty(pair_ptr[-1], np.int32)
    _replace(c, kept, plans, home_ptr, homes, by_price, near, pair_ptr, pair, slot)
    end = c.end[pair]
    return without_offers(c)._replace(
        pair_ptr=pair_ptr,
        slot=slot,
        start=c.start[pair],
        end=end,
        static_cost=c.static_cost[pair],
        by_end=by_end_day(pair_ptr, end),
    )


@njit(cache=True)
def _replace(  # pragma: no cover - compiled
    c: Candidates,
    kept: Flags,
    plans: Ints,
    home_ptr: Ints,
    homes: Ints,
    by_price: Ints,
    near: Ints,
    pair_ptr: Longs,
    pair: Longs,
    slot: Ints,
) -> None:
    """Write the pairs of every need; with no room for them, count them in ``pair_ptr`` instead.

    ``homes`` are the offers that hold each slot, ``by_price`` the members of each offer, cheapest first,
    ``near`` how many of them are nearly the cheapest.
    """
    counting, found = len(pair) == 0, np.empty(MEMBERS + len(plans), np.int32)
    for i in range(len(c.row)):
        first, last = c.pair_ptr[i], c.pair_ptr[i + 1]
        own = -1  # a slot that an offer stands for, and that the need has as a pair of its own
        for p in range(first, last):
            here = c.slot[p]
            if here < len(home_ptr) - 1 and home_ptr[here + 1] > home_ptr[here]:
                own = here
        at = 0 if counting else pair_ptr[i]
        for p in range(first, last):
            here, asked = c.slot[p], kept[p] or c.fixed[i]
            for k in range(len(plans)):
                slot_there = plans[k, i]
                asked = asked or slot_there == here
                if slot_there >= 0 and here >= len(home_ptr) - 1:
                    for x in range(home_ptr[slot_there], home_ptr[slot_there + 1]):
                        asked = asked or homes[x] == here - (len(home_ptr) - 1)
            if not asked:  # asked here, since calls take longer than all the rest
                continue
            many = _slots_of(c, i, p, kept[p], plans, own, home_ptr, homes, by_price, near, found)
            if not counting:
                for k in range(many):
                    pair[at + k], slot[at + k] = p, found[k]
            at += many
        if counting:
            pair_ptr[i + 1] = at


@njit(cache=True)
def _slots_of(  # pragma: no cover - compiled
    c: Candidates,
    i: int,
    p: int,
    is_kept: bool,
    plans: Ints,
    own: int,
    home_ptr: Ints,
    homes: Ints,
    by_price: Ints,
    near: Ints,
    found: Ints,
) -> int:
    """Write the slots that stand for a pair of need i to ``found``; returns how many."""
    here = c.slot[p]
    offer, many = here - (len(home_ptr) - 1), 0
    if offer < 0:
        wanted = is_kept or c.fixed[i]
        for k in range(len(plans)):
            wanted = wanted or plans[k, i] == here
        found[0] = here
        return 1 if wanted else 0
    if is_kept:
        good = near[offer]
        few = min(MEMBERS, good)
        for k in range(few):
            member = by_price[c.member_ptr[offer] + (i + k * good // few) % good]
            if member != own:
                found[many] = member
                many += 1
    for k in range(len(plans)):
        slot, fresh = plans[k, i], False
        if slot < 0 or slot == own:
            continue
        for x in range(home_ptr[slot], home_ptr[slot + 1]):
            fresh = fresh or homes[x] == offer
        for x in range(many):
            fresh = fresh and found[x] != slot
        if fresh:
            found[many] = slot
            many += 1
    return many


@njit(cache=True)
def pairs_of_slots(c: Candidates, slots: Ints) -> Longs:  # pragma: no cover - compiled
    """Pair of each need in its slot, -1 where it has none; of pairs without offers."""
    choice = np.full(len(c.row), -1, np.int64)
    for i in range(len(c.row)):
        for p in range(c.pair_ptr[i], c.pair_ptr[i + 1]):
            if c.slot[p] == slots[i]:
                choice[i] = p
                break
    return choice


def slots_of(c: Candidates, choice: Longs) -> Ints:
    """Slot of each need in its pair, -1 where it has none; of pairs without offers."""
    return np.where(choice >= 0, c.slot[choice], np.int32(-1)) if c.pairs else np.full(c.needs, -1, np.int32)
