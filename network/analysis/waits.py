"""How long until the next start (Zeit bis zum nächsten Einstieg), for each town and kind, within reach.

Somebody who could start on any day of the stretch alike waits for the next start with a free seat within
reach. The mean over all days is what a town's people wait at least, however few they are; where no start
follows, the wait counts to the end of the stretch. Who else wants the seat is left out: that is the
planning's business.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.analysis.grid import Flags, Floats, Grid, Ints


@dataclass(frozen=True)
class Starts:
    """Which rows of supply start when (Einstiege), and how many of them each town has within reach.

    Parameters
    ----------
    counts
        By town, kind and day: starts with a free seat within reach.
    """

    grid: Grid
    reach: Flags
    counts: NDArray[np.int32]

    def waiting_days(self, town: Ints, kind: int, without: Ints | None = None) -> Floats:
        """Mean days to the next start of a kind, for some towns; `without` starts that are taken away."""
        counts = self.counts[town, kind]
        return mean_wait_days((counts if without is None else counts - without) > 0)

    def within_reach(self, town: Ints, kind: int, without: Ints | None = None) -> Flags:
        """Whether some towns have any start of a kind."""
        counts = self.counts[town, kind]
        return np.asarray(((counts if without is None else counts - without) > 0).any(axis=-1))


def starts_of(grid: Grid, reach: Flags) -> Starts:
    """Count the starts within reach of every town."""
    at_places = np.zeros((len(grid.kinds), grid.online + 1, grid.days), np.int32)
    np.add.at(at_places, (grid.rows.kind[grid.row], grid.slot_place, grid.start), 1)
    towns = len(grid.towns)
    counts = np.zeros((towns, len(grid.kinds), grid.days), np.int32)
    for town in range(towns):
        counts[town] = at_places[:, reach[town]].sum(axis=1)
    return Starts(grid, reach, counts)


def mean_wait_days(starts: Flags) -> Floats:
    """Mean days from any day to the next start, over the last axis; without a start the days that are left.

    >>> mean_wait_days(np.array([False, False, True, False])).item()
    1.0
    """
    days = starts.shape[-1]
    day = np.arange(days)
    next_start = np.where(starts, day, days)
    next_start = np.minimum.accumulate(next_start[..., ::-1], axis=-1)[..., ::-1]
    return np.asarray((next_start - day).mean(axis=-1))
