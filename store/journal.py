"""Protokoll: the audit, a chain of entries in which nothing can be changed, taken out or moved unseen.

Every entry holds the hash of the one before it and its own, over all its fields. Where the chain begins and
ends stands in a row of its own, sealed with the key of the installation: whoever can write into the database
but has no key cannot cut the chain or write it anew. Who puts back an older end together with the older chain
is found by an `Anchor` that was kept elsewhere (each backup holds one).
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from store.engine import insert_if_new
from store.faults import CannotDecrypt
from store.secrets import KeyRing, fingerprint
from store.tables import audit_entry, audit_head, installation

GENESIS = bytes(32)
"""Hash before the first entry."""

_SHOWN = 20
_LOCKED = sa.select(audit_head).with_for_update()
_INSERT, _MOVE = audit_entry.insert(), audit_head.update()
"""Built once: every unit of work ends with them, and others wait meanwhile."""

_SEALED = ("first_sequence", "first_previous_hash", "last_sequence", "last_hash")


@dataclass(frozen=True)
class Anchor:
    """Anker: a place of the chain, to be kept where nobody can change it together with the database.

    Parameters
    ----------
    sequence : int
        Number of the entry, from 1; 0 = before the first.
    hash : bytes
        Its hash, 32 bytes.
    """

    sequence: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.sequence}:{self.hash.hex()}"

    @classmethod
    def read(cls, text: str) -> Anchor:
        """Read what `str` wrote.

        Raises
        ------
        ValueError
            Where it is no anchor.
        """
        sequence, _, hexadecimal = text.strip().partition(":")
        return cls(int(sequence), bytes.fromhex(hexadecimal))


class Flaw(StrEnum):
    """Mangel: what is wrong with the chain."""

    CHANGED = "changed"
    NOT_LINKED = "not-linked"
    GAP = "gap"
    END_MISSING = "end-missing"
    BEYOND_END = "beyond-end"
    HEAD_MISSING = "head-missing"
    SEAL_BROKEN = "seal-broken"
    ANCHOR_MISSED = "anchor-missed"


@dataclass(frozen=True)
class FlawAt:
    """Befund: a flaw, and the number of the entry where it shows."""

    flaw: Flaw
    sequence: int


@dataclass(frozen=True)
class Verdict:
    """Ergebnis der Prüfung: how many entries were read, what is wrong, and an anchor for the next time.

    Parameters
    ----------
    entries : int
        Entries read.
    flaws : tuple of FlawAt
        The first 20 flaws; empty = the chain is whole.
    anchor : Anchor
        End of the chain as it is.
    """

    entries: int
    flaws: tuple[FlawAt, ...]
    anchor: Anchor

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.flaws


@dataclass(frozen=True)
class Entry:
    """Protokolleintrag: what one unit of work did.

    Parameters
    ----------
    at : datetime
        When, UTC.
    account_id : str or None
        Who; None = the clock or the command line.
    actor_label : str
        Who, in words.
    purpose : str
        What for.
    action, object_type, object_id : str
        What was done with what.
    region_id : str or None
        Region of the object.
    details : mapping
        Further facts as JSON; names no person.
    """

    at: datetime
    account_id: str | None
    actor_label: str
    purpose: str
    action: str
    object_type: str
    object_id: str
    region_id: str | None
    details: Mapping[str, Any]


def canonical(value: object) -> str:
    """Write a JSON value in the one way that is hashed; days and instants as ISO texts, sets sorted."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def append(connection: Connection, ring: KeyRing, entry: Entry) -> Anchor:
    """Append an entry within the transaction of a connection; others wait for it from here to its end.

    Returns
    -------
    Anchor
        The new end of the chain.
    """
    head = _locked_head(connection, ring)
    values = {**vars(entry), "details": canonical(entry.details)}
    sequence = head.last_sequence + 1
    hash_ = _hash(head.last_hash, sequence, values)
    connection.execute(
        _INSERT, {"sequence": sequence, "previous_hash": head.last_hash, "hash": hash_, **values}
    )
    moved = {name: getattr(head, name) for name in _SEALED} | {"last_sequence": sequence, "last_hash": hash_}
    connection.execute(_MOVE, {"seal": _seal(ring, moved), **moved})
    return Anchor(sequence, hash_)


def verify(connection: Connection, ring: KeyRing, anchor: Anchor | None = None) -> Verdict:
    """Read the whole chain and find everything that was changed, taken out, moved or cut off.

    Parameters
    ----------
    connection : Connection
        Best of a reading unit, so that it sees one state.
    ring : KeyRing
        Keys of the installation.
    anchor : Anchor, optional
        An earlier end that was kept elsewhere; must still be in the chain.
    """
    head = connection.execute(sa.select(audit_head)).one_or_none()
    walk = _Walk(connection, head, anchor)
    flaws = list(islice(walk.flaws(), _SHOWN))
    if head is None:
        has_begun = walk.entries or connection.scalar(sa.select(sa.func.count()).select_from(installation))
        flaws += [FlawAt(Flaw.HEAD_MISSING, 0)] if has_begun else []
    elif not _seal_fits(ring, head):
        flaws.append(FlawAt(Flaw.SEAL_BROKEN, head.last_sequence))
    return Verdict(walk.entries, tuple(flaws), Anchor(walk.sequence, walk.hash))


def prune(connection: Connection, ring: KeyRing, before: datetime) -> int:
    """Delete entries older than an instant, at the beginning of the chain only (retention).

    Returns
    -------
    int
        How many were deleted. The rest of the chain can still be verified.
    """
    head = _locked_head(connection, ring)
    kept = sa.select(sa.func.min(audit_entry.c.sequence)).where(audit_entry.c.at >= before)
    first = connection.scalar(kept) or head.last_sequence + 1
    if first <= head.first_sequence:
        return 0
    last_gone = audit_entry.c.sequence == first - 1
    hash_ = connection.scalar(sa.select(audit_entry.c.hash).where(last_gone)) or head.last_hash
    deleted = connection.execute(audit_entry.delete().where(audit_entry.c.sequence < first)).rowcount
    moved = {name: getattr(head, name) for name in _SEALED}
    moved |= {"first_sequence": first, "first_previous_hash": hash_}
    connection.execute(audit_head.update().values(seal=_seal(ring, moved), **moved))
    return deleted


def begin_chain(connection: Connection, ring: KeyRing) -> None:
    """Make the row that says where the chain begins and ends, where there is none."""
    empty = {
        "first_sequence": 1,
        "first_previous_hash": GENESIS,
        "last_sequence": 0,
        "last_hash": GENESIS,
    }
    insert_if_new(connection, audit_head, {"id": 1, "seal": _seal(ring, empty), **empty})


def lock_chain(connection: Connection) -> None:
    """Let nobody else append until the transaction ends."""
    connection.execute(_LOCKED)


def seal_anew(connection: Connection, ring: KeyRing) -> None:
    """Seal the end of the chain with the newest key (at a change of keys)."""
    head = _locked_head(connection, ring)
    connection.execute(
        audit_head.update().values(seal=_seal(ring, {name: getattr(head, name) for name in _SEALED}))
    )


class _Walk:
    """One reading of the chain from its beginning."""

    def __init__(self, connection: Connection, head: Row[Any] | None, anchor: Anchor | None) -> None:
        self.connection = connection
        self.head = head
        self.anchor = anchor
        self.entries = 0
        self.sequence = head.first_sequence - 1 if head else 0
        self.hash = head.first_previous_hash if head else GENESIS

    def flaws(self) -> Iterator[FlawAt]:
        rows = self.connection.execution_options(yield_per=1000).execute(
            sa.select(audit_entry).order_by(audit_entry.c.sequence)
        )
        for row in rows:
            yield from self._step(row)
        last = self.head.last_sequence if self.head else self.sequence
        if self.sequence < last or (self.head and self.sequence == last and self.hash != self.head.last_hash):
            yield FlawAt(Flaw.END_MISSING, last)
        if self.anchor is not None and self.anchor.sequence > self.sequence:
            yield FlawAt(Flaw.ANCHOR_MISSED, self.anchor.sequence)

    def _step(self, row: Row[Any]) -> Iterator[FlawAt]:
        self.entries += 1
        values = dict(row._mapping)
        if row.sequence != self.sequence + 1:
            yield FlawAt(Flaw.GAP, self.sequence + 1)
        elif row.previous_hash != self.hash:
            yield FlawAt(Flaw.NOT_LINKED, row.sequence)
        if _hash(row.previous_hash, row.sequence, values) != row.hash:
            yield FlawAt(Flaw.CHANGED, row.sequence)
        if self.head and row.sequence > self.head.last_sequence:
            yield FlawAt(Flaw.BEYOND_END, row.sequence)
        if self.anchor and row.sequence == self.anchor.sequence and row.hash != self.anchor.hash:
            yield FlawAt(Flaw.ANCHOR_MISSED, row.sequence)
        self.sequence, self.hash = row.sequence, row.hash


def _locked_head(connection: Connection, ring: KeyRing) -> Row[Any]:
    head = connection.execute(_LOCKED).one_or_none()
    if head is None:
        begin_chain(connection, ring)
        head = connection.execute(_LOCKED).one()
    return head


def _hash(previous: bytes, sequence: int, values: Mapping[str, Any]) -> bytes:
    fields = ("account_id", "actor_label", "purpose", "action", "object_type", "object_id", "region_id")
    content = [sequence, values["at"], *(values[name] for name in fields), values["details"]]
    return fingerprint(previous + canonical(content).encode())


def _seal(ring: KeyRing, head: Mapping[str, Any]) -> bytes:
    return ring.newest.id + ring.newest.mac(b"audit head", _sealed_text(head))


def _seal_fits(ring: KeyRing, head: Row[Any]) -> bool:
    try:
        key = ring.key_of(b"\0" + head.seal)
    except CannotDecrypt:
        return False
    expected = key.id + key.mac(b"audit head", _sealed_text(dict(head._mapping)))
    return hmac.compare_digest(head.seal, expected)


def _sealed_text(head: Mapping[str, Any]) -> bytes:
    return canonical([head[name] for name in _SEALED]).encode()


def _plain(value: object) -> object:
    if isinstance(value, date):  # an instant is one as well
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} cannot be written into the audit – give texts, numbers, days")
