"""Absagen der Arbeitsgänge: what is refused because of who asks or when; nothing was changed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from store.faults import SaidFault

TEXTS_FOLDER = Path(__file__).with_name("texts") / "refusals"
"""One file a topic; no code stands in two of them."""


def _texts(folder: Path) -> Mapping[str, Mapping[str, str]]:
    texts: dict[str, Mapping[str, str]] = {}
    for file in sorted(folder.glob("*.toml")):
        for code, sentence in tomllib.loads(file.read_text("utf-8")).items():
            if code in texts:
                raise ValueError(f"{file}: {code} stands in another file too")
            texts[code] = sentence
    return texts


TEXTS: Mapping[str, Mapping[str, str]] = _texts(TEXTS_FOLDER)
"""German and English sentence of every refusal: what is wrong, then what to do."""


class Refusal(SaidFault):
    """Absage: a workflow was refused, and nothing was changed."""

    texts = TEXTS


class Forbidden(Refusal):
    """Nicht erlaubt: none of the caller's roles may do this at all."""
