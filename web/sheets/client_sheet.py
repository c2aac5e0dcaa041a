"""Merkblatt: the next steps of a person with days, places and telephones, in two languages, to take along."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from network.kinds import kind_label
from network.labels import times_label
from web.desk.cases.chain import ChainStep, chain_of
from web.sheets.languages import GERMAN, SheetLanguage, language
from web.sheets.setting import set_pdf
from workflows.wording import date_text


def client_sheet(case: Mapping[str, Any], code: str) -> bytes:
    """Set the client sheet of a case.

    Parameters
    ----------
    case : mapping
        As `workflows.cases.whole_case.read_case` returns it; only what is on the sheet leaves it.
    code : str
        Second language, one of `web.sheets.languages.codes`.

    Returns
    -------
    bytes
        The PDF.
    """
    on = date.fromisoformat(case["today"])
    return set_pdf("sheet.typ", sheet_data(case, language(code)), on)


def sheet_data(case: Mapping[str, Any], second: SheetLanguage) -> dict[str, Any]:
    """Return what the sheet says, as JSON."""
    german = language(GERMAN)
    office = case["organisations"][case["office"]]
    open_steps = [step for step in chain_of(case) if not step.is_over]
    return {
        "title": f"{german.phrase('title')} – {case['person']['name']}",
        "footer": f"{office['name']} · {_day(case['today'])}",
        "name": case["person"]["name"],
        "office": office["name"],
        "phone": office["phone"],
        "counsellor": case["counsellor"] or "",
        "talk": _day(case["plan"]["next_appointment_on"]),
        "german": dict(german.words["phrase"]),
        "second": {
            **{name: second.words[name] for name in ("name", "direction", "tag")},
            "phrases": dict(second.words["phrase"]),
        },
        "steps": [_step(case, step, second) for step in open_steps],
    }


def _step(case: Mapping[str, Any], step: ChainStep, second: SheetLanguage) -> dict[str, Any]:
    """What the sheet says of a step; a date only where the seat is promised."""
    kind = step.need["kind"]
    is_promised = step.status in ("booked", "under-way") and step.slot is not None
    slot: Mapping[str, Any] = step.slot if is_promised and step.slot is not None else {}
    organisation = case["organisations"].get(slot.get("organisation_id"), {})
    times = slot.get("times", [])
    return {
        "organisation": organisation.get("name", ""),
        "phone": organisation.get("phone", ""),
        "place": slot.get("place_name") or "",
        "online": bool(slot.get("online")),
        "start": _day(slot.get("start_on")),
        "end": _day(slot.get("end_on")),
        "german": {"kind": kind_label(kind, "de"), "times": times_label(times, "de")},
        "second": {"kind": second.kind(kind), "times": second.times(times)},
    }


def _day(day: str | None) -> str:
    """A day as it stands on German papers, also in the second language, so that both can be compared."""
    return date_text(date.fromisoformat(day), "de") if day else ""
