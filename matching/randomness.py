"""Pseudo-random numbers inside compiled code (Zufall): the same for a seed on every machine."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Words = NDArray[np.uint64]


@njit(cache=True)
def draw(rng: Words) -> float:  # pragma: no cover - compiled
    """Next pseudo-random number in [0, 1) (xorshift64*); the state is ``rng[0]``."""
    x = rng[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    rng[0] = x
    return np.float64((x * np.uint64(2685821657736338717)) >> np.uint64(11)) / 9007199254740992.0


def random_state(seed: int) -> Words:
    """State of the generator for a seed >= 0."""
    return np.random.default_rng(seed).integers(1, 2**63, 1).astype(np.uint64)


@njit(cache=True)
def below(rng: Words, n: int) -> int:  # pragma: no cover - compiled
    """A random whole number from 0 to n - 1."""
    return min(n - 1, int(draw(rng) * n))
