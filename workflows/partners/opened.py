"""Geöffnetes Netz: a region's network as the pages of the desk ask it, with the ways in from today on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from network.graph import SupportNetwork
from network.model import Actor, Region
from plans.actions import Action
from plans.roles import ObjectScope
from workflows.acting import Look, question
from workflows.partners.from_store import region_from_store
from workflows.planning import HORIZON_DAYS


@dataclass(frozen=True)
class OldFigures:
    """Alte Angaben: how many figures of an actor are old, and the oldest; None = never confirmed."""

    actor: Actor
    count: int
    oldest_on: date | None


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

    def old_figures(self) -> tuple[OldFigures, ...]:
        """Return whom to ask again (Erinnerungsliste): actors with old figures, the oldest first."""
        region, old = self.region, dict[str, list[date | None]]()
        owned = [(actor.id, actor.as_of) for actor in region.actors.values()]
        owned += [(offering.actor_id, offering.as_of) for offering in region.offerings.values()]
        for rows in (region.groups, region.services, region.stock):
            owned += [(region.offerings[row.offering_id].actor_id, row.as_of) for row in rows.values()]
        for actor_id, as_of in owned:
            if self.is_old(as_of):
                old.setdefault(actor_id, []).append(as_of)
        found = [
            OldFigures(region.actors[id], len(days), min(days, key=lambda day: day or date.min))
            for id, days in old.items()
        ]
        return tuple(sorted(found, key=lambda one: (one.oldest_on or date.min, one.actor.name)))


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
