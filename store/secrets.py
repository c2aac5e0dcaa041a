"""Verschlüsselung: keeps names, birth dates and contact data unreadable at rest, and lets them be looked up.

Each value is sealed by AES-256-GCM under a key derived from the newest key of the ring; the id of that key
stands in the ciphertext. Table, column and row id are authenticated with it, so that a value moved elsewhere
does not open. A blind index (HMAC-SHA-256 under a key of its own) finds a person by exact name and birth date
only.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from store.faults import CannotDecrypt

KEY_BYTES = 32
_FORMAT = b"\x01"
_ID_BYTES = 8
_NONCE_BYTES = 12
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "ł": "l", "đ": "d", "ı": "i"})


@dataclass(frozen=True)
class Key:
    """Schlüssel: one master key of 32 bytes, and what is derived from it.

    Parameters
    ----------
    master : bytes
        32 random bytes. Never shown: only the id, derived from it, is.
    """

    master: bytes

    def __post_init__(self) -> None:
        if len(self.master) != KEY_BYTES:
            raise CannotDecrypt("bad-key", where="key", why=f"{len(self.master)} byte")

    def __repr__(self) -> str:
        return f"Key({self.id.hex()})"

    @cached_property
    def id(self) -> bytes:
        """Name of the key, 8 bytes; tells nothing about it."""
        return self._derived(b"id")[:_ID_BYTES]

    @cached_property
    def cipher(self) -> AESGCM:
        """The cipher of the values."""
        return AESGCM(self._derived(b"values"))

    def mac(self, what: bytes, message: bytes) -> bytes:
        """Return the HMAC-SHA-256 of a message, 32 bytes, under a key that serves only this use."""
        return hmac.digest(self._derived(b"mac " + what), message, "sha256")

    def _derived(self, use: bytes) -> bytes:
        return HKDF(SHA256(), KEY_BYTES, None, b"foerderkette " + use).derive(self.master)


@dataclass(frozen=True)
class KeyRing:
    """Schlüsselbund: the key that is used now, and older ones that can still be read.

    Parameters
    ----------
    keys : tuple of Key
        Newest first, at least one.
    """

    keys: tuple[Key, ...]

    def __post_init__(self) -> None:
        if not self.keys:
            raise CannotDecrypt("bad-key", where="key ring", why="empty")

    @classmethod
    def make(cls) -> KeyRing:
        """Make a ring with one new random key."""
        return cls((Key(secrets.token_bytes(KEY_BYTES)),))

    @classmethod
    def read(cls, words: Iterable[str], where: str) -> KeyRing:
        """Read keys written in base64, newest first.

        Raises
        ------
        CannotDecrypt
            Where there is none, or one is no base64 of 32 bytes; `where` names the place.
        """
        keys = []
        for word in words:
            try:
                master = base64.b64decode(word, validate=True)
            except (binascii.Error, ValueError) as error:
                raise CannotDecrypt("bad-key", where=where, why="no base64") from error
            if len(master) != KEY_BYTES:
                raise CannotDecrypt("bad-key", where=where, why=f"{len(master)} byte")
            keys.append(Key(master))
        if not keys:
            raise CannotDecrypt("bad-key", where=where, why="empty")
        return cls(tuple(keys))

    @property
    def newest(self) -> Key:
        """The key that is used now."""
        return self.keys[0]

    def written(self) -> tuple[str, ...]:
        """Return the keys in base64, newest first, as `read` takes them."""
        return tuple(base64.b64encode(key.master).decode() for key in self.keys)

    def with_new_key(self) -> KeyRing:
        """Return a ring with a new newest key; the older ones can still be read."""
        return KeyRing((*KeyRing.make().keys, *self.keys))

    def only_newest(self) -> KeyRing:
        """Return a ring without the older keys, for the time after a rotation."""
        return KeyRing(self.keys[:1])

    def encrypt(self, value: object, table: str, column: str, row_id: str) -> bytes:
        """Encrypt a value for one place.

        Parameters
        ----------
        value : object
            Any JSON value, or a date.
        table, column, row_id : str
            The place; it opens nowhere else.
        """
        clear = json.dumps(value.isoformat() if isinstance(value, date) else value, ensure_ascii=False)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        head = _FORMAT + self.newest.id
        sealed = self.newest.cipher.encrypt(nonce, clear.encode(), head + _place(table, column, row_id))
        return head + nonce + sealed

    def decrypt(self, sealed: bytes, table: str, column: str, row_id: str) -> Any:
        """Decrypt what `encrypt` made for this place; a date comes back as its ISO text.

        Raises
        ------
        CannotDecrypt
            Where the key is missing, or the value was changed or belongs elsewhere.
        """
        head, rest = sealed[: 1 + _ID_BYTES], sealed[1 + _ID_BYTES :]
        key = self.key_of(sealed)
        try:
            nonce, body = rest[:_NONCE_BYTES], rest[_NONCE_BYTES:]
            return json.loads(key.cipher.decrypt(nonce, body, head + _place(table, column, row_id)))
        except (InvalidTag, ValueError) as error:
            raise CannotDecrypt("cannot-decrypt", where=f"{table}.{column} {row_id}") from error

    def key_of(self, sealed: bytes) -> Key:
        """Return the key that a ciphertext needs.

        Raises
        ------
        CannotDecrypt
            Where it is not in the ring.
        """
        wanted = self.id_of(sealed)
        for key in self.keys:
            if key.id == wanted:
                return key
        raise CannotDecrypt("wrong-key", key_id=wanted.hex())

    @staticmethod
    def id_of(sealed: bytes) -> bytes:
        """Return the id of the key that a ciphertext needs, 8 bytes."""
        return sealed[1 : 1 + _ID_BYTES]

    def blind_index(self, *values: object) -> bytes:
        """Return the blind index of a full name and further exact values, under the newest key."""
        return self.blind_indexes(*values)[0]

    def blind_indexes(self, *values: object) -> tuple[bytes, ...]:
        """Return the blind index under every key: rows not rotated yet are found as well."""
        message = json.dumps([normalised(str(value)) for value in values]).encode()
        return tuple(key.mac(b"blind index", message) for key in self.keys)


def normalised(name: str) -> str:
    """Full name as it is compared: no capitals, accents, signs, order of parts; ``ä`` is ``ae``.

    >>> normalised("Müster, Änna-Zoé") == normalised("aenna zoe MUESTER")
    True
    """
    composed = unicodedata.normalize("NFKC", name).casefold().translate(_UMLAUTS)
    plain = (c for c in unicodedata.normalize("NFKD", composed) if not unicodedata.combining(c))
    return " ".join(sorted("".join(c if c.isalnum() else " " for c in plain).split()))


def fingerprint(content: bytes | str | Mapping[str, Any]) -> bytes:
    """Return the SHA-256 of bytes, of a text, or of a JSON object written canonically, 32 bytes."""
    if isinstance(content, Mapping):
        content = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str, ensure_ascii=False)
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).digest()


def _place(table: str, column: str, row_id: str) -> bytes:
    return json.dumps([table, column, row_id]).encode()
