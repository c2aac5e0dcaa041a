"""How long people wait (Wartezeit), as the field reports it: median, mean, p90, share within six weeks.

Waits are skewed, so that no single figure says enough. The clock is always the waiting time: from the day a
step could have started to its start. Six weeks: IntV § 7(4).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass

SIX_WEEKS_DAYS = 42


@dataclass(frozen=True)
class WaitingFigures:
    """Figures over the waits of one plan.

    Parameters
    ----------
    needs : int
        Needs that could be planned (booked ones are not counted).
    served : int
        How many of them got a slot, 0 to `needs`.
    median_days, mean_days, p90_days : float or None
        Over the served needs; None where nobody is served. p90 is the nearest-rank percentile.
    within_six_weeks : float or None
        Share of the served needs that wait at most 42 days, 0 to 1.
    """

    needs: int
    served: int
    median_days: float | None
    mean_days: float | None
    p90_days: float | None
    within_six_weeks: float | None

    @property
    def unserved(self) -> int:
        """Needs without a slot."""
        return self.needs - self.served


def waiting_figures(waiting_days: Iterable[int], needs: int) -> WaitingFigures:
    """Return the figures for the waits of all served needs out of `needs`.

    >>> waiting_figures([0, 10, 50], 4).within_six_weeks
    0.6666666666666666
    """
    days = sorted(waiting_days)
    if not days:
        return WaitingFigures(needs, 0, None, None, None, None)
    return WaitingFigures(
        needs=needs,
        served=len(days),
        median_days=statistics.median(days),
        mean_days=statistics.fmean(days),
        p90_days=days[math.ceil(0.9 * len(days)) - 1],
        within_six_weeks=sum(day <= SIX_WEEKS_DAYS for day in days) / len(days),
    )
