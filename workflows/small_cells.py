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


def safe_together(tables: Sequence[Sequence[int]], totals: Sequence[int]) -> list[SafeCounts]:
    """Hide small counts of several tables that split the same people, each by something else.

    Where a table could be completed with the number of all, no other one must add up to it, nor is it shown.

    Parameters
    ----------
    tables : sequence of sequence of int
        As `safe_counts` takes them.
    totals : sequence of int
        Persons in all of each table.
    """
    found = [safe_counts(counts, total) for counts, total in zip(tables, totals, strict=True)]
    if all(isinstance(one.total, int) for one in found):
        return found
    return [not_adding_up(one) for one in found]


def not_adding_up(found: SafeCounts) -> SafeCounts:
    """Return the same counts without their total, and without the smallest one where none is hidden."""
    cells = list(found.cells)
    told = [(cell, row) for row, cell in enumerate(cells) if isinstance(cell, int) and cell]
    if told and not any(isinstance(cell, Hidden) for cell in cells):
        cells[min(told)[1]] = Hidden.PROTECTING
    total = found.total if isinstance(found.total, Hidden) or not found.total else Hidden.PROTECTING
    return SafeCounts(tuple(cells), total)


def closed_rows(sides: Sequence[Sequence[int]], hidden: Sequence[bool], whole_is_shown: bool) -> list[bool]:
    """Say which rows of a table may not show shares (geschlossene Zeilen), so that no share counts out few.

    Parameters
    ----------
    sides : sequence of sequence of int
        For each row the persons on each side of what is shared, such as in time and late.
    hidden : sequence of bool
        Rows whose figures are hidden anyway.
    whole_is_shown : bool
        Whether the shares over all rows are shown somewhere. Less the rows that are shown they tell of the
        closed ones together, so these are at least two, and on each side nobody or at least five.

    >>> closed_rows([(5, 5), (7, 3), (8, 8)], [False] * 3, whole_is_shown=True)
    [True, True, False]
    """
    closed = [is_hidden or any(map(is_small, row)) for row, is_hidden in zip(sides, hidden, strict=True)]
    smallest_first = sorted(range(len(sides)), key=lambda n: (sum(sides[n]), n))
    for n in smallest_first if whole_is_shown else ():
        if not _tells_of_few([row for row, is_one in zip(sides, closed, strict=True) if is_one]):
            break
        closed[n] = closed[n] or sum(sides[n]) > 0
    return closed


def _tells_of_few(rows: Sequence[Sequence[int]]) -> bool:
    """Whether the sums of some rows tell of few, or of one row alone."""
    about = [row for row in rows if sum(row)]
    return len(about) == 1 or any(is_small(sum(side)) for side in zip(*about, strict=True))


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


def is_small(count: int) -> bool:
    """Whether a count of persons is about somebody, but about too few."""
    return 0 < count < SMALLEST_SHOWN


def tells_beside(count: int, beside: Count) -> bool:
    """Whether a count may be told beside another one of mostly the same people: it counts out no few.

    Parameters
    ----------
    count : int
        Persons, >= 0.
    beside : Count
        The other one as it is shown.
    """
    return isinstance(beside, int) and not is_small(abs(count - beside))


def safe_count(count: int) -> Count:
    """One count of persons that stands alone, without cells or a total to subtract from."""
    return Hidden.SMALL if 0 < count < SMALLEST_SHOWN else count
