"""The words about one need say the same in both languages."""

from __future__ import annotations

import string
from pathlib import Path

import workflows
from workflows.wording import catalogue

FOLDER = Path(workflows.__file__).parent / "advice_texts"
SAME_IN_BOTH = {"column.mark", "about", "online"}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_both_languages_have_the_same_keys_and_quote_the_same_values() -> None:
    german, english = catalogue(FOLDER, "de"), catalogue(FOLDER, "en")
    assert german.keys() == english.keys()
    for key in german:
        assert placeholders(german[key]) == placeholders(english[key]), key


def test_nothing_is_left_untranslated() -> None:
    german, english = catalogue(FOLDER, "de"), catalogue(FOLDER, "en")
    assert {key for key in german if german[key] == english[key]} == SAME_IN_BOTH
