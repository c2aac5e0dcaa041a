"""Formularseite: a page with one form, described by its fields; one template shows them all alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import Any

from flask import g, redirect, render_template
from werkzeug.wrappers import Response

from plans.words import words as term_words
from web.desk.filling import Filling, Page, fill_in


class Control(StrEnum):
    """Bedienelement: how a field is filled in."""

    TEXT = "text"
    LONG = "long"
    DAY = "day"
    MONTH = "month"
    NUMBER = "number"
    PHONE = "phone"
    MAIL = "mail"
    SELECT = "select"
    RADIOS = "radios"
    CHECKS = "checks"
    FLAG = "flag"


Choices = tuple[tuple[str, str], ...]
"""Values with their labels, in the order in which they are shown."""


@dataclass(frozen=True)
class Field:
    """Feld: one thing a form asks for; its label is ``desk.form.field.<label>``.

    Parameters
    ----------
    name : str
        As it is sent.
    control : Control
        How it is filled in.
    required : bool
        Whether the browser asks for it; the workflow decides in any case.
    choices : tuple of (str, str)
        For SELECT, RADIOS and CHECKS.
    label : str
        Key of its label; its name by default.
    group : str
        Key of a heading under which it stands together with its neighbours.
    own_label : str
        The label itself, where it is no text of the catalogue, such as the name of a step.
    is_alternative : bool
        Whether it is asked for unless another one is filled in: it is not said that it may stay empty.
    """

    name: str
    control: Control = Control.TEXT
    required: bool = False
    choices: Choices = ()
    label: str = ""
    group: str = ""
    own_label: str = ""
    is_alternative: bool = False

    def text(self) -> str:
        """Label in the language of the page."""
        return self.own_label or str(g.words(f"desk.form.field.{self.label or self.name}"))

    def hint(self) -> str:
        """Hint in the language of the page; empty where none is needed."""
        key = f"desk.form.hint.{self.label or self.name}"
        return str(g.words(key)) if key in g.words else ""


@dataclass(frozen=True)
class Run:
    """Abschnitt: neighbouring fields under one heading, or under none."""

    key: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class FormPage:
    """Formularseite: title and button are ``desk.form.<key>.title`` and ``.go``, an introduction ``.intro``.

    Parameters
    ----------
    key : str
        Of its texts.
    fields : tuple of Field
        What it asks for.
    known : mapping
        What is filled in at first; ``version`` where something is changed.
    crumbs : tuple of (str, str)
        Labels and addresses of the pages above; the last one is where a cancelled form leads.
    more : mapping
        What the introduction names.
    is_grave : bool
        Whether its button is to stand out as one that ends something.
    """

    key: str
    fields: tuple[Field, ...]
    known: Mapping[str, Any]
    crumbs: tuple[tuple[str, str], ...]
    more: Mapping[str, Any] = field(default_factory=dict)
    is_grave: bool = False

    def answer(self, act: Callable[[], str]) -> Page:
        """Show the form, or take it: `act` does what it asks for and returns where to go on."""
        labels = {one.name: one.text() for one in self.fields}
        return fill_in(self._show, lambda: redirect(act(), 303), self.known, labels)

    def runs(self) -> list[Run]:
        """Fields in their order, those of one heading together."""
        return [Run(key, tuple(found)) for key, found in groupby(self.fields, lambda one: one.group)]

    def _show(self, filling: Filling) -> str:
        return render_template("desk/form_page.html", form=self, f=filling)


def terms(values: Iterable[StrEnum]) -> Choices:
    """Choices from terms of the help plan room, in their words and order."""
    return tuple((value.value, term_words(value, g.words.lang)) for value in values)


def lead_to(address: str) -> Response:
    """Lead on after something was done."""
    return redirect(address, 303)
