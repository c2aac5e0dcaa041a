"""Antwortlinks: a provider without an account answers one referral, once, by a link that soon expires.

Whoever has the link is the recipient of this one referral for as long as it is a request: the link ends with
the hold, with its answer, with a newer link, and when the referral becomes anything else
(`workflows.referrals.advancing`). Its token is told once; only a hash of it is kept.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from plans.actions import Action
from plans.referral_details import NO_DETAILS, Details
from plans.referral_table import Party, ReferralAction, ReferralState
from plans.roles import Grant, Role
from store import tables as t
from store.journal import canonical
from store.rows import ReadRows
from store.secrets import fingerprint
from store.unit_of_work import ReadingUnit, Store
from workflows.access.rule_sets import desk_for
from workflows.acting import LOCAL_TIME, Caller, Desk, Work, workflow
from workflows.referrals.advancing import advance, close_answer_links
from workflows.referrals.records import take_up
from workflows.referrals.scopes import admit_referral, admit_to_change, incoming
from workflows.refusal import Refusal

TOKEN_BYTES = 32
"""256 random bits (OWASP ASVS 5.0, 7.2.3, asks for 128)."""

ANSWERS = (ReferralAction.ACCEPT, ReferralAction.WAITLIST, ReferralAction.REJECT)
"""What can be answered to a request."""


class LinkIsOver(Refusal):
    """Link gilt nicht: there is no such link, or it is over, or it was used."""


@dataclass(frozen=True)
class AnswerLink:
    """Antwortlink: known to nobody but whoever made it.

    Parameters
    ----------
    token : str
        43 signs; told once.
    expires_at : datetime
        It ends then at the latest, UTC.
    """

    token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True)
class Bearer:
    """Wer den Link hat: which referral it is for, and the desk from which it is read and answered.

    Parameters
    ----------
    link_id, referral_id : str
        Which link, for which referral.
    desk : Desk
        With the role of a provider in the organisation that the referral was sent to.
    """

    link_id: str
    referral_id: str
    desk: Desk


def make_answer_link(desk: Desk, referral_id: str) -> AnswerLink:
    """Make a link by which the recipient of a request answers it (Link zum Antworten); older ones end.

    Parameters
    ----------
    desk : Desk
        Of the office that asked; with a key of the request, the same link is told where it comes twice.
    referral_id : str
        Which referral.

    Returns
    -------
    AnswerLink
        To be handed on by a way that reaches the recipient only.

    Raises
    ------
    Missing, Forbidden
        Where it is none of the caller's.
    Refusal
        Where it is not a request with a seat held.
    """
    token = _new_token(desk, referral_id)
    made = open_answer_link(desk, referral_id, fingerprint(token))
    return AnswerLink(token, datetime.fromisoformat(made["expires_at"]))


@workflow(Action.MAKE_ANSWER_LINK)
def open_answer_link(work: Work, referral_id: str, token_hash: bytes) -> dict[str, Any]:
    """Antwortlink eröffnen: what `make_answer_link` does once there is a token."""
    admit_referral(work, referral_id)
    row = take_up(work, referral_id).row
    if row["state"] is not ReferralState.REQUESTED:
        raise Refusal("link-needs-request", referral=referral_id)
    close_answer_links(work, referral_id)
    expires_at = end_of(row["hold_until_on"])
    link_id = work.unit.insert(
        t.answer_link,
        region_id=row["region_id"],
        referral_id=referral_id,
        token_hash=token_hash,
        made_by=work.caller.account_id,
        expires_at=expires_at,
    )
    work.record("referral", referral_id, row["region_id"], link=link_id, expires_at=expires_at)
    return {"link_id": link_id, "expires_at": expires_at.isoformat()}


def bearer_of(store: Store, token: str) -> Bearer:
    """Return what somebody with a link may do now.

    Parameters
    ----------
    store : Store
        Where.
    token : str
        As it stands in the link.

    Raises
    ------
    LinkIsOver
        Where it is none that is valid now; one that was used is told apart, all others look the same.
    """
    with ReadingUnit(store) as unit:
        link = _live(unit.find(t.answer_link, token_hash=fingerprint(token)), store.now())
        recipient = _recipient_of(unit, link["referral_id"])
    grant = Grant(Role.PROVIDER, link["id"], recipient["region_id"], recipient["id"])
    caller = Caller(f"{recipient['name']}, by link {link['id']}", None, (grant,))
    return Bearer(link["id"], link["referral_id"], desk_for(store, caller))


@workflow(Action.ANSWER_BY_LINK)
def answer_by_link(
    work: Work, link_id: str, version: int, answer: ReferralAction, details: Details = NO_DETAILS
) -> dict[str, Any]:
    """Answer a request by a link (per Link antworten), once.

    Parameters
    ----------
    work : Work
        Called with the desk of a `Bearer`.
    link_id, version : str, int
        Which link, and the version of the referral that was read.
    answer : ReferralAction
        One of `ANSWERS`.
    details : Details
        Reason, or the day on which a seat is expected.

    Returns
    -------
    dict
        The referral without the person.

    Raises
    ------
    LinkIsOver
        Where it ended in the meantime.
    Stale, NoSeat, PlanFault, Refusal
        As where it is answered from an account; the link stays valid then.
    """
    file = admit_to_change(work, work.unit.get(t.answer_link, link_id)["referral_id"], version)
    _live(work.unit.find(t.answer_link, id=link_id), work.now)  # nobody else can end it from here on
    if answer not in ANSWERS:
        raise Refusal("not-by-link")
    file = advance(work, file, answer, Party.PROVIDER, details)
    work.unit.change(t.answer_link, link_id, answered_at=work.now)
    facts = {"link": link_id, "state": file.row["state"], "reason": file.row["reason"]}
    work.record("referral", file.id, file.row["region_id"], **facts)
    return incoming(file.row)


def end_of(day: date) -> datetime:
    """Return the instant at which a day is over in Germany, UTC."""
    return datetime.combine(day + timedelta(days=1), time.min, LOCAL_TIME).astimezone(UTC)


def _new_token(desk: Desk, referral_id: str) -> str:
    """Make a token; for a request that may come twice it is the same, so that the same link is told again.

    Nobody can make it without the keys of the installation.
    """
    if desk.request_key is None:
        return secrets.token_urlsafe(TOKEN_BYTES)
    asked = canonical([desk.caller.account_id, referral_id, desk.request_key])
    made = desk.store.keys.newest.mac(b"answer link", asked.encode())
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def _live(found: list[dict[str, Any]], now: datetime) -> dict[str, Any]:
    if found and found[0]["answered_at"] is not None:
        raise LinkIsOver("link-answered")
    if not found or found[0]["ended_at"] is not None or found[0]["expires_at"] <= now:
        raise LinkIsOver("link-over")
    return found[0]


def _recipient_of(unit: ReadRows, referral_id: str) -> dict[str, Any]:
    return unit.get(t.organisation, unit.get(t.referral, referral_id)["recipient_id"])
