"""Waits of our own data: counted by hand, and never about fewer than five persons, in no table or file."""

from datetime import date, timedelta
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from store import tables as t
from store.queries.planning_room import BegunStep
from tests.store.builders import TODAY, described
from tests.workflows.planning_runs.builders import a_place
from workflows.planning_room.actual import (
    CLOCKS,
    DIMENSIONS,
    Begun,
    actual_report,
    actual_table,
    read_begun_steps,
    safe_share,
)
from workflows.planning_room.tables import table_csv, table_data
from workflows.small_cells import SMALLEST_SHOWN, Hidden

START = date(2026, 9, 14)


def a_step(person, waited=10, kind="placement-test", profile="parent", town="Musterstadt", late=0, since=20):
    return BegunStep(
        f"p{person}",
        profile,
        town,
        kind,
        START - timedelta(days=late),
        None if since is None else START - timedelta(days=since),
        START - timedelta(days=waited),
        START,
    )


def test_both_clocks_are_counted_by_hand():
    steps = [a_step(n, waited=8 * n, since=8 * n + 2) for n in range(1, 11)]
    (row,) = table_data(actual_table(steps, "kind"))
    assert (row["kind"], row["people"]) == ("placement-test", 10)
    assert (row["waiting_median"], row["waiting_mean"], row["waiting_p90"]) == (44, 44, 72)
    assert (row["access_median"], row["access_mean"], row["access_p90"]) == (46, 46, 74)


def test_mean_and_p90_go_with_the_share_since_they_bound_it():
    """Of nineteen one began within six weeks: a mean of 57 days would leave no more than that."""
    steps = [a_step(n, waited=60 if n else 3) for n in range(19)]
    (row,) = table_data(actual_table(steps, "kind"))
    assert [row[f"waiting_{name}"] for name in ("median", "mean", "p90", "six_weeks")] == [
        60,
        None,
        None,
        None,
    ]


def test_p90_is_not_the_longest_wait_of_one_person():
    rows = [table_data(actual_table([a_step(n) for n in range(many)], "kind"))[0] for many in (9, 10)]
    assert [(row["waiting_mean"], row["waiting_p90"]) for row in rows] == [(10, None), (10, 10)]


def test_a_share_is_hidden_where_that_of_everybody_would_give_another_one_away():
    """Eight of twenty late, five of one kind: three of the other. With a third kind two are hidden."""
    steps = [a_step(n, waited=60 if n < 5 else 10) for n in range(10)]
    steps += [a_step(n, waited=60 if n < 13 else 10, kind="job/intake") for n in range(10, 20)]
    rows = table_data(actual_table(steps, "kind"))
    assert [row["waiting_six_weeks"] for row in rows] == [None, None]
    assert table_data(actual_table(steps, ""))[0]["waiting_six_weeks"] == 0.6
    steps += [a_step(n, waited=60 if n < 27 else 10, kind="coaching/voucher") for n in range(20, 40)]
    rows = {row["kind"]: row["waiting_six_weeks"] for row in table_data(actual_table(steps, "kind"))}
    assert rows == {"placement-test": None, "job/intake": None, "coaching/voucher": 0.65}


def test_a_share_is_shown_where_both_sides_are_at_least_five_persons():
    steps = [a_step(n, waited=20 if n < 5 else 60) for n in range(10)]
    (row,) = table_data(actual_table(steps, "kind"))
    assert row["waiting_six_weeks"] == 0.5
    (row,) = table_data(actual_table(steps[1:], "kind"))
    assert row["waiting_six_weeks"] is None, "four of nine began within six weeks"
    assert row["on_time"] == 1.0
    assert safe_share([]) is None


def test_an_access_time_is_not_shown_where_it_is_known_of_four():
    steps = [a_step(n, since=20 if n < 4 else None) for n in range(10)]
    (row,) = table_data(actual_table(steps, "kind"))
    assert (row["access_median"], row["waiting_median"]) == (None, 10)


def test_months_stand_in_their_order_and_kinds_by_size():
    early = [a_step(n)._replace(started_on=date(2026, 2, 3)) for n in range(5)]
    late = [a_step(n, kind="job/intake") for n in range(10, 20)]
    assert [row["month"] for row in table_data(actual_table([*late, *early], "month"))] == [
        "2026-02-01",
        "2026-09-01",
    ]
    kinds = [row["kind"] for row in table_data(actual_table([*early, *late], "kind"))]
    assert kinds == ["job/intake", "placement-test"]


def test_who_waits_longer_than_all_others_is_seen():
    steps = [a_step(n, waited=60)._replace(is_mother=True) for n in range(5)] + [
        a_step(n) for n in range(5, 15)
    ]
    rows = {row["mothers"]: row for row in table_data(actual_table(steps, "mothers"))}
    assert (rows["mothers"]["waiting_median"], rows["others"]["waiting_median"]) == (60, 10)
    tagged = [step._replace(tags=frozenset({"literacy"})) for step in steps[:5]]
    rows = {row["literacy"]: row for row in table_data(actual_table([*tagged, *steps[5:]], "literacy"))}
    assert (rows["literacy"]["people"], rows["others"]["people"]) == (5, 10)


def test_small_towns_are_rural_and_who_has_no_five_half_days_attends_part_time():
    village, town = ({"inhabitants": many, "town": str(many)} for many in (19_999, 20_000))
    evenings = frozenset({"mo-ev", "tu-ev", "mo-am", "tu-am", "we-am", "th-am", "sa-am"})
    steps = [a_step(n)._replace(**village, times=evenings) for n in range(5)]
    steps += [a_step(n)._replace(**town, times=evenings | {"fr-pm"}) for n in range(5, 11)]
    steps += [a_step(n) for n in range(11, 20)]
    for dimension in ("rural", "part-time"):
        rows = {row[dimension]: row["people"] for row in table_data(actual_table(steps, dimension))}
        assert rows == {dimension: 5, "others": 15}, "who is not known to be is with the others"


def test_times_and_inhabitants_are_read_from_the_store(store):
    place = a_place(store)
    (need,) = place.person(times=frozenset({"mo-am"}))
    with place.unit() as uow:
        region = uow.get(t.region, "musterkreis")
        towns = [{"name": "Musterstadt", "lat": 50.0, "lon": 9.0, "population": 700}]
        uow.change(t.region, "musterkreis", region["version"], towns=towns)
        uow.change(t.need, need, 1, started_on=TODAY)
        household = uow.find(t.household, region_id="musterkreis")[0]
        uow.change(t.household, household["id"], household["version"], home_name="Musterstadt")
        described(uow).commit()
    (step,) = read_begun_steps(place.planner(), "musterkreis").steps
    assert (step.times, step.inhabitants) == ({"mo-am"}, 700)


def test_the_level_is_the_one_to_bring_along():
    steps = [a_step(n, kind="integration-course/from-4") for n in range(5)]
    assert [row["level"] for row in table_data(actual_table(steps, "level"))] == ["A2"]


def test_without_steps_the_report_has_no_row():
    report = actual_report(Begun("r", START, START, ()), "Musterkreis")
    assert [list(table.rows) for table in report.tables] == [[]] * (1 + len(DIMENSIONS))


def possible(cells, everybody, number):
    """What a hidden count may be for somebody who sees all tables; people may be in several groups."""
    wide = {Hidden.SMALL: SMALLEST_SHOWN - 1, Hidden.PROTECTING: 2 * MOST}.get(everybody, everybody)
    ranges = {Hidden.SMALL: range(1, SMALLEST_SHOWN), Hidden.PROTECTING: range(SMALLEST_SHOWN, wide + 1)}
    found = set()
    for guess in product(*(ranges.get(cell, [cell]) for cell in cells)):
        fits = max(guess) <= wide and (not isinstance(everybody, int) or sum(guess) >= everybody)
        found |= {guess[number]} if fits else set()
    return found


MOST = 8
PEOPLE_BY_GROUP = st.lists(st.integers(0, MOST), min_size=3, max_size=3)
GROUPS = [
    a_step(0),
    a_step(0, kind="job/intake", profile="literacy", town="Probeheim", since=None),
    a_step(0, kind="coaching/voucher", town="Neumuster", waited=70, late=-5),
]


@given(dimension=st.sampled_from(["", *DIMENSIONS]), people=PEOPLE_BY_GROUP, first=st.integers(0, MOST))
def test_no_table_and_no_file_tells_of_fewer_than_five(dimension, people, first):
    """The groups share people: who is in two of them is still one person of the whole."""
    steps = [
        group._replace(person_id=f"p{first * number + person}")
        for number, (group, many) in enumerate(zip(GROUPS, people, strict=True))
        for person in range(many)
    ]
    table = actual_table(steps, dimension, CLOCKS[0])
    groups = {row[0]: set() for row in table.rows}
    of = DIMENSIONS[dimension][1] if dimension else lambda step: "everybody"
    for step in steps:
        groups[of(step)].add(step.person_id)
    counts = [len(groups[row[0]]) for row in table.rows]
    cells = [row[1] for row in table.rows]
    everybody = next((row[1] for row in actual_table(steps, "").rows), 0)
    not_shown = {*cells} == {Hidden.PROTECTING}  # a table that hangs together with another one
    for number, (count, row) in enumerate(zip(counts, table.rows, strict=True)):
        if 0 < count < SMALLEST_SHOWN and not_shown:
            assert row[1] is Hidden.PROTECTING
        elif 0 < count < SMALLEST_SHOWN:
            assert row[1] is Hidden.SMALL
            assert len(possible(cells, everybody, number)) >= 2
        if isinstance(row[1], Hidden) and (dimension or count < SMALLEST_SHOWN):
            assert set(row[2:]) == {None}
    lines = table_csv(table).splitlines()[1:]
    hidden = [line for line in lines if ",hidden," in line]
    assert len(hidden) == sum(isinstance(cell, Hidden) for cell in cells)
    assert not dimension or all(line.rstrip(",").endswith("hidden") for line in hidden)
