"""Referenzprozess: who does what in which order, and by when; the file beside this one says it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PROCESS_FILE = Path(__file__).with_name("process.toml")
DATES = ("entitled_on", "registered_on", "placed_on", "started_on")
"""Dates of both clocks, in their order."""


@dataclass(frozen=True)
class ProcessStep:
    """Prozessschritt.

    Parameters
    ----------
    key : str
        Its name.
    lane : str
        Who does it, a key of `Process.lanes`.
    label_de, label_en : str
        What is done.
    from_date, to_date : str or None
        Of `DATES`: between which the actual days are counted; both None where it is not measured.
    target : str or None
        Rule that says how many days it should take.

    Raises
    ------
    ValueError
        Where one of the dates is unknown, missing, or not before the other.
    """

    key: str
    lane: str
    label_de: str
    label_en: str
    from_date: str | None = None
    to_date: str | None = None
    target: str | None = None

    def __post_init__(self) -> None:
        if self.from_date is None and self.to_date is None:
            return
        both = (self.from_date, self.to_date)
        if not all(one in DATES for one in both) or DATES.index(both[0] or "") >= DATES.index(both[1] or ""):
            raise ValueError(f"{self.key}: {both} are no two dates in order")

    def label(self, lang: str) -> str:
        """What is done, in ``de`` or ``en``."""
        return self.label_de if lang == "de" else self.label_en


@dataclass(frozen=True)
class Process:
    """Referenzprozess.

    Parameters
    ----------
    lanes : mapping of str to (mapping of str to str)
        Who takes part, from top to bottom: words by language.
    steps : tuple of ProcessStep
        In their order.
    """

    lanes: Mapping[str, Mapping[str, str]]
    steps: tuple[ProcessStep, ...]


@cache
def reference_process() -> Process:
    """Return the process that the file says."""
    document = tomllib.loads(PROCESS_FILE.read_text("utf-8"))
    steps = tuple(
        ProcessStep(
            key=entry["key"],
            lane=entry["lane"],
            label_de=entry["label_de"],
            label_en=entry["label_en"],
            from_date=entry.get("from"),
            to_date=entry.get("to"),
            target=entry.get("target"),
        )
        for entry in document["step"]
    )
    return Process(document["lane"], steps)
