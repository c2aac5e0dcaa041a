"""The catalogues say the same in both languages, and the pages use no word that is missing."""

from __future__ import annotations

import re
import string
from datetime import date
from pathlib import Path

import pytest

import web
import workflows
from web.language import FOLDERS, words_for
from workflows.wording import Words, catalogue, date_text, list_text, number_text, percent_text

ROOMS = [Path(room.__file__).parent for room in (web, workflows)]
SAME_IN_BOTH = {
    *(
        "site.name",
        "language.de",
        "language.en",
        "figure.from_to",
        "hidden.small",
        "hidden.protecting",
        "state.name",
    ),
    *("gaps.median", "cli.complaint.value", "cli.fault.file", "cli.help.version", "break.none", "field.name"),
    *("actor.to.name", "cli.help.json", "gaps.name", "start.name"),
    *("desk.name", "desk.languages.de", "desk.languages.en", "desk.step.code.field", "desk.network.point"),
}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_both_languages_have_the_same_keys_and_quote_the_same_values(folder: Path) -> None:
    german, english = catalogue(folder, "de"), catalogue(folder, "en")
    assert german.keys() == english.keys()
    for key in german:
        assert placeholders(german[key]) == placeholders(english[key]), key


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_nothing_is_left_untranslated(folder: Path) -> None:
    german, english = catalogue(folder, "de"), catalogue(folder, "en")
    same = {key for key in german if german[key] == english[key]} - SAME_IN_BOTH
    assert same == set()
    assert all(text.strip() for text in (*german.values(), *english.values()))


def test_no_catalogue_repeats_a_key_of_another() -> None:
    keys = [key for folder in FOLDERS for key in catalogue(folder, "de")]
    assert len(keys) == len(set(keys))


def test_every_text_that_a_page_or_command_names_exists() -> None:
    words = words_for("de")
    sources = [*ROOMS[0].rglob("*.html"), *ROOMS[0].rglob("*.py")]
    asked = {
        key
        for source in sources
        for key in re.findall(r"""\b(?:t|words)\(["']([a-z0-9_.-]+)["']\s*[,)]""", source.read_text("utf-8"))
    }
    counted = {
        key
        for source in sources
        for key in re.findall(r"""\b(?:t|words)\.count\(["']([a-z0-9_.-]+)["']""", source.read_text("utf-8"))
    }
    assert len(asked) > 100
    assert {key for key in asked if key not in words} == set()
    assert {key for key in counted if f"{key}.one" not in words or f"{key}.other" not in words} == set()


def test_dates_and_numbers_are_written_as_each_language_writes_them() -> None:
    assert date_text(date(2026, 11, 3), "de") == "03.11.2026"
    assert date_text(date(2026, 11, 3), "en") == "3 Nov 2026"
    assert number_text(12345.678, "de", 1) == "12.345,7"
    assert number_text(12345.678, "en", 1) == "12,345.7"
    assert number_text(-0.04, "en", 1) == "0.0"
    assert percent_text(0.475, "de") == "48\N{NO-BREAK SPACE}%"
    assert percent_text(0.475, "en", 1) == "47.5%"


def test_lists_read_like_a_sentence() -> None:
    assert list_text([], "de") == ""
    assert list_text(["A"], "de") == "A"
    assert list_text(["A", "B", "C"], "de") == "A, B und C"
    assert list_text(["A", "B"], "en", "or") == "A or B"


def test_one_and_many_differ() -> None:
    words = words_for("de")
    assert words.count("days", 1) == "1 Tag"
    assert words.count("days", 1200) == "1.200 Tage"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown language"):
        Words("fr", *FOLDERS)
