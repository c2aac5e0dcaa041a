"""Vorführbestand: a fresh store is filled by the workflows themselves, with the days of a year before today.

Everything is made up, and everything is done by somebody with a role on a simulated day, so that states,
dates, waiting lists and the audit are what such a year would really have left behind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from store import tables as t
from store.opening import open_store, set_up_store
from store.unit_of_work import ReadingUnit, Store
from workflows.access.regions import create_region
from workflows.acting import LOCAL_TIME
from workflows.demo.arriving import Arriving
from workflows.demo.handing_in import HandingIn, bring_in
from workflows.demo.lives import World
from workflows.demo.planning import Planning
from workflows.demo.program import REGION, Program
from workflows.demo.simulation import Simulation, working_day
from workflows.demo.staff import DEMO_SOURCE, DemoAccount, Staff
from workflows.demo.standing import Standing
from workflows.demo.supply import Supply
from workflows.referrals.holds import run_clock
from workflows.refusal import Refusal

DAYS = 364
HOUSEHOLDS, SEED = 150, 1

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Filled:
    """Gefüllter Vorführbestand.

    Parameters
    ----------
    accounts : tuple of DemoAccount
        One a role, with passwords that are kept nowhere else.
    households, people, referrals : int
        What is there.
    """

    accounts: tuple[DemoAccount, ...]
    households: int
    people: int
    referrals: int


def fill(
    store: Store,
    households: int = HOUSEHOLDS,
    seed: int = SEED,
    today: date | None = None,
    days: int = DAYS,
    progress: Progress | None = None,
) -> Filled:
    """Fill an empty store with the fictional region and a year of work in it.

    Parameters
    ----------
    store : Store
        Empty: without any region or account.
    households : int
        How many, >= 1.
    seed : int
        The same seed and day give the same people with the same lives; ids and passwords differ.
    today : date, optional
        The first day that is not simulated; the store's own day by default.
    days : int
        So many days are simulated, about; >= 14.
    progress : callable, optional
        Told of the days done and the days in all.

    Returns
    -------
    Filled
        With the accounts to sign in with.

    Raises
    ------
    Refusal
        Where the store is not empty.
    """
    _check_empty(store)
    today = today or store.now().astimezone(LOCAL_TIME).date()
    start_on = working_day(today - timedelta(days=days))
    simulation = Simulation(store, start_on, today - timedelta(days=1), seed, REGION)
    program = Program(today)
    create_region(simulation.machine, REGION, program.region.name_de, program.region.name_en, fictional=True)
    supply = Supply(simulation)
    bring_in(simulation, supply, simulation.machine, program.first_files(start_on))
    world = World(simulation, Staff(simulation), supply)
    HandingIn(world, program).plan(days)
    Arriving(world, households).plan(program.region)
    Planning(world).plan()
    Standing(world).plan()

    def evening(day: date) -> None:
        run_clock(simulation.clock)
        if progress is not None:
            progress((day - start_on).days + 1, days)

    simulation.run(evening)
    return _counted(store, world.staff.accounts)


def fill_database(
    database: str, households: int = HOUSEHOLDS, seed: int = SEED, *, progress: Progress | None = None
) -> Filled:
    """Fill an empty database, which is set up where it is new; see `fill`."""
    store = set_up_store(database)
    try:
        return fill(store, households, seed, progress=progress)
    finally:
        store.engine.dispose()


def refuse_demo_store(database: str | None) -> None:
    """Refuse to serve a demo store to others than its own machine: there a password alone lets everybody in.

    Raises
    ------
    Refusal
        Where the rule with which every demo store begins holds.
    StoreFault
        Where the database cannot be opened.
    """
    store = open_store(database)
    try:
        with ReadingUnit(store) as unit:
            is_demo = unit.count(t.rule_set, source=DEMO_SOURCE)
    finally:
        store.engine.dispose()
    if is_demo:
        raise Refusal("demo-not-public")


def _check_empty(store: Store) -> None:
    with ReadingUnit(store) as unit:
        if unit.count(t.region) or unit.count(t.account):
            raise Refusal("demo-not-empty")


def _counted(store: Store, accounts: tuple[DemoAccount, ...]) -> Filled:
    with ReadingUnit(store) as unit:
        return Filled(accounts, unit.count(t.household), unit.count(t.person), unit.count(t.referral))
