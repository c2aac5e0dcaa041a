"""What the coordinator sees (Netzansicht): offers that pass a filter, where they are, and when they start.

Three-valued: an offer passes, fails, or is unknown, because its partner has not said. Unknown never hides an
offer; it is shown with the hint to call first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from network.distance import distance_km
from network.graph import SupportNetwork
from network.kinds import KINDS
from network.model import CEFR_LEVELS, HALF_DAYS, Actor, Cooperation, Offering, Place, Region, Slot
from workflows.offer_fit import BANDS, NetworkFilter, in_band, offering_fit, slot_fit
from workflows.query import Faulty, read_choice, read_flag, read_number, read_text

SHOWN_STARTS = 3


@dataclass(frozen=True)
class NetworkChoices:
    """What can be chosen in the filter of one region."""

    kinds: tuple[str, ...]
    levels: tuple[str, ...]
    bands: tuple[str, ...]
    half_days: tuple[str, ...]
    features: tuple[str, ...]
    languages: tuple[str, ...]
    towns: Mapping[str, Place]


@dataclass(frozen=True)
class Start:
    """One next way in: when, how many seats are free, how many bookings the group still lacks.

    ``as_of`` is the day on which its partner last confirmed these figures; None = never.
    """

    slot: Slot
    free_seats: int
    seats: int | None
    missing_participants: int
    as_of: date | None


@dataclass(frozen=True)
class Offer:
    """An offering that passes the filter, with its next ways in.

    ``unknown`` names what its partner has not said although the filter asks for it: call first.
    """

    offering: Offering
    actor: Actor
    place: Place | None
    travel_km: float | None
    starts: tuple[Start, ...]
    more_starts: int
    unknown: tuple[str, ...]

    @property
    def call_first(self) -> bool:
        """Whether somebody has to ask the partner before referring."""
        return bool(self.unknown)


@dataclass(frozen=True)
class MapPoint:
    """A place on the map and how many of the offers shown are there."""

    place: Place
    offers: int


@dataclass(frozen=True)
class NetworkView:
    """The list and the map of one filter."""

    offers: tuple[Offer, ...]
    points: tuple[MapPoint, ...]
    online_offers: int
    known_places: tuple[Place, ...]
    total: int

    @property
    def call_first(self) -> int:
        """How many of the offers shown are only possible ones."""
        return sum(offer.call_first for offer in self.offers)


@dataclass(frozen=True)
class ActorView:
    """One organisation: its offers with next dates, and with whom it works."""

    actor: Actor
    offers: tuple[Offer, ...]
    outgoing: tuple[tuple[Cooperation, Actor], ...]
    incoming: tuple[tuple[Cooperation, Actor], ...]


def network_choices(network: SupportNetwork) -> NetworkChoices:
    """Return what the filter of a region can ask for."""
    region, slots = network.region, network.supply.slots
    offerings = region.offerings.values()
    kinds = {offering.kind for offering in offerings}
    features = {feature for slot in slots for feature in slot.features}
    features |= {feature for offering in offerings for feature in offering.features}
    languages = {lang for actor in region.actors.values() for lang in actor.languages}
    languages |= {lang for offering in offerings for lang in offering.languages}
    times = {half_day for slot in slots for half_day in slot.times}
    towns = {town.place.name: town.place for town in region.towns}
    return NetworkChoices(
        kinds=tuple(kind for kind in KINDS if kind in kinds),
        levels=CEFR_LEVELS,
        bands=tuple(band for band in BANDS if any(in_band(half_day, band) for half_day in times)),
        half_days=tuple(half_day for half_day in HALF_DAYS if half_day in times),
        features=tuple(sorted(features)),
        languages=tuple(sorted(languages)),
        towns=dict(sorted(towns.items())),
    )


def read_network_filter(
    values: Mapping[str, str], choices: NetworkChoices
) -> tuple[NetworkFilter, tuple[Faulty, ...]]:
    """Read a filter from the values of an address; what is not understood is named and left out."""
    faults: list[Faulty] = []
    km = read_number(values, "km", 0, 1000, faults)
    town = read_choice(values, "town", choices.towns, faults)
    if km is not None and not town:
        faults.append(Faulty("km", values["km"], "needs-town"))
        km = None
    asked = NetworkFilter(
        kind=read_choice(values, "kind", choices.kinds, faults),
        level=read_choice(values, "level", choices.levels, faults),
        half_day=read_choice(values, "half_day", (*choices.bands, *choices.half_days), faults),
        feature=read_choice(values, "feature", choices.features, faults),
        language=read_choice(values, "language", choices.languages, faults),
        town=town,
        km=km,
        free=read_flag(values, "free"),
        text=read_text(values, "text"),
    )
    return asked, tuple(faults)


def network_view(network: SupportNetwork, asked: NetworkFilter) -> NetworkView:
    """Return the offers that pass a filter: sure ones first, then by next start, then by distance."""
    region = network.region
    origin = next((town.place for town in region.towns if town.place.name == asked.town), None)
    found = [_offer(network, one, asked, origin) for one in region.offerings.values()]
    offers = sorted((offer for offer in found if offer is not None), key=_order)
    places = [offer.place for offer in offers if offer.place is not None]
    points = tuple(
        MapPoint(place, places.count(place)) for place in sorted(set(places), key=lambda p: (p.name, p.lat))
    )
    return NetworkView(
        offers=tuple(offers),
        points=points,
        online_offers=sum(offer.place is None for offer in offers),
        known_places=tuple({actor.place for actor in region.actors.values()}),
        total=len(region.offerings),
    )


def actor_view(network: SupportNetwork, actor_id: str) -> ActorView | None:
    """Return one organisation with its offers and cooperation, or None where nobody has that id."""
    region = network.region
    actor = region.actors.get(actor_id)
    if actor is None:
        return None
    own = [offering for offering in region.offerings.values() if offering.actor_id == actor_id]
    offers = [_offer(network, offering, NetworkFilter(), None) for offering in own]
    actors, links = region.actors, region.cooperations
    return ActorView(
        actor=actor,
        offers=tuple(sorted((offer for offer in offers if offer is not None), key=_order)),
        outgoing=tuple((one, actors[one.to_actor]) for one in links if one.from_actor == actor_id),
        incoming=tuple((one, actors[one.from_actor]) for one in links if one.to_actor == actor_id),
    )


def _offer(
    network: SupportNetwork, offering: Offering, asked: NetworkFilter, origin: Place | None
) -> Offer | None:
    """Return the offer with the ways in that surely pass, else with those that may; None without any."""
    actor = network.actor_of(offering)
    unknown = offering_fit(offering, actor, asked)
    if unknown is None:
        return None
    dated = network.slots_of[offering.id]
    fits = [(slot, fit) for slot in dated if (fit := slot_fit(network, slot, asked)) is not None]
    if dated and not fits:
        return None
    passing = [slot for slot, fit in fits if not fit] or [slot for slot, _ in fits]
    if not dated:
        unknown |= {"dates"}
    elif all(fit for _, fit in fits):
        unknown = unknown.union(*(fit for _, fit in fits))
    place = _place(offering, actor, passing)
    km = distance_km(origin, place) if origin and place else None
    if km is not None and asked.km is not None and km > asked.km:
        return None
    starts = tuple(_start(network, slot) for slot in passing[:SHOWN_STARTS])
    return Offer(offering, actor, place, km, starts, len(passing) - len(starts), tuple(sorted(unknown)))


def _place(offering: Offering, actor: Actor, slots: list[Slot]) -> Place | None:
    """Return where the next way in takes place; None where it is online."""
    if slots:
        return slots[0].place
    return None if offering.online else actor.place


def _start(network: SupportNetwork, slot: Slot) -> Start:
    group = network.group_of(slot)
    return Start(
        slot=slot,
        free_seats=network.free_seats(slot),
        seats=group.seats if group else None,
        missing_participants=network.missing(slot),
        as_of=_confirmed_on(network.region, slot),
    )


def _confirmed_on(region: Region, slot: Slot) -> date | None:
    """The day on which the partner last confirmed the row behind a way in."""
    row = region.groups.get(slot.row_id) or region.services.get(slot.row_id) or region.stock.get(slot.row_id)
    return row.as_of if row else None


def _order(offer: Offer) -> tuple[bool, bool, date, float, str]:
    first = offer.starts[0].slot.start_on if offer.starts else date.max
    return (offer.call_first, not offer.starts, first, offer.travel_km or 0.0, offer.offering.id)
