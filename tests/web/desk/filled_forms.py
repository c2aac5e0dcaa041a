"""Forms as a browser sends them: read from a page, filled in where they ask for something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

from tests.store.builders import TODAY

Fields = dict[str, list[str]]

TO_COME = frozenset(("planned_on", "next_appointment_on", "expected_on", "expected_start_on"))
"""Days that lie ahead; every other day that is asked for is today."""

_TYPED = {"date": str(TODAY), "number": "1", "month": "2024-05"}


@dataclass
class Form:
    """Formular: where it goes, and what a browser would send of it.

    Parameters
    ----------
    action : str
        Address that it is sent to; empty for the page that it stands on.
    method : str
        ``get`` or ``post``.
    id : str
        By which controls elsewhere on the page belong to it.
    fields : dict
        Values by name.
    """

    action: str
    method: str
    id: str
    fields: Fields = field(default_factory=dict)

    def choose(self, name: str, value: str) -> None:
        """Choose one value of a name, unless one was chosen before."""
        self.fields.setdefault(name, [value])


class _Reader(HTMLParser):
    """Fills in what is required and empty: the first choice, a day, a word."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.select: dict[str, str | None] | None = None
        self.area: dict[str, str | None] | None = None
        self.options: list[tuple[str, bool]] = []
        self.radios: dict[tuple[int, str], str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            values = (given.get("action") or "", given.get("method") or "get", given.get("id") or "")
            self.open = Form(*values)
            self.forms.append(self.open)
        elif tag == "input":
            self._input(given)
        elif tag == "select":
            self.select, self.options = given, []
        elif tag == "option":
            self.options.append((given.get("value") or "", "selected" in given))
        elif tag == "textarea":
            self.area = given

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self._add(self.area, data.strip() or ("Muster" if "required" in self.area else ""))
            self.area = None

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "textarea" and self.area is not None:
            self._add(self.area, "Muster" if "required" in self.area else "")
            self.area = None
        elif tag == "select" and self.select is not None:
            chosen = next((value for value, is_chosen in self.options if is_chosen), None)
            first = next((value for value, _ in self.options if value), "")
            needed = first if "required" in self.select else (self.options or [("", False)])[0][0]
            self._add(self.select, needed if chosen is None else chosen)
            self.select = None

    def _input(self, given: Mapping[str, str | None]) -> None:
        kind, name = given.get("type") or "text", given.get("name") or ""
        value = given.get("value") or ""
        if kind in ("checkbox", "radio"):
            if "checked" in given:
                self._add(given, value or "on")
            elif kind == "radio" and self.open is not None:
                self.radios.setdefault((len(self.forms) - 1, name), value)
        elif kind not in ("submit", "file", "button"):
            if not value and "required" in given:
                ahead = str(TODAY + timedelta(days=30))
                value = ahead if name in TO_COME else _TYPED.get(kind, "Muster")
            self._add(given, value)

    def _add(self, given: Mapping[str, str | None], value: str) -> None:
        owner = given.get("form")
        form = next((one for one in self.forms if one.id == owner), None) if owner else self.open
        name = given.get("name")
        if form is not None and name:
            form.fields.setdefault(name, []).append(value)

    def close(self) -> None:
        super().close()
        for (number, name), first in self.radios.items():
            self.forms[number].choose(name, first)


def forms_of(page: str) -> list[Form]:
    """Return the forms of a page, filled in as somebody in a hurry would."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.forms


def form_to(page: str, at: str, action: str) -> Form | None:
    """Return the form of the page `at` that is sent to an address; None where it has none."""
    return next(
        (one for one in forms_of(page) if one.method == "post" and (one.action or at) == action), None
    )


def filled(form: Form, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is sent: the form with what a test types into it."""
    return {**form.fields, **typed}
