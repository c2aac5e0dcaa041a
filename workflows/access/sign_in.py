"""Anmeldung: a password, then the code of the second factor where the account has one.

Whoever fails gets the same answer after the same work, whether the name is known or not, the account locked
or not. Hashing happens outside of any transaction; what counts is read again inside, with the account held.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from plans.roles import Grant
from store import attempts
from store import tables as t
from store.unit_of_work import Agent, ReadingUnit, Store, UnitOfWork
from workflows.access import passwords
from workflows.access.accounts import LOGIN_NAME
from workflows.access.second_factor import matching_step
from workflows.access.sessions import (
    NotSignedIn,
    SignedIn,
    Stage,
    Visit,
    access_rules,
    begin_session,
    forget_ended,
    grants_of,
    is_locked,
    read_visit,
    visit_of,
)
from workflows.access.settings import AccessRules

SOMEBODY = Agent("sign-in")
"""Who acts as long as nobody has proved who it is."""


def sign_in(store: Store, login_name: str, password: str) -> SignedIn:
    """Anmelden: check a name and a password, and begin a session.

    Parameters
    ----------
    store : Store
        What is remembered.
    login_name : str
        As typed; capitals and spaces around it do not matter.
    password : str
        As typed.

    Returns
    -------
    SignedIn
        With the token; its stage says whether a code, a new password or a second factor comes next.

    Raises
    ------
    NotSignedIn
        Where anything is wrong; the answer never says what. The audit does, and the failure counts.
    """
    name = login_name.strip().casefold()
    with ReadingUnit(store) as unit:
        found = unit.find(t.account, login_name=name) if LOGIN_NAME.fullmatch(name) else ()
    account = found[0] if found else None
    tried = account["password_hash"] if account else None
    fits = passwords.fits(tried, password)
    new_hash = passwords.hashed(password) if fits and passwords.is_outdated(tried or "") else None
    actor = Agent(account["display_name"], account["id"]) if account and fits else SOMEBODY
    with UnitOfWork(store, actor=actor, purpose="sign in") as unit:
        signed_in = _begin(unit, account, fits, tried, new_hash)
        unit.commit()
    if signed_in is None:
        raise NotSignedIn("sign-in-failed")
    return signed_in


def give_code(store: Store, token: str, code: str) -> SignedIn:
    """Code eingeben: finish a sign-in with the code of the second factor; the session gets a new token.

    Parameters
    ----------
    token : str
        Of a session whose stage is ``code``.
    code : str
        Six digits; spaces do not matter.

    Raises
    ------
    NotSignedIn
        Where the code is wrong, was used before, or the account is locked; the failure counts. Also where the
        session is over.
    Unfinished, Refusal
        Where no code is asked for.
    """
    visit = visit_of(store, token)
    visit.need(Stage.CODE)
    with UnitOfWork(store, actor=visit.agent, purpose="sign in") as unit:
        attempts.hold(unit, visit.account_id)
        now_visit = read_visit(unit, token, unit.now)
        reason = _why_no_code(unit, now_visit, code)
        if reason:
            count_failure(unit, now_visit.account, now_visit.rules, reason)
        else:
            attempts.passed(unit, visit.account_id)
            unit.change(t.session, visit.session_id, ended_at=unit.now)
            signed_in = begin_session(
                unit, now_visit.account, now_visit.grants, now_visit.rules, code_given=True
            )
            unit.describe("sign-in", "account", visit.account_id, details={"next": signed_in.stage})
        unit.commit()
    if reason:
        raise NotSignedIn("sign-in-failed")
    return signed_in


def check_password_again(store: Store, visit: Visit, password: str) -> None:
    """Ask a signed-in person for the password once more, before something that others must not do.

    Raises
    ------
    NotSignedIn
        Where it is wrong, or the account is locked; the failure counts.
    """
    fits = passwords.fits(visit.account["password_hash"], password)
    if fits and not is_locked(visit.account, store.now()):
        return
    with UnitOfWork(store, actor=visit.agent, purpose="check the password") as unit:
        attempts.hold(unit, visit.account_id)
        account = unit.get(t.account, visit.account_id)
        count_failure(unit, account, visit.rules, "wrong-password" if not fits else "locked")
        unit.commit()
    raise NotSignedIn("sign-in-failed")


def _begin(
    unit: UnitOfWork, known: dict[str, Any] | None, fits: bool, tried: str | None, new_hash: str | None
) -> SignedIn | None:
    rules = access_rules(unit, unit.now)
    if known is None:
        unit.describe("sign-in-refused", "account", "unknown", details={"reason": "unknown-name"})
        return None
    attempts.hold(unit, known["id"])
    account = unit.get(t.account, known["id"])
    grants = grants_of(unit, known["id"])
    reason = _why_not(unit, account, grants, fits and account["password_hash"] == tried)
    if reason:
        count_failure(unit, account, rules, reason)
        return None
    if new_hash is not None:
        account = unit.change(t.account, account["id"], account["version"], password_hash=new_hash)
    if account["totp_last_step"] is None:
        attempts.passed(unit, account["id"])
    forget_ended(unit, account["id"])
    signed_in = begin_session(unit, account, grants, rules, code_given=False)
    unit.describe("sign-in", "account", account["id"], details={"next": signed_in.stage})
    return signed_in


def _why_not(unit: UnitOfWork, account: dict[str, Any], grants: Iterable[Grant], fits: bool) -> str:
    """The reason that the audit gets; empty where nothing is wrong."""
    expires_at = account["password_expires_at"]
    if is_locked(account, unit.now):
        return "locked"
    if not fits:
        return "wrong-password"
    if not account["is_active"]:
        return "deactivated"
    if not grants:
        return "no-role"
    return "password-expired" if expires_at is not None and expires_at <= unit.now else ""


def _why_no_code(unit: UnitOfWork, visit: Visit, code: str) -> str:
    if is_locked(visit.account, unit.now):
        return "locked"
    step = matching_step(visit.account["totp_secret"], code, unit.now)
    if step is None:
        return "wrong-code"
    return "" if attempts.use_code(unit, visit.account_id, step) else "code-used-before"


def count_failure(unit: UnitOfWork, account: dict[str, Any], rules: AccessRules, reason: str) -> None:
    """Count a failed proof and say so in the audit; no lock grows while it lasts."""
    details: dict[str, Any] = {"reason": reason}
    if reason != "locked":
        locked_until_at = attempts.failed(
            unit,
            account["id"],
            attempts=rules.lock_attempts,
            lock_minutes=rules.lock_minutes,
            longest_lock_minutes=rules.longest_lock_minutes,
        )
        if locked_until_at is not None:
            details["locked_until_at"] = locked_until_at
    unit.describe("sign-in-refused", "account", account["id"], details=details)
