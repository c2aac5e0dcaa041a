"""Geöffnetes Netz: a region's network as the pages of the desk ask it, with the ways in from today on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from network.graph import SupportNetwork
from network.model import Region
from plans.actions import Action
from plans.roles import ObjectScope
from workflows.acting import Look, question
from workflows.partners.from_store import region_from_store
from workflows.planning import HORIZON_DAYS


@dataclass(frozen=True)
class OpenNetwork:
    """Geöffnetes Netz.

    Parameters
    ----------
    network : SupportNetwork
        Actors, offerings and ways in up to the horizon, with the seats that are free now.
    today : date
        The day on which it was asked.
    old_before : date
        What was last confirmed before this day is old: its partner should be asked again.
    """

    network: SupportNetwork
    today: date
    old_before: date

    @property
    def region(self) -> Region:
        """The region."""
        return self.network.region

    def is_old(self, as_of: date | None) -> bool:
        """Whether a figure that was confirmed on a day, or never, is old."""
        return as_of is None or as_of < self.old_before


@question(Action.READ_NETWORK)
def open_network(look: Look, region_id: str) -> OpenNetwork:
    """Netz öffnen: a region's actors, offerings and the ways in from today on.

    Raises
    ------
    Forbidden
        Where the region is none of the caller's.
    Missing
        Where there is no such region.
    """
    look.allow_new(ObjectScope(region_id))
    region = region_from_store(look.unit, region_id)
    supply = region.slots(look.today, look.today + timedelta(days=HORIZON_DAYS))
    age = look.book.rule("partner-figure-age-days", look.today).days
    return OpenNetwork(SupportNetwork(region, supply), look.today, look.today - timedelta(days=age))
