"""Worte im Fall: terms that a case holds as JSON, in the words of the page."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask import g

from network.labels import label
from plans.agreement import AgreementState
from plans.analysis import Barrier, Childcare, Literacy, Recognition, Resource
from plans.case_records import Achievement, ClosureReason
from plans.consent import DataCategory, Purpose
from plans.referral_table import Reason, ReferralState
from plans.steps import Finding, Precondition
from plans.words import word

_TERMS: Mapping[str, type[StrEnum]] = {
    terms.__name__: terms
    for terms in (
        *(AgreementState, Achievement, Barrier, Childcare, ClosureReason, DataCategory, Finding, Literacy),
        *(Precondition, Purpose, Reason, Recognition, ReferralState, Resource),
    )
}


def said(group: str, code: str) -> str:
    """Word for a code: ``said("Literacy", "latin")``."""
    return word(_TERMS[group](code), g.words.lang)


def recipient_of(case: Mapping[str, Any], consent: Mapping[str, Any]) -> str:
    """Whom a consent is for: an organisation by name, or every one of a type."""
    if consent["recipient_id"]:
        return str(case["organisations"][consent["recipient_id"]]["name"])
    kind = label("actor_type", consent["recipient_type"], g.words.lang)
    return str(g.words("desk.case.consents.every", type=kind))
