"""Rollen vergeben und entziehen: who may do what from now on; a role that is lost ends every session."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from plans.actions import Action
from plans.roles import Grant, ObjectScope, Role
from store import tables as t
from store.faults import Missing
from store.unit_of_work import ReadingUnit, UnitOfWork
from workflows.access.sessions import end_sessions
from workflows.acting import Work, workflow
from workflows.refusal import Refusal


@workflow(Action.GRANT_ROLE)
def grant_role(
    work: Work,
    account_id: str,
    role: Role,
    region_id: str | None = None,
    organisation_id: str | None = None,
) -> str:
    """Rolle vergeben: give an account a role in an organisation, a region, or the whole installation.

    Nobody gives a role to themselves: an administrator would read files that are none of an administrator's.

    Returns
    -------
    str
        Id of the grant.

    Raises
    ------
    PlanFault
        Where the role needs a region or an organisation.
    Refusal
        Where it is the own account, the account is deactivated, or holds this role already.
    Missing
        Where there is no such account, region, or organisation of the region.
    """
    work.allow_new(ObjectScope(region_id, organisation_id))
    account = work.unit.get(t.account, account_id)
    refuse_own(work, account_id)
    if not account["is_active"]:
        raise Refusal("account-deactivated")
    id = add_grant(work, account_id, role, region_id, organisation_id)
    facts = {"account_id": account_id, "role": role, "organisation_id": organisation_id}
    work.record("role_grant", id, region_id, **facts)
    return id


@workflow(Action.REVOKE_ROLE)
def revoke_role(work: Work, grant_id: str, version: int) -> str:
    """Rolle entziehen: the role no longer holds, and all sessions of the account end.

    Returns
    -------
    str
        The account.

    Raises
    ------
    Refusal
        Where it was revoked before.
    """
    grant = work.unit.get(t.role_grant, grant_id)
    work.allow(ObjectScope(grant["region_id"], grant["organisation_id"]), t.role_grant, grant_id)
    if grant["revoked_at"] is not None:
        raise Refusal("role-revoked")
    work.unit.change(t.role_grant, grant_id, version, revoked_at=work.now, revoked_by=work.caller.account_id)
    end_sessions(work.unit, grant["account_id"])
    facts = {"account_id": grant["account_id"], "role": grant["role"]}
    work.record("role_grant", grant_id, grant["region_id"], **facts)
    return str(grant["account_id"])


def add_grant(
    work: Work, account_id: str, role: Role, region_id: str | None, organisation_id: str | None
) -> str:
    """Insert a grant that can be: the role has what it needs, and the organisation is of the region."""
    Grant(role, account_id, region_id, organisation_id)
    if region_id is not None:
        work.unit.get(t.region, region_id)
    if organisation_id is not None:
        organisation = work.unit.get(t.organisation, organisation_id)
        if organisation["region_id"] != region_id:
            raise Missing("missing", table=t.organisation.name, id=organisation_id)
    same = {"role": role, "region_id": region_id, "organisation_id": organisation_id, "revoked_at": None}
    if work.unit.count(t.role_grant, account_id=account_id, **same):
        raise Refusal("role-held")
    return work.unit.insert(t.role_grant, account_id=account_id, granted_by=work.caller.account_id, **same)


def refuse_own(work: Work, account_id: str) -> None:
    """Refuse what nobody may do with the own account."""
    if work.caller.account_id == account_id:
        raise Refusal("own-account")


def scopes_of_account(unit: ReadingUnit | UnitOfWork, account_id: str) -> tuple[ObjectScope, ...]:
    """Return where an account belongs: wherever it holds a role; where it holds none, wherever it held one.

    Whoever manages it must reach all of them: an administrator of one region cannot take over somebody who
    also works in another one or administers the installation.
    """
    rows = unit.find(t.role_grant, account_id=account_id)
    counted = [row for row in rows if row["revoked_at"] is None] or rows
    return _scopes(counted) or (ObjectScope(),)


def allow_account(work: Work, account_id: str) -> dict[str, Any]:
    """Return an account's row if the caller may do this with all that it belongs to.

    Raises
    ------
    Missing
        Where not: the same as if it were not there.
    """
    found = work.unit.find(t.account, id=account_id)
    if not found:
        work.allow(ObjectScope(), t.account, account_id)
        raise Missing("missing", table=t.account.name, id=account_id)
    for scope in scopes_of_account(work.unit, account_id):
        work.allow(scope, t.account, account_id)
    return found[0]


def _scopes(rows: Iterable[dict[str, Any]]) -> tuple[ObjectScope, ...]:
    pairs = {(row["region_id"], row["organisation_id"]) for row in rows}
    ordered = sorted(pairs, key=lambda pair: (pair[0] or "", pair[1] or ""))
    return tuple(ObjectScope(region_id, organisation_id) for region_id, organisation_id in ordered)
