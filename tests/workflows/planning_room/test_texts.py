"""The words of the planning room say the same in both languages."""

import string

from workflows.planning_room.tables import TEXTS
from workflows.wording import catalogue

SAME_IN_BOTH = {"column.offering", "column.partners"}


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_both_languages_have_the_same_keys_and_quote_the_same_values():
    german, english = catalogue(TEXTS, "de"), catalogue(TEXTS, "en")
    assert german.keys() == english.keys()
    assert [key for key in german if placeholders(german[key]) != placeholders(english[key])] == []


def test_nothing_is_left_untranslated():
    german, english = catalogue(TEXTS, "de"), catalogue(TEXTS, "en")
    assert {key for key in german if german[key] == english[key]} <= SAME_IN_BOTH
