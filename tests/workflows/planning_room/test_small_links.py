"""Two tables that hang together give nothing away: for every small number another world looks the same."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.small_cells import SMALLEST_SHOWN, Hidden, safe_counts
from workflows.small_links import linked_counts

GOES = {("course", "A1"), ("course", "A2"), ("b2", "B1"), ("c1", "B1"), ("health", "B1"), ("test", "-")}
STEPS = st.lists(st.tuples(st.integers(0, 14), st.sampled_from(sorted(GOES))), min_size=1, max_size=40)


def persons(facts, place):
    found = {}
    for person, *values in facts:
        found.setdefault(values[place], set()).add(person)
    return found


def alone(facts, place):
    found = persons(facts, place)
    keys = sorted(found, key=str)
    return keys, safe_counts([len(found[key]) for key in keys], len({person for person, *_ in facts}))


def linked(facts):
    """Both tables: values, and cells as they are shown; the second is None where it is not shown."""
    first, second = alone(facts, 0), alone(facts, 1)
    safe = linked_counts(facts, first, second, GOES)
    return [
        None if counts is None else dict(zip(keys, counts.cells, strict=True))
        for (keys, _), counts in zip((first, second), safe, strict=True)
    ]


def looks_the_same(facts, tables):
    """Whether a world agrees with all that is shown, and with the reasons why the rest is hidden."""
    for place, cells in enumerate(tables):
        if cells is None:
            continue
        found = persons(facts, place)
        if not found.keys() <= cells.keys():
            return False
        for value, cell in cells.items():
            count = len(found.get(value, ()))
            small = 0 < count < SMALLEST_SHOWN
            if count != cell if isinstance(cell, int) else small != (cell is Hidden.SMALL) or not count:
                return False
    return True


def other_worlds(facts) -> Iterator[list]:
    """Everything that somebody has of one kind is of another kind and level, or of another kind only."""
    for person, kind in {(person, kind) for person, kind, _ in facts}:
        for new_kind, new_level in GOES:
            for keep in (True, False):
                world = [
                    (p, new_kind, level if keep else new_level) if (p, k) == (person, kind) else (p, k, level)
                    for p, k, level in facts
                ]
                if {(k, level) for _, k, level in world} <= GOES:
                    yield world


def given_away(facts, tables):
    """Small numbers that no other world has differently."""
    worlds = [world for world in other_worlds(facts) if looks_the_same(world, tables)]
    for place, cells in enumerate(tables):
        for value, cell in (cells or {}).items():
            real = persons(facts, place).get(value, set())
            differ = (len(persons(world, place).get(value, ())) != len(real) for world in worlds)
            if cell is Hidden.SMALL and not any(differ):
                yield value


def as_facts(steps):
    return [(f"p{person}", kind, level) for person, (kind, level) in steps]


@given(STEPS)
def test_no_small_number_is_given_away_by_both_tables_together(steps):
    facts = as_facts(steps)
    tables = linked(facts)
    assert looks_the_same(facts, [tables[0], tables[1]])
    if tables[1] is not None:
        assert list(given_away(facts, tables)) == []


@given(STEPS)
def test_a_table_that_is_shown_alone_hides_no_less_than_by_itself(steps):
    facts = as_facts(steps)
    for place, cells in enumerate(linked(facts)):
        by_itself = dict(zip(*(alone(facts, place)[0], alone(facts, place)[1].cells), strict=True))
        for value, cell in (cells or {}).items():
            assert cell == by_itself[value] or cell is Hidden.PROTECTING


def crowd(kind, level, many, first):
    return [(f"p{first + n}", kind, level) for n in range(many)]


@pytest.fixture
def three_kinds():
    """Three people of one kind, more of a kind of the same level, some of another level."""
    return [*crowd("b2", "B1", 3, 0), *crowd("c1", "B1", 20, 3), *crowd("test", "-", 6, 23)]


def test_by_themselves_both_tables_would_give_a_kind_away(three_kinds):
    """The control: 23 people of B1 less 20 of one kind leave three."""
    tables = [
        dict(zip(keys, safe.cells, strict=True)) for keys, safe in (alone(three_kinds, p) for p in (0, 1))
    ]
    assert tables[0]["b2"] is Hidden.SMALL and tables[0]["c1"] == 20 and tables[1]["B1"] == 23
    assert list(given_away(three_kinds, tables)) == ["b2"]


def test_one_more_number_is_hidden_where_that_helps(three_kinds):
    kinds, levels = linked(three_kinds)
    assert (kinds["b2"], kinds["c1"]) == (Hidden.SMALL, Hidden.PROTECTING)
    assert levels == {"B1": 23, "-": 6}


def test_the_second_table_is_not_shown_where_nothing_helps():
    """Nobody else is there with whom three people could change places."""
    kinds, levels = linked(crowd("test", "-", 3, 0))
    assert kinds["test"] is Hidden.SMALL
    assert levels is None
