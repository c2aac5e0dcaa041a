"""Sheets and agreements: every language has every word and every letter."""

import re
import tomllib
from datetime import date

import pytest
from fontTools.ttLib import TTFont

from network.kinds import SLOT_KINDS
from network.model import HALF_DAYS
from plans.agreement_texts import TEXTS_FILE
from web.sheets.languages import (
    ENGLISH_MARKS,
    GERMAN,
    GERMAN_MARKS,
    TEXTS,
    WORDED,
    codes,
    language,
    languages,
)
from web.sheets.setting import FONTS, NoFonts, set_pdf

CODES = ("ara", "eng", "fra", "kmr", "prs", "rus", "tir", "tur", "ukr")


def keys(texts):
    return {f"{group}.{key}" for group, values in texts.items() if isinstance(values, dict) for key in values}


def words_of(code):
    return tomllib.loads((TEXTS / f"{code}.toml").read_text("utf-8"))


def test_nine_languages_stand_beside_german():
    assert codes() == CODES
    assert dict(languages("de"))["ara"] == "Arabisch (العربية)"


@pytest.mark.parametrize("code", CODES)
def test_a_language_has_every_word_of_the_german_sheet(code):
    of_agreement = keys({"agreement": words_of(code).get("agreement", {})})
    assert keys(words_of(code)) - of_agreement == keys(words_of(GERMAN))


def leaves(texts, above=""):
    """German texts of the agreement by their keys."""
    if "de" in texts:
        return {above: texts["de"]}
    return {
        key: text
        for name, inner in texts.items()
        for key, text in leaves(inner, f"{above}.{name}" if above else name).items()
    }


def fields(text):
    return sorted(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("code", [code for code in CODES if code not in WORDED])
def test_an_agreement_says_and_names_the_same_in_a_language_as_in_german(code):
    german = leaves(tomllib.loads(TEXTS_FILE.read_text("utf-8")))
    own = words_of(code)["agreement"]
    assert own.keys() == {*german, "own-words"}
    assert {key: fields(own[key].replace("{law}", "")) for key in german} == {
        key: fields(text) for key, text in german.items()
    }
    assert [key for key, text in own.items() if "{law}" in text] == ["consequence.existing-law"]


def test_every_kind_of_step_and_every_half_day_has_its_word():
    for code in CODES:
        assert all(language(code).kind(kind) for kind in SLOT_KINDS)
        assert language(code).times(list(HALF_DAYS)).count("(") == 3


@pytest.mark.parametrize("code", (GERMAN, *CODES))
def test_the_fonts_have_every_letter_of_a_language(code):
    covered = {point for file in FONTS.glob("*.ttf") for point in TTFont(file).getBestCmap()}
    text = (TEXTS / f"{code}.toml").read_text("utf-8")
    signs = {*text, *"".join(GERMAN_MARKS + ENGLISH_MARKS)}
    assert {sign for sign in signs if ord(sign) > 32 and ord(sign) not in covered} <= {
        "\N{ZERO WIDTH NON-JOINER}"
    }


def test_without_fonts_nothing_is_set(tmp_path):
    with pytest.raises(NoFonts, match="make setup"):
        set_pdf("sheet.typ", {}, date(2026, 3, 2), tmp_path)
