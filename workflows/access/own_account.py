"""Eigenes Konto: what signed-in persons change of their own account: password and second factor."""

from __future__ import annotations

from typing import Any

from store import attempts
from store import tables as t
from store.unit_of_work import Store, UnitOfWork
from workflows.access import passwords
from workflows.access.second_factor import Enrolment, matching_step, new_enrolment
from workflows.access.sessions import (
    NotSignedIn,
    SignedIn,
    Stage,
    Visit,
    begin_session,
    end_sessions,
    is_locked,
    read_visit,
    visit_of,
)
from workflows.access.sign_in import check_password_again, count_failure
from workflows.refusal import Refusal


def change_password(store: Store, token: str, old: str, new: str) -> SignedIn:
    """Passwort ändern: set a new password; every session of the account ends, this one gets a new token.

    Raises
    ------
    NotSignedIn
        Where the old one is wrong (the failure counts), or the session is over.
    Unfinished
        Where the code of the second factor is still missing.
    Refusal
        Where the new one is too short, too common, holds a name of the account, or is the old one.
    """
    visit = visit_of(store, token)
    visit.need(Stage.READY, Stage.NEW_PASSWORD, Stage.ENROL)
    check_password_again(store, visit, old)
    passwords.check_new(new, names_of(visit.account), visit.rules.password_characters)
    if new == old:
        raise Refusal("password-same")
    values = {"password_hash": passwords.hashed(new), "password_expires_at": None}
    with UnitOfWork(store, actor=visit.agent, purpose="change the own password") as unit:
        signed_in = _change(unit, token, visit, {**values, "password_changed_at": unit.now})
        unit.describe("change-password", "account", visit.account_id)
        unit.commit()
    return signed_in


def enrol_second_factor(store: Store, token: str, password: str) -> Enrolment:
    """Zweiten Faktor einrichten: get a new secret; it counts once `confirm_second_factor` saw a code.

    Raises
    ------
    NotSignedIn
        Where the password is wrong (the failure counts), or the session is over.
    Unfinished
        Where something else comes first.
    Refusal
        Where there is one already: an administrator has to reset it first.
    """
    visit = visit_of(store, token)
    visit.need(Stage.READY, Stage.ENROL)
    check_password_again(store, visit, password)
    enrolment = new_enrolment(visit.account["login_name"])
    with UnitOfWork(store, actor=visit.agent, purpose="enrol a second factor") as unit:
        account = _held(unit, token, visit)
        if account["totp_last_step"] is not None:
            raise Refusal("second-factor-there")
        unit.change(t.account, account["id"], account["version"], totp_secret=enrolment.secret)
        unit.describe("enrol-second-factor", "account", account["id"])
        unit.commit()
    return enrolment


def confirm_second_factor(store: Store, token: str, code: str) -> SignedIn:
    """Zweiten Faktor bestätigen: the first code shows that the app works; from now on it is asked for.

    Returns
    -------
    SignedIn
        This session goes on with a new token; all others end.

    Raises
    ------
    NotSignedIn
        Where the code is wrong; the failure counts.
    Refusal
        Where there is no secret that waits for its first code.
    """
    visit = visit_of(store, token)
    visit.need(Stage.READY, Stage.ENROL)
    with UnitOfWork(store, actor=visit.agent, purpose="confirm a second factor") as unit:
        account = _held(unit, token, visit)
        if account["totp_secret"] is None or account["totp_last_step"] is not None:
            raise Refusal("no-enrolment")
        step = matching_step(account["totp_secret"], code, unit.now)
        if step is None or not attempts.use_code(unit, account["id"], step):
            count_failure(unit, account, visit.rules, "wrong-code")
            signed_in = None
        else:
            signed_in = _renewed(unit, visit, code_given=True)
            unit.describe("confirm-second-factor", "account", account["id"])
        unit.commit()
    if signed_in is None:
        raise NotSignedIn("sign-in-failed")
    return signed_in


def names_of(account: dict[str, Any]) -> tuple[str, str]:
    """Names that may not be part of the account's password."""
    return account["login_name"], account["display_name"]


def _held(unit: UnitOfWork, token: str, visit: Visit) -> dict[str, Any]:
    """The account as it stands now, with nobody else at it; refused where it was locked meanwhile."""
    attempts.hold(unit, visit.account_id)
    account = read_visit(unit, token, unit.now).account
    if is_locked(account, unit.now):
        raise NotSignedIn("sign-in-failed")
    return account


def _change(unit: UnitOfWork, token: str, visit: Visit, values: dict[str, Any]) -> SignedIn:
    account = _held(unit, token, visit)
    if account["password_hash"] != visit.account["password_hash"]:
        raise NotSignedIn("session-over")
    unit.change(t.account, account["id"], account["version"], **values)
    code_given = unit.get(t.session, visit.session_id)["second_factor_at"] is not None
    return _renewed(unit, visit, code_given=code_given)


def _renewed(unit: UnitOfWork, visit: Visit, *, code_given: bool) -> SignedIn:
    """End every session of the account and begin a new one in the place of this."""
    end_sessions(unit, visit.account_id)
    account = unit.get(t.account, visit.account_id)
    return begin_session(unit, account, visit.grants, visit.rules, code_given=code_given)
