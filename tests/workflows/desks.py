"""Builders of desks: who asks, with which role, in the fictional region."""

from __future__ import annotations

from plans.roles import Grant, Role
from store.unit_of_work import Store
from workflows.acting import COMMAND_LINE, Caller, Desk

REGION = "musterkreis"


def a_caller(role: Role, account_id: str, organisation_id: str | None = None, region: str = REGION) -> Caller:
    """Somebody with one role; the account need not exist, since audit entries refer to nothing."""
    return Caller("Muster, Anna", account_id, (Grant(role, account_id, region, organisation_id),))


def the_machine(store: Store) -> Desk:
    """The command line of the machine: may do everything."""
    return Desk(store, COMMAND_LINE)
