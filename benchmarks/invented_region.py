"""An invented region of any size: actors, offerings, dated supply and cooperation, drawn by seed."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from network.kinds import KINDS, Kind, Shape
from network.model import (
    Actor,
    ActorType,
    Cooperation,
    CooperationKind,
    Group,
    Offering,
    Place,
    Region,
    Service,
    Stock,
    Town,
)

TODAY = date(2026, 11, 23)
ORIGIN: dict[str, Any] = {"source": "invented for a measurement", "illustrative": True}
NOTHING: dict[str, Any] = {"requires": frozenset(), "features": frozenset()}
LINKS = 4  # cooperations of an actor
SERVICE_DATES, SERVICE_DAYS, YEAR = 26, 14, 364


@dataclass(frozen=True)
class Size:
    """How large a region is: actors, ways in (about), towns, and the degrees over which these are spread."""

    name: str
    actors: int
    slots: int
    towns: int
    degrees: float


def invented_region(size: Size, seed: int = 1) -> Region:
    """Draw a region; the same size and seed give the same one."""
    rng = Random(seed)
    places = [
        Place(f"Musterort {k}", 48 + rng.random() * size.degrees, 8 + rng.random() * 1.5 * size.degrees)
        for k in range(size.towns)
    ]
    actors = {f"a{k}": _actor(f"a{k}", rng.choice(places)) for k in range(size.actors)}
    offerings = {
        f"o{k}": _offering(f"o{k}", f"a{k % size.actors}", rng.choice(list(KINDS.values())))
        for k in range(2 * size.actors)
    }
    groups, services, stock = _dated(rng, list(offerings.values()), size.slots)
    pairs = [rng.sample(list(actors), 2) for _ in range(LINKS * size.actors)]
    towns = tuple(Town(place, rng.randint(1_000, 50_000), **ORIGIN) for place in places)
    return Region(
        **{"id": size.name, "name_de": size.name, "name_en": size.name, "ags": "", "fictional": True},
        population=sum(town.population or 0 for town in towns),
        today=TODAY,
        licence="CC0-1.0",
        source=ORIGIN["source"],
        towns=towns,
        actors=actors,
        offerings=offerings,
        groups=groups,
        services=services,
        stock=stock,
        cooperations=tuple(Cooperation(a, b, CooperationKind.REFERS, "", **ORIGIN) for a, b in pairs),
    )


def _actor(name: str, place: Place) -> Actor:
    contact = {"phone": "", "email": "", "website": ""}
    return Actor(name, name, ActorType.COURSE_PROVIDER, place, frozenset({"deu"}), **contact, **ORIGIN)


def _offering(name: str, actor: str, kind: Kind) -> Offering:
    levels = {"level_in": None, "level_out": None, "languages": frozenset()}
    return Offering(name, actor, name, kind.id, online=False, **levels, **NOTHING, **ORIGIN)


def _dated(
    rng: Random, offerings: list[Offering], slots: int
) -> tuple[dict[str, Group], dict[str, Service], dict[str, Stock]]:
    groups: dict[str, Group] = {}
    services: dict[str, Service] = {}
    stock: dict[str, Stock] = {}
    count = 0
    while count < slots:
        offering, name = rng.choice(offerings), f"d{len(groups) + len(services) + len(stock)}"
        kind, start = KINDS[offering.kind], TODAY + timedelta(days=rng.randrange(YEAR))
        shared: dict[str, Any] = {"place": None, **NOTHING, **ORIGIN}
        if kind.shape is Shape.WEEKLY:
            first = TODAY + timedelta(days=rng.randrange(SERVICE_DAYS))
            last, times = TODAY + timedelta(days=YEAR), {"times": frozenset(), "online": False}
            services[name] = Service(
                name, offering.id, first, last, SERVICE_DAYS, rng.randint(1, 6), 1, **times, **shared
            )
            count += SERVICE_DATES
        elif kind.shape is Shape.STOCK:
            stock[name] = Stock(name, offering.id, start, rng.randint(1, 4), 300, **shared)
            count += 1
        else:
            modules = kind.modules or 1
            entries = tuple(m for m in (1, 3, 5) if m <= modules)
            times = {"times": frozenset({"mo-am", "we-am"}), "online": False}
            groups[name] = Group(
                *(name, offering.id, start, modules, 28, entries, 20, rng.randrange(12), 0),
                **times,
                **shared,
            )
            count += len(entries)
    return groups, services, stock
