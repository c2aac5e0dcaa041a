"""Wortlaut der Integrationsvereinbarung: German and English texts, from ``texts/agreement.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from network.kinds import kind_label
from plans.fault import refuse
from plans.needs import Goal

TEXTS_FILE = Path(__file__).with_name("texts") / "agreement.toml"
LANGUAGES = ("de", "en")

_TEXTS: dict[str, Any] = tomllib.loads(TEXTS_FILE.read_text("utf-8"))

OFFICE_COMMITMENTS: tuple[str, ...] = tuple(_TEXTS["office-commitment"])
"""Keys of what the municipality can commit to, in their order."""

PERSON_COMMITMENTS: tuple[str, ...] = tuple(_TEXTS["person-commitment"])
"""Keys of what a person can commit to."""

CONSEQUENCES: tuple[str, ...] = tuple(_TEXTS["consequence"])
"""Keys of what can be written on consequences."""


def wording(key: str, lang: str, **values: str) -> str:
    """Return a text of the agreement.

    Parameters
    ----------
    key : str
        Key of the file, with a dot where it is within a group: ``consequence.none``.
    lang : str
        ``de`` or ``en``; other languages have English.
    **values : str
        What the text names.

    Raises
    ------
    PlanFault
        Where there is no such text.
    """
    entry: Any = _TEXTS
    for part in key.split("."):
        entry = entry.get(part) if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not set(LANGUAGES) <= set(entry):
        raise refuse("unknown-value", "agreement.toml", field="key", value=key, allowed=", ".join(_TEXTS))
    text: str = entry["de" if lang == "de" else "en"]
    return text.format_map(values)


class AgreementWords(Protocol):
    """Wörter einer Vereinbarung: the language in which one is written down."""

    def text(self, key: str, **values: str) -> str:
        """A text by its key in ``agreement.toml``, with what it names."""
        ...

    def name(self, name: str) -> str:
        """A name, or words of the office, within the text."""
        ...

    def kind(self, kind: str) -> str:
        """Words for a kind of offering."""
        ...

    def goal(self, goal: Goal) -> str:
        """A goal in words."""
        ...

    def day(self, on: date | None) -> str:
        """A day as readers write it; in words where none is fixed."""
        ...


@dataclass(frozen=True)
class OwnWords:
    """German (``de``) or English words of an agreement; every other language has English."""

    lang: str

    def text(self, key: str, **values: str) -> str:
        """See `wording`."""
        return wording(key, self.lang, **values)

    def name(self, name: str) -> str:
        """The name itself."""
        return name

    def kind(self, kind: str) -> str:
        """Words for a kind of offering."""
        return kind_label(kind, self.lang)

    def goal(self, goal: Goal) -> str:
        """A goal in words."""
        return goal.text(self.lang)

    def day(self, on: date | None) -> str:
        """23.11.2026 or 23/11/2026."""
        if on is None:
            return self.text("no-date")
        return f"{on:%d.%m.%Y}" if self.lang == "de" else f"{on:%d/%m/%Y}"
