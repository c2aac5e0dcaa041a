"""Builders: a fictional region, accounts with roles, a clock that is turned by hand, codes of an app."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyotp
import sqlalchemy as sa

from plans.roles import Role
from store import tables as t
from store.unit_of_work import ReadingUnit
from tests.store.builders import a_region, a_unit, an_organisation, described
from tests.workflows.desks import REGION, the_machine
from workflows.access.accounts import NewAccount, create_account, list_accounts
from workflows.access.own_account import confirm_second_factor, enrol_second_factor
from workflows.access.sessions import caller_of
from workflows.access.sign_in import give_code, sign_in
from workflows.acting import Desk

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PASSWORD = "Regen fällt auf das Wellblechdach"
NEW_PASSWORD = "Drei Eulen fliegen nach Süden"


class Clock:
    """A clock that stands still until it is turned."""

    def __init__(self, at):
        self.at = at

    def __call__(self):
        return self.at

    def forward(self, **by):
        self.at += timedelta(**by)


def with_clock(store, clock):
    return replace(store, now=clock)


def a_town(store, region=REGION):
    """A region with an office and a provider; returns their ids."""
    with a_unit(store) as uow:
        a_region(uow, region)
        office = an_organisation(uow, region, "office", name="Stadt Musterstadt", type="municipality")
        provider = an_organisation(uow, region, "vhs")
        described(uow).commit()
    return office, provider


def an_account(
    store, name="anna", role=Role.PLANNER, region=REGION, organisation=None, password=PASSWORD, by=None
):
    new = NewAccount(name, f"{name.title()} Muster", role, region, organisation)
    return create_account(by or the_machine(store), new, password)


def account(store, id):
    return next(row for row in list_accounts(the_machine(store)) if row["account_id"] == id)


def version_of(store, id):
    return account(store, id)["version"]


def code_at(secret, clock, **by):
    return pyotp.TOTP(secret).at(clock() + timedelta(**by))


def with_second_factor(store, clock, name, password=PASSWORD):
    """Enrol; returns the secret and the token of the session that goes on."""
    signed_in = sign_in(store, name, password)
    enrolment = enrol_second_factor(store, signed_in.token, password)
    done = confirm_second_factor(store, signed_in.token, code_at(enrolment.secret, clock))
    return enrolment.secret, done.token


def signed_in_with_code(store, clock, name, secret, password=PASSWORD):
    return give_code(store, sign_in(store, name, password).token, code_at(secret, clock)).token


def a_desk(store, clock, role, *, name=None, region=REGION, organisation=None):
    """The desk of somebody with one role who signed in just now."""
    name = name or f"{role}-{region or 'all'}"
    an_account(store, name, role, region, organisation)
    token = sign_in(store, name, PASSWORD).token
    if role in (Role.ADMINISTRATOR, Role.AUDITOR, Role.COORDINATOR):
        enrolment = enrol_second_factor(store, token, PASSWORD)
        token = confirm_second_factor(store, token, code_at(enrolment.secret, clock)).token
    return Desk(store, caller_of(store, token))


def entries(store):
    """Actions of the audit with their details, oldest first."""
    with ReadingUnit(store) as unit:
        rows = unit.connection.execute(sa.select(t.audit_entry).order_by("sequence")).all()
    return [(row.action, row.object_id, json.loads(row.details)) for row in rows]
