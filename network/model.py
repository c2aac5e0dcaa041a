"""A region (Region): its actors, offerings, dated supply and cooperation, as read from partner files.

The types of the network room are gathered here; they are defined by idea in :mod:`network.actors` and
:mod:`network.supply`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain

from network.actors import (
    CEFR_LEVELS,
    HALF_DAYS,
    Actor,
    ActorType,
    Cooperation,
    CooperationKind,
    Offering,
    Place,
    Town,
)
from network.supply import (
    Capacity,
    Group,
    Service,
    Slot,
    Stock,
    Supply,
    group_ways_in,
    service_dates,
    stock_places,
)

__all__ = [
    "CEFR_LEVELS",
    "HALF_DAYS",
    "Actor",
    "ActorType",
    "Capacity",
    "Cooperation",
    "CooperationKind",
    "Group",
    "Offering",
    "Place",
    "Region",
    "Service",
    "Slot",
    "Stock",
    "Supply",
    "Town",
]


@dataclass(frozen=True, slots=True)
class Region:
    """Everything that the partners of one region have handed in.

    Parameters
    ----------
    today
        The day on which the partners' figures were given; planning for real starts here.
    population
        Inhabitants; None where not stated.
    ags
        Official municipality key (amtlicher Gemeindeschlüssel), empty for a fictional region.
    towns
        Towns of the region, largest first; where no file names them, derived from the actors' places.
    fictional
        The region itself is made up.
    """

    id: str
    name_de: str
    name_en: str
    population: int | None
    ags: str
    today: date
    licence: str
    source: str
    fictional: bool
    towns: tuple[Town, ...]
    actors: Mapping[str, Actor]
    offerings: Mapping[str, Offering]
    groups: Mapping[str, Group]
    services: Mapping[str, Service]
    stock: Mapping[str, Stock]
    cooperations: tuple[Cooperation, ...]

    def name(self, lang: str) -> str:
        """Name of the region in ``de`` or ``en``."""
        return self.name_de if lang == "de" else self.name_en

    def home_of(self, offering_id: str) -> Place:
        """Place of the actor that runs an offering."""
        return self.actors[self.offerings[offering_id].actor_id].place

    def slots(self, today: date, until_on: date) -> Supply:
        """Every way in that starts between two days, both included, and the capacities it uses.

        Parameters
        ----------
        today
            Slots that start before this day are dropped; groups that began before it count as running.
        until_on
            Slots that start after this day are left out.
        """
        parts = []
        for group in self.groups.values():
            offering, home = self.offerings[group.offering_id], self.home_of(group.offering_id)
            parts.append(group_ways_in(group, offering, home, today, until_on))
        for service in self.services.values():
            offering, home = self.offerings[service.offering_id], self.home_of(service.offering_id)
            parts.append(service_dates(service, offering, home, today, until_on))
        for stock in self.stock.values():
            offering, home = self.offerings[stock.offering_id], self.home_of(stock.offering_id)
            parts.append(stock_places(stock, offering, home, today, until_on))
        slots = sorted(chain.from_iterable(part.slots for part in parts), key=lambda slot: slot.id)
        capacities = sorted(chain.from_iterable(p.capacities for p in parts), key=lambda c: c.id)
        return Supply(tuple(slots), tuple(capacities))
