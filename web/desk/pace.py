"""Tempo: how often somebody who is not signed in may ask within a while, counted in this process."""

from __future__ import annotations

import time
from collections.abc import Callable

KNOWN = 10_000
"""So many who ask are remembered; beyond that, those who have waited long enough are forgotten."""


class Pace:
    """Tempo: lets everybody ask so often at once, and then again as time goes by.

    Parameters
    ----------
    most : int
        How often at once, >= 1.
    seconds : float
        After so long without asking somebody may ask so often again, > 0.
    now : callable
        A clock in seconds that never goes back.
    """

    def __init__(self, most: int, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self.most, self.every_seconds = most, seconds / most
        self._now = now
        self._free_at: dict[str, float] = {}

    def allows(self, who: str) -> bool:
        """Answer whether somebody may ask now, and count it where so."""
        now = self._now()
        free_at = max(self._free_at.get(who, now), now) + self.every_seconds
        if free_at > now + self.most * self.every_seconds + 1e-9:
            return False
        if len(self._free_at) >= KNOWN:
            self._free_at = {one: at for one, at in self._free_at.items() if at > now}
        self._free_at[who] = free_at
        return True
