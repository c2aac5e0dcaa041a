"""docs/glossary.md: one table that says every term of the field once."""

import re
from collections import Counter

import pytest

from network.kinds import KINDS
from tests.docs.documents import PROJECT, names_in_code, table_in

GLOSSARY = "docs/glossary.md"
FOLDED = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})


def german_order(term):
    return term.casefold().translate(FOLDED)


def test_every_row_has_a_german_term_an_english_one_and_a_meaning():
    assert [row for row in table_in(GLOSSARY) if len(row) != 3 or not all(row)] == []


def test_no_term_stands_there_twice():
    counted = Counter(german_order(row[0]) for row in table_in(GLOSSARY))
    assert [term for term, count in counted.items() if count > 1] == []


def test_the_terms_stand_in_german_order():
    terms = [row[0] for row in table_in(GLOSSARY)]
    assert terms == sorted(terms, key=german_order)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.id)
def test_every_kind_of_offering_stands_there_with_the_words_of_the_pages(kind):
    assert {row[0]: row[1] for row in table_in(GLOSSARY)}.get(kind.label_de) == kind.label_en


def test_every_name_in_code_style_is_a_name_in_the_code_or_a_file():
    quoted = {word for row in table_in(GLOSSARY) for cell in row for word in re.findall("`([^`]+)`", cell)}
    unknown = {word for word in quoted - names_in_code() if not (PROJECT / word).is_file()}
    assert unknown == set()
