"""Menschen in der Planung: what planning knows of people: pseudonyms, reach, half-days, tags, open needs.

There is no field for a name or a birth date here, so none can reach the engine.
"""

from __future__ import annotations

from dataclasses import dataclass

from network.model import Place
from plans.analysis import Availability
from plans.needs import Need


@dataclass(frozen=True)
class PersonToPlan:
    """Person in der Planung.

    Parameters
    ----------
    id : str
        Pseudonym.
    organisation_id : str
        Office that keeps the person's file and decides on proposals.
    tags : frozenset of str
        Neutral facts that slots may require.
    availability : Availability
        Half-days, longest way, online.
    needs : tuple of Need
        Open steps.
    """

    id: str
    organisation_id: str
    tags: frozenset[str]
    availability: Availability
    needs: tuple[Need, ...]

    @property
    def times(self) -> frozenset[str]:
        """Half-days on which the person can attend."""
        return self.availability.times

    @property
    def max_travel_km(self) -> float:
        """Longest way, km."""
        return self.availability.max_travel_km

    @property
    def can_attend_online(self) -> bool:
        """Whether online slots are possible."""
        return self.availability.can_attend_online


@dataclass(frozen=True)
class HouseholdToPlan:
    """Haushalt in der Planung.

    Parameters
    ----------
    id : str
        Pseudonym.
    home : Place
        Rounded.
    shared_childcare : bool
        The members share the care of children, so their steps must not overlap.
    members : tuple of PersonToPlan
        Only those whose needs are planned.
    """

    id: str
    home: Place
    shared_childcare: bool
    members: tuple[PersonToPlan, ...]


@dataclass(frozen=True)
class LeftOut:
    """Nicht geplant: who and what a run could not take in, counted.

    Parameters
    ----------
    without_consent : int
        Persons with open needs who have not agreed to planning.
    waiting_for_unplanned : int
        Needs of people who agreed, but which wait for a step that is not planned and has no date.
    """

    without_consent: int
    waiting_for_unplanned: int
