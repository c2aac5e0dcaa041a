from __future__ import annotations

import importlib
from enum import StrEnum
from pathlib import Path

import pytest

import plans
from plans.actions import Action
from plans.agreement import AgreementState
from plans.agreement_records import Side
from plans.analysis import Barrier, Cefr, Childcare, Literacy, Recognition, Resource
from plans.case_records import Achievement, ClosureReason
from plans.consent import DataCategory, Purpose
from plans.help_plan import Phase
from plans.model import Gender
from plans.needs import Relation
from plans.referral_table import (
    Consequence,
    Party,
    Reason,
    ReferralAction,
    ReferralOutcome,
    ReferralState,
    SeatEffect,
)
from plans.roles import Role, Whose
from plans.rules import Basis
from plans.steps import Finding, Precondition, StepState
from plans.waiting import Clock, ClockState
from plans.words import word, words

RECORDED = (Literacy, Recognition, Childcare, Resource, Barrier, Gender, Relation, Basis)
OF_A_LIFE = (
    *(ReferralState, ReferralAction, Party, SeatEffect, Reason, Consequence, ReferralOutcome),
    *(Clock, ClockState, DataCategory, Purpose, Phase, Achievement, ClosureReason),
    *(StepState, Finding, Precondition, AgreementState, Side, Role, Whose, Action),
)


@pytest.mark.parametrize("terms", (*RECORDED, *OF_A_LIFE), ids=lambda terms: terms.__name__)
def test_every_term_has_its_words_in_both_languages(terms: type[StrEnum]) -> None:
    for lang in ("de", "en"):
        words = [word(term, lang) for term in terms]
        assert all(" " in entry or entry.isalpha() for entry in words), words
        assert len(set(words)) == len(words)
    assert any(word(term, "de") != word(term, "en") for term in terms)


def test_a_level_stands_for_itself() -> None:
    assert word(Cefr.B1, "de") == "B1"


def test_every_enum_of_the_room_has_words_or_stands_for_itself() -> None:
    known = {terms.__name__ for terms in (*RECORDED, *OF_A_LIFE)} | {"Cefr"}
    found = {
        term.__name__
        for name in (path.stem for path in Path(plans.__file__).parent.glob("*.py"))
        for term in vars(importlib.import_module(f"plans.{name}")).values()
        if isinstance(term, type) and issubclass(term, StrEnum) and term.__module__.startswith("plans.")
    }
    assert found == known


def test_several_terms_are_listed_in_the_order_of_their_words() -> None:
    assert words({Basis.OBSERVED, Basis.LAW}, "en") == "law, observed figure"
    assert words(("b", "a"), "en") == "a, b"
    assert words(7, "de") == "7"
