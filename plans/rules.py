"""Regeln mit Datum: the value of a rule on a day, and where it is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from plans.entries import Entry, entries_of, parse_toml, read_toml
from plans.fault import Fault, PlanFault

RULES_FILE = Path(__file__).with_name("rules.toml")
SIMILAR_SHOWN = 5
"""Where a rule is not known, so many of the nearest names are shown."""
UNITS = (
    *("days", "weeks", "lessons", "minutes", "persons", "signatures", "factor", "km"),
    *("attempts", "characters", "proofs"),
)

NEEDED_RULES: Mapping[str, str] = {
    "agreement-review-days": "days",
    "certificate-age-days": "days",
    "course-start-days": "days",
    "minimum-published-count": "persons",
    "office-signatures": "signatures",
    "partner-figure-age-days": "days",
    "retention-audit-days": "days",
    "retention-case-days": "days",
    "retention-draft-days": "days",
    "retention-request-key-days": "days",
    "retention-seat-record-days": "days",
    "review-active-days": "days",
    "review-acute-days": "days",
    "review-acute-until-days": "days",
    "review-overall-days": "days",
    "seat-hold-days": "days",
}
"""Rules without which a plan's life cannot be led, and the unit that the code expects."""


class Basis(StrEnum):
    """Grundlage: what a rule rests on."""

    LAW = "law"
    OBSERVED = "observed"
    ASSUMPTION = "assumption"


@dataclass(frozen=True)
class Rule:
    """Regel: one value, the days on which it holds, and where it is written.

    Parameters
    ----------
    key : str
        Name.
    value : float
        The value, in `unit`.
    unit : str
        One of `UNITS`.
    valid_from, valid_until : date, date or None
        First and last day; None = until further notice.
    basis : Basis
        Law, observed figure, or assumption of this project.
    source : str
        Where it is written, or why it is assumed; never empty.
    label_de, label_en : str
        Name for people.
    source_de : str
        The source in German; empty where it is written in one language only.
    """

    key: str
    value: float
    unit: str
    valid_from: date
    valid_until: date | None
    basis: Basis
    source: str
    label_de: str
    label_en: str
    source_de: str = ""

    def holds(self, on: date) -> bool:
        """Whether the entry is valid on a day."""
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)

    def label(self, lang: str) -> str:
        """Name in German (``de``) or English."""
        return self.label_de if lang == "de" else self.label_en

    @property
    def days(self) -> int:
        """The value as a number of days.

        Raises
        ------
        PlanFault
            Where the unit is neither days nor weeks.
        """
        if self.unit not in ("days", "weeks"):
            raise PlanFault(
                Fault(
                    "unknown-value",
                    {"field": "unit", "value": self.unit, "allowed": "days, weeks"},
                    column=self.key,
                )
            )
        return round(self.value * (7 if self.unit == "weeks" else 1))


class RuleBook:
    """Regelwerk: all rules of a file, of which exactly one entry a key holds on a day.

    Parameters
    ----------
    rules : iterable of tuple of Rule and Entry
        The rules and where they stand.
    may_have_gaps : bool
        Whether a rule may hold on no day between two of its entries.

    Raises
    ------
    PlanFault
        Where two entries of one key hold on the same day, or there is a gap between them.
    """

    def __init__(self, rules: Iterable[tuple[Rule, Entry]], *, may_have_gaps: bool = False) -> None:
        self._by_key: dict[str, list[Rule]] = {}
        self._places: dict[Rule, Entry] = {}
        for rule, entry in sorted(rules, key=lambda pair: (pair[0].key, pair[0].valid_from)):
            earlier = self._by_key.setdefault(rule.key, [])
            if earlier:
                _check_follows(earlier[-1], rule, entry, may_have_gaps)
            earlier.append(rule)
            self._places[rule] = entry

    def known(self) -> tuple[str, ...]:
        """Return the names of all rules, sorted."""
        return tuple(sorted(self._by_key))

    def history(self, key: str) -> tuple[Rule, ...]:
        """Return all entries of a key, oldest first.

        Raises
        ------
        PlanFault
            Where there is no such rule.
        """
        if key not in self._by_key:
            similar = get_close_matches(key, self.known(), SIMILAR_SHOWN, cutoff=0)
            raise PlanFault(Fault("unknown-rule", {"key": key, "allowed": ", ".join(similar)}))
        return tuple(self._by_key[key])

    def entries(self, key: str) -> tuple[Rule, ...]:
        """Return all entries of a key, oldest first; none where there is no such rule."""
        return tuple(self._by_key.get(key, ()))

    def place(self, rule: Rule) -> Entry:
        """Return where an entry of this book was written, to name its faults."""
        return self._places[rule]

    def rule(self, key: str, on: date) -> Rule:
        """Answer which entry of a rule holds on a day.

        Raises
        ------
        PlanFault
            Where there is no such rule, or it has no entry for that day.
        """
        for rule in self.history(key):
            if rule.holds(on):
                return rule
        raise PlanFault(Fault("rule-not-valid", {"key": key, "value": on.isoformat()}))

    def rule_for_kind(self, key: str, kind: str, on: date) -> Rule:
        """Answer which entry of a rule holds for a kind: the most special one that there is.

        Looked for are ``key.kind``, then ``key.`` with fewer and fewer parts of the kind, then ``key``.

        Parameters
        ----------
        key : str
            Name of the rule, e.g. ``seat-hold-days``.
        kind : str
            Kind of slot, e.g. ``vocational-language/B2``.
        on : date
            Day of the decision.

        Raises
        ------
        PlanFault
            Where there is not even a general rule, or it has no entry for that day.
        """
        parts = kind.split("/")
        for length in range(len(parts), 0, -1):
            special = f"{key}.{'/'.join(parts[:length])}"
            for entry in self.entries(special):
                if entry.holds(on):
                    return entry
        return self.rule(key, on)


def load_rules(path: Path = RULES_FILE) -> RuleBook:
    """Read dated rules from a TOML file.

    Raises
    ------
    PlanFault
        Names file, line and entry of every faulty entry.
    """
    document, text = read_toml(path)
    return _read_book(document, text, path.name)


def read_rules(text: str, file: str) -> RuleBook:
    """Read dated rules from the text of a TOML file.

    Parameters
    ----------
    text : str
        What stands in it.
    file : str
        How faults name it.

    Raises
    ------
    PlanFault
        Names file, line and entry of every faulty entry.
    """
    return _read_book(parse_toml(text, file), text, file)


def check_complete(book: RuleBook, on: date) -> None:
    """Refuse a rule book that lacks what a plan's life needs on a day (`NEEDED_RULES`).

    Raises
    ------
    PlanFault
        Names every rule that is missing, does not hold on that day, or has another unit than needed.
    """
    faults: list[Fault] = []
    for key, unit in NEEDED_RULES.items():
        try:
            found = book.rule(key, on)
        except PlanFault as error:
            faults += error.faults
        else:
            if found.unit != unit:
                faults.append(
                    Fault(
                        "unknown-value", {"field": "unit", "value": found.unit, "allowed": unit}, column=key
                    )
                )
    if faults:
        raise PlanFault(*faults)


@cache
def standard_rules() -> RuleBook:
    """Return the rules that come with the project."""
    return load_rules()


def rule(key: str, on: date) -> Rule:
    """Answer which entry of a rule of the project holds on a day (see `RuleBook.rule`)."""
    return standard_rules().rule(key, on)


def _read_book(document: dict[str, Any], text: str, file: str) -> RuleBook:
    read: list[tuple[Rule, Entry]] = []
    faults: list[Fault] = []
    for entry in entries_of(document, text, file, "rule"):
        try:
            read.append((_read_rule(entry), entry))
        except PlanFault as error:
            faults += error.faults
    if faults:
        raise PlanFault(*faults)
    return RuleBook(read)


def _read_rule(entry: Entry) -> Rule:
    names = ("key", "value", "unit", "valid_from", "valid_until", "basis", "label_de", "label_en")
    entry.only(*names, "source", "source_de")
    if not str(entry.values.get("source", "")).strip():
        raise entry.refuse("no-source")
    valid_from: date = entry.get("valid_from", date, "valid_from = 2026-01-01")
    valid_until: date | None = entry.get("valid_until", date, "valid_until = 2026-12-31", None)
    if valid_until is not None and valid_until < valid_from:
        raise entry.refuse(
            "date-order", first="valid_from", first_on=valid_from, second="valid_until", second_on=valid_until
        )
    return Rule(
        key=entry.text("key"),
        value=entry.number("value", 0, 1e6),
        unit=entry.one_of("unit", UNITS),
        valid_from=valid_from,
        valid_until=valid_until,
        basis=Basis(entry.one_of("basis", tuple(Basis))),
        source=entry.text("source"),
        label_de=entry.text("label_de"),
        label_en=entry.text("label_en"),
        source_de=entry.text("source_de") if "source_de" in entry.values else "",
    )


def _check_follows(earlier: Rule, later: Rule, entry: Entry, may_have_gaps: bool) -> None:
    if earlier.valid_until is None or later.valid_from <= earlier.valid_until:
        raise entry.refuse("rules-overlap", key=later.key, value=later.valid_from)
    expected_on = earlier.valid_until + timedelta(days=1)
    if later.valid_from != expected_on and not may_have_gaps:
        raise entry.refuse("rules-gap", key=later.key, value=expected_on)
