"""Fehler des Gedächtnisses: what the store refuses, where, and what to do; one class tree."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

TEXTS_FILE = Path(__file__).with_name("texts") / "faults.toml"

TEXTS: Mapping[str, Mapping[str, str]] = tomllib.loads(TEXTS_FILE.read_text("utf-8"))
"""German and English sentence of every fault: what is wrong and where, then what to do."""

LONGEST_QUOTE = 300
"""Characters of a value that a message repeats at most."""


class SaidFault(Exception):
    """Fehler in Worten: one that says itself in German and English, by a key into the texts of its class.

    Parameters
    ----------
    code : str
        Key of the sentence, one of `texts`.
    **values : object
        What the sentence names; quoted so that they neither break the line nor flood it.
    """

    texts: ClassVar[Mapping[str, Mapping[str, str]]]

    def __init__(self, code: str, **values: Any) -> None:
        if code not in self.texts:
            raise KeyError(code)
        self.code = code
        self.values = values
        super().__init__(self.text("en"))

    def text(self, lang: str) -> str:
        """One line in German (``de``) or English: what is wrong, where, what to do."""
        values = {name: _quotable(value) for name, value in self.values.items()}
        return self.texts[self.code]["de" if lang == "de" else "en"].format_map(values)


class StoreFault(SaidFault):
    """Fehler des Gedächtnisses: something was refused, and nothing was changed."""

    texts = TEXTS


class CannotOpen(StoreFault):
    """Nicht erreichbar: a database address is broken, or its folder or server cannot be reached."""


class StoreBusy(StoreFault):
    """Besetzt: others kept the database for too long; nothing was changed, the same may be tried again."""


class Missing(StoreFault):
    """Nicht vorhanden: there is no row of this id."""


class Stale(StoreFault):
    """Überholt: somebody else changed the row since it was read.

    Attributes
    ----------
    current : mapping of str to object
        The row as it stands now, secrets in clear.
    """

    def __init__(self, current: Mapping[str, Any], **values: Any) -> None:
        self.current = current
        super().__init__("stale", **values)


class Conflict(StoreFault):
    """Widerspruch: the row would break a rule that the database itself guards."""


class Unstorable(StoreFault):
    """Nicht speicherbar: a value holds what no column of a database can, such as a zero byte."""


class NotAllowed(StoreFault):
    """Falsch benutzt: a unit of work was used in a way that would leave no trace, or lose a guard."""


class NoSeat(StoreFault):
    """Kein Platz: no seat is free, none is taken, or more are taken than would remain."""


class KeyReused(StoreFault):
    """Schlüssel schon benutzt: one idempotency key came with two different bodies."""


class CannotDecrypt(StoreFault):
    """Nicht lesbar: a key is missing, broken or of another database, or a value was tampered with."""


class Damaged(StoreFault):
    """Beschädigt: a backup is incomplete, changed, or made for another schema."""


def _quotable(value: object) -> str:
    clean = "".join(c if c.isprintable() else "·" for c in str(value))
    return clean if len(clean) <= LONGEST_QUOTE else clean[: LONGEST_QUOTE - 1] + "…"
