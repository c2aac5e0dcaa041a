"""Words in German and English for tags, features, half-days, types of actors, cooperation and languages."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from importlib import resources

from network.actors import HALF_DAYS

LABELS: Mapping[str, Mapping[str, Mapping[str, str]]] = tomllib.loads(
    resources.files("network").joinpath("labels.toml").read_text("utf-8")
)
TAGS = frozenset(LABELS["tag"])
"""Tags that a person may have and an offering may require."""
FEATURES = frozenset(LABELS["feature"])
"""What a slot may offer beside its content."""

_WEEKDAYS = ("mo", "tu", "we", "th", "fr")


def label(group: str, word: str, lang: str) -> str:
    """Label of a word of a group (``actor_type``, ``tag`` …); an unknown word stands for itself."""
    entry = LABELS[group].get(word)
    return word if entry is None else entry["de" if lang == "de" else "en"]


def sentence(key: str, lang: str, **values: object) -> str:
    """A sentence of the summary and the pictures, with its values filled in."""
    return label("sentence", key, lang).format_map({name: str(value) for name, value in values.items()})


def date_label(day: date, lang: str) -> str:
    """A date as people write it: ``23.11.2026`` in German, ``23 Nov 2026`` in English."""
    if lang == "de":
        return f"{day:%d.%m.%Y}"
    return f"{day.day} {label('month', str(day.month), lang)} {day.year}"


def half_day_label(half_day: str, lang: str) -> str:
    """Words for one half-day, e.g. ``Mo vormittags``."""
    day, _, part = half_day.partition("-")
    return f"{label('day', day, lang)} {label('day_part', part, lang)}"


def times_label(times: Iterable[str], lang: str) -> str:
    """Words for several half-days, runs of days drawn together: ``Mo–Fr vormittags, Sa vormittags``."""
    wanted = set(times)
    phrases = []
    for part in ("am", "pm", "ev"):
        days = [day.partition("-")[0] for day in HALF_DAYS if day in wanted and day.endswith(f"-{part}")]
        if days:
            phrases.append(f"{_days(days, lang)} {label('day_part', part, lang)}")
    return ", ".join(phrases)


def _days(days: list[str], lang: str) -> str:
    run = [day for day in days if day in _WEEKDAYS]
    first = _WEEKDAYS.index(run[0]) if run else 0
    if len(run) >= 3 and tuple(run) == _WEEKDAYS[first : first + len(run)]:
        rest = [label("day", day, lang) for day in days if day not in run]
        return ", ".join([f"{label('day', run[0], lang)}–{label('day', run[-1], lang)}", *rest])
    return ", ".join(label("day", day, lang) for day in days)
