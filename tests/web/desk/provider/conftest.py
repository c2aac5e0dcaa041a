"""A provider at its desk, with one referral that waits for an answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from plans.roles import Role
from store.secrets import KeyRing
from store.unit_of_work import Store
from tests.databases import quick_engine
from tests.web.desk.sessions import a_signed_in_account
from tests.web.desk.visitors import Visitor
from tests.workflows.referrals.towns import Town, a_town
from web.desk.app import create_desk
from workflows.desk_store import form_key
from workflows.referrals.office import draft_referral, request_seat


@dataclass
class Provider:
    """The town, its provider's browser, and the referral."""

    town: Town
    visitor: Visitor
    referral_id: str


@pytest.fixture
def provider(make_url) -> Iterator[Provider]:
    engine = quick_engine(make_url("sqlite"))
    town = a_town(Store(engine, KeyRing.make()), minimum=1)
    town.with_consent()
    drafted = draft_referral(town.anna, town.need, town.slot)
    sent = request_seat(town.anna, drafted["referral_id"], drafted["version"])
    app = create_desk(town.store, secret_key=form_key(town.store), hosts=["localhost"], is_secure=False)
    visitor = Visitor(app.test_client())
    visitor.account_id, token = a_signed_in_account(
        town.store, Role.PROVIDER, "anbieter", organisation=town.vhs
    )
    visitor.client.set_cookie("sitzung", token)
    yield Provider(town, visitor, sent["referral_id"])
    engine.dispose()
