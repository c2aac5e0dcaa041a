"""What can be wrong with a planning problem (Fehler in der Eingabe), said in one line each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# code -> language -> (what is wrong, what to do)
_TEXTS: dict[str, dict[str, tuple[str, str]]] = {
    "missing-file": {
        "en": ("the file is missing", "put {name}.csv or {name}.csv.gz into the folder"),
        "de": ("die Datei fehlt", "{name}.csv oder {name}.csv.gz in den Ordner legen"),
    },
    "missing-json": {
        "en": ("the file is missing", "put problem.json into the folder"),
        "de": ("die Datei fehlt", "problem.json in den Ordner legen"),
    },
    "unreadable": {
        "en": ("cannot be read: {reason}", "check the file and its permissions"),
        "de": ("nicht lesbar: {reason}", "Datei und Zugriffsrechte prüfen"),
    },
    "empty": {
        "en": ("the file is empty", "write the header row: {columns}"),
        "de": ("die Datei ist leer", "die Kopfzeile schreiben: {columns}"),
    },
    "not-utf8": {
        "en": ("is not UTF-8 text", "save it as UTF-8"),
        "de": ("ist kein UTF-8-Text", "als UTF-8 speichern"),
    },
    "not-csv": {
        "en": ("is not a CSV table: {reason}", "save it as CSV, separated by commas"),
        "de": ("ist keine CSV-Tabelle: {reason}", "als CSV mit Kommas speichern"),
    },
    "missing-column": {
        "en": ("the column is missing", "add it to the header row"),
        "de": ("die Spalte fehlt", "in der Kopfzeile ergänzen"),
    },
    "row-length": {
        "en": ("has {found} cells, the header has {wanted}", "write one cell for each column"),
        "de": ("hat {found} Zellen, die Kopfzeile {wanted}", "für jede Spalte eine Zelle schreiben"),
    },
    "missing-value": {
        "en": ("is empty", "write a value"),
        "de": ("ist leer", "einen Wert schreiben"),
    },
    "bad-number": {
        "en": ("'{value}' is not a number from {low} to {high}", "write such a number, with a decimal point"),
        "de": (
            "„{value}“ ist keine Zahl von {low} bis {high}",
            "eine solche Zahl mit Dezimalpunkt schreiben",
        ),
    },
    "bad-integer": {
        "en": ("'{value}' is not a whole number of at least {low}", "write such a number"),
        "de": ("„{value}“ ist keine ganze Zahl ab {low}", "eine solche Zahl schreiben"),
    },
    "bad-date": {
        "en": ("'{value}' is not a date of the calendar", "write it as 2026-03-02"),
        "de": ("„{value}“ ist kein Datum des Kalenders", "als 2026-03-02 schreiben"),
    },
    "bad-word": {
        "en": ("'{value}' is not known here", "write one of: {words}"),
        "de": ("„{value}“ ist hier nicht bekannt", "eines davon schreiben: {words}"),
    },
    "twice": {
        "en": ("'{value}' stands here a second time", "give every row its own id"),
        "de": ("„{value}“ steht hier zum zweiten Mal", "jeder Zeile eine eigene Kennung geben"),
    },
    "unknown": {
        "en": ("'{value}' is not in {where}", "write an id of that file"),
        "de": ("„{value}“ steht nicht in {where}", "eine Kennung aus dieser Datei schreiben"),
    },
    "cycle": {
        "en": ("'{value}' comes after itself", "break the circle: {circle}"),
        "de": ("„{value}“ folgt auf sich selbst", "den Kreis auflösen: {circle}"),
    },
    "end-before-start": {
        "en": ("ends on {value}, before its start {start}", "write an end on or after the start"),
        "de": ("endet am {value} vor dem Beginn {start}", "ein Ende am oder nach dem Beginn schreiben"),
    },
    "no-place": {
        "en": ("has no coordinates and is not online", "write lat and lon, or online = 1"),
        "de": ("hat keine Koordinaten und ist nicht online", "lat und lon schreiben, oder online = 1"),
    },
    "overbooked": {
        "en": (
            "'{value}' has {booked} fixed bookings for {seats} seats",
            "raise its seats or remove a fixed_slot in needs.csv",
        ),
        "de": (
            "„{value}“ hat {booked} feste Buchungen für {seats} Plätze",
            "Plätze erhöhen oder ein fixed_slot in needs.csv entfernen",
        ),
    },
    "horizon": {
        "en": ("horizon_end lies before today", "write a later day"),
        "de": ("horizon_end liegt vor today", "einen späteren Tag schreiben"),
    },
}
_LINE = {"en": "line", "de": "Zeile"}
_COLUMN = {"en": "column", "de": "Spalte"}
_HEADER = "columns"  # a header row to be written: of no use when it is cut


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in the input (Fehler): where, what, and what to do.

    Parameters
    ----------
    file : str
        Name of the file inside the problem's folder.
    code : str
        Key of the message.
    line : int or None
        Line in the file, from 1; None where the whole file is meant.
    column : str or None
        Name of the column or key.
    values : mapping
        What the message's text quotes.
    """

    file: str
    code: str
    line: int | None = None
    column: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)

    def text(self, lang: str = "en") -> str:
        """Say the fault in one line, in English (``en``) or German (``de``)."""
        what, to_do = _TEXTS[self.code][lang]
        where = self.file
        if self.line is not None:
            where += f", {_LINE[lang]} {self.line}"
        if self.column is not None:
            where += f", {_COLUMN[lang]} {self.column}"
        quoted = {key: value if key == _HEADER else _one_line(value) for key, value in self.values.items()}
        return f"{where}: {what.format(**quoted)} – {to_do.format(**quoted)}"


def _one_line(value: object) -> str:
    """Quote a value of the input so that it neither breaks the line nor floods it."""
    text = " ".join(str(value).split())
    text = "".join(c if c.isprintable() else "?" for c in text)
    return text if len(text) <= 60 else text[:57] + "…"


class ProblemFault(Exception):
    """The planning problem cannot be used; ``faults`` says everything that is wrong with it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f.text() for f in self.faults[:5]))

    def lines(self, lang: str = "en") -> list[str]:
        """All faults, one line each, in the language asked for."""
        return [f.text(lang) for f in self.faults]
