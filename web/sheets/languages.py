"""Sprachen der Blätter: words that stand on a sheet, one file a language; German is the model."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from network.labels import label

TEXTS = Path(__file__).with_name("texts")
GERMAN = "deu"


@dataclass(frozen=True)
class SheetLanguage:
    """Sprache eines Blatts.

    Parameters
    ----------
    code : str
        ISO 639-3.
    words : mapping
        Its file: ``name``, ``direction`` (``ltr`` or ``rtl``), ``tag`` of BCP 47, ``comma``, and the groups
        ``phrase``, ``kind`` by the first part of a kind, ``day`` and ``part`` of the day.
    """

    code: str
    words: Mapping[str, Any]

    def phrase(self, key: str) -> str:
        """A phrase of the sheet."""
        return str(self.words["phrase"][key])

    def kind(self, kind: str) -> str:
        """Word for a kind of offering, by its first part."""
        return str(self.words["kind"][kind.partition("/")[0]])

    def times(self, half_days: frozenset[str] | list[str]) -> str:
        """Half-days in words, by part of the day: ``Monday, Tuesday (mornings)``."""
        found = []
        for part, name in self.words["part"].items():
            days = [word for day, word in self.words["day"].items() if f"{day}-{part}" in half_days]
            if days:
                found.append(f"{self.words['comma'].join(days)} ({name})")
        return "; ".join(found)


@cache
def language(code: str) -> SheetLanguage:
    """Return a language by its code.

    Raises
    ------
    KeyError
        Where there is no sheet in it.
    """
    if code not in (GERMAN, *codes()):
        raise KeyError(code)
    return SheetLanguage(code, tomllib.loads((TEXTS / f"{code}.toml").read_text("utf-8")))


@cache
def codes() -> tuple[str, ...]:
    """Codes of every language that stands beside German."""
    return tuple(sorted(file.stem for file in TEXTS.glob("*.toml") if file.stem != GERMAN))


def languages(lang: str) -> tuple[tuple[str, str], ...]:
    """Languages that can stand beside German, with their names in the language of the page and their own."""
    named = ((code, f"{label('language', code, lang)} ({language(code).words['name']})") for code in codes())
    return tuple(sorted(named, key=lambda pair: pair[1].casefold()))
