"""The catalogue of kinds (Angebotsarten): what an offering can be and where it stands in the support chain.

The catalogue is data, in ``kinds.toml`` beside this file: labels, stage, shape, and the chain's logic as
states that a kind requires before and leads to.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from importlib import resources
from types import MappingProxyType
from typing import Any


class Shape(StrEnum):
    """How capacity comes: groups with fixed starts, dates again and again, a stock, a procedure."""

    COHORT = "cohort"
    WEEKLY = "weekly"
    STOCK = "stock"
    PROCEDURE = "procedure"


class Stage(IntEnum):
    """Where a kind stands in the chain; ``BESIDE`` is needed beside the others (childcare, housing)."""

    BESIDE = 0
    COUNSELLING = 1
    TEST = 2
    COURSE = 3
    VOCATIONAL_LANGUAGE = 4
    QUALIFICATION = 5
    JOB = 6


@dataclass(frozen=True, slots=True)
class State:
    """A station on the way (Station): reached through a kind or brought along (``situation``).

    ``implies`` are the states that somebody in this one has reached as well (B1 implies A2).
    """

    id: str
    label_de: str
    label_en: str
    situation: bool
    implies: frozenset[str] = frozenset()

    def label(self, lang: str) -> str:
        """Label in ``de`` or ``en``."""
        return self.label_de if lang == "de" else self.label_en


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of offering.

    Parameters
    ----------
    id
        The stem, as offerings name it.
    modules
        Number of modules of a modular course; None for everything else.
    requires
        Alternatives: one of these sets of states must be reached before.
    leads_to
        States reached afterwards.
    entry_levels
        CEFR level to bring along, by entry module (first entry: module 1); empty where none applies.
    """

    id: str
    label_de: str
    label_en: str
    stage: Stage
    shape: Shape
    modules: int | None
    requires: tuple[frozenset[str], ...]
    leads_to: frozenset[str]
    entry_levels: tuple[str, ...]
    level_out: str | None
    source: str

    def label(self, lang: str) -> str:
        """Label in ``de`` or ``en``."""
        return self.label_de if lang == "de" else self.label_en

    def entry(self, module: int) -> str:
        """Kind of the slot for somebody who joins at a module: ``<id>/from-<module>``, or the id itself."""
        return f"{self.id}/from-{module}" if self.modules else self.id

    def entries(self) -> tuple[str, ...]:
        """Every slot kind of this kind of offering."""
        return tuple(self.entry(module) for module in range(1, (self.modules or 1) + 1))


def _read(document: Mapping[str, Any]) -> tuple[dict[str, State], dict[str, Kind]]:
    states = {entry["id"]: _state(entry) for entry in document["state"]}
    kinds = {entry["id"]: _kind(entry) for entry in document["kind"]}
    named = {kind.id: kind.leads_to.union(*kind.requires) for kind in kinds.values()}
    named |= {state.id: state.implies for state in states.values()}
    for name, used in named.items():
        if used - states.keys():
            raise ValueError(f"kinds.toml: {name} names unknown states {sorted(used - states.keys())}")
    return states, kinds


def _state(entry: Mapping[str, Any]) -> State:
    return State(**{**entry, "implies": frozenset(entry.get("implies", ()))})


def _kind(entry: Mapping[str, Any]) -> Kind:
    return Kind(
        id=entry["id"],
        label_de=entry["label_de"],
        label_en=entry["label_en"],
        stage=Stage(entry["stage"]),
        shape=Shape(entry["shape"]),
        modules=entry.get("modules"),
        requires=tuple(frozenset(states) for states in entry["requires"]),
        leads_to=frozenset(entry["leads_to"]),
        entry_levels=tuple(entry.get("entry_levels", ())),
        level_out=entry.get("level_out"),
        source=entry["source"],
    )


_states, _kinds = _read(tomllib.loads(resources.files("network").joinpath("kinds.toml").read_text("utf-8")))

STATES: Mapping[str, State] = MappingProxyType(_states)
KINDS: Mapping[str, Kind] = MappingProxyType(_kinds)
SLOT_KINDS: Mapping[str, Kind] = MappingProxyType({e: k for k in _kinds.values() for e in k.entries()})
"""The kind of offering behind every kind of slot, e.g. ``integration-course/from-3``."""


def kind_of(slot_kind: str) -> Kind:
    """Kind of offering behind the kind of a slot or a need.

    Raises
    ------
    KeyError
        When the catalogue knows neither such a slot kind nor such a stem.
    """
    return SLOT_KINDS[slot_kind] if slot_kind in SLOT_KINDS else KINDS[slot_kind]


def kind_label(kind: str, lang: str) -> str:
    """Words for a kind of offering, slot or need in ``de`` or ``en``; an unknown kind stands for itself.

    >>> kind_label("integration-course/from-3", "de")
    'Integrationskurs ab Modul 3'
    """
    stem, _, module = kind.partition("/from-")
    if stem not in KINDS:
        return kind
    label = KINDS[stem].label(lang)
    if not module:
        return label
    return f"{label} ab Modul {module}" if lang == "de" else f"{label} from module {module}"


def with_implied(states: Iterable[str]) -> frozenset[str]:
    """States together with everything they imply: B1 brings A2 along."""
    reached: set[str] = set()
    waiting = list(states)
    while waiting:
        state = waiting.pop()
        if state not in reached:
            reached.add(state)
            waiting += STATES[state].implies if state in STATES else ()
    return frozenset(reached)
