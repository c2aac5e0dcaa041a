"""Passwörter: what may be one, and how it is kept (argon2id); nothing here knows a database."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from store.secrets import normalised
from workflows.refusal import Refusal

HASHER = PasswordHasher()
"""argon2id with the parameters that RFC 9106 names for little memory: 64 MiB, 3 passes, 4 lanes."""

LONGEST_CHARACTERS = 256
"""Longer ones are refused before they are hashed (OWASP ASVS 5.0, 6.2.9, asks for at least 64)."""

SHORTEST_NAME_PART = 4
"""Parts of names from this length on may not be in a password."""

_COMMON_FILE = Path(__file__).with_name("common_passwords.txt")
_LEET = str.maketrans("013457@$!|", "oieastasil")
_ROWS = (
    *("abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "98765432109876543210"),
    *("qwertzuiopü", "asdfghjklöä", "yxcvbnm", "qwertyuiop", "zxcvbnm", "asdfghjkl"),
    "1q2w3e4r5t6z7u8i9o0p",
)
_SHORTEST_RUN = 4
_LONGEST_REPEATED = 4
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without signs that are taken for one another
_GROUPS, _GROUP_LENGTH = 4, 5


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    return HASHER.hash(password)


def fits(password_hash: str | None, password: str) -> bool:
    """Answer whether a password is the one that was hashed; it takes the same time where there is none.

    Parameters
    ----------
    password_hash : str or None
        None where the account is unknown or has no password: a hash that nobody knows is tried instead.
    password : str
        As it was typed; never changed or cut (OWASP ASVS 5.0, 6.2.8).
    """
    try:
        return HASHER.verify(password_hash or _decoy(HASHER), password) and password_hash is not None
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False


def is_outdated(password_hash: str) -> bool:
    """Answer whether a hash was made with other parameters than those of today."""
    return HASHER.check_needs_rehash(password_hash)


def check_new(password: str, names: Iterable[str], least_characters: int) -> None:
    """Refuse what may not be a password; any signs are allowed, none are asked for.

    Parameters
    ----------
    password : str
        The new one.
    names : iterable of str
        Names of the account; their parts may not be in it.
    least_characters : int
        Least length.

    Raises
    ------
    Refusal
        Where it is too short or too long, holds a name, or is one of the most common ones
        (OWASP ASVS 5.0, 6.2.1, 6.2.4, 6.2.9, 6.2.11).
    """
    if not least_characters <= len(password) <= LONGEST_CHARACTERS or not _is_text(password):
        raise Refusal("password-length", least=least_characters, most=LONGEST_CHARACTERS)
    words = normalised(password).split()
    parts = {part for name in names for part in normalised(name).split() if len(part) >= SHORTEST_NAME_PART}
    if any(part in word for part in parts for word in words):
        raise Refusal("password-has-name")
    if _is_common(password):
        raise Refusal("password-common")


def temporary() -> str:
    """Return a random password for the first sign-in: 20 signs in groups, about 99 bits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))
    return "-".join(groups)


def _is_text(password: str) -> bool:
    """Whether it can be written as UTF-8; halves of signs cannot, as broken input brings them."""
    try:
        password.encode()
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=1)
def _decoy(hasher: PasswordHasher) -> str:
    """Hash of a password that nobody knows, made with the same parameters as all others."""
    return hasher.hash(secrets.token_urlsafe(32))


def _is_common(password: str) -> bool:
    """A word of the list, also with digits and signs around it or in place of letters; a pattern."""
    folded = password.casefold()
    letters = "".join(sign for sign in folded if sign.isalnum())
    core = folded.strip("0123456789!\"§$%&/()=?*+~#'-_.:,;<>|@^° ")
    spellings = {folded, letters, core, core.translate(_LEET), letters.translate(_LEET)}
    spellings |= {_once(spelling) for spelling in tuple(spellings)}
    return not spellings.isdisjoint(_common()) or _is_pattern(letters) or _is_pattern(folded)


def _once(text: str) -> str:
    """The shortest part whose repetition makes up the text: ``hallohallo`` is ``hallo``."""
    for length in range(1, len(text) // 2 + 1):
        if len(text) % length == 0 and text == text[:length] * (len(text) // length):
            return text[:length]
    return text


def _is_pattern(text: str) -> bool:
    """A few signs over and over, or runs along the alphabet, the digits or the keyboard and nothing else."""
    if len(_once(text)) <= _LONGEST_REPEATED:
        return True
    rest = text
    while rest:
        length = max(_run_length(rest, row) for row in (*_ROWS, *(row[::-1] for row in _ROWS)))
        if length < _SHORTEST_RUN:
            return False
        rest = rest[length:]
    return True


def _run_length(text: str, row: str) -> int:
    length = 0
    while length < len(text) and text[: length + 1] in row:
        length += 1
    return length


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    lines = _COMMON_FILE.read_text("utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))
