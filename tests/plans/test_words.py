from __future__ import annotations

from enum import StrEnum

import pytest

from plans.analysis import Barrier, Cefr, Childcare, Literacy, Recognition, Resource
from plans.model import Gender
from plans.needs import Relation
from plans.rules import Basis
from plans.words import word


@pytest.mark.parametrize(
    "terms", [Literacy, Recognition, Childcare, Resource, Barrier, Gender, Relation, Basis]
)
def test_every_term_has_its_words_in_both_languages(terms: type[StrEnum]) -> None:
    for lang in ("de", "en"):
        words = [word(term, lang) for term in terms]
        assert all(" " in entry or entry.isalpha() for entry in words), words
        assert len(set(words)) == len(words)
    assert any(word(term, "de") != word(term, "en") for term in terms)


def test_a_level_stands_for_itself() -> None:
    assert word(Cefr.B1, "de") == "B1"
