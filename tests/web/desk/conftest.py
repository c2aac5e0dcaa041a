"""A desk over a fresh store with one office, one provider and an account of each role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask
from flask.testing import FlaskClient

from plans.roles import Role
from store.secrets import KeyRing
from store.unit_of_work import Store
from tests.databases import *  # noqa: F403
from tests.databases import quick_engine
from tests.web.desk.counselling import Counsel, a_counsel
from tests.web.desk.sessions import a_signed_in_account
from tests.web.desk.visitors import Visitor
from tests.workflows.access.builders import START, Clock, a_town, with_clock
from web.desk.app import create_desk
from workflows.desk_store import form_key


@dataclass
class Office:
    """What a test of the desk works with."""

    store: Store
    clock: Clock
    app: Flask
    organisation_id: str
    provider_id: str
    visitors: list[FlaskClient] = field(default_factory=list)

    def visitor(self) -> Visitor:
        """A browser that has not been here before."""
        return Visitor(self.app.test_client())

    def signed_in(self, role: Role = Role.COUNSELLOR) -> Visitor:
        """A browser in which somebody with this role is signed in."""
        visitor = self.visitor()
        organisation = {Role.COUNSELLOR: self.organisation_id, Role.PROVIDER: self.provider_id}.get(role)
        visitor.account_id, token = a_signed_in_account(
            self.store, role, f"{role}-1", organisation=organisation
        )
        visitor.client.set_cookie("sitzung", token)
        return visitor


@pytest.fixture
def office(make_url) -> Iterator[Office]:
    """A desk on SQLite; what depends on the database is tested with the workflows, on both."""
    engine = quick_engine(make_url("sqlite"))
    clock = Clock(START)
    store = with_clock(Store(engine, KeyRing.make()), clock)
    organisation_id, provider_id = a_town(store)
    app = create_desk(store, secret_key=form_key(store), hosts=["localhost"], is_secure=False)
    app.testing = False
    yield Office(store, clock, app, organisation_id, provider_id)
    engine.dispose()


@pytest.fixture
def anna(office: Office) -> Visitor:
    """A counsellor's browser."""
    return office.signed_in()


@pytest.fixture
def counsel(office: Office, anna: Visitor) -> Counsel:
    """Her office with one person in the middle of the way."""
    return a_counsel(office.store, anna.account_id, office.organisation_id, office.provider_id)
