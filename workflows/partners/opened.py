"""Geöffnetes Netz: a region's network as the pages of the desk ask it, with the ways in from today on.

Reading a network and looking for its weak points is most of the work of a page, and most pages find the
network as the one before has found it: what was read last is kept for each region until a row of it changes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

from network.analysis.travel import GreatCircle, Travel
from network.analysis.whole import Analysis, analyse
from network.graph import SupportNetwork
from network.model import Actor, Region
from plans.actions import Action
from plans.roles import ObjectScope
from store.queries.network import network_stamp
from workflows.acting import Look, question
from workflows.kept import Kept
from workflows.network_graph import NetworkGraph, network_graph
from workflows.partners.from_store import region_from_store
from workflows.planning import HORIZON_DAYS
from workflows.planning_room.network import Asked, question_about
from workflows.planning_room.travel_times import travel_of
from workflows.weak_points import WeakPoints, weak_points

REACHES = (30.0, 60.0)
"""How far people may have to go, as the analysis of a network asks: km, or minutes by a table."""


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
    travel : Travel
        How its ways are measured.
    """

    network: SupportNetwork
    today: date
    old_before: date
    travel: Travel = field(default_factory=GreatCircle)

    @property
    def region(self) -> Region:
        """The region."""
        return self.network.region

    @cached_property
    def weak(self) -> WeakPoints:
        """Its weak points today."""
        return weak_points(self.network, self.today)

    @cached_property
    def analysis(self) -> Analysis:
        """What the network can bear, where it breaks, and who finds a chain, from today on."""
        region = replace(self.region, today=self.today)
        return analyse(region, question_about(region, Asked(reaches=REACHES), self.travel))

    @cached_property
    def graph(self) -> NetworkGraph:
        """The network as a graph, with its weak points today marked."""
        return network_graph(self.network, self.today)

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
    age = look.book.rule("partner-figure-age-days", look.today).days
    stamp = (look.today, age, network_stamp(look.unit, region_id))

    def read() -> OpenNetwork:
        region = region_from_store(look.unit, region_id)
        supply = region.slots(look.today, look.today + timedelta(days=HORIZON_DAYS))
        old_before = look.today - timedelta(days=age)
        network, travel = SupportNetwork(region, supply), travel_of(look.unit, region_id)
        return OpenNetwork(network, look.today, old_before, travel)

    return _KEPT.get(look, region_id, stamp, read)


_KEPT = Kept[OpenNetwork]()
