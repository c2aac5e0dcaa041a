"""A world with two regions for asking every page as every role: own, neighbouring and foreign objects."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import pyotp
from flask import Flask

from plans.roles import Role
from store.unit_of_work import Store, UnitOfWork
from tests.store.builders import a_region, a_unit, an_organisation, described
from tests.web.desk.visitors import Visitor
from tests.workflows.access.builders import PASSWORD, Clock, an_account
from tests.workflows.desks import REGION
from workflows.access.own_account import confirm_second_factor, enrol_second_factor
from workflows.access.sessions import Stage
from workflows.access.sign_in import sign_in


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
    clock: Clock
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

    def account(self, role: Role, side: Side, name: str = "") -> tuple[str, str]:
        """An account with a role on a side: id and name for signing in."""
        organisation = {Role.COUNSELLOR: side.office_id, Role.PROVIDER: side.provider_id}.get(role)
        name = name or f"{role}-{self.next_name()}"
        return an_account(self.store, name, role, side.region_id, organisation), name

    def _signed_in(self, role: Role) -> Visitor:
        visitor = Visitor(self.app.test_client())
        visitor.account_id, name = self.account(role, self.own)
        begun = sign_in(self.store, name, PASSWORD)
        if begun.stage is Stage.ENROL:
            secret = enrol_second_factor(self.store, begun.token, PASSWORD).secret
            begun = confirm_second_factor(self.store, begun.token, pyotp.TOTP(secret).at(self.clock()))
        visitor.client.set_cookie("sitzung", begun.token)
        return visitor


def a_world(store: Store, app: Flask, clock: Clock) -> World:
    """Two regions; in the first one two offices and two providers."""
    with a_unit(store) as uow:
        a_region(uow, REGION)
        a_region(uow, "nachbarkreis")
        own, neighbour = _side(uow, REGION, "a"), _side(uow, REGION, "b")
        elsewhere = _side(uow, "nachbarkreis", "a")
        described(uow).commit()
    return World(store, app, clock, own, neighbour, elsewhere)


def _side(uow: UnitOfWork, region_id: str, key: str) -> Side:
    office = an_organisation(uow, region_id, f"office-{key}", name="Stadt Musterstadt", type="municipality")
    return Side(region_id, office, an_organisation(uow, region_id, f"vhs-{key}"))
