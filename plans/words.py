"""Bezeichnungen: German and English words for what an analysis, a help plan and its life record."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from functools import cache
from pathlib import Path

WORDS_FILE = Path(__file__).with_name("words.toml")


def word(term: StrEnum, lang: str) -> str:
    """Word for a term of the help plan room, in German (``de``) or English; CEFR levels stand for themselves.

    >>> from plans.analysis import Literacy
    >>> word(Literacy.NONE, "en")
    'does not read or write'
    """
    entry = _words().get(type(term).__name__.lower(), {}).get(term.value)
    return term.value if entry is None else entry[0 if lang == "de" else 1]


def words(terms: object, lang: str) -> str:
    """Words for one term, for several (in the order of their words), or any other value as it is.

    >>> from plans.analysis import Recognition
    >>> words({Recognition.FULL, Recognition.PARTIAL}, "de")
    'teilweise anerkannt, voll anerkannt'
    """
    if isinstance(terms, StrEnum):
        return word(terms, lang)
    if isinstance(terms, tuple | list | set | frozenset):
        return ", ".join(sorted(words(term, lang) for term in terms))
    return str(terms)


@cache
def _words() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(WORDS_FILE.read_text("utf-8"))
