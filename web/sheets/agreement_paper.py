"""Vereinbarung auf Papier: the last version in German beside English, with a line for every signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from web.sheets.setting import set_pdf
from workflows.wording import date_text


def agreement_paper(german: Mapping[str, Any], english: Mapping[str, Any], signing: Sequence[str]) -> bytes:
    """Set an agreement for signing.

    Parameters
    ----------
    german, english : mapping
        What `workflows.agreements.reading.read_agreement` returns in either language.
    signing : sequence of str
        Names of everybody who still has to sign.

    Returns
    -------
    bytes
        The PDF.
    """
    drafted_on = date.fromisoformat(german["agreement"]["versions"][-1]["drafted_on"])
    return set_pdf("agreement.typ", paper_data(german, english, signing), drafted_on)


def paper_data(
    german: Mapping[str, Any], english: Mapping[str, Any], signing: Sequence[str]
) -> dict[str, Any]:
    """Return what the paper says, as JSON; who has signed already stands in the last part of the text."""
    agreement = german["agreement"]
    last = agreement["versions"][-1]
    office = german["names"].get(agreement["organisation_id"], "")
    pairs = zip(german["text"], english["text"], strict=True)
    return {
        "title": german["text"][0]["heading"],
        "title_en": english["text"][0]["heading"],
        "office": office,
        "footer": f"{office} · {date_text(date.fromisoformat(last['drafted_on']), 'de')} · {last['number']}",
        "parts": [{"german": one, "english": other} for one, other in pairs],
        "signing": list(signing),
    }
