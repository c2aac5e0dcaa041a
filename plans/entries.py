"""Konfigurationsdateien lesen: TOML files of dated rules and templates, with the place of every fault."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from plans.fault import Fault, PlanFault


def read_toml(path: Path) -> tuple[dict[str, Any], str]:
    """Read a TOML file.

    Returns
    -------
    tuple of dict and str
        The document, and its text (to find the line of an entry).

    Raises
    ------
    PlanFault
        Where the file is missing, is not UTF-8, or is not TOML.
    """
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise PlanFault(Fault("missing-file", file=path.name)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise PlanFault(Fault("bad-file", {"detail": type(error).__name__}, path.name)) from error
    return parse_toml(text, path.name), text


def parse_toml(text: str, file: str) -> dict[str, Any]:
    """Read the text of a TOML file; faults name the file.

    Raises
    ------
    PlanFault
        Where it is not TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PlanFault(Fault("bad-syntax", {"format": "TOML", "detail": error}, file)) from error
    except RecursionError as error:
        raise PlanFault(Fault("bad-syntax", {"format": "TOML", "detail": "too deep"}, file)) from error


class Entry:
    """Eintrag: one table of a TOML array, which knows where it stands.

    Parameters
    ----------
    values : mapping
        What the entry says.
    file : str
        File name.
    line : int
        Line of its header, from 1; None = not known.
    name : str
        How to name it to a reader, e.g. ``rule 3 (seat-hold-days)``.
    """

    def __init__(self, values: Mapping[str, Any], file: str, line: int | None, name: str) -> None:
        self.values = values
        self.file = file
        self.line = line
        self.name = name

    def fault(self, code: str, **values: Any) -> Fault:
        """Build a fault at this entry."""
        return Fault(code, values, self.file, self.line, self.name)

    def refuse(self, code: str, **values: Any) -> PlanFault:
        """Build the error of one fault at this entry, ready to raise."""
        return PlanFault(self.fault(code, **values))

    def only(self, *allowed: str) -> None:
        """Raise `PlanFault` where the entry has a key that is not among `allowed`."""
        for key in self.values:
            if key not in allowed:
                raise self.refuse("unknown-key", field=key, allowed=", ".join(allowed))

    def get(self, key: str, expected: type | tuple[type, ...], example: str, default: Any = ...) -> Any:
        """Read one value of an expected type.

        Raises
        ------
        PlanFault
            Where it is missing (and there is no `default`) or of another type; true and false are no numbers.
        """
        if key not in self.values:
            if default is ...:
                raise self.refuse("missing-key", field=key)
            return default
        value = self.values[key]
        kinds = expected if isinstance(expected, tuple) else (expected,)
        is_other = (isinstance(value, bool) and bool not in kinds) or (
            isinstance(value, datetime) and date in kinds
        )
        if is_other or not isinstance(value, kinds):
            names = "/".join(kind.__name__ for kind in kinds)
            raise self.refuse("bad-type", value=f"{key} = {value!r}", expected=names, example=example)
        return value

    def text(self, key: str, default: Any = ...) -> str:
        """Read a text that is not empty, or its default."""
        value: str = self.get(key, str, f'{key} = "…"', default)
        if default is ... and not value.strip():
            raise self.refuse("empty", field=key)
        return value

    def number(self, key: str, low: float, high: float, default: Any = ...) -> float:
        """Read a number within ``low`` … ``high``, or its default."""
        value = self.get(key, (int, float), f"{key} = 1.5", default)
        if not low <= value <= high:
            raise self.refuse("out-of-range", field=key, value=value, allowed=f"{low:g}–{high:g}")
        return float(value)

    def one_of(self, key: str, allowed: tuple[str, ...], default: Any = ...) -> str:
        """Read one of the allowed words, or its default."""
        return self.one_of_value(key, self.text(key, default), allowed)

    def one_of_value(self, key: str, value: str, allowed: tuple[str, ...]) -> str:
        """Return a value of a key if it is among the allowed words, and refuse it otherwise."""
        if value not in allowed:
            raise self.refuse("unknown-value", field=key, value=value, allowed=", ".join(allowed))
        return value


def entries_of(document: Mapping[str, Any], text: str, file: str, array: str) -> list[Entry]:
    """Return the entries of an array of tables ``[[array]]``, each with its line.

    Raises
    ------
    PlanFault
        Where the document has no such array.
    """
    found = document.get(array)
    if not isinstance(found, list) or not found or not all(isinstance(entry, dict) for entry in found):
        raise PlanFault(Fault("missing-key", {"field": f"[[{array}]]"}, file))
    lines: list[int | None] = [
        n for n, line in enumerate(text.splitlines(), 1) if line.split("#")[0].strip() == f"[[{array}]]"
    ]
    lines += [None] * (len(found) - len(lines))
    return [
        Entry(values, file, line, f"{array} {n} ({values.get('key', '?')})")
        for n, (values, line) in enumerate(zip(found, lines, strict=False), 1)
    ]
