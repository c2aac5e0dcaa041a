"""Words, dates and numbers for people (Wortlaut): German and English, from catalogues beside the code.

A catalogue is one TOML file for each language; its nested tables give dotted keys. Both files of a pair
hold the same keys, which a test guards. Numbers and dates are written as the language writes them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

LANGUAGES = ("de", "en")

_ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_GERMAN_MONTHS = (
    "Jan.",
    "Feb.",
    "März",
    "Apr.",
    "Mai",
    "Juni",
    "Juli",
    "Aug.",
    "Sep.",
    "Okt.",
    "Nov.",
    "Dez.",
)


def date_text(day: date, lang: str) -> str:
    """Write a date: ``23.11.2026`` in German, ``23 Nov 2026`` in English."""
    if lang == "de":
        return f"{day.day:02d}.{day.month:02d}.{day.year}"
    return f"{day.day} {_ENGLISH_MONTHS[day.month - 1]} {day.year}"


def month_text(day: date, lang: str) -> str:
    """Write a month and its year: ``Nov. 2026`` in German, ``Nov 2026`` in English."""
    names = _GERMAN_MONTHS if lang == "de" else _ENGLISH_MONTHS
    return f"{names[day.month - 1]} {day.year}"


def number_text(value: float, lang: str, digits: int = 0) -> str:
    """Write a number with `digits` decimals and the thousands and decimal signs of the language."""
    text = f"{value:,.{digits}f}"
    if text.lstrip("-0.,") == "":
        text = text.lstrip("-")
    if lang == "de":
        text = text.translate(str.maketrans(",.", ".,"))
    return text


def percent_text(share: float, lang: str, digits: int = 0) -> str:
    """Write a share between 0 and 1 as a percentage: ``47 %`` in German, ``47%`` in English."""
    return number_text(100 * share, lang, digits) + ("\N{NO-BREAK SPACE}%" if lang == "de" else "%")


def list_text(items: Iterable[str], lang: str, join: str = "and") -> str:
    """Join words as a sentence does: ``A, B und C`` or, with `join` = ``or``, ``A, B oder C``."""
    words = list(items)
    if len(words) < 2:
        return "".join(words)
    link = {"and": {"de": "und", "en": "and"}, "or": {"de": "oder", "en": "or"}}[join][lang]
    return f"{', '.join(words[:-1])} {link} {words[-1]}"


def _flatten(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat.update(_flatten(value, f"{prefix}{key}."))
        else:
            flat[prefix + key] = value
    return flat


@lru_cache(maxsize=32)
def catalogue(folder: Path, lang: str) -> Mapping[str, str]:
    """Read the texts of one language.

    Parameters
    ----------
    folder : Path
        A folder that holds ``de.toml`` and ``en.toml``.
    lang : str
        ``de`` or ``en``.

    Returns
    -------
    Mapping of str to str
        Dotted key -> text, with ``{name}`` where a value goes.
    """
    with (folder / f"{lang}.toml").open("rb") as file:
        return _flatten(tomllib.load(file))


class Words:
    """The texts of one language, with the values filled in.

    Parameters
    ----------
    lang : str
        ``de`` or ``en``.
    *folders : Path
        Folders of catalogues; a later one may not repeat a key of an earlier one.
    """

    def __init__(self, lang: str, *folders: Path) -> None:
        if lang not in LANGUAGES:
            raise ValueError(f"unknown language {lang!r}: de or en")
        self.lang = lang
        self._texts: dict[str, str] = {}
        for folder in folders:
            self._texts.update(catalogue(folder, lang))

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of `key`; raises KeyError where the catalogue lacks it."""
        text = self._texts[key]
        return text.format(**{name: self.value(item) for name, item in values.items()}) if values else text

    def __contains__(self, key: str) -> bool:
        return key in self._texts

    def value(self, item: object) -> str:
        """Write one value as the language writes it: dates, numbers, lists; all else as it is."""
        if isinstance(item, date):
            return date_text(item, self.lang)
        if isinstance(item, bool):
            return self("yes") if item else self("no")
        if isinstance(item, int):
            return number_text(item, self.lang)
        if isinstance(item, float):
            return number_text(item, self.lang, 1)
        if isinstance(item, tuple | list | frozenset | set):
            words = sorted(item) if isinstance(item, frozenset | set) else item
            return list_text((self.value(one) for one in words), self.lang)
        return str(item)

    def count(self, key: str, number: int, **values: object) -> str:
        """Return the text for one or for many: ``key.one`` or ``key.other``, with ``{n}`` filled in."""
        return self(f"{key}.{'one' if number == 1 else 'other'}", n=number, **values)

    def label(self, group: str, code: str) -> str:
        """Return the word for a code of the data (``half-day.mo-am``); an unknown code stays as it is."""
        return self._texts.get(f"{group}.{code}", code)
