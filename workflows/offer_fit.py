"""Does an offer fit what is asked (Passung)? Three-valued: yes, no, or not said by its partner.

A fit is None where the offer fails, an empty set where it passes, else the names of what nobody has said.
"""

from __future__ import annotations

from dataclasses import dataclass

from network.graph import SupportNetwork
from network.kinds import kind_of
from network.model import CEFR_LEVELS, Actor, Offering, Slot

BANDS = ("am", "pm", "ev", "sa")
_SURE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class NetworkFilter:
    """What the coordinator looks for; an empty value asks for nothing.

    Parameters
    ----------
    kind, level, half_day, feature, language, town, text : str
        Kind of offering (stem); CEFR level that somebody has reached; half-day (``mo-am``) or part of the
        week (``am``, ``pm``, ``ev``, ``sa``);
        feature; ISO 639-3 code; name of a town; words.
    km : float or None
        Longest distance from `town`, km, 0 to 1000.
    free : bool
        Only with a free seat.
    """

    kind: str = ""
    level: str = ""
    half_day: str = ""
    feature: str = ""
    language: str = ""
    town: str = ""
    km: float | None = None
    free: bool = False
    text: str = ""


def in_band(half_day: str, band: str) -> bool:
    """Return whether a half-day lies in a part of the week: mornings, afternoons, evenings, Saturday."""
    if band == "sa":
        return half_day.startswith("sa")
    return half_day.endswith(f"-{band}") and not half_day.startswith("sa")


def offering_fit(offering: Offering, actor: Actor, asked: NetworkFilter) -> frozenset[str] | None:
    """Compare what an offering says of itself, without dates, with what is asked."""
    if asked.kind and offering.kind != asked.kind:
        return None
    if not _has_words(asked.text, offering, actor):
        return None
    return _language_fit(offering, actor, asked.language)


def slot_fit(network: SupportNetwork, slot: Slot, asked: NetworkFilter) -> frozenset[str] | None:
    """Compare one dated way in with what is asked."""
    if asked.free and network.free_seats(slot) == 0:
        return None
    fits = (
        _level_fit(network, slot, asked.level),
        _times_fit(network, slot, asked.half_day),
        _feature_fit(network, slot, asked.feature),
    )
    return None if None in fits else frozenset().union(*(fit for fit in fits if fit))


def _has_words(text: str, offering: Offering, actor: Actor) -> bool:
    known = f"{offering.name} {actor.name} {actor.place.name}".casefold()
    return all(word in known for word in text.casefold().split())


def _language_fit(offering: Offering, actor: Actor, language: str) -> frozenset[str] | None:
    if not language or language in offering.languages | actor.languages:
        return _SURE
    unsaid = not offering.languages and not actor.languages
    return frozenset({"language"}) if unsaid else None


def _level_fit(network: SupportNetwork, slot: Slot, level: str) -> frozenset[str] | None:
    """Somebody with a level may join where it is enough, and has not reached the goal already."""
    kind, offering = kind_of(slot.kind), network.region.offerings[slot.offering_id]
    levels = (*kind.entry_levels, kind.level_out, offering.level_in, offering.level_out)
    if not level or not any(levels):
        return _SURE  # German is no matter there
    module = slot.kind.partition("/from-")[2]
    usual = kind.entry_levels[int(module or 1) - 1] if kind.entry_levels else None
    low = usual if module else offering.level_in or usual
    high = offering.level_out or kind.level_out
    reached = CEFR_LEVELS.index(level)
    if high is not None and reached >= CEFR_LEVELS.index(high):
        return None
    if low is None:
        return frozenset({"level"})
    return _SURE if reached >= CEFR_LEVELS.index(low) else None


def _times_fit(network: SupportNetwork, slot: Slot, half_day: str) -> frozenset[str] | None:
    if not half_day or slot.row_id in network.region.stock:
        return _SURE
    if not slot.times:
        return frozenset({"times"})
    if half_day in BANDS:
        return _SURE if all(in_band(time, half_day) for time in slot.times) else None
    return _SURE if half_day in slot.times else None


def _feature_fit(network: SupportNetwork, slot: Slot, feature: str) -> frozenset[str] | None:
    if not feature or feature in slot.features:
        return _SURE
    unsaid = "features" in network.region.offerings[slot.offering_id].unstated
    return frozenset({"features"}) if unsaid else None
