"""Small regions for the tests: a few words say what matters, the rest is filled in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from network.graph import SupportNetwork
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
HERE = Place("Musterstadt", 50.6, 9.2)
ORIGIN: dict[str, Any] = {"source": "", "illustrative": True}


def an_actor(actor_id: str, place: Place = HERE, **changes: Any) -> Actor:
    fields = {
        "name": f"Träger {actor_id}",
        "type": ActorType.COURSE_PROVIDER,
        "languages": frozenset({"deu"}),
        "phone": "",
        "email": "",
        "website": "",
    }
    return Actor(id=actor_id, place=place, **{**fields, **ORIGIN, **changes})


def an_offering(offering_id: str, actor_id: str, kind: str, **changes: Any) -> Offering:
    fields = {
        "name": f"Angebot {offering_id}",
        "level_in": None,
        "level_out": None,
        "requires": frozenset(),
        "features": frozenset(),
        "languages": frozenset(),
        "online": False,
    }
    return Offering(id=offering_id, actor_id=actor_id, kind=kind, **{**fields, **ORIGIN, **changes})


def a_group(group_id: str, offering_id: str, start_on: date, **changes: Any) -> Group:
    fields = {
        "modules": 1,
        "module_days": 28,
        "entry_modules": (1,),
        "seats": 20,
        "booked": 5,
        "minimum": 0,
        "times": frozenset({"mo-am"}),
        "place": None,
        "online": False,
        "requires": frozenset(),
        "features": frozenset(),
    }
    return Group(id=group_id, offering_id=offering_id, start_on=start_on, **{**fields, **ORIGIN, **changes})


def a_service(service_id: str, offering_id: str, first_on: date, last_on: date, **changes: Any) -> Service:
    fields = {
        "interval_days": 7,
        "seats": 2,
        "duration_days": 1,
        "times": frozenset(),
        "place": None,
        "online": False,
        "requires": frozenset(),
        "features": frozenset(),
    }
    return Service(
        id=service_id,
        offering_id=offering_id,
        first_on=first_on,
        last_on=last_on,
        **{**fields, **ORIGIN, **changes},
    )


def a_stock(stock_id: str, offering_id: str, free_on: date, **changes: Any) -> Stock:
    fields = {
        "number": 1,
        "duration_days": 300,
        "place": None,
        "requires": frozenset(),
        "features": frozenset(),
    }
    return Stock(id=stock_id, offering_id=offering_id, free_on=free_on, **{**fields, **ORIGIN, **changes})


def refers(from_actor: str, to_actor: str) -> Cooperation:
    return Cooperation(from_actor, to_actor, CooperationKind.REFERS, "", "", True)


def cooperates(from_actor: str, to_actor: str) -> Cooperation:
    return Cooperation(from_actor, to_actor, CooperationKind.COOPERATES, "", "", True)


def a_region(
    actors: Iterable[Actor],
    offerings: Iterable[Offering] = (),
    dated: Iterable[Group | Service | Stock] = (),
    cooperations: Iterable[Cooperation] = (),
) -> Region:
    dated = tuple(dated)
    return Region(
        id="probe",
        name_de="Probekreis",
        name_en="Test county",
        population=None,
        ags="",
        today=TODAY,
        licence="CC0-1.0",
        source="made for a test",
        fictional=True,
        towns=(Town(HERE, 1000, "", True),),
        actors={actor.id: actor for actor in actors},
        offerings={offering.id: offering for offering in offerings},
        groups={row.id: row for row in dated if isinstance(row, Group)},
        services={row.id: row for row in dated if isinstance(row, Service)},
        stock={row.id: row for row in dated if isinstance(row, Stock)},
        cooperations=tuple(cooperations),
    )


def a_network(*parts: Any, until_on: date = date(2028, 11, 22), **more: Any) -> SupportNetwork:
    region = a_region(*parts, **more)
    return SupportNetwork(region, region.slots(TODAY, until_on))
