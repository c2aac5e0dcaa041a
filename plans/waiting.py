"""Zwei Uhren: how long somebody waits, by access time (Zugangszeit) and by waiting time (Wartezeit).

Both clocks stop at the start. The access time runs from entitlement or obligation, the waiting time from
registration at a provider. Source: BAMF, press release of 2019-05-28; Bundesrechnungshof 2023.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import combinations

from plans.needs import check_order
from plans.rules import RuleBook, standard_rules


class Clock(StrEnum):
    """Uhr: which of the two clocks a figure uses."""

    ACCESS = "access"
    WAITING = "waiting"


class ClockState(StrEnum):
    """Stand einer Uhr: whether a clock has begun, runs, has stopped at a start, or without one."""

    NOT_BEGUN = "not-begun"
    RUNNING = "running"
    STOPPED = "stopped"
    ENDED = "ended"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class ClockDates:
    """Vier Daten: the dates on which both clocks rest, each None until it is known.

    Parameters
    ----------
    entitled_on : date or None
        Entitled or obliged to take part.
    registered_on : date or None
        Registered at a provider.
    placed_on : date or None
        Seat given.
    started_on : date or None
        First day.

    Raises
    ------
    PlanFault
        Where a date lies after one that must follow it.
    """

    entitled_on: date | None = None
    registered_on: date | None = None
    placed_on: date | None = None
    started_on: date | None = None

    def __post_init__(self) -> None:
        for first, second in combinations(("entitled_on", "registered_on", "placed_on", "started_on"), 2):
            check_order("clock", first, getattr(self, first), second, getattr(self, second))

    def begins_on(self, clock: Clock) -> date | None:
        """Day on which a clock begins: entitlement (ACCESS) or registration (WAITING)."""
        return self.entitled_on if clock is Clock.ACCESS else self.registered_on


@dataclass(frozen=True)
class Reading:
    """Stand: what a clock shows on a day.

    Parameters
    ----------
    clock : Clock
        Which clock.
    state : ClockState
        NOT_BEGUN: its first date is missing or lies ahead; RUNNING: no start yet; STOPPED: started; ENDED:
        given up without a start; UNKNOWN: started or given up, but nobody noted the first date.
    days : int or None
        Days from the first date to the start, to the end, or to today, >= 0; None where NOT_BEGUN or UNKNOWN.
    """

    clock: Clock
    state: ClockState
    days: int | None


def read_clock(dates: ClockDates, clock: Clock, today: date, ended_on: date | None = None) -> Reading:
    """Read one clock.

    Parameters
    ----------
    dates : ClockDates
        The four dates; those after `today` have not happened yet.
    clock : Clock
        Access time or waiting time.
    today : date
        Open clocks run until this day.
    ended_on : date, optional
        Day on which the step was given up; counts only where nothing started by then.

    Returns
    -------
    Reading
        State and days.
    """
    begun_on = dates.begins_on(clock)
    stop_on, state = _stop(dates.started_on, ended_on, today)
    if begun_on is None:
        return Reading(clock, ClockState.NOT_BEGUN if stop_on is None else ClockState.UNKNOWN, None)
    if begun_on > (stop_on or today):
        return Reading(clock, ClockState.NOT_BEGUN, None)
    return Reading(clock, state, ((stop_on or today) - begun_on).days)


def _stop(started_on: date | None, ended_on: date | None, today: date) -> tuple[date | None, ClockState]:
    if started_on is not None and started_on <= today:
        return started_on, ClockState.STOPPED
    if ended_on is not None and ended_on <= today:
        return ended_on, ClockState.ENDED
    return None, ClockState.RUNNING


def read_clocks(dates: ClockDates, today: date, ended_on: date | None = None) -> tuple[Reading, Reading]:
    """Read the access time and the waiting time (see `read_clock`), in this order."""
    return (
        read_clock(dates, Clock.ACCESS, today, ended_on),
        read_clock(dates, Clock.WAITING, today, ended_on),
    )


def start_due_on(dates: ClockDates, book: RuleBook | None = None) -> date | None:
    """Day by which the start should have come: six weeks after registration (IntV § 7(4)).

    Parameters
    ----------
    dates : ClockDates
        The four dates.
    book : RuleBook, optional
        Dated rules; the one of the day of registration holds. Those of the project by default.

    Returns
    -------
    date or None
        None where nobody registered yet.
    """
    if dates.registered_on is None:
        return None
    rules = book or standard_rules()
    return dates.registered_on + timedelta(days=rules.rule("course-start-days", dates.registered_on).days)


def is_overdue(dates: ClockDates, today: date, book: RuleBook | None = None) -> bool:
    """Whether the start has not come in due time, so that person and BAMF must be told (IntV § 7(5))."""
    due_on = start_due_on(dates, book)
    waits_until_on = min(dates.started_on or today, today)
    return due_on is not None and waits_until_on > due_on
