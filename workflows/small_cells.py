"""Small cells (kleine Fallzahlen): no figure for planners that is about fewer than five persons.

A count of 1 to 4 is hidden. It must not follow from the rest either: whoever knows the total, the cells shown
and why the others are hidden could subtract. So cells are hidden beside it, the smallest first (complementary
suppression), and where there are not enough the total, until every small count may still be any of at least
two numbers. A count of 0 tells nothing about anybody and is shown.
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
    if 0 < whole < SMALLEST_SHOWN:
        all_ones = cells.count(Hidden.SMALL) == SMALLEST_SHOWN - 1  # a small total would leave nothing else
        return SafeCounts(tuple(cells), Hidden.PROTECTING if all_ones else Hidden.SMALL)
    large = [row for row, count in enumerate(counts) if count >= SMALLEST_SHOWN]
    for row in sorted(large, key=counts.__getitem__):
        if not _given_away(counts, cells):
            break
        cells[row] = Hidden.PROTECTING
    return SafeCounts(tuple(cells), Hidden.PROTECTING if _given_away(counts, cells) else whole)


def _given_away(counts: Sequence[int], cells: Sequence[Count]) -> bool:
    """Whether the sum of the hidden counts leaves a small one no choice.

    A small count is 1 to 4, a protecting one 5 or more. With n small ones and m protecting ones the least
    sum is n + 5 m; without protecting ones the greatest is 4 n. A sum at neither end leaves every small count
    two numbers at least.
    """
    small, protecting = cells.count(Hidden.SMALL), cells.count(Hidden.PROTECTING)
    if small == 0:
        return False
    hidden = sum(count for count, cell in zip(counts, cells, strict=True) if isinstance(cell, Hidden))
    least, greatest = small + SMALLEST_SHOWN * protecting, (SMALLEST_SHOWN - 1) * small
    return hidden == least or (protecting == 0 and (hidden == greatest or small == 1))


def safe_count(count: int) -> Count:
    """One count of persons that stands alone, without cells or a total to subtract from."""
    return Hidden.SMALL if 0 < count < SMALLEST_SHOWN else count
