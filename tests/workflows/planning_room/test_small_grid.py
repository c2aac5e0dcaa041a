"""No count under five of a table of two dimensions can be worked out from rows, columns and totals."""

from itertools import chain, product

from hypothesis import given
from hypothesis import strategies as st

from workflows.small_cells import SMALLEST_SHOWN, Hidden, safe_counts
from workflows.small_grid import safe_grid

COUNTS = st.lists(st.lists(st.integers(0, 7), min_size=2, max_size=2), min_size=1, max_size=3)
NEAR, MOST_HIDDEN = 1, 6


def totals(counts):
    rows, columns = [sum(row) for row in counts], [sum(column) for column in zip(*counts, strict=True)]
    return rows, columns, sum(rows)


def shown(counts):
    rows, columns, whole = totals(counts)
    safe = safe_counts(rows), safe_counts(columns)
    return safe_grid(counts, *safe, (rows, columns, whole)), safe


def allowed(cell, number):
    ranges = {Hidden.SMALL: range(1, SMALLEST_SHOWN), Hidden.PROTECTING: range(SMALLEST_SHOWN, 99)}
    return number in ranges[cell] if isinstance(cell, Hidden) else number == cell


def is_known(counts, cells, safe, row, column):
    """Whether no other table near the true one fits what is shown, with another number in that cell."""
    width = len(counts[0])
    choices = [
        range(max(0, count - NEAR), count + NEAR + 1) if isinstance(cell, Hidden) else [cell]
        for count, cell in zip(chain(*counts), chain(*cells), strict=True)
    ]
    of_rows, of_columns = safe
    hides_whole = any(isinstance(one.total, Hidden) for one in safe)
    for numbers in product(*choices):
        guess = [numbers[k : k + width] for k in range(0, len(numbers), width)]
        rows, columns, whole = totals(guess)
        fits = all(map(allowed, of_rows.cells, rows)) and all(map(allowed, of_columns.cells, columns))
        if fits and (hides_whole or whole == totals(counts)[2]) and guess[row][column] != counts[row][column]:
            return False
    return True


def small_cells(counts):
    for row, column in product(range(len(counts)), range(len(counts[0]))):
        if 0 < counts[row][column] < SMALLEST_SHOWN:
            yield row, column


@given(COUNTS)
def test_every_small_cell_may_still_be_two_numbers(counts):
    cells, safe = shown(counts)
    if cells is None or sum(isinstance(cell, Hidden) for row in cells for cell in row) > MOST_HIDDEN:
        return  # nothing is shown; or too much is hidden to try out
    for row, column in small_cells(counts):
        assert isinstance(cells[row][column], Hidden)
        assert not is_known(counts, cells, safe, row, column)


@given(COUNTS)
def test_what_is_shown_is_right(counts):
    cells, _ = shown(counts)
    pairs = zip(cells or [], counts, strict=False)
    assert all(
        cell in (count, Hidden.PROTECTING)
        for row, real in pairs
        for cell, count in zip(row, real, strict=True)
    )


def test_hiding_each_row_by_itself_would_give_a_cell_away():
    """Control: 2 is hidden with 6 in its row, but both columns and the other row are shown."""
    counts = [[2, 6], [7, 9], [8, 5]]
    cells, safe = shown(counts)
    assert not is_known(counts, cells, safe, 0, 0)
    naive = [list(safe_counts(row).cells) for row in counts]
    assert is_known(counts, naive, safe, 0, 0)


def test_a_table_without_small_counts_is_shown_whole():
    counts = [[5, 6, 0], [7, 9, 12]]
    assert shown(counts)[0] == counts


def test_persons_who_stand_in_two_cells_leave_totals_below_the_sums():
    """Nine persons, of whom five lack both kinds: columns hold less than their sums."""
    counts = [[2, 5], [2, 5]]
    cells = safe_grid(counts, safe_counts([7, 7], 9), safe_counts([2, 9], 9), ([7, 7], [2, 9], 9))
    assert cells is None or all(isinstance(row[0], Hidden) for row in cells)


def test_a_single_cell_that_is_small_is_shown_nowhere():
    assert shown([[3, 0]])[0] is None or shown([[3, 0]])[0][0][0] is Hidden.PROTECTING
