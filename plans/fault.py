"""Fehler in Hilfeplänen: what is wrong in a help plan or its configuration, where, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LONGEST_QUOTE = 600
"""Characters of a value that a message repeats at most."""

#: German and English text of every fault: first what is wrong, then what to write instead.
TEXTS: dict[str, dict[str, str]] = {
    "empty": {
        "de": "„{field}“ ist leer – bitte ausfüllen",
        "en": "“{field}” is empty – fill it in",
    },
    "bad-id": {
        "de": "Kennung „{value}“ ist unzulässig – nur Buchstaben, Ziffern, Punkt, Strich, Unterstrich",
        "en": "id “{value}” is not allowed – use letters, digits, dot, hyphen and underscore only",
    },
    "unknown-value": {
        "de": "„{value}“ ist für „{field}“ nicht bekannt – erlaubt: {allowed}",
        "en": "“{value}” is not known for “{field}” – allowed: {allowed}",
    },
    "out-of-range": {
        "de": "„{field}“ ist {value} – erlaubt ist {allowed}",
        "en": "“{field}” is {value} – allowed is {allowed}",
    },
    "bad-language": {
        "de": "„{value}“ ist kein Sprachcode – drei kleine Buchstaben nach ISO 639-3 schreiben, z. B. ckb",
        "en": "“{value}” is no language code – write three small letters of ISO 639-3, e.g. ckb",
    },
    "date-order": {
        "de": "„{first}“ ({first_on}) liegt nach „{second}“ ({second_on}) – Daten prüfen",
        "en": "“{first}” ({first_on}) lies after “{second}” ({second_on}) – check the dates",
    },
    "max-lag-below-lag": {
        "de": "höchstens {max_lag_days} Tage Abstand, aber mindestens {lag_days} – Höchstabstand erhöhen",
        "en": "at most {max_lag_days} days between, but at least {lag_days} – raise the largest distance",
    },
    "lag-without-predecessor": {
        "de": "ein Abstand ohne Vorgänger – Vorgänger nennen oder Abstand streichen",
        "en": "a distance without a predecessor – name the predecessor or remove the distance",
    },
    "fixed-and-proposed": {
        "de": "gebucht ({fixed_slot}) und zugleich vorgeschlagen ({proposed_slot}) – nur eines angeben",
        "en": "booked ({fixed_slot}) and proposed ({proposed_slot}) at once – give one of them only",
    },
    "duplicate-id": {
        "de": "Kennung „{value}“ kommt mehrfach vor – jede nur einmal vergeben",
        "en": "id “{value}” occurs more than once – use each once only",
    },
    "unknown-predecessor": {
        "de": "Vorgänger „{value}“ gibt es in diesem Haushalt nicht – eine Kennung aus dem Haushalt nennen",
        "en": "there is no predecessor “{value}” in this household – name an id of the household",
    },
    "cycle": {
        "de": "die Bedarfe warten aufeinander im Kreis: {value} – einen Vorgänger streichen",
        "en": "the needs wait for each other in a circle: {value} – remove one predecessor",
    },
    "no-members": {
        "de": "der Haushalt hat keine Mitglieder – mindestens eine Person angeben",
        "en": "the household has no members – name at least one person",
    },
    "bad-file": {
        "de": "die Datei ist nicht lesbar ({detail}) – als UTF-8-Text speichern",
        "en": "the file cannot be read ({detail}) – save it as UTF-8 text",
    },
    "missing-file": {
        "de": "die Datei fehlt – anlegen oder einen anderen Ordner nennen",
        "en": "the file is missing – create it or name another folder",
    },
    "bad-syntax": {
        "de": "kein gültiges {format} ({detail}) – an dieser Stelle berichtigen",
        "en": "no valid {format} ({detail}) – correct it at this place",
    },
    "bad-version": {
        "de": "Format „{value}“ ist nicht bekannt – erwartet wird „{allowed}“",
        "en": "format “{value}” is not known – expected is “{allowed}”",
    },
    "missing-key": {
        "de": "„{field}“ fehlt – ergänzen",
        "en": "“{field}” is missing – add it",
    },
    "unknown-key": {
        "de": "„{field}“ ist hier nicht bekannt – streichen oder richtig schreiben; erlaubt: {allowed}",
        "en": "“{field}” is not known here – remove or correct it; allowed: {allowed}",
    },
    "bad-type": {
        "de": "{value} ist kein Wert der Art „{expected}“ – so schreiben: {example}",
        "en": "{value} is no value of type “{expected}” – write it like {example}",
    },
    "no-source": {
        "de": "die Regel nennt keine Quelle – Fundstelle oder „Annahme: …“ eintragen",
        "en": "the rule names no source – enter where it is written, or “assumption: …”",
    },
    "rules-overlap": {
        "de": "Regel „{key}“ gilt am {value} doppelt – Gültigkeit der Einträge trennen",
        "en": "rule “{key}” holds twice on {value} – separate the validity of the entries",
    },
    "rules-gap": {
        "de": "Regel „{key}“ gilt vom {value} an nicht bis zum nächsten Eintrag – Lücke schließen",
        "en": "rule “{key}” does not hold from {value} until the next entry – close the gap",
    },
    "unknown-rule": {
        "de": "eine Regel „{key}“ gibt es nicht – bekannt sind: {allowed}",
        "en": "there is no rule “{key}” – known are: {allowed}",
    },
    "rule-not-valid": {
        "de": "Regel „{key}“ hat für den {value} keinen Eintrag – einen Eintrag mit Quelle ergänzen",
        "en": "rule “{key}” has no entry for {value} – add an entry with its source",
    },
    "shares": {
        "de": "die Anteile der Profile ergeben zusammen {value} statt 1 – Anteile berichtigen",
        "en": "the shares of the profiles add up to {value} instead of 1 – correct the shares",
    },
    "unknown-kind": {
        "de": "die Angebotsart „{value}“ ist nicht im Katalog – eine Art aus dem Katalog schreiben",
        "en": "the kind “{value}” is not in the catalogue – write a kind of the catalogue",
    },
    "no-towns": {
        "de": "die Region nennt keine Orte – mindestens einen Ort oder Akteur mit Koordinaten angeben",
        "en": "the region names no towns – give at least one town or actor with coordinates",
    },
    "slot-not-offered": {
        "de": "das gebuchte Angebot „{value}“ fehlt im Netz – Buchung lösen oder Angebot nachtragen",
        "en": "the booked slot “{value}” is not in the network – release the booking or add the slot",
    },
}


@dataclass(frozen=True)
class Fault:
    """Ein Fehler: one thing that is wrong.

    Parameters
    ----------
    code : str
        Key of the text, one of `TEXTS`.
    values : mapping of str to object
        What the text names.
    file : str
        File name, empty where the fault is not in a file.
    line : int or None
        Line in the file from 1, where known.
    column : str or None
        Field or entry within the file or object.
    """

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""
    line: int | None = None
    column: str | None = None

    def __post_init__(self) -> None:
        if self.code not in TEXTS:
            raise KeyError(self.code)

    def text(self, lang: str) -> str:
        """What is wrong and what to do, in German (``de``) or English."""
        values = {name: _quotable(str(value)) for name, value in self.values.items()}
        return TEXTS[self.code]["de" if lang == "de" else "en"].format_map(values)

    def where(self, lang: str) -> str:
        """Place of the fault in words, for example ``rules.toml, Zeile 7, rule 2 (seat-hold-days)``."""
        line = f"{'Zeile' if lang == 'de' else 'line'} {self.line}" if self.line else ""
        return ", ".join(part for part in (self.file, line, _quotable(self.column or "")) if part)

    def sentence(self, lang: str) -> str:
        """One line: where, then what and what to do."""
        return ": ".join(part for part in (self.where(lang), self.text(lang)) if part)


def _quotable(text: str) -> str:
    clean = "".join(c if c.isprintable() else "·" for c in text)
    return clean if len(clean) <= LONGEST_QUOTE else clean[: LONGEST_QUOTE - 1] + "…"


class PlanFault(ValueError):
    """Something in a help plan, its templates or its rules cannot be.

    Attributes
    ----------
    faults : tuple of Fault
        Every fault found, in the order of finding.
    """

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("\n".join(f.sentence("en") for f in faults))

    def text(self, lang: str) -> str:
        """All faults, one line each."""
        return "\n".join(f.sentence(lang) for f in self.faults)


def refuse(code: str, where: str = "", **values: Any) -> PlanFault:
    """Build the `PlanFault` of one fault at a place in an object, ready to raise."""
    return PlanFault(Fault(code, values, column=where))
