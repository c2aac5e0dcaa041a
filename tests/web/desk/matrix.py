"""Promise 8, declared: which role may use which page, and whose objects it sees there; one row an endpoint.

A role that a row does not name is refused. Whoever adds a page adds its row to the table of its area; a
page without a row fails ``test_matrix.py``, which asks every page as every role.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from plans.roles import Role
from store import tables as t
from tests.store.builders import a_person, a_plan, an_organisation, described
from tests.web.desk.world import Side, World

Making = Callable[[World, Side], Mapping[str, str]]
"""Makes an object that belongs to a side of the world; returns the values of its address."""


class Reach(Enum):
    """Reichweite: whose objects a role sees on a page."""

    ALL = "whatever there is; also pages without an object"
    REGION = "its own region's; those of another region look as if they were not there"
    ORGANISATION = "its own organisation's; those of another one of the region look as if they were not there"


@dataclass(frozen=True)
class Row:
    """Zeile: one endpoint.

    Parameters
    ----------
    reach : mapping of Role to Reach
        The roles that may.
    of : callable, optional
        Makes the object that its address names.
    form : mapping
        What is sent where it takes a form, so that nothing but the permission can refuse it.
    ends_session : bool
        Whether whoever uses it is signed out.
    """

    reach: Mapping[Role, Reach]
    of: Making | None = None
    form: Mapping[str, Any] = field(default_factory=dict)
    ends_session: bool = False


def row(
    *everything: Role,
    of: Making | None = None,
    form: Mapping[str, Any] | None = None,
    ends_session: bool = False,
    **reach: Reach,
) -> Row:
    """Declare a row: roles that see everything there, and ``role=Reach.…`` for those that see their own.

    >>> row(*Role)  # a page without an object that every role may open
    >>> row(planner=Reach.REGION, of=a_run)
    """
    named = {Role(name): given for name, given in reach.items()}
    return Row({**dict.fromkeys(everything, Reach.ALL), **named}, of, form or {}, ends_session)


OPEN = frozenset({"static", "health.show", "sign_in.show", "sign_in.enter"})
"""Endpoints for everybody, signed in or not."""

FRAME = {
    "start.show": row(*Role),
    "sign_in.next_step": row(*Role),
    "sign_in.code": row(*Role),
    "sign_in.new_password": row(*Role),
    "sign_in.enrol": row(*Role),
    "sign_in.confirm": row(*Role),
    "sign_in.stay": row(*Role),
    "sign_in.leave": row(*Role, ends_session=True),
}


def a_region_of(world: World, side: Side) -> Mapping[str, str]:
    """The region of a side."""
    return {"region_id": side.region_id}


def an_actor(world: World, side: Side) -> Mapping[str, str]:
    """The provider of a side, by its key in the partner files."""
    with world.unit() as uow:
        key = uow.get(t.organisation, side.provider_id)["key"]
    return {"region_id": side.region_id, "key": key}


def a_row_of_an_actor(world: World, side: Side) -> Mapping[str, str]:
    """The row of the provider of a side itself."""
    return {**an_actor(world, side), "table": "actors", "id": side.provider_id}


def a_cooperation(world: World, side: Side) -> Mapping[str, str]:
    """A new cooperation of the provider of a side."""
    with world.unit() as uow:
        other = an_organisation(uow, side.region_id, world.next_name())
        ends = {"from_organisation_id": side.provider_id, "to_organisation_id": other}
        origin = {"agreement": "", "source": "", "illustrative": True}
        id = uow.insert(t.cooperation, region_id=side.region_id, kind="refers", **ends, **origin)
        described(uow).commit()
    return {**an_actor(world, side), "table": "cooperation", "id": id}


def a_table_of_an_actor(world: World, side: Side) -> Mapping[str, str]:
    """A table of the provider of a side, for a new row."""
    return {**an_actor(world, side), "table": "offerings"}


OF_THE_PARTNER = {Role.COORDINATOR: Reach.REGION, Role.PROVIDER: Reach.ORGANISATION}
"""The provider keeps its own rows, the coordinator those of the region."""

EVERYBODY = dict.fromkeys(Role, Reach.REGION)
"""Every role sees what belongs to its region."""

NETWORK = {
    "network.regions": row(*Role),
    "network.show": Row(EVERYBODY, of=a_region_of),
    "network.actor": Row(EVERYBODY, of=an_actor),
    "network.edit": Row(OF_THE_PARTNER, of=a_row_of_an_actor),
    "network.save": Row(OF_THE_PARTNER, of=a_row_of_an_actor),
    "network.confirm": Row(OF_THE_PARTNER, of=a_row_of_an_actor),
    "network.end": row(coordinator=Reach.REGION, of=a_cooperation),
    "network.new": Row(OF_THE_PARTNER, of=a_table_of_an_actor),
    "network.add": Row(OF_THE_PARTNER, of=a_table_of_an_actor),
}


def a_person_of(world: World, side: Side) -> Mapping[str, str]:
    """Somebody whom the office of a side looks after."""
    with world.unit() as uow:
        person_id = a_person(uow, side.region_id, side.office_id)
        a_plan(uow, side.region_id, side.office_id, person_id)
        described(uow).commit()
    return {"person_id": person_id}


OWN_OFFICE = {Role.COUNSELLOR: Reach.ORGANISATION}
"""Only counsellors, and only what their office looks after."""

PEOPLE = {
    "people.show": row(Role.COUNSELLOR),
    "people.search": row(Role.COUNSELLOR, form={"name": "Mina Muster", "birth_on": "1990-01-01"}),
    "people.new": row(Role.COUNSELLOR),
    "cases.show": Row(OWN_OFFICE, of=a_person_of),
}

ROWS: Mapping[str, Row] = {**FRAME, **PEOPLE, **NETWORK}
