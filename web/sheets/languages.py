"""Sprachen der Blätter: words of sheets and agreements, one file a language; German is the model."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from network.labels import label
from plans.agreement_texts import AgreementWords, OwnWords
from plans.needs import Goal
from workflows.wording import date_text

TEXTS = Path(__file__).with_name("texts")
GERMAN, ENGLISH = "deu", "eng"
WORDED = {GERMAN: "de", ENGLISH: "en"}
"""Languages whose wording of the agreement stands in ``plans/texts``."""

GERMAN_MARKS, ENGLISH_MARKS = ("\u2066", "\u2069"), ("\u2068", "\u2069")
"""Around German and English words within another language: bidirectional isolates, by which the template also
knows the language."""

LAWS = "SGB II, AufenthG"
"""Laws that the wording of the agreement names, as they are called in Germany."""


@dataclass(frozen=True)
class SheetLanguage:
    """Sprache eines Blatts.

    Parameters
    ----------
    code : str
        ISO 639-3.
    words : mapping
        Its file: ``name``, ``direction`` (``ltr`` or ``rtl``), ``tag`` of BCP 47, ``comma``, and the groups
        ``phrase``, ``kind`` by the first part of a kind, ``day`` and ``part`` of the day; and ``agreement``,
        its wording, where it is none of `WORDED`.
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


@dataclass(frozen=True)
class TranslatedWords:
    """Words of an agreement in a language of the sheets; names and days stay as they are in Germany."""

    language: SheetLanguage

    def text(self, key: str, **values: str) -> str:
        """A text by its key in ``plans/texts/agreement.toml``, with what it names."""
        text: str = self.language.words["agreement"][key]
        return text.format_map({**values, "law": self.name(LAWS)})

    def name(self, name: str) -> str:
        """A name, or words of the office, which keep their direction."""
        return _marked(name, GERMAN_MARKS)

    def kind(self, kind: str) -> str:
        """Word for a kind of offering."""
        return self.language.kind(kind)

    def goal(self, goal: Goal) -> str:
        """A goal as it was written down in English; ``own-words`` says so."""
        return _marked(goal.text("en"), ENGLISH_MARKS)

    def day(self, on: date | None) -> str:
        """A day as it stands on German papers, so that both sides can be compared."""
        return self.text("no-date") if on is None else self.name(date_text(on, "de"))


def agreement_words(code: str) -> AgreementWords:
    """Return the words of an agreement in a language of the sheets."""
    return OwnWords(WORDED[code]) if code in WORDED else TranslatedWords(language(code))


def _marked(text: str, marks: tuple[str, str]) -> str:
    opening, closing = marks
    return f"{opening}{text}{closing}"


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
