"""Felder: how each column of the partner files is entered, and how a form becomes cells again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import g, request

from network.columns import TABLE, Column
from network.kinds import KINDS, kind_label
from network.labels import FEATURES, LABELS, TAGS, half_day_label, label
from network.model import CEFR_LEVELS, HALF_DAYS, ActorType
from web.desk import forms

NONE_OF_THEM = "-"
"""Cell of a column with several values, none of which holds; an empty cell is not stated."""

NOT_EDITED = {
    "actors": {"id"},
    "offerings": {"id", "actor"},
    "groups": {"id", "offering"},
    "services": {"id", "offering"},
    "stock": {"id", "offering"},
    "cooperation": {"from", "to", "kind"},
}
"""Columns that name a row or what it hangs on: they stay as they are."""

_DAYS = frozenset({"as_of", "start", "first", "last", "free_from", "since"})
_NUMBERS = frozenset(
    ("modules", "module_days", "seats", "booked", "minimum", "every_days", "duration_days", "number")
)
_FLAGS = frozenset({"online", "illustrative"})


@dataclass(frozen=True)
class Choice:
    """Wert zur Auswahl, with its words."""

    value: str
    words: str


@dataclass(frozen=True)
class Field:
    """Feld: one column as a form asks for it.

    Parameters
    ----------
    name : str
        Of the column.
    look : str
        ``text``, ``date``, ``number``, ``choice`` (one) or ``several``.
    value : str
        The cell as it stands or as it was typed.
    choices : tuple of Choice
        What can be chosen.
    required : bool
        Whether it must not be empty.
    fault : str
        What is wrong with it; empty where nothing is.
    now : str or None
        What is stored by now, where somebody else changed it meanwhile.
    """

    name: str
    look: str
    value: str
    choices: tuple[Choice, ...]
    required: bool
    fault: str = ""
    now: str | None = None

    @property
    def values(self) -> frozenset[str]:
        """Values that are ticked, where there may be several."""
        return frozenset(filter(None, self.value.split("|")))


def fields_of(
    table: str,
    cells: Mapping[str, str],
    faults: Mapping[str, str] | None = None,
    now: Mapping[str, str] | None = None,
) -> list[Field]:
    """Return the fields of a form for one row.

    Parameters
    ----------
    table : str
        Of `network.columns.TABLES`.
    cells : mapping of str to str
        What stands in the fields.
    faults : mapping of str to str, optional
        What is wrong, by column.
    now : mapping of str to str, optional
        Cells as they are stored, where somebody else has changed the row.
    """
    return [
        Field(
            name=column.name,
            look=_look(column.name),
            value=cells.get(column.name, ""),
            choices=_choices(column.name, table),
            required=column.required,
            fault=(faults or {}).get(column.name, ""),
            now=now[column.name] if now and now[column.name] != cells.get(column.name, "") else None,
        )
        for column in _edited(table)
    ]


def cells_of_form(table: str) -> dict[str, str]:
    """Return the cells that the form of this request holds; several values are joined as in a file."""
    cells = {}
    for column in _edited(table):
        if _look(column.name) == "several":
            ticked = [value for value in request.form.getlist(column.name) if value != NONE_OF_THEM]
            is_none = NONE_OF_THEM in request.form.getlist(column.name)
            cells[column.name] = "|".join(ticked) or (NONE_OF_THEM if is_none else "")
        else:
            cells[column.name] = forms.text(column.name)
    return cells


def _edited(table: str) -> list[Column]:
    return [column for column in TABLE[table].columns if column.name not in NOT_EDITED[table]]


def _look(name: str) -> str:
    if name in _SEVERAL:
        return "several"
    if name in _ONE or name in _FLAGS:
        return "choice"
    return "date" if name in _DAYS else "number" if name in _NUMBERS else "text"


def _choices(name: str, table: str) -> tuple[Choice, ...]:
    if name in _FLAGS:
        return (Choice("yes", g.words("yes")), Choice("no", g.words("no")))
    values = _SEVERAL.get(name) or _ONE.get(name, ())
    words = _WORDS.get(name)
    found = [Choice(value, words(value, g.words.lang) if words else value) for value in values]
    return tuple(found if name in _IN_ORDER else sorted(found, key=lambda choice: choice.words.casefold()))


_ONE: Mapping[str, tuple[str, ...]] = {
    "type": tuple(ActorType),
    "kind": tuple(KINDS),
    "level_in": CEFR_LEVELS,
    "level_out": CEFR_LEVELS,
}
_SEVERAL: Mapping[str, tuple[str, ...]] = {
    "times": HALF_DAYS,
    "features": tuple(FEATURES),
    "requires": tuple(TAGS),
    "languages": tuple(LABELS["language"]),
}
_IN_ORDER = frozenset({"times", "kind", "level_in", "level_out"})
_WORDS: Mapping[str, Callable[[str, str], str]] = {
    "type": lambda value, lang: label("actor_type", value, lang),
    "kind": kind_label,
    "times": half_day_label,
    "features": lambda value, lang: label("feature", value, lang),
    "requires": lambda value, lang: label("tag", value, lang),
    "languages": lambda value, lang: label("language", value, lang),
}
