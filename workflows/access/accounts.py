"""Konten: create, list, deactivate, and let in again those who lost password or second factor."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from plans.actions import Action
from plans.roles import ObjectScope, Role
from store import attempts
from store import tables as t
from store.unit_of_work import ReadingUnit
from workflows.access import passwords
from workflows.access.roles import add_grant, allow_account, refuse_own
from workflows.access.sessions import access_rules, end_sessions, is_locked
from workflows.acting import Desk, Look, Work, question, workflow
from workflows.refusal import Refusal
from workflows.wording import LANGUAGES

LOGIN_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{2,63}")
"""Names for signing in: 3 to 64 small letters, digits and ``. _ @ + -``."""

LONGEST_NAME_CHARACTERS = 120


@dataclass(frozen=True)
class NewAccount:
    """Neues Konto: who it is for, and the first role; an account without a role could do nothing.

    Parameters
    ----------
    login_name : str
        Name for signing in; capitals do not matter.
    display_name : str
        Name for people.
    role : Role
        First role.
    region_id, organisation_id : str or None
        Where the role holds.
    language : str
        ``de`` or ``en``.
    """

    login_name: str
    display_name: str
    role: Role
    region_id: str | None = None
    organisation_id: str | None = None
    language: str = "de"


def create_account(desk: Desk, new: NewAccount, password: str | None = None) -> str:
    """Konto anlegen: make an account with its first role.

    Parameters
    ----------
    desk : Desk
        From where.
    new : NewAccount
        Who it is for.
    password : str, optional
        Chosen by the person; without one, `reset_password` gives a temporary one.

    Returns
    -------
    str
        Id of the account.

    Raises
    ------
    Refusal
        Where a name or the password cannot be, or the name is taken.
    Missing
        Where there is no such region or organisation.
    """
    if password is None:
        return open_account(desk, new)
    with ReadingUnit(desk.store) as unit:
        rules = access_rules(unit, desk.store.now())
    passwords.check_new(password, (new.login_name, new.display_name), rules.password_characters)
    return open_account(desk, new, passwords.hashed(password))


@workflow(Action.CREATE_ACCOUNT)
def open_account(work: Work, new: NewAccount, password_hash: str | None = None) -> str:
    """Konto eröffnen: what `create_account` does once the password is hashed."""
    work.allow_new(ObjectScope(new.region_id, new.organisation_id))
    id = add_account(work, new, password_hash)
    work.record("account", id, new.region_id, role=new.role, organisation_id=new.organisation_id)
    return id


def add_account(
    work: Work, new: NewAccount, password_hash: str | None, expires_at: datetime | None = None
) -> str:
    """Insert an account that can be, and its first role; `expires_at` marks a temporary password."""
    login_name, display_name = new.login_name.strip().casefold(), " ".join(new.display_name.split())
    if not LOGIN_NAME.fullmatch(login_name):
        raise Refusal("bad-login-name")
    if not 0 < len(display_name) <= LONGEST_NAME_CHARACTERS or not display_name.isprintable():
        raise Refusal("bad-display-name", most=LONGEST_NAME_CHARACTERS)
    if new.language not in LANGUAGES:
        raise Refusal("bad-language", known=", ".join(LANGUAGES))
    if work.unit.count(t.account, login_name=login_name):
        raise Refusal("name-taken")
    id = work.unit.insert(
        t.account,
        login_name=login_name,
        display_name=display_name,
        language=new.language,
        password_hash=password_hash,
        password_changed_at=work.now if password_hash else None,
        password_expires_at=expires_at,
        failed_attempts=0,
        is_active=True,
    )
    add_grant(work, id, new.role, new.region_id, new.organisation_id)
    return id


def temporary_until(work: Work) -> datetime:
    """Until when a temporary password given now can be used."""
    return work.now + access_rules(work.unit, work.now).temporary_for


def reset_password(desk: Desk, account_id: str, version: int) -> str:
    """Passwort zurücksetzen: give an account a temporary password, to be changed at the first sign-in.

    All its sessions end, and a lock after failed attempts is lifted; the second factor stays.

    Returns
    -------
    str
        The temporary password, shown once.

    Raises
    ------
    Missing, Refusal, Stale
        See `replace_password`.
    """
    temporary = passwords.temporary()
    replace_password(desk, account_id, version, passwords.hashed(temporary))
    return temporary


@workflow(Action.RESET_PASSWORD)
def replace_password(work: Work, account_id: str, version: int, password_hash: str) -> str:
    """Vorläufiges Passwort setzen: what `reset_password` does once the new one is hashed.

    Raises
    ------
    Missing
        Where the caller does not reach all that the account belongs to.
    Refusal
        Where it is the own account.
    """
    allow_account(work, account_id)
    refuse_own(work, account_id)
    expires_at = temporary_until(work)
    values = {"password_hash": password_hash, "password_expires_at": expires_at}
    work.unit.change(t.account, account_id, version, password_changed_at=work.now, **values)
    attempts.passed(work.unit, account_id)
    end_sessions(work.unit, account_id)
    work.record("account", account_id, None, expires_at=expires_at)
    return account_id


@workflow(Action.RESET_SECOND_FACTOR)
def reset_second_factor(work: Work, account_id: str, version: int) -> str:
    """Zweiten Faktor zurücksetzen: for a lost phone; all sessions end, the next sign-in enrols anew.

    Whoever does it makes sure first who is asking (OWASP ASVS 5.0, 6.4.4).

    Raises
    ------
    Missing
        Where the caller does not reach all that the account belongs to.
    Refusal
        Where it is the own account, or there is none.
    """
    account = allow_account(work, account_id)
    refuse_own(work, account_id)
    if account["totp_secret"] is None:
        raise Refusal("no-second-factor")
    work.unit.change(t.account, account_id, version, totp_secret=None, totp_last_step=None)
    end_sessions(work.unit, account_id)
    work.record("account", account_id, None)
    return account_id


@workflow(Action.DEACTIVATE_ACCOUNT)
def deactivate_account(work: Work, account_id: str, version: int) -> str:
    """Konto stilllegen: nobody can sign in to it any more, and all its sessions end.

    Raises
    ------
    Missing
        Where the caller does not reach all that the account belongs to.
    Refusal
        Where it is the own account, or deactivated already.
    """
    account = allow_account(work, account_id)
    refuse_own(work, account_id)
    if not account["is_active"]:
        raise Refusal("account-deactivated")
    work.unit.change(t.account, account_id, version, is_active=False)
    end_sessions(work.unit, account_id)
    work.record("account", account_id, None)
    return account_id


@workflow(Action.CREATE_ACCOUNT)
def reactivate_account(work: Work, account_id: str, version: int) -> str:
    """Konto wieder öffnen: with the roles that were not revoked and the password that it had.

    Raises
    ------
    Missing
        Where the caller does not reach all that the account belongs to.
    Refusal
        Where it is not deactivated.
    """
    account = allow_account(work, account_id)
    if account["is_active"]:
        raise Refusal("account-active")
    work.unit.change(t.account, account_id, version, is_active=True)
    work.record("account", account_id, None)
    return account_id


@question(Action.READ_ACCOUNTS)
def list_accounts(look: Look) -> list[dict[str, Any]]:
    """Konten auflisten: every account that holds or held a role where the caller reaches, by name.

    Returns
    -------
    list of dict
        ``account_id``, ``login_name``, ``display_name``, ``language``, ``is_active``, ``is_locked``,
        ``has_password``, ``has_second_factor``, ``version``, and ``roles``: those that hold now and that the
        caller reaches, each with ``grant_id``, ``role``, ``region_id``, ``organisation_id``, ``version``.
    """
    regions = {grant.region_id if grant else None for _, grant in look.reach()}
    grants: dict[str, list[dict[str, Any]]] = {}
    everywhere = None in regions
    for row in look.unit.find(t.role_grant):
        if everywhere or row["region_id"] in regions:
            grants.setdefault(row["account_id"], []).append(row)
    accounts = [row for row in look.unit.find(t.account) if everywhere or row["id"] in grants]
    accounts.sort(key=lambda row: (row["display_name"].casefold(), row["login_name"]))
    return [_shown(row, grants.get(row["id"], []), look) for row in accounts]


def account_named(desk: Desk, login_name: str) -> dict[str, Any]:
    """Return an account of `list_accounts` by its name for signing in.

    Raises
    ------
    Refusal
        Where the caller reaches none of this name.
    """
    wanted = login_name.strip().casefold()
    for row in list_accounts(desk):
        if row["login_name"] == wanted:
            return row
    raise Refusal("no-such-name", name=login_name)


def _shown(account: dict[str, Any], grants: list[dict[str, Any]], look: Look) -> dict[str, Any]:
    return {
        "account_id": account["id"],
        "login_name": account["login_name"],
        "display_name": account["display_name"],
        "language": account["language"],
        "is_active": account["is_active"],
        "is_locked": is_locked(account, look.now),
        "has_password": account["password_hash"] is not None,
        "has_second_factor": account["totp_last_step"] is not None,
        "version": account["version"],
        "roles": [
            {
                "grant_id": row["id"],
                "role": row["role"].value,
                "region_id": row["region_id"],
                "organisation_id": row["organisation_id"],
                "version": row["version"],
            }
            for row in grants
            if row["revoked_at"] is None
        ],
    }
