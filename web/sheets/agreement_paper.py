"""Vereinbarung auf Papier: its last version in German and a second language, a line for every signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from web.sheets.languages import GERMAN, WORDED, SheetLanguage, language
from web.sheets.setting import set_pdf
from workflows.wording import date_text


def agreement_paper(
    german: Mapping[str, Any], other: Mapping[str, Any], code: str, signing: Sequence[str]
) -> bytes:
    """Set an agreement for signing.

    Parameters
    ----------
    german, other : mapping
        What `workflows.agreements.reading.read_agreement` returns in German and in the second language.
    code : str
        The second language, one of `web.sheets.languages.codes`.
    signing : sequence of str
        Names of everybody who still has to sign.

    Returns
    -------
    bytes
        The PDF.
    """
    drafted_on = date.fromisoformat(german["agreement"]["versions"][-1]["drafted_on"])
    return set_pdf("agreement.typ", paper_data(german, other, language(code), signing), drafted_on)


def paper_data(
    german: Mapping[str, Any], other: Mapping[str, Any], second: SheetLanguage, signing: Sequence[str]
) -> dict[str, Any]:
    """Return what the paper says, as JSON; who has signed already stands in the last part of the text."""
    agreement = german["agreement"]
    last = agreement["versions"][-1]
    office = german["names"].get(agreement["organisation_id"], "")
    pairs = zip(german["text"], other["text"], strict=True)
    notes = [] if second.code in WORDED else [second.words["agreement"]["own-words"]]
    return {
        "title": german["text"][0]["heading"],
        "office": office,
        "footer": f"{office} · {date_text(date.fromisoformat(last['drafted_on']), 'de')} · {last['number']}",
        "second": {name: second.words[name] for name in ("name", "direction", "tag")},
        "title_second": other["text"][0]["heading"],
        "parts": [{"german": one, "second": another} for one, another in pairs],
        "binding": {
            "german": language(GERMAN).phrase("binding"),
            "second": [second.phrase("binding"), *notes],
        },
        "signing": list(signing),
    }
