"""Auskunft in Worten: the answer to an access request in sections that people can read, in two languages."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from network.kinds import kind_label
from plans.actions import Action
from plans.consent import DataCategory, Purpose
from plans.words import word
from store import tables as t
from workflows.acting import LOCAL_TIME
from workflows.privacy.answering import Answer
from workflows.privacy.held import HELD
from workflows.wording import date_text

LABELS_FILE = Path(__file__).with_name("labels.toml")
NOT_SHOWN = frozenset({"id", "region_id", "version", "position", "number", "created_at", "updated_at"})
"""Columns that only order rows or tell them apart; the file for machines has them."""


@dataclass(frozen=True)
class Section:
    """Abschnitt: a heading, a sentence or two, and its entries.

    Parameters
    ----------
    heading, note : str
        What this is about; the note may be empty.
    entries : tuple of tuple of tuple of str
        Each entry as its lines: name and value.
    """

    heading: str
    note: str
    entries: tuple[tuple[tuple[str, str], ...], ...] = ()


def label(group: str, key: str, lang: str) -> str:
    """Return the German (``de``) or English name of a table, a column or a sentence of the answer.

    Raises
    ------
    KeyError
        Where it has none.
    """
    return _labels()[group][key][0 if lang == "de" else 1]


def sections(answer: Answer, lang: str) -> tuple[Section, ...]:
    """Set an answer (`workflows.privacy.answering.answer_access_request`) in words.

    Parameters
    ----------
    answer : dict
        As the workflow gave it.
    lang : str
        ``de`` or ``en``.

    Returns
    -------
    tuple of Section
        What this is; who was told what; each kind of data that is held; what happened with the file.
    """
    said = [Section(label("said", "rights-heading", lang), _rights(answer, lang))]
    said.append(Section(label("said", "recipients", lang), *_recipients(answer, lang)))
    for name in HELD:
        rows = answer["held"][name]
        if rows:
            entries = tuple(tuple(_lines(name, row, answer["names"], lang)) for row in rows)
            said.append(Section(label("table", name, lang), "", entries))
    said.append(Section(label("said", "entries", lang), *_entries(answer, lang)))
    return tuple(said)


def title(answer: Answer, lang: str) -> str:
    """Return the title of an answer."""
    return f"{label('said', 'title', lang)}: {answer['held']['person'][0]['name']}"


def _rights(answer: Answer, lang: str) -> str:
    made_on = date_text(date.fromisoformat(answer["made_on"]), lang)
    due_on = answer["erase_due_on"]
    key = "kept-open" if due_on is None else "kept-until"
    until = "" if due_on is None else date_text(date.fromisoformat(due_on), lang)
    kept = label("said", key, lang).format(days=answer["kept_days"], day=until)
    return label("said", "rights", lang).format(office=answer["office"], day=made_on) + " " + kept


def _recipients(answer: Answer, lang: str) -> tuple[str, tuple[tuple[tuple[str, str], ...], ...]]:
    if not answer["recipients"]:
        return label("said", "nobody", lang), ()
    return "", tuple(
        (
            (label("said", "recipient", lang), answer["names"].get(one["recipient_id"], one["recipient_id"])),
            (label("column", "purpose", lang), word(Purpose(one["purpose"]), lang)),
            (
                label("column", "categories", lang),
                ", ".join(word(DataCategory(key), lang) for key in one["categories"]),
            ),
            (label("said", "times", lang), str(one["times"])),
            (label("said", "first", lang), _instant_text(one["first_at"], lang)),
            (label("said", "last", lang), _instant_text(one["last_at"], lang)),
        )
        for one in answer["recipients"]
    )


def _entries(answer: Answer, lang: str) -> tuple[str, tuple[tuple[tuple[str, str], ...], ...]]:
    known = {action.value: action for action in Action}
    lines = tuple(
        (
            _instant_text(one["at"], lang),
            word(known[one["action"]], lang) if one["action"] in known else one["action"],
        )
        for one in answer["entries"]
    )
    return label("said", "entries-note", lang), ((lines,) if lines else ())


def _lines(
    name: str, row: Mapping[str, Any], names: Mapping[str, str], lang: str
) -> Iterator[tuple[str, str]]:
    table = t.metadata.tables[name]
    for column, value in row.items():
        if column in NOT_SHOWN or value in (None, "", [], {}) or _leads_elsewhere(table, column):
            continue
        terms = getattr(table.c[column].type, "terms", None)
        yield label("column", column, lang), _text(value, column, terms, names, lang)


def _leads_elsewhere(table: t.Table, column: str) -> bool:
    """Whether a column only names a row of another table that is told of in its own place."""
    targets = {key.target_fullname.split(".")[0] for key in table.c[column].foreign_keys}
    return bool(targets - {"organisation"}) or column in ("consent_ids", "party_id")


def _text(value: Any, column: str, terms: type[StrEnum] | None, names: Mapping[str, str], lang: str) -> str:
    if isinstance(value, bool):
        return label("said", "yes" if value else "no", lang)
    if isinstance(value, list):
        return ", ".join(_text(one, column, terms, names, lang) for one in value)
    if isinstance(value, dict):
        shown = {key: one for key, one in value.items() if one not in (None, "", [], {})}
        return "; ".join(f"{key}: {_text(one, key, None, names, lang)}" for key, one in shown.items())
    if terms is not None:
        return word(terms(value), lang)
    if isinstance(value, str) and column in ("kind", "decided_kind"):
        return kind_label(value, lang)
    return names.get(value) or _day_text(value, lang) if isinstance(value, str) else str(value)


def _day_text(value: str, lang: str) -> str:
    """A day or an instant as the language writes it; any other text as it is."""
    try:
        return date_text(date.fromisoformat(value), lang) if len(value) == 10 else _instant_text(value, lang)
    except ValueError:
        return value


def _instant_text(value: str, lang: str) -> str:
    at = datetime.fromisoformat(value).astimezone(LOCAL_TIME)
    return f"{date_text(at.date(), lang)}, {at:%H:%M}"


@cache
def _labels() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    return tomllib.loads(LABELS_FILE.read_text("utf-8"))
