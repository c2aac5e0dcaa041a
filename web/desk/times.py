"""Zeitpunkte: instants of the store as people read them, in the time of the country."""

from __future__ import annotations

from datetime import datetime

from workflows.acting import LOCAL_TIME
from workflows.wording import date_text


def instant_text(text: str, lang: str) -> str:
    """Write an instant (ISO, UTC): ``25.11.2026, 10:30 Uhr`` in German, ``25 Nov 2026, 10:30`` in English."""
    at = datetime.fromisoformat(text).astimezone(LOCAL_TIME)
    return f"{date_text(at.date(), lang)}, {at:%H:%M}{' Uhr' if lang == 'de' else ''}"
