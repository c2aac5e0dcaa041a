"""Fehler in Hilfeplänen: what is wrong in a help plan or its configuration, where, and what to do."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from plans.words import words

LONGEST_QUOTE = 600
"""Characters of a value that a message repeats at most."""

TEXTS_FILE = Path(__file__).with_name("texts") / "faults.toml"

TEXTS: dict[str, dict[str, str]] = tomllib.loads(TEXTS_FILE.read_text("utf-8"))
"""German and English text of every fault: first what is wrong, then what to write or do instead."""


@dataclass(frozen=True)
class Fault:
    """Ein Fehler: one thing that is wrong.

    Parameters
    ----------
    code : str
        Key of the text, one of `TEXTS`.
    values : mapping of str to object
        What the text names; terms of the help plan room (enums) appear in the reader's words.
    file : str
        File name, empty where the fault is not in a file.
    line : int or None
        Line in the file from 1, where known.
    column : str or None
        Field or entry within the file or object.
    """

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""
    line: int | None = None
    column: str | None = None

    def __post_init__(self) -> None:
        if self.code not in TEXTS:
            raise KeyError(self.code)

    def text(self, lang: str) -> str:
        """What is wrong and what to do, in German (``de``) or English."""
        values = {name: _quotable(words(value, lang)) for name, value in self.values.items()}
        return TEXTS[self.code]["de" if lang == "de" else "en"].format_map(values)

    def where(self, lang: str) -> str:
        """Place of the fault in words, for example ``rules.toml, Zeile 7, rule 2 (seat-hold-days)``."""
        line = f"{'Zeile' if lang == 'de' else 'line'} {self.line}" if self.line else ""
        return ", ".join(part for part in (self.file, line, _quotable(self.column or "")) if part)

    def sentence(self, lang: str) -> str:
        """One line: where, then what and what to do."""
        return ": ".join(part for part in (self.where(lang), self.text(lang)) if part)


def _quotable(text: str) -> str:
    clean = "".join(c if c.isprintable() else "·" for c in text)
    return clean if len(clean) <= LONGEST_QUOTE else clean[: LONGEST_QUOTE - 1] + "…"


class PlanFault(ValueError):
    """Something in a help plan, its templates or its rules cannot be.

    Attributes
    ----------
    faults : tuple of Fault
        Every fault found, in the order of finding.
    """

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("\n".join(f.sentence("en") for f in faults))

    def text(self, lang: str) -> str:
        """All faults, one line each."""
        return "\n".join(f.sentence(lang) for f in self.faults)


def refuse(code: str, where: str = "", **values: Any) -> PlanFault:
    """Build the `PlanFault` of one fault at a place in an object, ready to raise."""
    return PlanFault(Fault(code, values, column=where))
