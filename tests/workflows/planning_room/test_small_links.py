"""Two tables that hang together give nothing away: for every small number another world looks the same."""

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.small_cells import SMALLEST_SHOWN, Hidden, safe_counts
from workflows.small_links import linked_counts

LEVELS = {("course", "A1"), ("course", "A2"), ("b2", "B1"), ("c1", "B1"), ("health", "B1"), ("test", "-")}
PLACES = {(kind, place) for kind, _ in LEVELS for place in ("town", "village")} - {
    ("c1", "village"),
    ("b2", "town"),
}
PLACES |= {("health", "hamlet"), ("b2", "hamlet")}
GOES = [LEVELS, PLACES]
WHOLE = sorted((kind, level, place) for kind, level in LEVELS for of, place in PLACES if of == kind)
STEPS = st.lists(st.tuples(st.integers(0, 14), st.sampled_from(WHOLE)), min_size=1, max_size=30)


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
    """Every table: values, and cells as they are shown; None where one is not shown."""
    tables = [alone(facts, place) for place in range(len(facts[0]) - 1)]
    first, others = linked_counts(facts, tables[0], tables[1:], GOES)
    return [
        None if counts is None else dict(zip(keys, counts.cells, strict=True))
        for (keys, _), counts in zip(tables, (first, *others), strict=True)
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
    """Everything that somebody has of one kind is of another kind, level or place, in every way there is."""
    ways = {tuple(fact[1:]) for fact in facts}
    possible = [new for new in WHOLE if len(new) == len(facts[0]) - 1 or new[: len(facts[0]) - 1] not in ways]
    for place in range(len(facts[0]) - 1):
        for person, value in {(fact[0], fact[1 + place]) for fact in facts}:
            for new in {one[: len(facts[0]) - 1] for one in possible}:
                for kept in product((True, False), repeat=len(new)):
                    world = [
                        (
                            p,
                            *(
                                old if keep else other
                                for old, other, keep in zip(had, new, kept, strict=True)
                            ),
                        )
                        if (p, had[place]) == (person, value)
                        else (p, *had)
                        for p, *had in facts
                    ]
                    if all(
                        (fact[1], fact[2 + number]) in GOES[number]
                        for fact in world
                        for number in range(len(fact) - 2)
                    ):
                        yield world


def given_away(facts, tables):
    """Small numbers that no other world has differently."""
    open_ = {
        (place, value)
        for place, cells in enumerate(tables)
        for value, cell in (cells or {}).items()
        if cell is Hidden.SMALL
    }
    counts = {at: len(persons(facts, at[0]).get(at[1], ())) for at in open_}
    for world in other_worlds(facts) if open_ else ():
        if looks_the_same(world, tables):
            found = [persons(world, place) for place in range(len(tables))]
            open_ = {at for at in open_ if len(found[at[0]].get(at[1], ())) == counts[at]}
        if not open_:
            return
    yield from (value for _, value in sorted(open_, key=str))


def as_facts(steps):
    return [(f"p{person}", *values) for person, values in steps]


@given(STEPS)
def test_no_small_number_is_given_away_by_all_tables_together(steps):
    facts = as_facts(steps)
    tables = linked(facts)
    assert looks_the_same(facts, tables)
    if any(table is not None for table in tables[1:]):
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


@pytest.fixture
def three_in_a_hamlet():
    """Three people of a kind, all in the hamlet, where one other kind is held; more people in the town."""
    hamlet = [*crowd("b2", "B1", 3, 0), *crowd("health", "B1", 20, 3)]
    town = [*crowd("c1", "B1", 4, 23), *crowd("test", "-", 6, 27)]
    return [*((*fact, "hamlet") for fact in hamlet), *((*fact, "town") for fact in town)]


def test_places_beside_levels_that_are_safe_would_give_a_kind_away(three_in_a_hamlet):
    """The control: 23 people in the hamlet less 20 of the only other kind there leave three."""
    facts = three_in_a_hamlet
    kinds, levels = linked([fact[:3] for fact in facts])
    assert kinds == {"b2": Hidden.SMALL, "c1": Hidden.SMALL, "health": 20, "test": 6}
    assert list(given_away(facts, [kinds, levels, {"hamlet": 23, "town": 10}])) == ["b2", "c1"]
    assert linked(facts) == [
        {"b2": Hidden.SMALL, "c1": Hidden.SMALL, "health": Hidden.PROTECTING, "test": 6},
        {"B1": 27, "-": 6},
        {"hamlet": 23, "town": 10},
    ]
