"""What is wrong in a partner file (Fehler), where, and what to write instead, in German and English.

The sentences are data, in ``faults.toml`` beside this file: for each code what is wrong and what to do.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import resources

LONGEST_QUOTE = 60
"""Characters of a cell that a message repeats at most."""

_WHOLE = frozenset({"allowed", "columns"})
"""Values that say what may be written: a list of ours, of no use when it is cut."""

MESSAGES: Mapping[str, Mapping[str, str]] = tomllib.loads(
    resources.files("network").joinpath("faults.toml").read_text("utf-8")
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a folder of partner files.

    Parameters
    ----------
    file
        Name of the file, or of the folder itself.
    line
        Line as a spreadsheet counts it (1 is the header); None where the whole file is meant.
    column
        Heading of the column as the file writes it; None where the whole line or file is meant.
    code
        Key in ``faults.toml``.
    values
        What the sentence names: the cell, a suggestion, a limit.
    """

    file: str
    line: int | None
    column: str | None
    code: str
    values: Mapping[str, str] = field(default_factory=dict)

    def text(self, lang: str) -> str:
        """What is wrong and what to write instead, in ``de`` or ``en``."""
        lang = "de" if lang == "de" else "en"
        message = MESSAGES[self.code]
        values = {
            key: _printable(value) if key in _WHOLE else _quotable(value)
            for key, value in self.values.items()
        }
        sentence = message[lang].format_map(values)
        suggestion = values.get("suggestion")
        if suggestion:
            sentence += f" Meinten Sie „{suggestion}“?" if lang == "de" else f" Did you mean “{suggestion}”?"
        return sentence

    def where(self, lang: str) -> str:
        """Place of the fault in words, for example ``groups.csv, Zeile 7, Spalte Beginn``."""
        words = ("Zeile", "Spalte") if lang == "de" else ("line", "column")
        parts = [self.file]
        if self.line is not None:
            parts.append(f"{words[0]} {self.line}")
        if self.column is not None:
            parts.append(f"{words[1]} {_quotable(self.column)}")
        return ", ".join(parts)


class PartnerFault(Exception):
    """A folder of partner files cannot be used; ``faults`` lists everything that is wrong with it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(f"{fault.where('en')}: {fault.text('en')}" for fault in self.faults))


def _quotable(value: str) -> str:
    """A cell's text that can stand in one line of a message: no control characters, not too long."""
    clean = _printable(value)
    return clean if len(clean) <= LONGEST_QUOTE else clean[: LONGEST_QUOTE - 1] + "…"


def _printable(value: str) -> str:
    return "".join(c if c.isprintable() else "·" for c in value)
