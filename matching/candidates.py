"""Which slots could serve which need (Kandidaten), everybody else left aside.

A *pair* is a need and a slot that serves it by every rule that does not depend on other bookings. Needs are
renumbered by *unit* (Einheit): people whose needs are tied together by predecessors or by an exclusive
group; inside a unit a predecessor stands before its successors. A unit is the smallest part of the problem
that can be solved by itself once seats have prices.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matching.problem import AFTER_START, Flags, Floats, Ints, Problem

FAR_AWAY = np.int32(2**30)  # a day later than any date
RADIUS_KM = 6371.0088
KM_A_DEGREE = RADIUS_KM * math.pi / 180  # of latitude


class Candidates(NamedTuple):
    """Everything the kernels read, as flat arrays.

    ``need`` arrays are indexed by the renumbered need i, ``pair`` arrays by p in
    ``pair_ptr[i] : pair_ptr[i + 1]`` (sorted by start day), ``by_end`` lists the same pairs by end day.
    Costs are weighted waiting days; ``static_cost`` holds what does not depend on other bookings.
    """

    today: int
    long_wait_days: float
    long_wait_factor: float
    row: Ints  # need -> row in Problem.needs
    unit_ptr: Ints  # unit -> its needs
    unit: Ints
    after: Ints
    relation: Ints
    lag: Ints
    max_lag: Ints
    earliest: Ints
    weight: Floats
    group: Ints
    fixed: Flags
    unserved_cost: Floats
    child_ptr: Ints
    child: Ints
    pair_ptr: NDArray[np.int64]
    slot: Ints
    start: Ints
    end: Ints
    static_cost: Floats
    by_end: NDArray[np.int64]
    use_ptr: Ints  # slot -> its capacities
    uses: Ints
    times: Ints  # slot -> row and column of time_clash
    time_clash: Flags
    half_days: Flags  # which half-days each row of time_clash holds
    seats: Ints  # free seats after fixed bookings; 0 where a group cannot reach its minimum
    minimum: Ints  # bookings that a group needs to run; 0 = no minimum

    @property
    def needs(self) -> int:
        """Number of needs."""
        return len(self.row)

    @property
    def units(self) -> int:
        """Number of units."""
        return len(self.unit_ptr) - 1

    @property
    def pairs(self) -> int:
        """Number of pairs."""
        return len(self.slot)


def candidates(problem: Problem) -> Candidates:
    """Prepare a problem for the kernels."""
    needs, slots, people, p = problem.needs, problem.slots, problem.people, problem.parameters
    today = p.today.toordinal()
    row, unit_ptr, after = _units(problem)
    seats, minimum, use_ptr, uses = _open_seats(problem)
    feature_ok, need_set, slot_set = _subsets(problem, needs.features[row], slots.features)
    tag_ok, slot_requires, person_tags = _subsets(problem, slots.requires, people.tags)
    time_ok, slot_times, person_times = _subsets(problem, slots.times, people.times)
    half_days, clash, clash_row = _clashes(problem)
    by_kind, kind_ptr = _slots_by_kind(problem)
    group = _numbered(needs.group[row])
    static = _Static(
        today,
        p.horizon_end.toordinal(),
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
        by_kind,
        kind_ptr,
        slots.start,
        slots.end,
        slots.lat,
        slots.lon,
        slots.online,
        _has_seat(seats, use_ptr, uses),
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
    pair_ptr, slot, cost = _pairs(static)
    child_ptr, child = _children(after)
    start, end = slots.start[slot], slots.end[slot]
    return Candidates(
        today,
        p.long_wait_days,
        p.long_wait_factor,
        row,
        unit_ptr,
        np.repeat(np.arange(len(unit_ptr) - 1, dtype=np.int32), np.diff(unit_ptr)),
        after,
        needs.relation[row],
        needs.lag_days[row],
        needs.max_lag_days[row],
        needs.earliest[row],
        needs.weight[row],
        group,
        needs.fixed[row] >= 0,
        _unserved_costs(problem)[row],
        child_ptr,
        child,
        pair_ptr,
        slot,
        start,
        end,
        cost,
        _by_end(pair_ptr, end),
        use_ptr,
        uses,
        clash_row,
        clash,
        half_days,
        seats,
        minimum,
    )


def _units(problem: Problem) -> tuple[Ints, Ints, Ints]:
    """Order of the needs by unit and depth, where each unit begins, and the renumbered predecessors."""
    needs = problem.needs
    n = len(needs.ids)
    root = _union(n, needs.after, needs.group)
    depth = _depths(needs.after)
    _, unit = np.unique(root, return_inverse=True)
    row = np.lexsort((np.arange(n), depth, unit)).astype(np.int32)
    place = np.empty(n + 1, np.int32)
    place[row], place[n] = np.arange(n), -1
    counts = np.bincount(unit, minlength=int(unit.max()) + 1 if n else 0)
    unit_ptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return row, unit_ptr, place[needs.after[row]]


@njit(cache=True)
def _union(n: int, after: Ints, group: Ints) -> Ints:  # pragma: no cover - compiled
    """Smallest need of the unit of each need."""
    root = np.arange(n).astype(np.int32)
    first = np.full(n + 1, -1, np.int32)
    for i in range(n):
        g = group[i]
        if first[g] < 0:
            first[g] = i
        for j in (after[i], first[g]):
            if j >= 0:
                a, b = i, j
                while root[a] != a:
                    root[a] = root[root[a]]
                    a = root[a]
                while root[b] != b:
                    root[b] = root[root[b]]
                    b = root[b]
                root[max(a, b)] = min(a, b)
    for i in range(n):
        a = i
        while root[a] != a:
            a = root[a]
        root[i] = a
    return root


@njit(cache=True)
def _depths(after: Ints) -> Ints:  # pragma: no cover - compiled
    """Number of predecessors of each need, all the way up."""
    depth = np.zeros(len(after), np.int32)
    for i in range(len(after)):
        j = after[i]
        while j >= 0:
            depth[i] += 1
            j = after[j]
    return depth


def _children(after: Ints) -> tuple[Ints, Ints]:
    child = np.argsort(after, kind="stable")[np.count_nonzero(after < 0) :].astype(np.int32)
    counts = np.bincount(after[after >= 0], minlength=len(after))
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int32), child


def _numbered(values: Ints) -> Ints:
    return np.unique(values, return_inverse=True)[1].astype(np.int32)


def _open_seats(problem: Problem) -> tuple[Ints, Ints, Ints, Ints]:
    """Seats left after fixed bookings, minimums that still apply, and the capacities that decide.

    Capacities that the same slots use (the modules between two entries of a course) always hold the same
    bookings: the one with the fewest seats stands for all, with the largest of their minimums.
    """
    seats, minimum = problem.capacities.seats.copy(), problem.capacities.minimum.copy()
    for slot in problem.needs.fixed[problem.needs.fixed >= 0]:
        taken = problem.uses_of(int(slot))
        seats[taken] -= 1
        minimum[taken] = 0
    minimum[minimum <= 1] = 0
    slot_of = np.repeat(np.arange(len(problem.slots.ids), dtype=np.int32), np.diff(problem.slots.use_ptr))
    stands = _representatives(seats, minimum, slot_of, problem.slots.uses)
    seats[seats < minimum] = 0
    kept = stands[problem.slots.uses] == problem.slots.uses
    counts = np.bincount(slot_of[kept], minlength=len(problem.slots.ids))
    use_ptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return seats, minimum, use_ptr, problem.slots.uses[kept]


def _representatives(seats: Ints, minimum: Ints, slot_of: Ints, uses: Ints) -> Ints:
    """The capacity that stands for each; changes ``minimum`` accordingly."""
    order = np.lexsort((slot_of, uses))
    ends = np.cumsum(np.bincount(uses, minlength=len(seats)))
    classes: dict[bytes, list[int]] = {}
    for u, users in enumerate(np.split(slot_of[order], ends[:-1]) if len(seats) else []):
        classes.setdefault(users.tobytes(), []).append(u)
    stands = np.arange(len(seats), dtype=np.int32)
    for alike in classes.values():
        first = min(alike, key=lambda u: (seats[u], u))
        largest = max(minimum[u] for u in alike)
        minimum[alike], stands[alike] = 0, first
        minimum[first] = largest
    return stands


def _has_seat(seats: Ints, use_ptr: Ints, uses: Ints) -> Flags:
    if len(use_ptr) < 2:
        return np.zeros(0, np.bool_)
    return np.asarray(np.minimum.reduceat(seats[uses], use_ptr[:-1]) > 0)


def _subsets(problem: Problem, small: Ints, large: Ints) -> tuple[Flags, Ints, Ints]:
    """Table of which distinct lists are contained in which, with the row and column of every entry."""
    rows, row_of = np.unique(small, return_inverse=True)
    columns, column_of = np.unique(large, return_inverse=True)
    table = np.array([[problem.sets[a] <= problem.sets[b] for b in columns] for a in rows], np.bool_).reshape(
        len(rows), len(columns)
    )
    return table, row_of.astype(np.int32), column_of.astype(np.int32)


def _clashes(problem: Problem) -> tuple[Flags, Flags, Ints]:
    """The distinct lists of half-days as flags, and which of them share a half-day."""
    rows, row_of = np.unique(problem.slots.times, return_inverse=True)
    words = sorted(set().union(*(problem.sets[a] for a in rows)))
    held = np.array([[w in problem.sets[a] for w in words] for a in rows], np.bool_).reshape(
        len(rows), len(words)
    )
    return held, np.asarray(held @ held.T), row_of.astype(np.int32)


def _slots_by_kind(problem: Problem) -> tuple[Ints, Ints]:
    slots = problem.slots
    order = np.lexsort((np.arange(len(slots.ids)), slots.start, slots.kind)).astype(np.int32)
    counts = np.bincount(slots.kind, minlength=len(problem.kinds))
    return order, np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)


def _fixed_of_groups(group: Ints, fixed: Ints) -> tuple[Ints, Ints]:
    """Fixed bookings of each exclusive group: pointer and slots."""
    held = np.flatnonzero(fixed >= 0)
    held = held[np.argsort(group[held], kind="stable")]
    counts = np.bincount(group[held], minlength=int(group.max()) + 1 if len(group) else 0)
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int32), fixed[held].astype(np.int32)


def _unserved_costs(problem: Problem) -> Floats:
    needs, p = problem.needs, problem.parameters
    horizon = p.horizon_end.toordinal()
    wait = np.maximum(0, horizon - needs.earliest)
    late = np.where(needs.target > 0, np.maximum(0, horizon - needs.target), 0)
    days = p.unserved_penalty + wait + p.long_wait_factor * np.maximum(0, wait - p.long_wait_days)
    days = days + p.overdue_factor * late + p.change_penalty * (needs.proposed != -1)
    return np.asarray(needs.weight * days)


@njit(cache=True)
def _by_end(pair_ptr: NDArray[np.int64], end: Ints) -> NDArray[np.int64]:  # pragma: no cover - compiled
    """The pairs of each need sorted by end day, equal ones in their order."""
    order = np.empty(len(end), np.int64)
    for i in range(len(pair_ptr) - 1):
        first, last = pair_ptr[i], pair_ptr[i + 1]
        order[first:last] = first + np.argsort(end[first:last], kind="mergesort")
    return order


class _Static(NamedTuple):
    """What the enumeration of pairs reads."""

    today: int
    horizon: int
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
    by_kind: Ints
    kind_ptr: Ints
    start: Ints
    end: Ints
    lat: Floats
    lon: Floats
    online: Flags
    has_seat: Flags
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


@njit(cache=True)
def distance_km(lat: float, lon: float, to_lat: float, to_lon: float) -> float:  # pragma: no cover
    """Great-circle distance in km between points in degrees."""
    p, q = math.radians(lat), math.radians(to_lat)
    h = math.sin((q - p) / 2) ** 2
    h += math.cos(p) * math.cos(q) * math.sin(math.radians(to_lon - lon) / 2) ** 2
    return 2 * RADIUS_KM * math.asin(min(1.0, math.sqrt(h)))


@njit(cache=True)
def _serves(s: _Static, i: int, j: int) -> float:  # pragma: no cover - compiled
    """Way in km from the home of need i to slot j, or -1 where a rule forbids the pair."""
    person = s.person[i]
    if not s.has_seat[j] or not s.feature_ok[s.need_set[i], s.slot_set[j]]:
        return -1.0
    if not s.tag_ok[s.slot_requires[j], s.person_tags[person]]:
        return -1.0
    if not s.time_ok[s.slot_times[j], s.person_times[person]]:
        return -1.0
    for k in range(s.group_ptr[s.group[i]], s.group_ptr[s.group[i] + 1]):
        f = s.group_fixed[k]
        if s.start[j] <= s.end[f] and s.start[f] <= s.end[j] and s.clash[s.clash_row[j], s.clash_row[f]]:
            return -1.0
    if s.online[j]:
        return 0.0 if s.can_online[person] else -1.0
    if abs(s.home_lat[person] - s.lat[j]) * KM_A_DEGREE > s.max_km[person] + 0.1:
        return -1.0  # too far north or south: no need to compute more
    km = distance_km(s.home_lat[person], s.home_lon[person], s.lat[j], s.lon[j])
    return km if km <= s.max_km[person] + 1e-6 else -1.0


@njit(cache=True)
def _pair_cost(s: _Static, i: int, j: int, km: float) -> float:  # pragma: no cover - compiled
    """Cost of need i in slot j that no other booking changes."""
    late = max(0, s.start[j] - s.target[i]) if s.target[i] > 0 else 0
    days = s.overdue_factor * late + s.km_factor * km
    if s.proposed[i] != -1 and s.proposed[i] != j:
        days += s.change_penalty
    if s.after[i] < 0:
        wait = max(0, s.start[j] - s.earliest[i])
        days += wait + s.long_wait_factor * max(0.0, wait - s.long_wait_days)
    return s.weight[i] * days


@njit(cache=True)
def _pairs(s: _Static) -> tuple[NDArray[np.int64], Ints, Floats]:  # pragma: no cover - compiled
    """All pairs, need by need; first and last possible day follow from the predecessor's pairs."""
    n = len(s.kind)
    ptr = np.zeros(n + 1, np.int64)
    room = max(1024, 64 * n)
    slot, cost = np.empty(room, np.int32), np.empty(room, np.float64)
    first_base, last_base = np.empty((n, 2), np.int64), np.empty((n, 2), np.int64)
    k = 0
    for i in range(n):
        first_base[i, :], last_base[i, :] = FAR_AWAY, -1
        low, high = max(s.today, s.earliest[i]), np.int64(FAR_AWAY)
        before = s.after[i]
        if before >= 0:
            low = max(low, first_base[before, s.relation[i]] + s.lag[i])
            if s.max_lag[i] >= 0:
                high = last_base[before, s.relation[i]] + s.max_lag[i]
        begin, stop = s.kind_ptr[s.kind[i]], s.kind_ptr[s.kind[i] + 1]
        if s.fixed[i] >= 0:
            begin, stop = 0, 1
        for x in range(begin, stop):
            if s.fixed[i] >= 0:
                j, km = s.fixed[i], 0.0
                if not s.online[j]:
                    person = s.person[i]
                    km = distance_km(s.home_lat[person], s.home_lon[person], s.lat[j], s.lon[j])
            else:
                j = s.by_kind[x]
                if s.start[j] < low or s.start[j] > high:
                    continue
                km = _serves(s, i, j)
            if km < 0:
                continue
            if k == room:
                room *= 2
                more_slots, more_costs = np.empty(room, np.int32), np.empty(room, np.float64)
                more_slots[:k], more_costs[:k] = slot, cost
                slot, cost = more_slots, more_costs
            slot[k], cost[k] = j, _pair_cost(s, i, j, km)
            k += 1
            for relation in range(2):
                base = s.start[j] if relation == AFTER_START else s.end[j] + 1
                first_base[i, relation] = min(first_base[i, relation], base)
                last_base[i, relation] = max(last_base[i, relation], base)
        ptr[i + 1] = k
    return ptr, slot[:k].copy(), cost[:k].copy()


def spread(candidates: Candidates, per_slot: Floats) -> NDArray[Any]:
    """Value of every pair's slot; fixed pairs pay nothing, their seats are taken already."""
    values = per_slot[candidates.slot]
    values[candidates.pair_ptr[:-1][candidates.fixed]] = 0.0
    return np.asarray(values)
