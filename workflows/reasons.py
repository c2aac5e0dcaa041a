"""Why this slot, or why none (Begründung): codes and values that pages, command line and demo put into words.

A reason is only given where the computation supports it: the alternatives come from the engine, with the
rule that excludes each and with what a seat there is worth to others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import matching
from network.kinds import kind_label
from network.labels import label
from network.model import Slot
from plans.model import Need
from workflows.planned import PlannedRegion
from workflows.wording import Words, list_text

TEXTS = Path(__file__).parent / "texts"
NEARNESS = (
    ("overlap", "group-not-reached", "group-closed", "others-depend", "full"),
    ("too-late",),
    ("too-early", "past", "predecessor"),
)
"""Rules by how little is missing; all others say that a slot does not suit the person at all."""


@dataclass(frozen=True)
class Reason:
    """One reason: its code in the catalogue and the values its text quotes."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)

    def text(self, lang: str) -> str:
        """Return the reason in one plain sentence, in German (``de``) or English (``en``)."""
        words = Words(lang, TEXTS)
        values = dict(self.values)
        if "kind" in values:
            values["kind"] = kind_label(values["kind"], lang)
        if "features" in values:
            values["features"] = list_text((label("feature", one, lang) for one in values["features"]), lang)
        if "days" in values:
            values["days"] = words.count("days", round(values["days"]))
        if "rule" in values:
            values["rule"] = matching.rule_text(values["rule"], lang)
        return words(f"reason.{self.code}", **values)


def reasons(region: PlannedRegion, need: Need) -> tuple[Reason, ...]:
    """Return why a need has its slot in the optimised plan, or why it has none."""
    slot = region.planned_slot(need.id)
    if slot is None:
        return (_open_reason(region, need),)
    if need.fixed_slot:
        return (Reason("booked"),)
    return (_date_reason(region, need, slot), *slot_reasons(region, need, slot))


def slot_reasons(region: PlannedRegion, need: Need, slot: Slot) -> tuple[Reason, ...]:
    """Return what speaks for a slot by itself, or against it: its group, what it offers, the date agreed."""
    found = _group_reason(region, slot)
    if need.features:
        found.append(Reason("features", {"features": sorted(need.features)}))
    if need.target_on:
        late_days = (slot.start_on - need.target_on).days
        target = {"target": need.target_on}
        found.append(
            Reason("late", {**target, "days": late_days}) if late_days > 0 else Reason("in-time", target)
        )
    return tuple(found)


def why_open(region: PlannedRegion, need: Need) -> str:
    """Return why a need has no slot: ``before-open``, ``taken``, ``no-offer``, or the engine's rule."""
    reason = _open_reason(region, need)
    return str(reason.values.get("rule", reason.code))


def open_text(code: str, lang: str) -> str:
    """Return the words for a code of `why_open`, in ``de`` or ``en``."""
    words = Words(lang, TEXTS)
    return words(f"gap.{code}") if f"gap.{code}" in words else matching.rule_text(code, lang)


def _date_reason(region: PlannedRegion, need: Need, slot: Slot) -> Reason:
    """Say how the date compares with the sooner ones that would suit as well."""
    found = region.advice.recommendation(need.id)
    sooner = [offer for offer in found.offers if offer.start_on < slot.start_on]
    if sooner:
        planned = min((offer.total for offer in found.offers if offer.chosen), default=0.0)
        code = "sooner-possible" if sooner[0].total < planned else "sooner-less-good"
        return Reason(code, _date_of(region, sooner[0].slot))
    full = _sooner(region, found.excluded, "full", slot)
    given = [slot_id for slot_id in full if region.free_seats(region.slots[slot_id]) > 0]
    if given:
        days = region.seat_price(region.slots[given[0]])
        values = {**_date_of(region, given[0]), "days": days}
        return Reason("sooner-given" if days >= 0.5 else "sooner-others", values)
    if full:
        return Reason("sooner-full", _date_of(region, full[0]))
    closed = _sooner(region, found.excluded, "group-not-reached", slot)
    if closed:
        return Reason("sooner-closed", _date_of(region, closed[0]))
    return Reason("earliest" if len(found.offers) > 1 else "only")


def _sooner(
    region: PlannedRegion, excluded: Iterable[matching.Exclusion], rule: str, slot: Slot
) -> list[str]:
    """Return the slots before the chosen one that a rule excludes, the earliest first."""
    slots = (region.slots[one.slot] for one in excluded if one.rule == rule)
    before = [one for one in slots if one.start_on < slot.start_on]
    return [one.id for one in sorted(before, key=lambda one: (one.start_on, one.id))]


def _date_of(region: PlannedRegion, slot_id: str) -> dict[str, Any]:
    slot = region.slots[slot_id]
    return {"date": slot.start_on, "actor": region.actor_names[slot.actor_id]}


def _group_reason(region: PlannedRegion, slot: Slot) -> list[Reason]:
    missing = region.missing_participants(slot)
    if not missing:
        return []
    booked = max(region.bookings.get(capacity, 0) for capacity in slot.uses)
    return [Reason("opens-group", {"missing": missing, "booked": booked})]


def _open_reason(region: PlannedRegion, need: Need) -> Reason:
    if need.after is not None and region.planned_slot(need.after) is None:
        return Reason("before-open", {"kind": region.kinds[need.after]})
    if not any(slot.kind == need.kind for slot in region.slots.values()):
        return Reason("no-offer", {"kind": need.kind})
    found = region.advice.recommendation(need.id)
    rules = Counter(one.rule for one in found.excluded)
    nearest = next(filter(None, (_most(rules, stage) for stage in (*NEARNESS, rules))), None)
    if found.offers or nearest == "full":
        return Reason("taken")
    if nearest is None:
        return Reason("no-offer", {"kind": need.kind})
    return Reason("rule", {"rule": nearest, "n": rules[nearest], "total": len(found.excluded)})


def _most(rules: Counter[str], stage: Iterable[str]) -> str | None:
    """Return the most frequent of some rules, None where none of them applies."""
    return max((rule for rule in stage if rules[rule]), key=lambda rule: rules[rule], default=None)
