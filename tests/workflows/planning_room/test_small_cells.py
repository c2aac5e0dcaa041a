"""No count under five can be worked out from what a table shows, by anybody who knows how it hides."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from workflows.small_cells import (
    SMALLEST_SHOWN,
    Hidden,
    closed_rows,
    is_small,
    safe_counts,
    safe_together,
    tells_beside,
)

COUNTS = st.lists(st.integers(0, 12), max_size=5)


def possible(counts, safe, row):
    """What a hidden count may be for somebody who sees the table: tried out one by one."""
    at = {k: cell for k, cell in enumerate(safe.cells) if isinstance(cell, Hidden)}
    wide = range(SMALLEST_SHOWN, SMALLEST_SHOWN + 45)
    ranges = [range(1, SMALLEST_SHOWN) if cell is Hidden.SMALL else wide for cell in at.values()]
    if safe.total is Hidden.PROTECTING or not at:
        return set(range(1, SMALLEST_SHOWN))
    hidden = sum(counts[k] for k in at)
    sums = set(range(1, SMALLEST_SHOWN)) if safe.total is Hidden.SMALL else {hidden}
    place = list(at).index(row)
    others = [r for k, r in enumerate(ranges) if k != place]
    reachable = {0}
    for one in others:
        reachable = {a + b for a, b in product(reachable, one) if a + b <= max(sums)}
    return {value for value in ranges[place] if any(total - value in reachable for total in sums)}


@given(COUNTS)
def test_every_small_count_may_still_be_two_numbers(counts):
    safe = safe_counts(counts)
    small = [row for row, count in enumerate(counts) if 0 < count < SMALLEST_SHOWN]
    assert all(safe.cells[row] is Hidden.SMALL for row in small)
    assert all(len(possible(counts, safe, row)) >= 2 for row in small)


@given(COUNTS)
def test_what_is_shown_is_right(counts):
    safe = safe_counts(counts)
    assert all(cell == count for cell, count in zip(safe.cells, counts, strict=True) if isinstance(cell, int))
    assert isinstance(safe.total, Hidden) or safe.total == sum(counts)


@given(st.lists(st.integers(5, 50), max_size=5))
def test_a_table_without_small_counts_is_shown_whole(counts):
    assert safe_counts(counts).cells == tuple(counts)


def test_hiding_small_counts_alone_would_give_them_away():
    """Control: 1 and 1 hidden beside 20 of 22 can only be 1 and 1."""
    assert safe_counts([1, 1, 20]).cells == (Hidden.SMALL, Hidden.SMALL, Hidden.PROTECTING)
    naive = safe_counts([1, 1, 20])
    object.__setattr__(naive, "cells", (Hidden.SMALL, Hidden.SMALL, 20))
    assert possible([1, 1, 20], naive, 0) == {1}


@given(st.integers(0, 40), st.lists(st.lists(st.integers(0, 40), max_size=3), min_size=1, max_size=3))
def test_no_table_completes_another_one_of_the_same_people(people, cuts):
    """Each splits as many people; where one hides their number no other shows all its parts."""
    split = [
        [b - a for a, b in zip([0, *ends], [*ends, people], strict=True)]
        for ends in (sorted(min(cut, people) for cut in some) for some in cuts)
    ]
    found = safe_together(split, [people] * len(split))
    for counts, safe in zip(split, found, strict=True):
        assert all(cell in (count, *Hidden) for cell, count in zip(safe.cells, counts, strict=True))
        small = [row for row, count in enumerate(counts) if is_small(count)]
        assert all(len(possible(counts, safe, row)) >= 2 for row in small)
    if people and any(isinstance(safe.total, Hidden) for safe in found):
        assert all(isinstance(safe.total, Hidden) for safe in found)
        assert all(any(isinstance(cell, Hidden) for cell in safe.cells) for safe in found)


def test_alone_one_table_would_complete_the_other():
    """The control: four and four hidden of eight can only be that."""
    assert [safe_counts(counts).total for counts in ([4, 4], [8])] == [Hidden.PROTECTING, 8]
    assert [one.cells for one in safe_together([[4, 4], [8]], [8, 8])][1] == (Hidden.PROTECTING,)


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=5))
def test_what_is_left_of_the_share_of_everybody_is_about_nobody_or_many_in_two_rows(sides):
    whole = [sum(side) for side in zip(*sides, strict=True)]
    closed = closed_rows(sides, [False] * len(sides), not any(map(is_small, whole)))
    assert all(is_one for side, is_one in zip(sides, closed, strict=True) if any(map(is_small, side)))
    left = [side for side, is_one in zip(sides, closed, strict=True) if is_one and sum(side)]
    if left and not any(map(is_small, whole)):
        assert len(left) >= 2 or len([side for side in sides if sum(side)]) == 1
        assert not any(is_small(sum(side)) for side in zip(*left, strict=True))


def test_a_count_beside_another_one_counts_out_no_few():
    assert [tells_beside(10, beside) for beside in (10, 12, 15, Hidden.SMALL)] == [True, False, True, False]
