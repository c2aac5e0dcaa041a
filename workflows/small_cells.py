"""Small cells (kleine Fallzahlen): no figure for planners that is about fewer than five persons.

A count of 1 to 4 is hidden. Where only one cell of a table is hidden, it could be worked out from the total;
then the next smallest is hidden as well (complementary suppression), or the total where there is no other.
A count of 0 tells nothing about anybody and is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

SMALLEST_SHOWN = 5


class Hidden(Enum):
    """Why a count is not shown: it is about fewer than five persons, or it protects one that is."""

    SMALL = "small"
    PROTECTING = "protecting"


Count = int | Hidden


@dataclass(frozen=True)
class SafeCounts:
    """Counts fit to be shown."""

    cells: tuple[Count, ...]
    total: Count


def safe_counts(counts: Sequence[int], total: int | None = None) -> SafeCounts:
    """Hide small counts of persons and what would give them away.

    Parameters
    ----------
    counts : sequence of int
        Persons for each cell of one table, >= 0.
    total : int, optional
        Persons in all; the sum of the counts unless told.

    Returns
    -------
    SafeCounts
        The same cells in the same order.

    >>> [cell if isinstance(cell, int) else cell.value for cell in safe_counts([7, 3, 20, 0]).cells]
    ['protecting', 'small', 20, 0]
    """
    whole = sum(counts) if total is None else total
    cells: list[Count] = [Hidden.SMALL if 0 < count < SMALLEST_SHOWN else count for count in counts]
    shown_total: Count = Hidden.SMALL if 0 < whole < SMALLEST_SHOWN else whole
    others = [row for row, count in enumerate(counts) if count >= SMALLEST_SHOWN]
    if cells.count(Hidden.SMALL) == 1 and isinstance(shown_total, int):
        if others:
            cells[min(others, key=lambda row: counts[row])] = Hidden.PROTECTING
        else:
            shown_total = Hidden.PROTECTING
    return SafeCounts(tuple(cells), shown_total)
