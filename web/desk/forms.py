"""Formulare: what every form carries, and values read with care; a fault is said at its field."""

from __future__ import annotations

import math
import secrets
from datetime import date
from enum import StrEnum
from typing import TypeVar

from flask import request
from werkzeug.exceptions import BadRequest

LONGEST_TEXT = 4000

T = TypeVar("T", bound=StrEnum)


def new_request_key() -> str:
    """Return a key for one form: whatever is sent twice with it counts once."""
    return secrets.token_urlsafe(18)


def request_key() -> str | None:
    """Return the key that the form was sent with."""
    return request.form.get("request_key") or None


def version() -> int:
    """Return the version that the form was filled in from.

    Raises
    ------
    BadRequest
        Where it is missing or no number: an edit without a version could overwrite another one.
    """
    text = request.form.get("version", "")
    if not text.isdecimal():
        raise BadRequest("version")
    return int(text)


def text(name: str, *, longest: int = LONGEST_TEXT) -> str:
    """Return a text of the form without control characters, at most so long; empty where there is none."""
    raw = request.form.get(name, "")
    return "".join(sign for sign in raw if sign.isprintable() or sign in "\n\t").strip()[:longest]


def day(name: str) -> date | None:
    """Return a day of the form, as browsers send it or as Germans write it (``31.12.2026``); None if empty.

    Raises
    ------
    FieldFault
        Where it is no day.
    """
    raw = request.form.get(name, "").strip()
    if not raw:
        return None
    try:
        if "." in raw:
            day_, month, year = (int(part) for part in raw.split("."))
            return date(year, month, day_)
        return date.fromisoformat(raw)
    except ValueError:
        raise FieldFault(name, "day") from None


def day_of(value: str | None) -> date | None:
    """Return a day as workflows write it (``2026-12-31``, or an instant of that day); None for none."""
    return None if value is None else date.fromisoformat(value[:10])


def asked(name: str) -> str:
    """Return a text that must be there.

    Raises
    ------
    FieldFault
        Where it is empty.
    """
    found = text(name)
    if not found:
        raise FieldFault(name, "missing")
    return found


def asked_day(name: str) -> date:
    """Return a day that must be there.

    Raises
    ------
    FieldFault
        Where it is empty, or no day.
    """
    found = day(name)
    if found is None:
        raise FieldFault(name, "missing")
    return found


def number(name: str) -> float:
    """Return a number that must be there, with a decimal point or comma.

    Raises
    ------
    FieldFault
        Where it is empty, or no finite number.
    """
    try:
        found = float(asked(name).replace(",", "."))
    except ValueError:
        raise FieldFault(name, "number") from None
    if not math.isfinite(found):
        raise FieldFault(name, "number")
    return found


def one_of(terms: type[T], name: str) -> T:
    """Return the term that was chosen.

    Raises
    ------
    FieldFault
        Where none was.
    """
    try:
        return terms(text(name))
    except ValueError:
        raise FieldFault(name, "missing") from None


def some_of(terms: type[T], name: str) -> frozenset[T]:
    """Return the terms that were ticked."""
    ticked = set(request.form.getlist(name))
    return frozenset(term for term in terms if term.value in ticked)


class FieldFault(Exception):
    """Eingabefehler: a field of a form holds what cannot be read.

    Parameters
    ----------
    field : str
        Name of the field.
    code : str
        Key of the sentence, below ``desk.field``.
    """

    def __init__(self, field: str, code: str) -> None:
        self.field, self.code = field, code
        super().__init__(f"{field}: {code}")
