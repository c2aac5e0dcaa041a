"""Schwärzen: takes the name of somebody who is erased out of words that also belong to others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

STRUCK = "[gelöscht/erased]"
"""Stands where a name stood."""

SHORTEST_PART = 3
"""Characters; shorter parts of a name, such as “al”, are ordinary words too often."""


def strike(value: Any, name: str, others: Iterable[str] = ()) -> Any:
    """Take a name out of a text, or out of every text of a JSON value.

    Parameters
    ----------
    value : object
        A text, or lists and objects of texts; anything else is returned as it is.
    name : str
        Full name. It is struck as a whole, then each of its parts alone, whole words only.
    others : iterable of str
        Names of those who stay: parts that these have as well, such as the name of the family, are kept.

    >>> strike("Amina Muster kommt mit Karim Muster, Amina zuerst.", "Amina Muster", ["Karim Muster"])
    '[gelöscht/erased] kommt mit Karim Muster, [gelöscht/erased] zuerst.'
    """
    if isinstance(value, str):
        return _pattern(name, others).sub(STRUCK, value)
    if isinstance(value, list):
        return [strike(one, name, others) for one in value]
    if isinstance(value, dict):
        return {key: strike(one, name, others) for key, one in value.items()}
    return value


def _pattern(name: str, others: Iterable[str]) -> re.Pattern[str]:
    kept = {part.casefold() for other in others for part in other.split()}
    parts = [part for part in name.split() if len(part) >= SHORTEST_PART and part.casefold() not in kept]
    whole = r"\s+".join(re.escape(part) for part in name.split())
    ways = [way for way in (whole, *(re.escape(part) for part in parts)) if way]
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways) or '(?!)'})(?!\w)", re.IGNORECASE)
