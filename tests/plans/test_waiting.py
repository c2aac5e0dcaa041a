from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.fault import PlanFault
from plans.rules import load_rules
from plans.waiting import Clock, ClockDates, ClockState, is_overdue, read_clock, read_clocks, start_due_on

ENTITLED = date(2026, 3, 2)
REGISTERED = date(2026, 4, 1)
PLACED = date(2026, 4, 20)
STARTED = date(2026, 5, 4)
TODAY = date(2026, 6, 1)


def the_dates(*known: bool) -> ClockDates:
    return ClockDates(
        *(
            day if is_known else None
            for day, is_known in zip((ENTITLED, REGISTERED, PLACED, STARTED), known, strict=True)
        )
    )


@pytest.mark.parametrize("known", list(product((False, True), repeat=4)))
def test_every_combination_of_known_dates_has_its_reading(known: tuple[bool, ...]) -> None:
    entitled, registered, _, started = known
    access, waiting = read_clocks(the_dates(*known), TODAY)
    expected = {
        (False, False): (ClockState.NOT_BEGUN, ClockState.NOT_BEGUN),
        (False, True): (ClockState.UNKNOWN, ClockState.UNKNOWN),
        (True, False): (ClockState.RUNNING, ClockState.RUNNING),
        (True, True): (ClockState.STOPPED, ClockState.STOPPED),
    }
    assert access.state is expected[entitled, started][0]
    assert waiting.state is expected[registered, started][1]
    assert access.days == (None if not entitled else 63 if started else 91)
    assert waiting.days == (None if not registered else 33 if started else 61)


def test_access_counts_from_entitlement_and_waiting_from_registration() -> None:
    access, waiting = read_clocks(the_dates(True, True, True, True), TODAY)
    assert (access.clock, access.days) == (Clock.ACCESS, (STARTED - ENTITLED).days)
    assert (waiting.clock, waiting.days) == (Clock.WAITING, (STARTED - REGISTERED).days)


def test_a_seat_does_not_stop_a_clock_only_the_start_does() -> None:
    placed = the_dates(True, True, True, False)
    assert read_clock(placed, Clock.WAITING, TODAY) == read_clock(
        the_dates(True, True, False, False), Clock.WAITING, TODAY
    )


def test_an_open_clock_grows_by_one_each_day() -> None:
    open_ = the_dates(True, True, False, False)
    days = [read_clock(open_, Clock.WAITING, TODAY + timedelta(days=n)).days for n in range(3)]
    assert days == [61, 62, 63]


def test_a_start_that_lies_ahead_has_not_happened() -> None:
    before = STARTED - timedelta(days=1)
    reading = read_clock(the_dates(True, True, True, True), Clock.WAITING, before)
    assert (reading.state, reading.days) == (ClockState.RUNNING, 32)
    assert read_clock(the_dates(True, True, True, True), Clock.WAITING, STARTED).state is ClockState.STOPPED


def test_a_registration_that_lies_ahead_has_not_begun() -> None:
    reading = read_clock(the_dates(True, True, False, False), Clock.WAITING, REGISTERED - timedelta(days=1))
    assert (reading.state, reading.days) == (ClockState.NOT_BEGUN, None)


def test_a_step_that_was_given_up_no_longer_waits() -> None:
    ended_on = date(2026, 4, 11)
    reading = read_clock(the_dates(True, True, False, False), Clock.WAITING, TODAY, ended_on)
    assert (reading.state, reading.days) == (ClockState.ENDED, 10)
    started = read_clock(the_dates(True, True, True, True), Clock.WAITING, TODAY, TODAY)
    assert started.state is ClockState.STOPPED
    unknown = read_clock(the_dates(False, False, False, False), Clock.WAITING, TODAY, ended_on)
    assert unknown.state is ClockState.UNKNOWN


DAYS = st.integers(0, 4).map(lambda n: ENTITLED + timedelta(days=n))


@given(st.lists(st.none() | DAYS, min_size=4, max_size=4))
def test_dates_are_refused_exactly_when_two_known_ones_are_out_of_order(days: list[date | None]) -> None:
    known = [day for day in days if day is not None]
    if known == sorted(known):
        dates = ClockDates(*days)
        for reading in read_clocks(dates, TODAY):
            assert reading.days is None or reading.days >= 0
    else:
        with pytest.raises(PlanFault, match="lies after"):
            ClockDates(*days)


def test_the_start_is_due_six_weeks_after_registration() -> None:
    dates = the_dates(True, True, False, False)
    due_on = start_due_on(dates)
    assert due_on == REGISTERED + timedelta(weeks=6)
    assert not is_overdue(dates, due_on)
    assert is_overdue(dates, due_on + timedelta(days=1))


def test_a_start_in_time_is_never_overdue_and_a_late_one_stays_so() -> None:
    assert not is_overdue(the_dates(True, True, True, True), date(2027, 1, 1))
    late = ClockDates(ENTITLED, REGISTERED, PLACED, REGISTERED + timedelta(days=43))
    assert is_overdue(late, date(2027, 1, 1))


def test_without_a_registration_nothing_is_due() -> None:
    assert start_due_on(the_dates(True, False, False, False)) is None
    assert not is_overdue(the_dates(True, False, False, False), date(2030, 1, 1))


def test_the_rule_of_the_day_of_registration_decides_what_is_due(tmp_path: Path) -> None:
    entry = (
        '[[rule]]\nkey = "course-start-days"\nvalue = {}\nunit = "days"\nvalid_from = {}\n{}\n'
        'basis = "law"\nsource = "x"\nlabel_de = "x"\nlabel_en = "x"\n'
    )
    path = tmp_path / "rules.toml"
    path.write_text(
        entry.format(42, "2020-01-01", "valid_until = 2026-04-01") + entry.format(28, "2026-04-02", "")
    )
    book = load_rules(path)
    day = timedelta(days=1)
    assert start_due_on(ClockDates(registered_on=REGISTERED), book) == REGISTERED + 42 * day
    assert start_due_on(ClockDates(registered_on=REGISTERED + day), book) == REGISTERED + 29 * day
