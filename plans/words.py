"""Bezeichnungen: German and English words for what an analysis and a help plan record."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path

from plans.entries import read_toml

WORDS_FILE = Path(__file__).with_name("words.toml")


def word(term: StrEnum, lang: str) -> str:
    """Word for a term of the help plan room, in German (``de``) or English; CEFR levels stand for themselves.

    >>> from plans.analysis import Literacy
    >>> word(Literacy.NONE, "en")
    'does not read or write'
    """
    entry = _words().get(type(term).__name__.lower(), {}).get(term.value)
    return term.value if entry is None else entry[0 if lang == "de" else 1]


@cache
def _words() -> dict[str, dict[str, list[str]]]:
    document, _ = read_toml(WORDS_FILE)
    return document
