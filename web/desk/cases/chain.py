"""Kette eines Falls: every step with its seat, both clocks and dates, in the order in which they come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from plans.referral_table import OPEN
from web.desk.forms import day_of

Row = Mapping[str, Any]

_LEADING = {
    "draft": "draft",
    "requested": "requested",
    "waitlisted": "waitlisted",
    "accepted": "booked",
    "in-progress": "under-way",
}
"""What a step is said to be while a referral leads it."""

_WITHOUT_SEAT = ("cancelled", "failed", "expired")
"""How a referral ends that leaves a seat to somebody else."""


@dataclass(frozen=True)
class ChainStep:
    """Schritt der Kette, wie die Seite ihn zeigt.

    Parameters
    ----------
    row : mapping
        The step, as the case has it.
    status : str
        Where it stands: done, dropped, under-way, booked, requested, waitlisted, draft, proposed or open.
    referral : mapping or None
        The open referral that leads it.
    slot : mapping or None
        Slot that is booked, asked for or proposed.
    ready_on : date or None
        From this day it could start; None where the step before has no date yet.
    start_on, end_on : date or None
        Began or begins, ended or ends.
    depth : int
        How many open steps stand before it.
    freed : mapping or None
        Slot of its last referral that has ended, where that slot has not begun: somebody else could take it.
    """

    row: Row
    status: str
    referral: Row | None
    slot: Row | None
    ready_on: date | None
    start_on: date | None
    end_on: date | None
    depth: int
    freed: Row | None

    @property
    def need(self) -> Row:
        """What is needed."""
        need: Row = self.row["need"]
        return need

    @property
    def target_on(self) -> date | None:
        """Day agreed for the start (Zeitziel)."""
        return day_of(self.need["target_on"])

    @property
    def is_over(self) -> bool:
        """Whether nothing is to be done any more."""
        return self.status in ("done", "dropped")

    def is_late(self, today: date) -> bool:
        """Whether it starts, or must start by now, after the day agreed."""
        is_dated = self.target_on is not None and self.status != "dropped"
        return is_dated and (self.start_on or today) > (self.target_on or today)

    def waits_from(self) -> date | None:
        """First day of its waiting time: registered, else ready; None while neither is known."""
        return day_of(self.row["clocks"]["registered_on"]) or self.ready_on


def chain_of(case: Row) -> tuple[ChainStep, ...]:
    """Return the steps of a case, each after the one that it waits for.

    Parameters
    ----------
    case : mapping
        As `workflows.cases.whole_case.read_case` returns it.
    """
    rows = {step["id"]: step for step in case["steps"]}
    made: dict[str, ChainStep] = {}
    for id in _in_order(rows):
        made[id] = _step(case, rows[id], made.get(rows[id]["need"]["after"] or ""))
    return tuple(made.values())


def _in_order(rows: Mapping[str, Row]) -> list[str]:
    """Ids with each predecessor before its followers, which stand right behind it."""
    followers: dict[str | None, list[str]] = {}
    for id, row in rows.items():
        after = row["need"]["after"]
        followers.setdefault(after if after in rows else None, []).append(id)
    order: list[str] = []
    waiting = list(reversed(followers.get(None, [])))
    while waiting:
        id = waiting.pop()
        order.append(id)
        waiting += reversed(followers.get(id, []))
    return order


def _step(case: Row, row: Row, before: ChainStep | None) -> ChainStep:
    referral = _open_referral(case["referrals"], row["id"])
    slot_id = row["need"]["fixed_slot"] or (referral and referral["slot_id"]) or row["need"]["proposed_slot"]
    slot = case["slots"].get(slot_id)
    started_on, done_on = day_of(row["clocks"]["started_on"]), day_of(row["done_on"])
    start_on = started_on or (day_of(slot["start_on"]) if slot else None)
    end_on = done_on or (day_of(slot["end_on"]) if slot else None)
    return ChainStep(
        row=row,
        status=_status(row, referral),
        referral=referral,
        slot=slot,
        ready_on=_ready_on(row["need"], before),
        start_on=None if row["state"] == "dropped" and started_on is None else start_on,
        end_on=end_on,
        depth=0 if before is None else before.depth + 1,
        freed=None if referral else _freed(case, row["id"]),
    )


def _freed(case: Row, step_id: str) -> Row | None:
    ended = [one for one in case["referrals"] if one["need_id"] == step_id and one["state"] in _WITHOUT_SEAT]
    slot = case["slots"].get(ended[-1]["slot_id"]) if ended else None
    return slot if slot and slot["start_on"] >= case["today"] else None


def _status(row: Row, referral: Row | None) -> str:
    if row["state"] in ("done", "dropped", "under-way"):
        return str(row["state"])
    if referral is not None:
        return _LEADING[referral["state"]]
    if row["need"]["fixed_slot"]:
        return "booked"
    return "proposed" if row["need"]["proposed_slot"] else "open"


def _open_referral(referrals: Iterable[Row], step_id: str) -> Row | None:
    return next((one for one in referrals if one["need_id"] == step_id and one["state"] in OPEN), None)


def _ready_on(need: Row, before: ChainStep | None) -> date | None:
    earliest_on = date.fromisoformat(need["earliest_on"])
    if before is None or before.status == "dropped":
        return earliest_on
    waits_for = before.start_on if need["relation"] == "start" else before.end_on
    if waits_for is None:
        return None
    return max(earliest_on, waits_for + timedelta(days=need["lag_days"]))
