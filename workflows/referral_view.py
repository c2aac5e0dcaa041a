"""The best referrals for one step (Vermittlungsvorschläge), and what is not offered, rule by rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import matching
from network.labels import label, times_label
from network.model import Actor, Offering, Slot
from workflows.chain_view import ChainStep, ChainView, chain_view
from workflows.session import RegionDesk
from workflows.wording import list_text

_MISSING_WORDS: Mapping[str, Callable[[list[str], str], str]] = {
    "features": lambda codes, lang: list_text((label("feature", code, lang) for code in codes), lang),
    "requires": lambda codes, lang: list_text((label("tag", code, lang) for code in codes), lang),
    "half-day": times_label,
}
BEST = 5
SHOWN_EXCLUDED = 8


@dataclass(frozen=True)
class ReferralCard:
    """One possible referral.

    Parameters
    ----------
    waiting_days : int
        Days from the day the step could start to this start.
    chain_delay_days : int
        Days by which the rest of the person's chain starts later (negative: sooner) than in the plan.
    travel_km : float or None
        Great-circle way, km; None where online.
    free_seats, seats_left : int
        Seats free today, and once the optimised plan is carried out.
    seat_price : float
        Weighted waiting days that others wait more when this seat is taken.
    """

    slot: Slot
    offering: Offering
    actor: Actor
    waiting_days: int
    chain_delay_days: int
    travel_km: float | None
    free_seats: int
    seats_left: int
    missing_participants: int
    seat_price: float
    chosen: bool


@dataclass(frozen=True)
class ExcludedSlot:
    """A way in that is not offered, and the words of the rule that excludes it by language."""

    slot: Slot
    offering: Offering
    actor: Actor
    rule: str
    values: Mapping[str, Any]

    def text(self, lang: str) -> str:
        """Return the rule with this slot's values, in ``de`` or ``en``."""
        return exclusion_text(self.rule, self.values, lang)


@dataclass(frozen=True)
class ExcludedGroup:
    """All ways in that one rule excludes; `shown` are the earliest of them."""

    rule: str
    count: int
    shown: tuple[ExcludedSlot, ...]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.shown)

    def text(self, lang: str) -> str:
        """Return the rule in a few words, in ``de`` or ``en``."""
        return matching.rule_text(self.rule, lang)


@dataclass(frozen=True)
class ReferralView:
    """The page of one step."""

    chain: ChainView
    step: ChainStep
    cards: tuple[ReferralCard, ...]
    more_offers: int
    excluded: tuple[ExcludedGroup, ...]


def referral_view(desk: RegionDesk, person_id: str, need_id: str) -> ReferralView | None:
    """Return the best referrals for a need of a person, or None where there is no such need."""
    step = desk.steps.get(need_id)
    if step is None or step.person.id != person_id:
        return None
    chain = chain_view(desk, person_id)
    assert chain is not None, person_id
    chain_step = next(one for one in chain.steps if one.need.id == need_id)
    found = desk.advice.recommendation(need_id)
    return ReferralView(
        chain=chain,
        step=chain_step,
        cards=tuple(_card(desk, offer) for offer in found.offers[:BEST]),
        more_offers=max(0, len(found.offers) - BEST),
        excluded=_excluded(desk, found.excluded),
    )


def exclusion_text(rule: str, values: Mapping[str, Any], lang: str) -> str:
    """Say in ``de`` or ``en`` why a rule excludes a slot, with words instead of the codes it quotes.

    Parameters
    ----------
    rule, values : str, mapping
        As `matching.Exclusion` holds them.
    """
    quoted = dict(values)
    if "missing" in quoted and rule in _MISSING_WORDS:
        quoted["missing"] = _MISSING_WORDS[rule](str(quoted["missing"]).split(", "), lang)
    return matching.rule_text(rule, lang, **quoted)


def _card(desk: RegionDesk, offer: matching.Offer) -> ReferralCard:
    slot = desk.slots[offer.slot]
    return ReferralCard(
        slot=slot,
        offering=desk.region.offerings[slot.offering_id],
        actor=desk.region.actors[slot.actor_id],
        waiting_days=offer.waiting_days,
        chain_delay_days=offer.chain_delay_days,
        travel_km=None if slot.online else offer.travel_km,
        free_seats=desk.free_seats(slot),
        seats_left=desk.seats_left(slot),
        missing_participants=desk.missing_participants(slot),
        seat_price=offer.seat_price,
        chosen=offer.chosen,
    )


def _excluded(desk: RegionDesk, exclusions: list[matching.Exclusion]) -> tuple[ExcludedGroup, ...]:
    by_rule: dict[str, list[ExcludedSlot]] = defaultdict(list)
    for one in exclusions:
        slot = desk.slots[one.slot]
        offering, actor = desk.region.offerings[slot.offering_id], desk.region.actors[slot.actor_id]
        by_rule[one.rule].append(ExcludedSlot(slot, offering, actor, one.rule, one.values))
    groups = []
    for rule, slots in by_rule.items():
        slots.sort(key=lambda excluded: (excluded.slot.start_on, excluded.slot.id))
        groups.append(ExcludedGroup(rule, len(slots), tuple(slots[:SHOWN_EXCLUDED])))
    return tuple(sorted(groups, key=lambda group: (-group.count, group.rule)))
