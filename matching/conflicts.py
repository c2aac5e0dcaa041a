"""Conflicts inside a unit (Konflikte): what its needs cannot have together, and how to branch on it.

Two needs of one exclusive group may not overlap, and the needs of a unit may not take a last seat twice. The
exact program of ``pricing`` sees neither; ``booking.solve_unit`` splits such a solution in parts that
together hold every allowed one.
"""

from numba import njit

from matching.candidates import Candidates
from matching.pricing import INFINITE, Longs
from matching.problem import Floats, Ints

# how a conflict is split: first part / second part, and so on
NO_CONFLICT = 0
KEEP = 1  # the first need has this pair (or none), and nobody of its group overlaps it / it has another
SEAT = 2  # the last rival gives up the capacity / the one before / ...
NOTHING = 3  # the second need has nothing / the first need has nothing: does not hold everything
MOST_RIVALS = 62  # needs of a unit that a set of bits can hold

Conflict = tuple[int, int, int, int]
"""Kind, first need or all rivals (a bit for each), second need or last rival, pair or capacity."""


@njit(cache=True)
def meets(c: Candidates, p: int, q: int) -> bool:  # pragma: no cover - compiled
    """True where two pairs overlap in days and share a half-day."""
    if c.start[p] > c.end[q] or c.start[q] > c.end[p]:
        return False
    return c.time_clash[c.times[c.slot[p]], c.times[c.slot[q]]]


@njit(cache=True)
def overlap(c: Candidates, unit: int, choice: Longs) -> Conflict:  # pragma: no cover - compiled
    """First two needs of one exclusive group whose bookings overlap; the longer one is the pair to keep."""
    for i in range(c.unit_ptr[unit], c.unit_ptr[unit + 1]):
        p = choice[i]
        if p < 0:
            continue
        for j in range(i + 1, c.unit_ptr[unit + 1]):
            q = choice[j]
            if q < 0 or c.group[i] != c.group[j] or (c.fixed[i] and c.fixed[j]):
                continue
            if meets(c, p, q):
                if c.end[p] - c.start[p] >= c.end[q] - c.start[q]:
                    return KEEP, i, j, p
                return KEEP, j, i, q
    return NO_CONFLICT, -1, -1, -1


@njit(cache=True)
def rivalry(c: Candidates, left: Ints, unit: int, choice: Longs) -> Conflict:  # pragma: no cover - compiled
    """First needs of a unit that take the last seats of one capacity from each other."""
    rival = -1
    for j in range(c.unit_ptr[unit], c.unit_ptr[unit + 1]):
        q = choice[j]
        if q < 0 or c.fixed[j]:
            continue
        for x in range(c.use_ptr[c.slot[q]], c.use_ptr[c.slot[q] + 1]):
            u = c.uses[x]
            if left[u] > j - c.unit_ptr[unit]:
                continue
            first, rivals, count = c.unit_ptr[unit], 0, 1
            for i in range(first, j):
                p = choice[i]
                if p >= 0 and not c.fixed[i] and uses(c, p, u):
                    rival = i
                    rivals |= 1 << (i - first)
                    count += 1
            if count > left[u]:
                if j - first < MOST_RIVALS:
                    return SEAT, rivals | 1 << (j - first), j, u
                return NOTHING, rival, j, u
    return NO_CONFLICT, -1, -1, -1


@njit(cache=True)
def uses(c: Candidates, pair: int, capacity: int) -> bool:  # pragma: no cover - compiled
    """True where a pair's slot uses a capacity."""
    slot, found = c.slot[pair], False
    for x in range(c.use_ptr[slot], c.use_ptr[slot + 1]):
        found = found or c.uses[x] == capacity
    return found


@njit(cache=True)
def parts_of(conflict: Longs) -> int:  # pragma: no cover - compiled
    """In how many parts a conflict is split."""
    if conflict[0] != SEAT:
        return 2
    rivals, count = conflict[1], 0
    while rivals > 0:
        rivals &= rivals - 1
        count += 1
    return count


@njit(cache=True)
def rival_before(rivals: int, need: int, first: int) -> int:  # pragma: no cover - compiled
    """The next rival before a need; bits count from the first need of the unit."""
    need -= 1
    while not (rivals >> (need - first)) & 1:
        need -= 1
    return need


@njit(cache=True)
def impose(  # pragma: no cover - compiled
    c: Candidates, unit: int, conflict: Longs, part: int, value: Floats
) -> None:
    """Make infinite what one part of a split conflict does not hold; parts count from 0."""
    kind, i, j, what = conflict[0], conflict[1], conflict[2], conflict[3]
    if kind == KEEP and part == 1:
        value[what] = INFINITE
    elif kind == KEEP:
        for k in range(c.unit_ptr[unit], c.unit_ptr[unit + 1]):
            if c.group[k] != c.group[i] or c.fixed[k]:
                continue
            for p in range(c.pair_ptr[k], c.pair_ptr[k + 1]):
                if (k == i and p != what) or (k != i and meets(c, p, what)):
                    value[p] = INFINITE
    else:
        yielding = j
        if kind == NOTHING and part == 1:
            yielding = i
        for _ in range(part if kind == SEAT else 0):
            yielding = rival_before(i, yielding, c.unit_ptr[unit])
        for p in range(c.pair_ptr[yielding], c.pair_ptr[yielding + 1]):
            if kind == NOTHING or uses(c, p, what):
                value[p] = INFINITE
