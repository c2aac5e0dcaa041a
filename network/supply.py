"""What can be booked: dated ways in (Slots) and what can be full (Kapazitäten).

Partners write course groups, dated services and stock; a planning problem needs slots and capacities. The
capacity model is that of the planning problem's file format: a course group has one capacity a module, and
every entry module is a slot that uses the capacities from there to the last module.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from network.actors import Offering, Place
from network.kinds import KINDS


@dataclass(frozen=True, slots=True)
class Slot:
    """A dated way in (Einstieg): what somebody can be booked into.

    Parameters
    ----------
    kind
        What it serves; matched exactly to the kind of a need (``integration-course/from-3``).
    start_on, end_on
        First and last day for somebody who takes this slot.
    uses
        Ids of the capacities in which a booking takes one seat each.
    place
        Where; None only where ``online``.
    times
        Weekly half-days it occupies; empty means none or not stated.
    row_id
        The group, service or stock row of the partner files that it comes from.
    """

    id: str
    offering_id: str
    actor_id: str
    kind: str
    start_on: date
    end_on: date
    uses: tuple[str, ...]
    place: Place | None
    online: bool
    requires: frozenset[str]
    features: frozenset[str]
    times: frozenset[str]
    row_id: str = ""

    def __post_init__(self) -> None:
        if self.end_on < self.start_on:
            raise ValueError(f"{self.id}: ends before it starts")
        if not self.uses:
            raise ValueError(f"{self.id}: uses no capacity")
        if self.place is None and not self.online:
            raise ValueError(f"{self.id}: has no place and is not online")


@dataclass(frozen=True, slots=True)
class Capacity:
    """What can be full (Kapazität): a group during one module, a date, the places free from one day on.

    ``seats`` are the free seats (>= 0); ``min_participants`` the bookings still missing before it may run
    (0: none missing).
    """

    id: str
    seats: int
    min_participants: int

    def __post_init__(self) -> None:
        if self.seats < 0 or self.min_participants < 0:
            raise ValueError(f"{self.id}: seats and min_participants must not be negative")


@dataclass(frozen=True, slots=True)
class Supply:
    """Every slot of a stretch of time, sorted by id, and the capacities they use, sorted by id."""

    slots: tuple[Slot, ...]
    capacities: tuple[Capacity, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A course group (Kursgruppe): fixed start, equal modules, a number of seats.

    Parameters
    ----------
    modules, module_days
        How many modules, and how many days each lasts (breaks included); both >= 1.
    entry_modules
        Modules at whose start somebody may join, 1-based.
    seats, booked
        Seats in all, and how many are taken; 0 <= booked <= seats.
    minimum
        Bookings the group needs before it opens; 0 where it has none.
    place
        Where; None where it is online or at its actor's address.
    """

    id: str
    offering_id: str
    start_on: date
    modules: int
    module_days: int
    entry_modules: tuple[int, ...]
    seats: int
    booked: int
    minimum: int
    times: frozenset[str]
    place: Place | None
    online: bool
    requires: frozenset[str]
    features: frozenset[str]
    source: str
    illustrative: bool
    as_of: date | None = None
    unstated: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.modules < 1 or self.module_days < 1:
            raise ValueError(f"{self.id}: a group has at least one module of at least one day")
        if not 0 <= self.booked <= self.seats or not 0 <= self.minimum <= self.seats:
            raise ValueError(f"{self.id}: booked and minimum must lie between 0 and seats")
        if not self.entry_modules or not all(1 <= m <= self.modules for m in self.entry_modules):
            raise ValueError(f"{self.id}: entry modules must lie between 1 and {self.modules}")

    @property
    def end_on(self) -> date:
        """Last day of the last module."""
        return self.module_start_on(self.modules + 1) - timedelta(days=1)

    @property
    def free_seats(self) -> int:
        """Seats not taken yet."""
        return self.seats - self.booked

    def module_start_on(self, module: int) -> date:
        """First day of a module, 1-based."""
        return self.start_on + timedelta(days=(module - 1) * self.module_days)

    def missing(self, today: date) -> int:
        """Bookings still missing before the group opens; 0 when it runs already (it began before `today`)."""
        if self.start_on < today:
            return 0
        return min(max(0, self.minimum - self.booked), self.free_seats)


@dataclass(frozen=True, slots=True)
class Service:
    """A dated service (Termin-Angebot): the same thing every so many days, with some seats a date.

    Parameters
    ----------
    other_seats
        Free seats of the dates that have other than `seats`, because some are taken by now.
    """

    id: str
    offering_id: str
    first_on: date
    last_on: date
    interval_days: int
    seats: int
    duration_days: int
    times: frozenset[str]
    place: Place | None
    online: bool
    requires: frozenset[str]
    features: frozenset[str]
    source: str
    illustrative: bool
    as_of: date | None = None
    unstated: frozenset[str] = frozenset()
    other_seats: tuple[tuple[date, int], ...] = ()

    def __post_init__(self) -> None:
        if self.interval_days < 1 or self.duration_days < 1 or self.seats < 0:
            raise ValueError(f"{self.id}: interval and duration are at least one day, seats at least 0")
        if self.last_on < self.first_on:
            raise ValueError(f"{self.id}: ends before it starts")

    def dates(self, from_on: date, until_on: date) -> Iterator[date]:
        """Every date of the service from `from_on` to `until_on`, both included."""
        skipped = max(0, -((self.first_on - from_on).days // self.interval_days))
        day = self.first_on + timedelta(days=skipped * self.interval_days)
        while day <= min(until_on, self.last_on):
            yield day
            day += timedelta(days=self.interval_days)


@dataclass(frozen=True, slots=True)
class Stock:
    """Places or flats that become free on a day (Bestand) and are then held for `duration_days`."""

    id: str
    offering_id: str
    free_on: date
    number: int
    duration_days: int
    place: Place | None
    requires: frozenset[str]
    features: frozenset[str]
    source: str
    illustrative: bool
    as_of: date | None = None
    unstated: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.number < 0 or self.duration_days < 1:
            raise ValueError(f"{self.id}: the number is at least 0 and the duration at least one day")


def group_ways_in(group: Group, offering: Offering, home: Place, today: date, until_on: date) -> Supply:
    """Slots and module capacities of a course group for whoever starts between `today` and `until_on`.

    Modules that began before `today` keep no slot; capacities that no slot uses are left out.
    """
    kind = KINDS[offering.kind]
    slots = []
    for module in sorted(set(group.entry_modules)):
        start_on = group.module_start_on(module)
        if today <= start_on <= until_on:
            uses = tuple(f"{group.id}-m{m}" for m in range(module, group.modules + 1))
            slots.append(
                _slot(
                    f"{group.id}-from-{module}", group, offering, home,
                    kind.entry(module), start_on, group.end_on, uses, group.times,
                )
            )  # fmt: skip
    used = {capacity for slot in slots for capacity in slot.uses}
    missing = group.missing(today)
    modules = (f"{group.id}-m{m}" for m in range(1, group.modules + 1))
    return Supply(tuple(slots), tuple(Capacity(m, group.free_seats, missing) for m in modules if m in used))


def service_dates(service: Service, offering: Offering, home: Place, today: date, until_on: date) -> Supply:
    """One slot and one capacity for each date of a service between `today` and `until_on`."""
    kind = KINDS[offering.kind].entry(1)
    slots, capacities, other_seats = [], [], dict(service.other_seats)
    for day in service.dates(today, until_on):
        name = f"{service.id}-{day.isoformat()}"
        end_on = day + timedelta(days=service.duration_days - 1)
        slots.append(_slot(name, service, offering, home, kind, day, end_on, (name,), service.times))
        capacities.append(Capacity(name, other_seats.get(day, service.seats), 0))
    return Supply(tuple(slots), tuple(capacities))


def stock_places(stock: Stock, offering: Offering, home: Place, today: date, until_on: date) -> Supply:
    """The slot of a stock row, or nothing when its day lies outside `today` … `until_on`."""
    if not today <= stock.free_on <= until_on:
        return Supply((), ())
    kind = KINDS[offering.kind].entry(1)
    end_on = stock.free_on + timedelta(days=stock.duration_days - 1)
    slot = _slot(stock.id, stock, offering, home, kind, stock.free_on, end_on, (stock.id,), frozenset())
    return Supply((slot,), (Capacity(stock.id, stock.number, 0),))


def _slot(
    slot_id: str,
    row: Group | Service | Stock,
    offering: Offering,
    home: Place,
    kind: str,
    start_on: date,
    end_on: date,
    uses: tuple[str, ...],
    times: frozenset[str],
) -> Slot:
    online = not isinstance(row, Stock) and (row.online or (offering.online and "online" in row.unstated))
    return Slot(
        id=slot_id,
        offering_id=offering.id,
        actor_id=offering.actor_id,
        kind=kind,
        start_on=start_on,
        end_on=end_on,
        uses=uses,
        place=None if online else row.place or home,
        online=online,
        requires=offering.requires | row.requires,
        features=offering.features | row.features,
        times=times,
        row_id=row.id,
    )
