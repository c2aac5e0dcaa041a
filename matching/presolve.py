"""What decides of the capacities (Vorverarbeitung): seats that are left, and one capacity for those alike."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from matching.problem import Flags, Ints, Problem


def open_seats(problem: Problem) -> tuple[Ints, Ints, Ints, Ints]:
    """Seats left after fixed bookings, minimums that still apply, and the capacities that decide.

    Capacities that the same slots use (the modules between two entries of a course) always hold the same
    bookings: the one with the fewest seats stands for all, with the largest of their minimums.

    Returns
    -------
    seats, minimum : array of int, one for each capacity
        ``seats`` is 0 where a group cannot reach its minimum.
    use_ptr, uses : array of int
        The capacities of every slot that stand for all it uses.
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
    """The capacity that stands for each; changes ``minimum`` accordingly.

    Capacities are brought together by a number that depends on all their slots, then compared slot by slot.
    """
    users = slot_of[np.lexsort((slot_of, uses))]
    counts = np.bincount(uses, minlength=len(seats))
    first = np.concatenate([[0], np.cumsum(counts)])
    key = np.zeros(len(seats), np.uint64)
    used = counts > 0
    if used.any():
        key[used] = np.add.reduceat(_mixed(users), first[:-1][used])
    order = np.lexsort((np.arange(len(seats)), seats, key))
    return _merge(order, key, first, users, minimum)


def _mixed(numbers: Ints) -> NDArray[np.uint64]:
    """Numbers scattered over 64 bits (splitmix64), so that sums of different ones hardly ever agree."""
    x = (numbers.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@njit(cache=True)
def _merge(  # pragma: no cover - compiled
    order: NDArray[np.int64], key: NDArray[np.uint64], first: NDArray[np.int64], users: Ints, minimum: Ints
) -> Ints:
    """The first of every row of alike capacities stands for them; order is by key, then seats."""
    stands = np.arange(len(order)).astype(np.int32)
    head = -1
    for u in order:
        alike = head >= 0 and key[u] == key[head] and first[u + 1] - first[u] == first[head + 1] - first[head]
        if alike:
            for k in range(first[u + 1] - first[u]):
                if users[first[u] + k] != users[first[head] + k]:
                    alike = False
                    break
        if alike:
            stands[u] = head
            minimum[head] = max(minimum[head], minimum[u])
            minimum[u] = 0
        else:
            head = u
    return stands


def has_seat(seats: Ints, use_ptr: Ints, uses: Ints) -> Flags:
    """Slots of which every capacity has a seat left."""
    if len(use_ptr) < 2:
        return np.zeros(0, np.bool_)
    return np.asarray(np.minimum.reduceat(seats[uses], use_ptr[:-1]) > 0)
