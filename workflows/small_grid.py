"""Small cells of a table of two dimensions (kleine Fallzahlen): rows, columns and totals shown side by side.

Hiding a cell in its row does not hide it: its column, or the totals that another table shows, may give it
away. Here every small number gets a **cycle**: four hidden numbers in two rows and two columns, of which
one can be a person more or less where its neighbours are the other way round, so that all sums stay as
they are. Whoever sees what is shown cannot tell the two tables apart. Noughts may be hidden in a cycle
too, and a hidden cell does not say why it is hidden. Totals are lines of the table as well; they are
shown or hidden as the tables of one dimension have decided (``small_cells``), and never hidden here:
where no cycle is found, nothing is shown.

A person may stand in several cells, so a line may add up to more than its total, never to less, and no
cell is more than the total of its line: less is known than with plain sums, and a cycle holds all the
same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from workflows.small_cells import SMALLEST_SHOWN, Count, Hidden, SafeCounts

Cell = tuple[int, int]


@dataclass
class _Grid:
    """The counts with their totals as last row and last column, and which of them are shown."""

    counts: list[list[int]]
    cells: list[list[Count]]

    @property
    def total(self) -> Cell:
        """Place of the total of all."""
        return len(self.counts) - 1, len(self.counts[0]) - 1

    def small(self) -> Iterator[Cell]:
        """Cells and totals that are hidden for themselves."""
        for row, column in product(range(len(self.cells)), range(len(self.cells[0]))):
            if self.cells[row][column] is Hidden.SMALL:
                yield row, column

    def cycles(self, at: Cell) -> Iterator[tuple[Cell, Cell, Cell, Cell]]:
        """Each two rows and two columns with a cell as their first corner."""
        (row, column), (last, right) = at, self.total
        for r, c in product(range(last + 1), range(right + 1)):
            if r != row and c != column:
                yield (row, column), (row, c), (r, column), (r, c)

    def price(self, cells: Sequence[Cell]) -> int | None:
        """Cells and persons that would no longer be shown; None where a total would have to be hidden."""
        price = 0
        for row, column in cells:
            if not isinstance(self.cells[row][column], Hidden):
                if self.is_total((row, column)):
                    return None
                price += 1 + self.counts[row][column]
        return price

    def is_total(self, at: Cell) -> bool:
        """Whether a cell stands in a line of totals."""
        return at[0] == self.total[0] or at[1] == self.total[1]

    def moves(self, cycle: Sequence[Cell]) -> bool:
        """Whether one person more or less at the first corner leaves every sum, and all numbers possible."""
        for more in (1, -1):
            changes = {
                at: more * self._side(cycle[0]) * self._side(at) * turn
                for at, turn in zip(cycle, (1, -1, -1, 1), strict=True)
            }
            if all(self._may_be(at, changes) for at in cycle):
                return True
        return False

    def _side(self, at: Cell) -> int:
        """-1 in a line of totals, which stands on the other side of its sums."""
        return (-1 if at[0] == self.total[0] else 1) * (-1 if at[1] == self.total[1] else 1)

    def _may_be(self, at: Cell, changes: dict[Cell, int]) -> bool:
        row, column = at
        number = self.counts[row][column] + changes[at]
        if self.is_total(at):  # totals say whether they are small
            is_small = self.cells[row][column] is Hidden.SMALL
            if not (0 < number < SMALLEST_SHOWN if is_small else number >= SMALLEST_SHOWN):
                return False
        if number < 0:
            return False
        limits = [(row, self.total[1]), (self.total[0], column)]
        return all(number <= self.counts[r][c] + changes.get((r, c), 0) for r, c in limits if (r, c) != at)


def safe_grid(
    counts: Sequence[Sequence[int]],
    rows: SafeCounts,
    columns: SafeCounts,
    totals: tuple[list[int], list[int], int],
) -> list[list[Count]] | None:
    """Hide small counts of a table of two dimensions and what would give them or hidden totals away.

    Parameters
    ----------
    counts : sequence of sequence of int
        Persons by row and column, >= 0; at least one row and one column.
    rows, columns : SafeCounts
        The totals of rows and of columns as they are shown elsewhere; the total of all is hidden where either
        hides it.
    totals : pair of list of int, and int
        The same totals as they are: of the rows, of the columns, of all.

    Returns
    -------
    list of list of Count or None
        The table as it may be shown, every hidden cell as PROTECTING; None where that cannot be done without
        hiding totals that are shown.
    """
    of_rows, of_columns, whole = totals
    shown: list[list[Count]] = [
        [Hidden.SMALL if 0 < count < SMALLEST_SHOWN else count for count in row] for row in counts
    ]
    grid = _Grid(
        [*([*row, total] for row, total in zip(counts, of_rows, strict=True)), [*of_columns, whole]],
        [
            *([*row, total] for row, total in zip(shown, rows.cells, strict=True)),
            [
                *columns.cells,
                next((one for one in (rows.total, columns.total) if isinstance(one, Hidden)), whole),
            ],
        ],
    )
    for at in list(grid.small()):
        if not _protect(grid, at):
            return None
    return [[_alike(cell) for cell in row[:-1]] for row in grid.cells[:-1]]


def _alike(cell: Count) -> Count:
    return Hidden.PROTECTING if isinstance(cell, Hidden) else cell


def _protect(grid: _Grid, at: Cell) -> bool:
    """Hide the cells of the cheapest cycle through a cell; False where there is none."""
    best: tuple[int, Sequence[Cell]] | None = None
    for cycle in grid.cycles(at):
        price = grid.price(cycle)
        if price is not None and (best is None or price < best[0]) and grid.moves(cycle):
            best = price, cycle
    for row, column in best[1] if best else ():
        if not isinstance(grid.cells[row][column], Hidden):
            grid.cells[row][column] = Hidden.PROTECTING
    return best is not None
