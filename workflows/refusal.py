"""Absagen der Arbeitsgänge: what is refused because of who asks or when; nothing was changed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from store.faults import SaidFault

TEXTS_FILE = Path(__file__).with_name("texts") / "refusals.toml"

TEXTS: Mapping[str, Mapping[str, str]] = tomllib.loads(TEXTS_FILE.read_text("utf-8"))
"""German and English sentence of every refusal: what is wrong, then what to do."""


class Refusal(SaidFault):
    """Absage: a workflow was refused, and nothing was changed."""

    texts = TEXTS


class Forbidden(Refusal):
    """Nicht erlaubt: none of the caller's roles may do this at all."""
