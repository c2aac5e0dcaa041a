"""Sitzungen: who is signed in, how far the sign-in has come, and which roles hold at this request."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from plans.roles import Grant
from store import tables as t
from store.faults import Missing
from store.secrets import fingerprint
from store.sessions import seen
from store.unit_of_work import Agent, ReadingUnit, Store, UnitOfWork
from workflows.access.rule_sets import book_of
from workflows.access.settings import SIGN_IN_MINUTES, AccessRules
from workflows.acting import LOCAL_TIME, Caller
from workflows.refusal import Refusal

TOKEN_BYTES = 32
"""256 random bits (OWASP ASVS 5.0, 7.2.3, asks for 128)."""


class NotSignedIn(Refusal):
    """Nicht angemeldet: there is no such session, or it is over; or name, password or code are wrong."""


class Unfinished(Refusal):
    """Anmeldung unvollständig: the session may not be used yet; `stage` says what is missing.

    Parameters
    ----------
    stage : Stage
        What comes next.
    """

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        super().__init__(f"stage-{stage}")


class Stage(StrEnum):
    """Stand der Anmeldung: what comes next."""

    CODE = "code"
    NEW_PASSWORD = "new-password"
    ENROL = "enrol"
    READY = "ready"


@dataclass(frozen=True)
class Visit:
    """Besuch: a session as it stands at one request.

    Parameters
    ----------
    session_id : str
        Which.
    account : dict
        The account's row.
    grants : tuple of Grant
        Roles that hold now; at least one.
    stage : Stage
        How far the sign-in has come.
    last_seen_at : datetime
        When it was noted last, UTC.
    rules : AccessRules
        Rules of sign-in that hold today.
    """

    session_id: str
    account: dict[str, Any]
    grants: tuple[Grant, ...]
    stage: Stage
    last_seen_at: datetime
    rules: AccessRules

    @property
    def account_id(self) -> str:
        """Whose."""
        return str(self.account["id"])

    @property
    def agent(self) -> Agent:
        """Who acts, for the audit."""
        return Agent(self.account["display_name"], self.account_id)

    @property
    def caller(self) -> Caller:
        """Who asks, with the roles that hold now."""
        return Caller(self.account["display_name"], self.account_id, self.grants)

    def need(self, *stages: Stage) -> None:
        """Refuse where the sign-in is not at one of these stages.

        Raises
        ------
        Unfinished
            Where it is not finished.
        Refusal
            Where it is finished already.
        """
        if self.stage in stages:
            return
        if self.stage is Stage.READY:
            raise Refusal("sign-in-finished")
        raise Unfinished(self.stage)


@dataclass(frozen=True)
class SignedIn:
    """Angemeldet: the token of a session, known to nobody but whoever signed in.

    Parameters
    ----------
    token : str
        43 signs; belongs into a cookie, never into a log or an address.
    stage : Stage
        What comes next.
    expires_at : datetime
        The session ends then at the latest, UTC.
    """

    token: str
    stage: Stage
    expires_at: datetime

    def __repr__(self) -> str:
        return f"SignedIn({self.stage})"


def caller_of(store: Store, token: str) -> Caller:
    """Return who asks, with the roles that hold at this request.

    Raises
    ------
    NotSignedIn
        Where the session is over: signed out, too long idle, too old, its account deactivated or without any
        role, its password changed, or a role of it revoked.
    Unfinished
        Where the sign-in is not finished.
    """
    visit = visit_of(store, token)
    visit.need(Stage.READY)
    return visit.caller


def visit_of(store: Store, token: str) -> Visit:
    """Return a session as it stands now, finished or not, and note that it was used.

    Raises
    ------
    NotSignedIn
        Where it is over.
    """
    with ReadingUnit(store) as unit:
        visit = read_visit(unit, token, store.now())
    seen(store, visit.session_id, visit.last_seen_at)
    return visit


def read_visit(unit: ReadingUnit | UnitOfWork, token: str, now: datetime) -> Visit:
    """Read a session and everything on which it depends.

    Raises
    ------
    NotSignedIn
        Where it is over.
    """
    found = unit.find(t.session, token_hash=fingerprint(token))
    rules = access_rules(unit, now)
    if not found or not _is_live(found[0], rules, now):
        raise NotSignedIn("session-over")
    session = found[0]
    account = unit.get(t.account, session["account_id"])
    grants = grants_of(unit, account["id"])
    changed_at = account["password_changed_at"]
    if not account["is_active"] or not grants or (changed_at and changed_at > session["created_at"]):
        raise NotSignedIn("session-over")
    stage = stage_of(account, grants, rules, session["second_factor_at"] is not None)
    return Visit(session["id"], account, grants, stage, session["last_seen_at"], rules)


def stage_of(account: dict[str, Any], grants: Iterable[Grant], rules: AccessRules, code_given: bool) -> Stage:
    """Say what a sign-in still needs: the code comes first, so that nothing goes past it."""
    has_factor = account["totp_last_step"] is not None
    if has_factor and not code_given:
        return Stage.CODE
    if account["password_expires_at"] is not None:
        return Stage.NEW_PASSWORD
    if not has_factor and rules.need_second_factor(grant.role for grant in grants):
        return Stage.ENROL
    return Stage.READY


def begin_session(
    unit: UnitOfWork,
    account: dict[str, Any],
    grants: Iterable[Grant],
    rules: AccessRules,
    *,
    code_given: bool,
) -> SignedIn:
    """Begin a session with a new token; one that is not finished ends soon."""
    stage = stage_of(account, grants, rules, code_given)
    lasts = rules.longest_for if stage is Stage.READY else timedelta(minutes=SIGN_IN_MINUTES)
    token, expires_at = secrets.token_urlsafe(TOKEN_BYTES), unit.now + lasts
    unit.insert(
        t.session,
        account_id=account["id"],
        token_hash=fingerprint(token),
        second_factor_at=unit.now if code_given else None,
        last_seen_at=unit.now,
        expires_at=expires_at,
    )
    return SignedIn(token, stage, expires_at)


def end_sessions(unit: UnitOfWork, account_id: str) -> int:
    """End all sessions of an account. Returns how many were open."""
    rows = unit.find(t.session, account_id=account_id, ended_at=None)
    for row in rows:
        unit.change(t.session, row["id"], ended_at=unit.now)
    return len(rows)


def forget_ended(unit: UnitOfWork, account_id: str) -> None:
    """Delete the sessions of an account that are over; the audit keeps what is to be kept."""
    for row in unit.find(t.session, account_id=account_id):
        if row["ended_at"] is not None or row["expires_at"] <= unit.now:
            unit.delete(t.session, row["id"])


def is_locked(account: dict[str, Any], now: datetime) -> bool:
    """Answer whether an account is locked after failed attempts."""
    until_at = account["locked_until_at"]
    return until_at is not None and now < until_at


def grants_of(unit: ReadingUnit | UnitOfWork, account_id: str) -> tuple[Grant, ...]:
    """Return the roles of an account that hold now."""
    rows = unit.find(t.role_grant, account_id=account_id, revoked_at=None)
    return tuple(Grant(row["role"], account_id, row["region_id"], row["organisation_id"]) for row in rows)


def access_rules(unit: ReadingUnit | UnitOfWork, now: datetime) -> AccessRules:
    """Return the rules of sign-in that hold now in the installation."""
    today = now.astimezone(LOCAL_TIME).date()
    return AccessRules.of(book_of(unit, None, today), today)


def own_sessions(store: Store, token: str) -> list[dict[str, Any]]:
    """Eigene Sitzungen: every open session of the own account, newest first.

    Returns
    -------
    list of dict
        ``session_id``, ``signed_in_at``, ``last_seen_at``, ``expires_at`` (ISO instants, UTC), ``is_this``.

    Raises
    ------
    NotSignedIn, Unfinished
        See `caller_of`.
    """
    now = store.now()
    with ReadingUnit(store) as unit:
        visit = read_visit(unit, token, now)
        visit.need(Stage.READY)
        rows = unit.find(t.session, account_id=visit.account_id)
    open_rows = [row for row in rows if _is_live(row, visit.rules, now)]
    open_rows.sort(key=lambda row: (row["created_at"], row["id"]), reverse=True)
    return [
        {
            "session_id": row["id"],
            "signed_in_at": row["created_at"].isoformat(timespec="seconds"),
            "last_seen_at": row["last_seen_at"].isoformat(timespec="seconds"),
            "expires_at": row["expires_at"].isoformat(timespec="seconds"),
            "is_this": row["id"] == visit.session_id,
        }
        for row in open_rows
    ]


def sign_out(store: Store, token: str) -> None:
    """Abmelden: end this session; one that is over already stays so."""
    with suppress(NotSignedIn, Missing):  # somebody else ended it, or swept it away, at the same time
        visit = visit_of(store, token)
        with UnitOfWork(store, actor=visit.agent, purpose="sign out") as unit:
            unit.change(t.session, visit.session_id, ended_at=unit.now)
            unit.describe("sign-out", "account", visit.account_id)
            unit.commit()


def end_own_session(store: Store, token: str, session_id: str) -> None:
    """Eigene Sitzung beenden: end another session of the own account, such as on a lost device.

    Raises
    ------
    Refusal
        Where the own account has no such session.
    NotSignedIn, Unfinished
        See `caller_of`.
    """
    visit = visit_of(store, token)
    visit.need(Stage.READY)
    with UnitOfWork(store, actor=visit.agent, purpose="end a session") as unit:
        if not unit.find(t.session, id=session_id, account_id=visit.account_id):
            raise Refusal("no-session")
        unit.change(t.session, session_id, ended_at=unit.now)
        unit.describe("end-session", "account", visit.account_id)
        unit.commit()


def _is_live(session: dict[str, Any], rules: AccessRules, now: datetime) -> bool:
    is_idle = now - session["last_seen_at"] >= rules.idle_for
    return session["ended_at"] is None and now < session["expires_at"] and not is_idle
