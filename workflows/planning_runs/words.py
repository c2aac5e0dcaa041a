"""Worte eines Planungslaufs: what is stored with a proposal, in German and English, without other people.

A cause may name the need of somebody else: then only the cause is said in general, never whose need it is.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import matching
from matching.causes import cause_text
from matching.difference import Change
from network.kinds import kind_label
from network.model import Slot
from workflows.planned import PlannedRegion
from workflows.referral_view import exclusion_text
from workflows.wording import LANGUAGES, Words, date_text, number_text

TEXTS = Path(__file__).parents[1] / "texts"
ALTERNATIVES = 3
"""So many refused slots are kept with a proposal."""
SMALLEST_DAYS = 0.5
"""A price below so many weighted waiting days is called nothing: prices are not more exact than that."""

Said = dict[str, Any]


def said(code: str, text: Callable[[str], str], **facts: Any) -> Said:
    """Return what is said: its code, the facts, and the sentence in both languages."""
    return {"code": code, **facts, **{lang: text(lang) for lang in LANGUAGES}}


def said_plainly(key: str) -> Said:
    """Return a sentence of the catalogue that quotes nothing."""
    return said(key.rpartition(".")[2], lambda lang: Words(lang, TEXTS)(key))


def alternatives_of(region: PlannedRegion, need_id: str) -> list[Said]:
    """Return the best slots that a plan refuses a need although a seat is left, best first."""
    found = region.advice.recommendation(need_id)
    refused = [offer for offer in found.offers if not offer.chosen]
    return [offer_words(region, offer) for offer in refused[:ALTERNATIVES]]


def offer_words(region: PlannedRegion, offer: matching.Offer) -> Said:
    """Return a slot that can be had: start, wait, way, what it means for later steps and for others."""
    slot = region.slots[offer.slot]
    facts = {
        "slot_id": slot.id,
        "actor_id": slot.actor_id,
        "start_on": slot.start_on.isoformat(),
        "end_on": slot.end_on.isoformat(),
        "waiting_days": offer.waiting_days,
        "travel_km": None if offer.travel_km is None else round(offer.travel_km, 1),
        "chain_delay_days": offer.chain_delay_days,
        "others_days": round(offer.others_cost, 1),
        "total_days": round(offer.total, 1),
        "seats_left": offer.seats_left,
        "chosen": offer.chosen,
    }
    return said("offer", lambda lang: _offer_text(region, slot, offer, lang), **facts)


def excluded_words(region: PlannedRegion, exclusion: matching.Exclusion) -> Said:
    """Return a slot that cannot be had, and the rule that excludes it."""
    slot = region.slots[exclusion.slot]
    return said(
        exclusion.rule,
        lambda lang: exclusion_text(exclusion.rule, exclusion.values, lang),
        slot_id=slot.id,
        actor_id=slot.actor_id,
        start_on=slot.start_on.isoformat(),
    )


def change_words(region: PlannedRegion, change: Change) -> Said:
    """Return what is other than in the plan before, and why."""
    return said(
        change.cause,
        lambda lang: cause_text(change.cause, lang, _named(region, change, lang)),
        kind=change.kind.value,
        old_slot_id=change.old_slot,
        days_later=change.days_later,
    )


def _offer_text(region: PlannedRegion, slot: Slot, offer: matching.Offer, lang: str) -> str:
    words = Words(lang, TEXTS)
    parts = [
        words("way-in.start", date=slot.start_on, actor=region.actor_names[slot.actor_id]),
        words("way-in.wait", days=words.count("days", offer.waiting_days)),
        words("way-in.online")
        if offer.travel_km is None
        else words("way-in.way", km=number_text(offer.travel_km, lang, 1)),
    ]
    if offer.chain_delay_days:
        days = words.count("days", abs(offer.chain_delay_days))
        parts.append(words("way-in.later" if offer.chain_delay_days > 0 else "way-in.sooner", days=days))
    if offer.others_cost >= SMALLEST_DAYS:
        parts.append(words("way-in.others", days=words.count("days", round(offer.others_cost))))
    return "; ".join(parts)


def _named(region: PlannedRegion, change: Change, lang: str) -> dict[str, Any] | None:
    """The values of a cause with words instead of ids; None where they are about somebody else."""
    values = dict(change.values)
    if "need" in values:
        if region.person_of.get(values["need"]) != change.person:
            return None
        values["need"] = kind_label(region.kinds[values["need"]], lang)
    if "capacity" in values:
        values["capacity"] = _group_name(region, values["capacity"], lang)
    return values


def _group_name(region: PlannedRegion, capacity_id: str, lang: str) -> str:
    first = min(
        (slot for slot in region.slots.values() if capacity_id in slot.uses),
        key=lambda slot: (slot.start_on, slot.id),
    )
    begins: date = first.start_on
    return f"{kind_label(first.kind, lang)}, {region.actor_names[first.actor_id]}, {date_text(begins, lang)}"
