"""Ausfüllen: what a form shows: what was typed, else what is known, and every fault at its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import g, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from plans.fault import Fault, PlanFault
from web.desk.forms import FieldFault
from workflows.refusals_shown import REFUSALS, shown

_SHOWN_IN_THE_FORM = (409, 422)
"""Refusals after which somebody goes on typing; every other one is a page of its own."""

Page = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Filling:
    """Ausgefülltes Formular.

    Parameters
    ----------
    known : mapping of str to object
        What the store knows, by field: a text, a number, a day as ISO text, or several values.
    typed : MultiDict or None
        What was sent; None where the form is shown for the first time.
    faults : mapping of str to str
        Sentences by field.
    told : str
        What is wrong and belongs to no field.
    """

    known: Mapping[str, Any] = field(default_factory=dict)
    typed: MultiDict[str, str] | None = None
    faults: Mapping[str, str] = field(default_factory=dict)
    told: str = ""

    def value(self, name: str) -> str:
        """Text of a field; empty where there is none."""
        value = self.known.get(name) if self.typed is None else self.typed.get(name)
        return "" if value is None else str(value)

    def values(self, name: str) -> frozenset[str]:
        """Everything that is ticked of a field."""
        if self.typed is not None:
            return frozenset(self.typed.getlist(name))
        known = self.known.get(name) or ()
        return frozenset({known} if isinstance(known, str) else map(str, known))

    def is_ticked(self, name: str) -> bool:
        """Whether the one box of a field is ticked."""
        return bool(self.known.get(name) if self.typed is None else self.typed.get(name))

    def fault(self, name: str) -> str:
        """What is wrong with a field; empty where nothing is."""
        return self.faults.get(name, "")


def fill_in(
    show: Callable[[Filling], str],
    act: Callable[[], Response],
    known: Mapping[str, Any],
    labels: Mapping[str, str],
) -> Page:
    """Show a form, or take it; where it is refused, show it again with everything that was typed.

    Parameters
    ----------
    show : callable
        Makes the page with the form.
    act : callable
        Reads the form, does what it asks for, and leads on.
    known : mapping
        What the form shows at first.
    labels : mapping of str to str
        Labels of its fields; faults name fields by them.
    """
    if request.method != "POST":
        return show(Filling(known))
    try:
        return act()
    except FieldFault as fault:
        faults = {fault.field: g.words(f"desk.field.{fault.code}")}
        return show(Filling(known, request.form, faults)), 422
    except PlanFault as error:
        faults, told = _placed(error, labels)
        return show(Filling(known, request.form, faults, told)), 422
    except REFUSALS as error:
        seen = shown(error, g.words.lang)
        if seen.status not in _SHOWN_IN_THE_FORM:
            raise
        return show(Filling(known, request.form, {}, seen.sentence)), seen.status


def _placed(error: PlanFault, labels: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """The sentences of a fault at the fields that they name, and those that name none."""
    faults: dict[str, str] = {}
    others: list[str] = []
    for fault in error.faults:
        said = _in_words(fault, labels)
        # A line is one of a text that was typed or pasted; other places name what the field itself shows.
        sentence = said.sentence(g.words.lang) if fault.line else said.text(g.words.lang)
        named = [str(fault.values.get(key)) for key in ("field", "second", "first")]
        name = next((one for one in named if one in labels), None)
        if name is None or name in faults:
            others.append(sentence)
        else:
            faults[name] = sentence
    return faults, " ".join(others)


def _in_words(fault: Fault, labels: Mapping[str, str]) -> Fault:
    """The same fault with the labels of the form instead of names of the program."""
    values = {
        key: labels.get(value, value) if isinstance(value, str) else value
        for key, value in fault.values.items()
    }
    return replace(fault, values=values)
