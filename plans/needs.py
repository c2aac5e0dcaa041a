"""Bedarfe: the dated steps of a help plan, which form a forest (each has at most one predecessor)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from plans.fault import refuse

LONGEST_LAG_DAYS = 3650
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


class Relation(StrEnum):
    """Anschluss: whether a need waits for the end of its predecessor or only for its start."""

    END = "end"
    START = "start"


@dataclass(frozen=True)
class Goal:
    """Ziel: what a step or a plan is for, in German and English, and by when.

    Parameters
    ----------
    text_de, text_en : str
        The goal in words, not empty.
    due_on : date or None
        Day agreed for it.
    """

    text_de: str
    text_en: str
    due_on: date | None = None

    def __post_init__(self) -> None:
        for name in ("text_de", "text_en"):
            if not getattr(self, name).strip():
                raise refuse("empty", name, field=name)

    def text(self, lang: str) -> str:
        """The goal in German (``de``) or English."""
        return self.text_de if lang == "de" else self.text_en


@dataclass(frozen=True)
class Need:
    """Bedarf: one step of a help plan that waits for a slot.

    Parameters
    ----------
    id : str
        Unique among all needs.
    kind : str
        Kind of the slot that serves it, e.g. ``integration-course/from-3``.
    earliest_on : date
        Registered on this day: the waiting time counts from here, or from the predecessor where that is
        later.
    goal : Goal
        What the step is for.
    after : str or None
        Id of the need that comes first, in the same household.
    relation : Relation
        Waits for the predecessor's last day (END) or first day (START).
    lag_days, max_lag_days : int, int or None
        At least and at most so many days between, 0 <= lag_days <= max_lag_days <= 3650.
    entitled_on : date or None
        Entitled or obliged on this day: the access time (Zugangszeit) counts from here.
    target_on : date or None
        Day agreed in the help plan by which the step should have started.
    weight : float
        Priority, > 0; 1 is usual.
    features : frozenset of str
        What the slot must offer, e.g. ``childcare``, ``wheelchair``.
    fixed_slot, proposed_slot : str or None
        Slot booked already, or announced by the last plan; never both.
    """

    id: str
    kind: str
    earliest_on: date
    goal: Goal
    after: str | None = None
    relation: Relation = Relation.END
    lag_days: int = 0
    max_lag_days: int | None = None
    entitled_on: date | None = None
    target_on: date | None = None
    weight: float = 1.0
    features: frozenset[str] = field(default_factory=frozenset)
    fixed_slot: str | None = None
    proposed_slot: str | None = None

    def __post_init__(self) -> None:
        check_id(self.id)
        if not self.kind.strip():
            raise refuse("empty", self.id, field="kind")
        if not (math.isfinite(self.weight) and self.weight > 0):
            raise refuse("out-of-range", self.id, field="weight", value=self.weight, allowed="> 0")
        self._check_lags()
        self._check_dates()
        if self.fixed_slot and self.proposed_slot:
            raise refuse(
                "fixed-and-proposed", self.id, fixed_slot=self.fixed_slot, proposed_slot=self.proposed_slot
            )

    def _check_lags(self) -> None:
        for field_, days in (("lag_days", self.lag_days), ("max_lag_days", self.max_lag_days or 0)):
            if not 0 <= days <= LONGEST_LAG_DAYS:
                raise refuse(
                    "out-of-range", self.id, field=field_, value=days, allowed=f"0–{LONGEST_LAG_DAYS}"
                )
        if self.max_lag_days is not None and self.max_lag_days < self.lag_days:
            raise refuse("max-lag-below-lag", self.id, max_lag_days=self.max_lag_days, lag_days=self.lag_days)
        if self.after is None and (self.lag_days or self.max_lag_days is not None):
            raise refuse("lag-without-predecessor", self.id)

    def _check_dates(self) -> None:
        check_order(self.id, "entitled_on", self.entitled_on, "earliest_on", self.earliest_on)
        check_order(self.id, "earliest_on", self.earliest_on, "target_on", self.target_on)


def check_id(value: str) -> None:
    """Raise `PlanFault` where an id is empty, too long, or would not survive a file name or address."""
    if not _ID.fullmatch(value):
        raise refuse("bad-id", "id", value=value)


def check_order(where: str, first: str, first_on: date | None, second: str, second_on: date | None) -> None:
    """Raise `PlanFault` where the first of two given dates lies after the second."""
    if first_on and second_on and first_on > second_on:
        raise refuse(
            "date-order",
            where,
            first=first,
            first_on=first_on.isoformat(),
            second=second,
            second_on=second_on.isoformat(),
        )


def check_forest(needs: Iterable[Need]) -> None:
    """Refuse needs that do not form a forest.

    Raises
    ------
    PlanFault
        Where an id occurs twice, a predecessor is unknown, or needs wait for each other in a circle.
    """
    by_id: dict[str, Need] = {}
    for need in needs:
        if need.id in by_id:
            raise refuse("duplicate-id", need.id, value=need.id)
        by_id[need.id] = need
    for need in by_id.values():
        if need.after is not None and need.after not in by_id:
            raise refuse("unknown-predecessor", need.id, value=need.after)
    settled: set[str] = set()
    for need in by_id.values():
        _walk_up(need, by_id, settled)


def _walk_up(need: Need, by_id: dict[str, Need], settled: set[str]) -> None:
    path: list[str] = []
    at: Need | None = need
    while at is not None and at.id not in settled:
        if at.id in path:
            raise refuse("cycle", need.id, value=" → ".join([*path[path.index(at.id) :], at.id]))
        path.append(at.id)
        at = by_id[at.after] if at.after is not None else None
    settled.update(path)
