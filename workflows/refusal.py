"""Absagen der Arbeitsgänge: what is refused because of who asks or when; nothing was changed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TEXTS_FILE = Path(__file__).with_name("texts") / "refusals.toml"

TEXTS: Mapping[str, Mapping[str, str]] = tomllib.loads(TEXTS_FILE.read_text("utf-8"))
"""German and English sentence of every refusal: what is wrong, then what to do."""


class Refusal(Exception):
    """Absage: a workflow was refused, and nothing was changed.

    Parameters
    ----------
    code : str
        Key of the sentence, one of `TEXTS`.
    **values : object
        What the sentence names.
    """

    def __init__(self, code: str, **values: Any) -> None:
        if code not in TEXTS:
            raise KeyError(code)
        self.code = code
        self.values = values
        super().__init__(self.text("en"))

    def text(self, lang: str) -> str:
        """One line in German (``de``) or English: what is wrong, what to do."""
        return TEXTS[self.code]["de" if lang == "de" else "en"].format_map(self.values)


class Forbidden(Refusal):
    """Nicht erlaubt: none of the caller's roles may do this at all."""
