"""Figures of a district: counted by hand, and no small number follows from what hangs together with them."""

from collections import Counter
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import tables as t
from tests.store.builders import TODAY, described
from tests.workflows.planning_room.test_actual import a_step
from tests.workflows.planning_runs.builders import a_place
from workflows.planning_room.actual import DIMENSIONS, alone, safe
from workflows.planning_room.districts import (
    HOME,
    OFFERED_AT,
    SPLIT_BY,
    district_tables,
    read_district_report,
    read_districts,
    safe_cells,
)
from workflows.planning_room.tables import table_data
from workflows.small_cells import SMALLEST_SHOWN, Hidden

GRIDS = [(kind, by) for kind, splits in SPLIT_BY.items() for by in splits]


def crowd(many, first=0, **given):
    return [a_step(first + n, waited=10 + n)._replace(**given) for n in range(many)]


def test_waits_of_a_home_are_counted_by_hand():
    steps = [
        *crowd(7, town="Musterstadt"),
        *crowd(5, 10, town="Musterstadt", kind="job/intake"),
        *crowd(9, 20, town="Probeheim"),
        *crowd(6, 30, town="Probeheim", kind="job/intake"),
    ]
    (kinds,) = district_tables(steps, HOME, "Musterstadt")
    assert [list(row.values()) for row in table_data(kinds)] == [
        ["placement-test", 7, 13.0, 20.0],
        ["job/intake", 5, 12.0, 20.0],
    ]


def test_waits_at_a_place_are_split_by_month():
    steps = [
        *crowd(6, place="Musterstadt"),
        *crowd(8, 10, place="Musterstadt", started_on=date(2026, 10, 1)),
        *crowd(5, 20, place="online"),
    ]
    (months,) = district_tables(steps, OFFERED_AT, "Musterstadt")
    assert [(row["month"], row["people"]) for row in table_data(months)] == [
        ("2026-09-01", 6),
        ("2026-10-01", 8),
    ]


def test_a_small_number_has_no_row_and_neither_has_what_would_give_it_away():
    steps = [
        *crowd(3, town="Musterstadt"),
        *crowd(9, 10, town="Musterstadt", kind="job/intake"),
        *crowd(9, 20, town="Probeheim"),
        *crowd(9, 30, town="Probeheim", kind="job/intake"),
    ]
    (kinds,) = district_tables(steps, HOME, "Musterstadt")
    assert list(kinds.rows) == []
    control = [*crowd(5, 0, town="Musterstadt"), *steps[3:]]
    assert [row[1] for row in district_tables(control, HOME, "Musterstadt")[0].rows] == [9, 5]


def test_nothing_is_split_by_both_kinds_of_district():
    """Then a swap that hides a number in one table changes no other."""
    split = [by for splits in SPLIT_BY.values() for by in splits]
    assert len(split) == len(set(split)) and not set(split) & set(SPLIT_BY)


def test_without_steps_there_is_no_district(store):
    place = a_place(store)
    assert read_districts(place.planner(), "musterkreis") == {HOME: [], OFFERED_AT: []}
    assert [list(table.rows) for table in district_tables([], HOME, "Musterstadt")] == [[]]


def test_the_place_of_a_step_is_that_of_its_referral(store):
    place = a_place(store)
    slot = place.group()
    needs = [place.person()[0] for _ in range(6)]
    for need in needs[:5]:
        referral = place.booked(need, slot)
        place.changed(t.referral, referral, started_on=TODAY)
    for need in needs:
        place.changed(t.need, need, started_on=TODAY, registered_on=TODAY)
    with place.unit() as uow:
        where = uow.get(t.slot, slot)["place_name"]
        described(uow).commit()
    found = read_districts(place.planner(), "musterkreis")
    assert found[OFFERED_AT] == sorted({where, "elsewhere"})
    report = read_district_report(
        place.planner(), "musterkreis", "Musterkreis", "waiting", OFFERED_AT, "elsewhere"
    )
    assert list(report.tables[0].rows) == [], "one person began without a referral"


TOWNS, KINDS = (
    {"Musterstadt": 120_000, "Probeheim": 4_000},
    ("placement-test", "job/intake", "coaching/voucher"),
)
PERSON = st.tuples(
    st.sampled_from(tuple(TOWNS)),
    st.sampled_from(("parent", "literacy")),
    st.sampled_from(KINDS),
    st.sampled_from(("Musterstadt", "online")),
    st.sampled_from((date(2026, 9, 1), date(2026, 10, 1))),
    st.booleans(),
)
CROWDS = st.lists(st.tuples(PERSON, st.integers(1, 8)), min_size=2, max_size=8)
ALONE = tuple(DIMENSIONS)


def steps_of(crowds):
    people = [person for person, many in crowds for _ in range(many)]
    return [
        a_step(number, town=town, profile=profile, kind=kind)._replace(
            place=place, started_on=day, inhabitants=TOWNS[town], is_mother=is_mother
        )
        for number, (town, profile, kind, place, day, is_mother) in enumerate(people)
    ]


def counts_of(steps, *dimensions):
    return Counter(tuple(DIMENSIONS[name][1](step) for name in dimensions) for step in steps)


def everything_shown(steps):
    """Every cell of every table: a number, or why it is hidden; None where that is not said."""
    found = {}
    for name in ALONE:
        counts, keys = safe(steps, name), alone(steps, name)[0]
        cells = counts.cells if counts is not None else [None] * len(keys)
        found |= {((name,), (key,)): cell for key, cell in zip(keys, cells, strict=True)}
    for grid in GRIDS:
        for town, cells in safe_cells(steps, *grid).items():
            for value, cell in cells.items():
                found[grid, (town, value)] = cell if isinstance(cell, int) and cell else None
    return found


def looks_the_same(world, shown):
    counted = {tables: counts_of(world, *tables) for tables in {tables for tables, _ in shown}}
    for (tables, values), cell in shown.items():
        count = counted[tables][values]
        is_small = 0 < count < SMALLEST_SHOWN
        if cell is not None and (
            count != cell if isinstance(cell, int) else not count or is_small != (cell is Hidden.SMALL)
        ):
            return False
    return True


FIELDS = {
    **{"kind": ("kind",), "month": ("started_on",)},
    **{HOME: ("town", "inhabitants"), OFFERED_AT: ("place",)},
}


def other_worlds(steps, grid):
    """Worlds with a person more or less, or in which one, or two who change places, are counted elsewhere."""
    first = {tuple(step[1:]): number for number, step in enumerate(steps)}  # those alike are interchangeable
    for mine in first.values():
        yield [*steps, steps[mine]._replace(person_id="another")]
        yield [step for number, step in enumerate(steps) if number != mine]
    for fields in (FIELDS[name] for name in grid):

        def like(one, other, fields=fields):
            return one._replace(**{field: getattr(other, field) for field in fields})

        for mine, its in combinations(first.values(), 2):
            for new in ({mine: its}, {its: mine}, {mine: its, its: mine}):
                yield [like(s, steps[new[n]]) if n in new else s for n, s in enumerate(steps)]


@settings(deadline=None)
@given(CROWDS)
def test_no_small_number_of_a_district_follows_from_all_tables_together(crowds):
    """For each one another world, with another number there, has all that is shown anywhere."""
    steps = steps_of(crowds)
    shown = everything_shown(steps)
    for grid in GRIDS:
        counts, cells = counts_of(steps, *grid), {at: cell for at, cell in shown.items() if at[0] == grid}
        assert all(cell is None or cell == counts[at[1]] >= SMALLEST_SHOWN for at, cell in cells.items())
        small = {at for at, count in counts.items() if count < SMALLEST_SHOWN and (grid, at) in cells}
        for world in other_worlds(steps, grid) if small else ():
            if looks_the_same(world, shown):
                found = counts_of(world, *grid)
                small = {at for at in small if found[at] == counts[at]}
        assert small == set()


def test_a_table_whose_small_number_is_hidden_by_itself_would_give_it_away():
    """Control: nine of twelve are shown for one town, so three of the other are known."""
    steps = [
        *crowd(3, town="Musterstadt"),
        *crowd(9, 10, town="Probeheim"),
        *crowd(9, 20, town="Musterstadt", kind="job/intake"),
        *crowd(9, 30, town="Probeheim", kind="job/intake"),
    ]
    shown = everything_shown(steps) | {((HOME, "kind"), ("Probeheim", "placement-test")): 9}
    worlds = [world for world in other_worlds(steps, (HOME, "kind")) if looks_the_same(world, shown)]
    assert {counts_of(world, HOME, "kind")["Musterstadt", "placement-test"] for world in worlds} == {3}
    cells = safe_cells(steps, HOME, "kind")
    assert {cell for row in cells.values() for cell in row.values()} == {Hidden.PROTECTING}


@pytest.mark.parametrize("kind", SPLIT_BY)
def test_a_district_that_nobody_has_has_no_rows(kind):
    assert all(list(table.rows) == [] for table in district_tables(crowd(9), kind, "Nirgendwo"))
