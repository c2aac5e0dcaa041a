"""Einmalschlüssel: a request that comes twice counts once, and gets the same answer.

In the unit of work of the request: `claim` first; where it returns an answer, give that and do nothing.
Otherwise do the work, `keep` the answer, and commit. Who comes at the same time with the same key waits in
`claim`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from store.engine import insert_if_new
from store.faults import KeyReused, NotAllowed
from store.secrets import fingerprint
from store.tables import idempotency_key, new_id
from store.unit_of_work import UnitOfWork

SHORTEST, LONGEST = 8, 200
"""Characters of a key."""


@dataclass(frozen=True)
class Answered:
    """Schon beantwortet: what the first request of this key was told, any JSON value."""

    answer: Any


def claim(uow: UnitOfWork, key: str, body: bytes | str | dict[str, Any]) -> Answered | None:
    """Claim a key for this unit of work, before anything else is done in it.

    Parameters
    ----------
    uow : UnitOfWork
        Of the request; the key counts for its account only.
    key : str
        As the client sent it, 8 to 200 characters.
    body : bytes, str or dict
        What was asked for; the same key with another body is refused.

    Returns
    -------
    Answered or None
        The answer kept where the key was used before; None where it is claimed now.

    Raises
    ------
    KeyReused
        Where the key was used for another body, or its length is wrong.
    """
    if not SHORTEST <= len(key) <= LONGEST:
        raise KeyReused("bad-idempotency-key", length=len(key))
    values = {
        "id": new_id(idempotency_key.c.id.info["prefix"]),
        "account_id": _account(uow),
        "key": key,
        "body_hash": fingerprint(body),
        "created_at": uow.now,
        "updated_at": uow.now,
    }
    # The unique constraint decides: whoever comes second waits here until the first has committed.
    if insert_if_new(uow.connection, idempotency_key, values):
        return None
    kept = uow.find(idempotency_key, account_id=values["account_id"], key=key)[0]
    if kept["body_hash"] != values["body_hash"]:
        raise KeyReused("key-reused", key=key)
    return Answered(kept["answer"])


def keep(uow: UnitOfWork, key: str, answer: Any) -> None:
    """Keep the answer of a claimed key, to be given again (encrypted at rest).

    Raises
    ------
    NotAllowed
        Where the key was not claimed.
    """
    kept = uow.find(idempotency_key, account_id=_account(uow), key=key)
    if not kept:
        raise NotAllowed("answer-missing", key=key)
    uow.change(idempotency_key, kept[0]["id"], answer=answer)


def forget(uow: UnitOfWork, before: Any) -> int:
    """Delete the keys claimed before an instant. Returns how many."""
    return uow.execute(idempotency_key.delete().where(idempotency_key.c.created_at < before)).rowcount


def _account(uow: UnitOfWork) -> str:
    return uow.actor.account_id or uow.actor.label
