"""Wortlaut der Integrationsvereinbarung: German and English texts, from ``texts/agreement.toml``."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from plans.fault import refuse

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
