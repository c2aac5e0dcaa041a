"""A world with two regions for asking every page as every role: own, neighbouring and foreign objects."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from flask import Flask

from plans.roles import Role
from store.unit_of_work import Store, UnitOfWork
from tests.store.builders import a_region, a_unit, an_organisation, described
from tests.web.desk.sessions import a_signed_in_account
from tests.web.desk.visitors import Visitor
from tests.workflows.desks import REGION


@dataclass(frozen=True)
class Side:
    """Seite: one region with one office and one provider."""

    region_id: str
    office_id: str
    provider_id: str


@dataclass
class World:
    """Welt: where the roles work (`own`), others of the same region, and another region."""

    store: Store
    app: Flask
    own: Side
    neighbour: Side
    elsewhere: Side
    _visitors: dict[Role, Visitor] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def unit(self) -> UnitOfWork:
        """A unit of work for builders; commit with ``described(uow).commit()``."""
        return a_unit(self.store)

    def next_name(self) -> str:
        """A name that no other object has."""
        return f"n{next(self._numbers)}"

    def visitor(self, role: Role, fresh: bool = False) -> Visitor:
        """Somebody with a role at the own side, signed in; the same one unless it is to be fresh."""
        if fresh or role not in self._visitors:
            self._visitors[role] = self._signed_in(role)
        return self._visitors[role]

    def _signed_in(self, role: Role) -> Visitor:
        visitor = Visitor(self.app.test_client())
        organisation = {Role.COUNSELLOR: self.own.office_id, Role.PROVIDER: self.own.provider_id}.get(role)
        name = f"{role}-{self.next_name()}"
        visitor.account_id, token = a_signed_in_account(
            self.store, role, name, region=self.own.region_id, organisation=organisation
        )
        visitor.client.set_cookie("sitzung", token)
        return visitor


def a_world(store: Store, app: Flask) -> World:
    """Two regions; in the first one two offices and two providers."""
    with a_unit(store) as uow:
        a_region(uow, REGION)
        a_region(uow, "nachbarkreis")
        own, neighbour = _side(uow, REGION, "a"), _side(uow, REGION, "b")
        elsewhere = _side(uow, "nachbarkreis", "a")
        described(uow).commit()
    return World(store, app, own, neighbour, elsewhere)


def _side(uow: UnitOfWork, region_id: str, key: str) -> Side:
    office = an_organisation(uow, region_id, f"office-{key}", name="Stadt Musterstadt", type="municipality")
    return Side(region_id, office, an_organisation(uow, region_id, f"vhs-{key}"))
