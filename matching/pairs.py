"""Every pair of a need and a slot that serves it (Paare), everybody else left aside.

The slots of a kind stand in *bands* of latitude, inside a band from west to east, so that a home looks only
at slots near it; slots attended online stand apart. Units are independent, so parts of them are enumerated
at the same time.
"""

import math
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matching.alike import ANYBODY, Listed
from matching.distance import KM_A_DEGREE, distance_km, longitudes
from matching.problem import AFTER_START, Flags, Floats, Ints, Problem

FAR_AWAY = np.int32(2**30)  # a day later than any date
BAND_DEGREES = 0.08  # about 9 km
BANDS = math.ceil(180 / BAND_DEGREES) + 1
SAFE_KM = 0.1  # a box around a home is wider than its reach by this
UNITS_AT_ONCE = 4000

Pairs = tuple[NDArray[np.int64], Ints, Floats]  # where each need's pairs begin, their slots, their costs


class Rules(NamedTuple):
    """What the enumeration of pairs reads; needs are renumbered, slots are not.

    ``kind_ptr`` says where the slots of a kind begin in ``by_start`` (sorted by start), ``rank`` is a slot's
    place there. ``band_ptr`` says where each band of each kind begins in ``by_place`` (sorted by longitude),
    ``online_ptr`` where the online slots of each kind begin in ``by_online``; full slots are in neither.
    ``hidden`` are slots that an offer stands for, ``asked`` the features of the needs it is for (``alike``).
    """

    today: int
    long_wait_days: float
    long_wait_factor: float
    overdue_factor: float
    km_factor: float
    change_penalty: float
    kind: Ints
    person: Ints
    after: Ints
    relation: Ints
    lag: Ints
    max_lag: Ints
    earliest: Ints
    target: Ints
    weight: Floats
    group: Ints
    fixed: Ints
    proposed: Ints
    start: Ints
    end: Ints
    lat: Floats
    lon: Floats
    online: Flags
    hidden: Flags
    asked: Ints
    features: Ints
    kind_of: Ints
    by_start: Ints
    rank: Ints
    by_place: Ints
    band_ptr: Ints
    by_online: Ints
    online_ptr: Ints
    home_lat: Floats
    home_lon: Floats
    max_km: Floats
    can_online: Flags
    feature_ok: Flags
    need_set: Ints
    slot_set: Ints
    tag_ok: Flags
    slot_requires: Ints
    person_tags: Ints
    time_ok: Flags
    slot_times: Ints
    person_times: Ints
    clash: Flags
    clash_row: Ints
    group_ptr: Ints
    group_fixed: Ints


def rules(listed: Listed, row: Ints, after: Ints) -> Rules:
    """Prepare the enumeration.

    Parameters
    ----------
    listed : Listed
        The problem, and the slots and offers that pairs are made of.
    row : array of int
        Row in the problem of each renumbered need.
    after : array of int
        Renumbered predecessor of each need, -1 = none.
    """
    problem, bookable = listed.problem, listed.bookable
    needs, slots, people, p = problem.needs, problem.slots, problem.people, problem.parameters
    feature_ok, need_set, slot_set = _subsets(problem, needs.features[row], slots.features)
    tag_ok, slot_requires, person_tags = _subsets(problem, slots.requires, people.tags)
    time_ok, slot_times, person_times = _subsets(problem, slots.times, people.times)
    _, clash, clash_row = clashes(problem)
    group = numbered(needs.group[row])
    by_start = np.lexsort((np.arange(len(slots.ids)), slots.start, slots.kind)).astype(np.int32)
    rank = np.empty(len(by_start), np.int32)
    rank[by_start] = np.arange(len(by_start))
    return Rules(
        p.today.toordinal(),
        p.long_wait_days,
        p.long_wait_factor,
        p.overdue_factor,
        p.km_factor,
        p.change_penalty,
        needs.kind[row],
        needs.person[row],
        after,
        needs.relation[row],
        needs.lag_days[row],
        needs.max_lag_days[row],
        needs.earliest[row],
        needs.target[row],
        needs.weight[row],
        group,
        needs.fixed[row],
        needs.proposed[row],
        slots.start,
        slots.end,
        slots.lat,
        slots.lon,
        slots.online,
        listed.hidden,
        listed.asked,
        needs.features[row],
        slots.kind,
        by_start,
        rank,
        *_by_place(problem, bookable & ~slots.online),
        *_online(problem, bookable & slots.online, rank),
        people.lat,
        people.lon,
        people.max_km,
        people.online,
        feature_ok,
        need_set,
        slot_set,
        tag_ok,
        slot_requires,
        person_tags,
        time_ok,
        slot_times,
        person_times,
        clash,
        clash_row,
        *_fixed_of_groups(group, needs.fixed[row]),
    )


def numbered(values: Ints) -> Ints:
    """The same values as numbers from 0 on, in their order."""
    return np.unique(values, return_inverse=True)[1].astype(np.int32)


def _subsets(problem: Problem, small: Ints, large: Ints) -> tuple[Flags, Ints, Ints]:
    """Table of which distinct lists are contained in which, with the row and column of every entry."""
    rows, row_of = np.unique(small, return_inverse=True)
    columns, column_of = np.unique(large, return_inverse=True)
    table = np.array([[problem.sets[a] <= problem.sets[b] for b in columns] for a in rows], np.bool_).reshape(
        len(rows), len(columns)
    )
    return table, row_of.astype(np.int32), column_of.astype(np.int32)


def clashes(problem: Problem) -> tuple[Flags, Flags, Ints]:
    """The distinct lists of half-days as flags, which of them share a half-day, and the list of each slot."""
    rows, row_of = np.unique(problem.slots.times, return_inverse=True)
    words = sorted(set().union(*(problem.sets[a] for a in rows)))
    held = np.array([[w in problem.sets[a] for w in words] for a in rows], np.bool_).reshape(
        len(rows), len(words)
    )
    return held, np.asarray(held @ held.T), row_of.astype(np.int32)


def _by_place(problem: Problem, wanted: Flags) -> tuple[Ints, Ints]:
    """Slots with a place by kind, band and longitude, and where each band begins."""
    slots = problem.slots
    chosen = np.flatnonzero(wanted)
    band = slots.kind[chosen] * BANDS + ((slots.lat[chosen] + 90) / BAND_DEGREES).astype(np.int64)
    order = np.lexsort((slots.lon[chosen], band))
    counts = np.bincount(band, minlength=len(problem.kinds) * BANDS)
    return chosen[order].astype(np.int32), pointers(counts)


def _online(problem: Problem, wanted: Flags, rank: Ints) -> tuple[Ints, Ints]:
    """Online slots by kind and start, and where each kind begins."""
    chosen = np.flatnonzero(wanted)
    chosen = chosen[np.argsort(rank[chosen])]
    counts = np.bincount(problem.slots.kind[chosen], minlength=len(problem.kinds))
    return chosen.astype(np.int32), pointers(counts)


def pointers(counts: NDArray[Any]) -> Ints:
    """Where each list begins when lists of these lengths stand one after another, and where the last ends."""
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)


def _fixed_of_groups(group: Ints, fixed: Ints) -> tuple[Ints, Ints]:
    """Fixed bookings of each exclusive group: pointer and slots."""
    held = np.flatnonzero(fixed >= 0)
    held = held[np.argsort(group[held], kind="stable")]
    counts = np.bincount(group[held], minlength=int(group.max()) + 1 if len(group) else 0)
    return pointers(counts), fixed[held].astype(np.int32)


@njit(cache=True)
def _fits(r: Rules, i: int, j: int) -> bool:  # pragma: no cover - compiled
    """True where need i could take slot j if it were near enough."""
    person = r.person[i]
    if r.asked[j] == ANYBODY and not r.feature_ok[r.need_set[i], r.slot_set[j]]:
        return False
    if not r.tag_ok[r.slot_requires[j], r.person_tags[person]]:
        return False
    if not r.time_ok[r.slot_times[j], r.person_times[person]]:
        return False
    for k in range(r.group_ptr[r.group[i]], r.group_ptr[r.group[i] + 1]):
        f = r.group_fixed[k]
        if r.start[j] <= r.end[f] and r.start[f] <= r.end[j] and r.clash[r.clash_row[j], r.clash_row[f]]:
            return False
    return True


@njit(cache=True)
def _pair_cost(r: Rules, i: int, j: int, km: float) -> float:  # pragma: no cover - compiled
    """Cost of need i in slot j that no other booking changes."""
    late = max(0, r.start[j] - r.target[i]) if r.target[i] > 0 else 0
    days = r.overdue_factor * late + r.km_factor * km
    if r.proposed[i] != -1 and r.proposed[i] != j:
        days += r.change_penalty
    if r.after[i] < 0:
        wait = max(0, r.start[j] - r.earliest[i])
        days += wait + r.long_wait_factor * max(0.0, wait - r.long_wait_days)
    return r.weight[i] * days


@njit(cache=True)
def _eastwards(r: Rules, begin: int, stop: int, lon: float) -> int:  # pragma: no cover - compiled
    """First place of a band from ``begin`` to ``stop`` that does not lie west of a longitude."""
    while begin < stop:
        middle = (begin + stop) // 2
        if r.lon[r.by_place[middle]] < lon:
            begin = middle + 1
        else:
            stop = middle
    return begin


@njit(cache=True)
def _near(  # pragma: no cover - compiled
    r: Rules, i: int, low: int, high: int, found: Ints, way: Floats, many: int
) -> tuple[Ints, Floats, int]:
    """Slots with a place that serve need i and start from ``low`` to ``high``, and the way to them in km."""
    person, bands = r.person[i], (len(r.band_ptr) - 1) // (len(r.online_ptr) - 1)
    lat, lon, reach = r.home_lat[person], r.home_lon[person], r.max_km[person] + 1e-6
    west, east = longitudes(lat, lon, reach + SAFE_KM)
    margin = (reach + SAFE_KM) / KM_A_DEGREE
    south = max(0, int((max(-90.0, lat - margin) + 90) / BAND_DEGREES))
    north = min(bands - 1, int((min(90.0, lat + margin) + 90) / BAND_DEGREES))
    for band in range(r.kind[i] * bands + south, r.kind[i] * bands + north + 1):
        begin, stop = r.band_ptr[band], r.band_ptr[band + 1]
        for x in range(_eastwards(r, begin, stop, west), stop):
            j = r.by_place[x]
            if r.lon[j] > east:
                break
            if r.start[j] < low or r.start[j] > high or abs(lat - r.lat[j]) > margin or not _fits(r, i, j):
                continue
            km = distance_km(lat, lon, r.lat[j], r.lon[j])
            if km > reach:
                continue
            found, way, many = _put(found, way, many, r.rank[j], km)
    return found, way, many


@njit(cache=True)
def _put(  # pragma: no cover - compiled
    found: Ints, way: Floats, many: int, place: int, km: float
) -> tuple[Ints, Floats, int]:
    """Add one slot by its place in ``by_start``; the arrays grow where they are full."""
    if many == len(found):
        found, way = _longer(found), _longer(way)
    found[many], way[many] = place, km
    return found, way, many + 1


@njit(cache=True)
def _longer(array: NDArray[Any]) -> NDArray[Any]:  # pragma: no cover - compiled
    """The same array with room for as much again."""
    longer = np.empty(2 * len(array), array.dtype)
    longer[: len(array)] = array
    return longer


@njit(cache=True)
def _of_need(  # pragma: no cover - compiled
    r: Rules, i: int, low: int, high: int, found: Ints, way: Floats
) -> tuple[Ints, Floats, int]:
    """Places in ``by_start`` of all slots that serve need i, not sorted, and the way to each in km."""
    many, person = 0, r.person[i]
    if r.fixed[i] >= 0:
        j = r.fixed[i]
        found[0], way[0] = r.rank[j], 0.0
        if not r.online[j]:
            way[0] = distance_km(r.home_lat[person], r.home_lon[person], r.lat[j], r.lon[j])
        return found, way, 1
    if r.can_online[person]:
        for x in range(r.online_ptr[r.kind[i]], r.online_ptr[r.kind[i] + 1]):
            j = r.by_online[x]
            mine = r.asked[j] == ANYBODY or r.asked[j] == r.features[i]
            if mine and low <= r.start[j] <= high and _fits(r, i, j):
                found, way, many = _put(found, way, many, r.rank[j], 0.0)
        j = r.proposed[i]  # an offer costs the change of the proposal: who keeps it does not pay that
        serves = j >= 0 and r.hidden[j] and r.kind_of[j] == r.kind[i]
        if serves and low <= r.start[j] <= high and _fits(r, i, j):
            found, way, many = _put(found, way, many, r.rank[j], 0.0)
    return _near(r, i, low, high, found, way, many)


@njit(cache=True, nogil=True)
def _enumerate(  # pragma: no cover - compiled
    r: Rules, begin: int, stop: int
) -> tuple[NDArray[np.int64], Ints, Floats]:
    """Pairs of the needs from ``begin`` to ``stop``: how many each has, slots and costs.

    First and last possible day follow from the predecessor's pairs.
    """
    counts = np.zeros(stop - begin, np.int64)
    slot, cost = np.empty(64 * (stop - begin) + 64, np.int32), np.empty(64 * (stop - begin) + 64)
    first_base, last_base = np.full((stop - begin, 2), FAR_AWAY), np.full((stop - begin, 2), np.int32(-1))
    found, way, total = np.empty(1024, np.int32), np.empty(1024), 0
    for i in range(begin, stop):
        low, high, before = max(r.today, r.earliest[i]), int(FAR_AWAY), r.after[i] - begin
        if r.after[i] >= 0:
            low = max(low, first_base[before, r.relation[i]] + r.lag[i])
            if r.max_lag[i] >= 0:
                high = last_base[before, r.relation[i]] + r.max_lag[i]
        found, way, many = _of_need(r, i, low, high, found, way)
        while total + many > len(slot):
            slot, cost = _longer(slot), _longer(cost)
        for x in np.argsort(found[:many]):
            j = r.by_start[found[x]]
            slot[total], cost[total] = j, _pair_cost(r, i, j, way[x])
            total += 1
            for relation in range(2):
                base = r.start[j] if relation == AFTER_START else r.end[j] + 1
                first_base[i - begin, relation] = min(first_base[i - begin, relation], base)
                last_base[i - begin, relation] = max(last_base[i - begin, relation], base)
        counts[i - begin] = many
    return counts, slot[:total].copy(), cost[:total].copy()


def enumerate_pairs(r: Rules, unit_ptr: Ints, workers: int = 2) -> Pairs:
    """All pairs, need by need, each need's sorted by start day and slot.

    Parameters
    ----------
    unit_ptr : array of int
        Where the needs of each unit begin.
    workers : int
        Threads that enumerate at the same time, >= 1; the pairs are the same for any number.
    """
    bounds = [*unit_ptr[:-1:UNITS_AT_ONCE].tolist(), int(unit_ptr[-1])]
    with ThreadPoolExecutor(workers) as pool:
        parts = list(pool.map(lambda k: _enumerate(r, bounds[k], bounds[k + 1]), range(len(bounds) - 1)))
    counts = np.concatenate([np.zeros(1, np.int64), *(part[0] for part in parts)])
    ptr = np.cumsum(counts)
    slot, cost = np.empty(ptr[-1], np.int32), np.empty(ptr[-1])
    end = int(ptr[-1])
    while parts:  # from the last to the first, so that each is freed as soon as it is copied
        _, slots, costs = parts.pop()
        slot[end - len(slots) : end], cost[end - len(slots) : end] = slots, costs
        end -= len(slots)
    return ptr, slot, cost
