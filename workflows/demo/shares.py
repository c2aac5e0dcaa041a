"""Anteile der Vorführung: how often what happens, evenly, so that a small store has the rare as well."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


class Shares:
    """Anteile: of the occasions for something, each outcome gets its share, as evenly as can be.

    What happens a fifth of the time happens on the third occasion, the eighth, and so on.
    """

    def __init__(self) -> None:
        self._owed: dict[tuple[str, Hashable], float] = {}

    def choose(self, what: str, shares: Mapping[T, float]) -> T:
        """Say what happens on the next occasion.

        Parameters
        ----------
        what : str
            Name of the occasions that are counted together.
        shares : mapping to float
            How often each outcome happens; they add up to 1.
        """
        for outcome, share in shares.items():
            self._owed[what, outcome] = self._owed.get((what, outcome), 0.0) + share
        chosen = max(shares, key=lambda outcome: self._owed[what, outcome])
        self._owed[what, chosen] -= 1
        return chosen

    def take_turns(self, what: str, outcomes: Iterable[T]) -> T:
        """Say what happens on the next occasion where all outcomes happen equally often."""
        among = tuple(outcomes)
        return self.choose(what, dict.fromkeys(among, 1 / len(among)))
