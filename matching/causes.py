"""Why a booking changes from one plan to the next (Änderungsgründe), by code and in words."""

from collections.abc import Mapping
from typing import Any

from matching.rules import rule_text

_TEXTS: dict[str, dict[str, str]] = {
    "booked": {"en": "it is booked there", "de": "er ist dort fest gebucht"},
    "declined": {"en": "the slot was declined", "de": "der Termin wurde abgelehnt"},
    "excluded": {
        "en": "the earlier slot no longer fits: {rule}",
        "de": "der frühere Termin passt nicht mehr: {rule}",
    },
    "slot-gone": {"en": "the earlier slot no longer exists", "de": "den früheren Termin gibt es nicht mehr"},
    "cancelled": {
        "en": "{capacity} now has {seats} seats",
        "de": "{capacity} hat nur noch {seats} Plätze",
    },
    "made-room": {"en": "made room for {need}", "de": "hat Platz gemacht für {need}"},
    "follows": {
        "en": "follows the step before it, {need}, which has changed",
        "de": "folgt dem vorigen Schritt {need}, der sich geändert hat",
    },
    "follows-lost": {
        "en": "the step before it, {need}, has no slot",
        "de": "der vorige Schritt {need} hat keinen Termin",
    },
    "overlap": {
        "en": "would overlap with {need} of the same household",
        "de": "würde sich mit {need} im selben Haushalt überschneiden",
    },
    "group-closed": {
        "en": "the group {capacity} no longer reaches its minimum",
        "de": "die Gruppe {capacity} erreicht ihre Mindestzahl nicht mehr",
    },
    "group-filled": {
        "en": "the group {capacity} needs this booking to reach its minimum",
        "de": "die Gruppe {capacity} braucht diese Buchung für ihre Mindestzahl",
    },
    "sooner": {"en": "starts {days} days sooner", "de": "beginnt {days} Tage früher"},
    "later-served": {
        "en": "lets a later step, {need}, have a slot",
        "de": "lässt einen späteren Schritt, {need}, einen Termin haben",
    },
    "nearer": {"en": "is {km} km nearer", "de": "liegt {km} km näher"},
    "later-steps": {
        "en": "lets a later step, {need}, start {days} days sooner",
        "de": "lässt einen späteren Schritt, {need}, {days} Tage früher beginnen",
    },
    "together": {
        "en": "all together wait less this way",
        "de": "so warten alle zusammen weniger",
    },
    "new-need": {"en": "was not in the earlier plan", "de": "stand nicht im früheren Plan"},
    "predecessor-served": {
        "en": "the step before it, {need}, now has a slot",
        "de": "der vorige Schritt {need} hat jetzt einen Termin",
    },
    "seat-free": {"en": "{need} has given up a seat", "de": "{need} hat einen Platz frei gemacht"},
    "group-opened": {
        "en": "the group {capacity} now reaches its minimum",
        "de": "die Gruppe {capacity} erreicht jetzt ihre Mindestzahl",
    },
    "seat-found": {"en": "a seat could be found", "de": "ein Platz ließ sich finden"},
}
_SHORT = {
    "excluded": {"en": "the earlier slot no longer fits", "de": "der frühere Termin passt nicht mehr"},
    "cancelled": {"en": "seats were taken away", "de": "Plätze sind weggefallen"},
    "made-room": {"en": "made room for somebody", "de": "hat für jemanden Platz gemacht"},
    "follows": {"en": "follows a changed step", "de": "folgt einem geänderten Schritt"},
    "follows-lost": {"en": "the step before has no slot", "de": "der vorige Schritt hat keinen Termin"},
    "overlap": {"en": "overlap in the household", "de": "Überschneidung im Haushalt"},
    "group-closed": {"en": "a group below its minimum", "de": "eine Gruppe unter ihrer Mindestzahl"},
    "group-filled": {"en": "fills a group", "de": "füllt eine Gruppe"},
    "sooner": {"en": "starts sooner", "de": "beginnt früher"},
    "nearer": {"en": "is nearer", "de": "liegt näher"},
    "later-served": {"en": "a later step gets a slot", "de": "ein späterer Schritt bekommt einen Termin"},
    "later-steps": {"en": "a later step starts sooner", "de": "ein späterer Schritt beginnt früher"},
    "predecessor-served": {
        "en": "the step before now has a slot",
        "de": "der vorige Schritt hat jetzt einen Termin",
    },
    "seat-free": {"en": "somebody gave up a seat", "de": "jemand hat einen Platz frei gemacht"},
    "group-opened": {"en": "a group reaches its minimum", "de": "eine Gruppe erreicht ihre Mindestzahl"},
}

CAUSES = tuple(_TEXTS)


def cause_text(code: str, lang: str = "en", values: Mapping[str, Any] | None = None) -> str:
    """Say in words why a booking has changed.

    Parameters
    ----------
    code : str
        One of ``CAUSES``.
    lang : str
        ``de`` or ``en``.
    values : mapping
        What ``Change.values`` holds; without them the cause is named in general.

    Raises
    ------
    KeyError
        The code or the language is unknown.
    """
    if not values and code in _SHORT:
        return _SHORT[code][lang]
    filled = dict(values or {})
    if code == "excluded":
        rule = filled.pop("rule")
        filled = {"rule": rule_text(rule, lang, **filled)}
    return _TEXTS[code][lang].format(**filled)
