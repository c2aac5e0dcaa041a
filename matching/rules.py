"""The rules that exclude a slot (Ausschlussgründe), by code and in words."""

_TEXTS: dict[str, dict[str, str]] = {
    "features": {
        "en": "does not offer what is needed: {missing}",
        "de": "bietet nicht, was nötig ist: {missing}",
    },
    "requires": {"en": "only for: {missing}", "de": "nur für: {missing}"},
    "half-day": {
        "en": "half-day not possible: {missing}",
        "de": "Halbtag nicht möglich: {missing}",
    },
    "online": {"en": "online only, and the person cannot", "de": "nur online, was nicht möglich ist"},
    "distance": {"en": "too far: {km} km of {max_km} km", "de": "zu weit: {km} km von {max_km} km"},
    "past": {"en": "began before today", "de": "hat vor heute begonnen"},
    "predecessor": {
        "en": "the step before has no slot",
        "de": "der vorige Schritt hat keinen Termin",
    },
    "too-early": {"en": "starts {days} days too early", "de": "beginnt {days} Tage zu früh"},
    "too-late": {
        "en": "starts {days} days after the latest day",
        "de": "beginnt {days} Tage nach dem spätesten Tag",
    },
    "full": {"en": "full", "de": "voll belegt"},
    "group-closed": {
        "en": "too few seats left for the group to reach its minimum",
        "de": "zu wenige freie Plätze, um die Mindestzahl zu erreichen",
    },
    "group-not-reached": {
        "en": "group short of {missing} more participants",
        "de": "der Gruppe fehlen noch {missing} Teilnehmende",
    },
    "overlap": {
        "en": "overlaps with another appointment of the household",
        "de": "überschneidet sich mit einem anderen Termin des Haushalts",
    },
    "others-depend": {
        "en": "the group booked now would fall below its minimum; {others} others depend on it",
        "de": "die jetzt gebuchte Gruppe fiele unter die Mindestzahl; {others} andere sind darauf angewiesen",
    },
}
_SHORT = {
    "features": {"en": "something needed is missing", "de": "Benötigtes fehlt"},
    "requires": {"en": "for others only", "de": "nur für andere Personen"},
    "half-day": {"en": "half-day not possible", "de": "Halbtag nicht möglich"},
    "distance": {"en": "too far", "de": "zu weit"},
    "too-early": {"en": "starts too early", "de": "beginnt zu früh"},
    "too-late": {"en": "starts too late", "de": "beginnt zu spät"},
    "group-not-reached": {"en": "group not reached", "de": "Gruppe kommt nicht zustande"},
    "others-depend": {"en": "others depend on the group", "de": "andere sind auf die Gruppe angewiesen"},
}

#: In the order in which they are looked at: the first one that excludes a slot is named.
RULES = tuple(_TEXTS)


def rule_text(code: str, lang: str = "en", **values: object) -> str:
    """Say in words why a slot is not offered.

    Parameters
    ----------
    code : str
        One of ``RULES``.
    lang : str
        ``de`` or ``en``.
    **values
        What ``Exclusion.values`` holds; without them the rule is named in general.

    Raises
    ------
    KeyError
        The code or the language is unknown.
    """
    if not values and code in _SHORT:
        return _SHORT[code][lang]
    return _TEXTS[code][lang].format(**values)
