"""Was der Empfänger sieht: the fields of a preview in the words of the page, in groups by category."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import g

from network.kinds import kind_label
from network.labels import label, times_label
from plans.analysis import Childcare, Literacy, Recognition
from plans.consent import DataCategory
from plans.model import Gender
from plans.words import word

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Shown:
    """Angabe: one field with its label and its value in words."""

    label: str
    value: str


@dataclass(frozen=True)
class Preview:
    """Vorschau: what would be seen, and what is needed though nobody agreed to it.

    Parameters
    ----------
    seen : tuple of Shown
        Who it is comes first; beside it go the ids of person, household and step, which say nothing.
    missing : tuple of DataCategory
        Categories that the kind of offering needs and that no consent covers.
    """

    seen: tuple[Shown, ...]
    missing: tuple[DataCategory, ...]

    @property
    def missing_words(self) -> tuple[str, ...]:
        """The missing categories in words."""
        return tuple(word(one, g.words.lang) for one in self.missing)


def preview_of(views: Iterable[Row], needed: Iterable[DataCategory]) -> Preview:
    """Make a preview from what `workflows.consents.preview.preview_disclosure` returns.

    Parameters
    ----------
    views : iterable of mapping
        Every recorded field, visible or not.
    needed : iterable of DataCategory
        What the kind of offering needs.
    """
    fields = tuple(views)
    covered = {one["category"] for one in fields if one["is_visible"]}
    seen = shown_fields({one["path"]: one["value"] for one in fields if one["is_visible"]})
    missing = tuple(one for one in DataCategory if one in set(needed) and one.value not in covered)
    return Preview(seen, missing)


def shown_fields(fields: Row) -> tuple[Shown, ...]:
    """Return fields that were shown, by their path, in words; ids and what is empty are left out."""
    in_order = sorted(
        fields.items(), key=lambda one: not one[0].startswith("person.")
    )  # who it is comes first
    named = ((path, _value(path, value)) for path, value in in_order if not path.endswith(".id"))
    return tuple(Shown(_label(path), value) for path, value in named if value)


def _label(path: str) -> str:
    record, _, name = path.partition(".")
    for key in (f"desk.disclosed.{record.partition('[')[0]}-{name}", f"desk.form.field.{name}"):
        if key in g.words:
            return str(g.words(key))
    return name


def _value(path: str, value: Any) -> str:
    name = path.rpartition(".")[2]
    if value in (None, "", [], {}):
        return ""
    lang = g.words.lang
    words = {
        "kind": lambda: kind_label(value, lang),
        "gender": lambda: word(Gender(value), lang),
        "literacy": lambda: word(Literacy(value), lang),
        "recognition": lambda: word(Recognition(value), lang),
        "childcare": lambda: word(Childcare(value), lang),
        "times": lambda: times_label(value, lang),
        "languages": lambda: ", ".join(label("language", one, lang) for one in value),
        "german": lambda: ", ".join(
            f"{g.words(f'desk.disclosed-part.{key}')} {one}" for key, one in value.items()
        ),
        "contact": lambda: ", ".join(one for one in value.values() if one),
        "home": lambda: str(value["name"]),
        "children": lambda: ", ".join(f"{one['born_month']:02d}/{one['born_year']}" for one in value),
        "birth_on": lambda: str(g.words.value(date.fromisoformat(value))),
    }
    return str(words[name]()) if name in words else str(g.words.value(value))
