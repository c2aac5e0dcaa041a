"""Values of an address, read with care (Werte der Adresse): what is not understood is said, never a crash."""

from __future__ import annotations

import math
from collections.abc import Container, Mapping
from dataclasses import dataclass

LONGEST_TEXT = 80


@dataclass(frozen=True)
class Faulty:
    """A value that was left out: its name, what stood there (shortened), and why."""

    name: str
    value: str
    code: str


def _short(value: str) -> str:
    printable = "".join(char if char.isprintable() else "?" for char in value)
    return printable if len(printable) <= 40 else printable[:39] + "…"


def read_choice(values: Mapping[str, str], name: str, known: Container[str], faults: list[Faulty]) -> str:
    """Return the value of `name` where it is one of the known ones, else an empty text and a fault."""
    value = values.get(name, "").strip()
    if value and value not in known:
        faults.append(Faulty(name, _short(value), "unknown"))
        return ""
    return value


def read_number(
    values: Mapping[str, str], name: str, low: float, high: float, faults: list[Faulty]
) -> float | None:
    """Return the number in `name` (decimal point or comma) between two bounds, or None."""
    value = values.get(name, "").strip()
    if not value:
        return None
    try:
        number = float(value.replace(",", "."))
    except ValueError:
        number = math.nan
    if not low <= number <= high:
        faults.append(Faulty(name, _short(value), "number"))
        return None
    return number


def read_flag(values: Mapping[str, str], name: str) -> bool:
    """Return whether a tick box was set."""
    return values.get(name, "") not in ("", "0")


def read_text(values: Mapping[str, str], name: str) -> str:
    """Return free text without control characters, at most 80 characters."""
    text = "".join(char if char.isprintable() else " " for char in values.get(name, ""))
    return text.strip()[:LONGEST_TEXT]
