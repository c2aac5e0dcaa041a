"""Which of many has most of something, while it changes (Rangliste): a tournament, kept up to date."""

import numpy as np
from numba import njit

from matching.problem import Floats


@njit(cache=True)
def ranking(many: int) -> Floats:  # pragma: no cover - compiled
    """A tournament of so many players, none of whom has anything yet.

    The players are the last leaves of a binary tree in an array; every inner place holds the larger of the
    two below it.
    """
    leaves = 1
    while leaves < many:
        leaves *= 2
    return np.zeros(2 * leaves)


@njit(cache=True)
def put(tree: Floats, player: int, value: float) -> None:  # pragma: no cover - compiled
    """Let a player have this much, >= 0."""
    k = len(tree) // 2 + player
    tree[k] = value
    while k > 1:
        k //= 2
        larger = max(tree[2 * k], tree[2 * k + 1])
        if tree[k] == larger:
            break
        tree[k] = larger


@njit(cache=True)
def first_of_most(tree: Floats) -> int:  # pragma: no cover - compiled
    """The player who has most, the first of equals; -1 where nobody has anything."""
    if tree[1] <= 0:
        return -1
    k, leaves = 1, len(tree) // 2
    while k < leaves:
        k *= 2
        if tree[k] < tree[k + 1]:
            k += 1
    return k - leaves
