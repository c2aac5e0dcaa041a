"""Accounts, roles, regions, rules, and what operations note."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from network.actors import ActorType
from plans.roles import Role
from store import tables as t
from store.unit_of_work import ReadingUnit, Store
from tests.reliability.interrupting import Fresh, Life, call
from tests.reliability.whole_stores import RULE
from tests.store.builders import a_unit, described
from tests.workflows.desks import REGION, a_caller, the_machine
from workflows.access.accounts import (
    NewAccount,
    deactivate_account,
    open_account,
    reactivate_account,
    replace_password,
    reset_second_factor,
)
from workflows.access.invitations import open_partner_account
from workflows.access.regions import create_organisation, create_region
from workflows.access.roles import grant_role, revoke_role
from workflows.access.rule_sets import load_rule_file
from workflows.acting import Desk
from workflows.operations import note_backup, note_restore

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def of_accounts(fresh: Fresh) -> Life:
    """The first days of an installation."""
    store = replace(fresh(), now=lambda: NOON)
    desk = the_machine(store)
    yield call(create_region, desk, REGION, "Musterkreis", "Sample County", fictional=True)
    place = {"place_name": "Musterstadt", "lat": 51.5, "lon": 7.4, "source": "Muster"}
    vhs = ("vhs", "VHS Musterstadt", ActorType("course-provider"))
    provider = yield call(create_organisation, desk, REGION, *vhs, **place)
    cora = yield call(open_account, desk, NewAccount("cora", "Cora Muster", Role.COORDINATOR, REGION))
    coordinator = Desk(store, a_caller(Role.COORDINATOR, cora))
    yield call(open_partner_account, coordinator, provider, "vera", "Vera Muster", "de", "a hash")
    id = yield call(open_account, desk, NewAccount("anna", "Anna Muster", Role.PLANNER, REGION), "a hash")
    grant = yield call(grant_role, desk, id, Role.COORDINATOR, REGION)
    yield call(revoke_role, desk, grant, _version(store, t.role_grant, grant))
    yield call(replace_password, desk, id, _version(store, t.account, id), "another hash")
    with a_unit(store) as uow:
        uow.change(t.account, id, uow.get(t.account, id)["version"], totp_secret="MUSTER")
        described(uow).commit()
    for change in (reset_second_factor, deactivate_account, reactivate_account):
        yield call(change, desk, id, _version(store, t.account, id))
    yield call(load_rule_file, desk, RULE, "office.toml", REGION, date(2026, 4, 1), "Beschluss 12")
    yield call(note_backup, desk, "muster.backup")
    yield call(note_restore, desk, "muster.backup", NOON.isoformat())


def _version(store: Store, table: t.Table, id: str) -> int:
    with ReadingUnit(store) as unit:
        return int(unit.get(table, id)["version"])
