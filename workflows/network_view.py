"""What the coordinator sees (Netzansicht): offers that pass a filter, where they are, and when they start.

Three-valued: an offer passes, fails, or is unknown, because its partner has not said. Unknown never hides an
offer; it is shown with the hint to call first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from network.distance import distance_km
from network.kinds import KINDS
from network.model import HALF_DAYS, Actor, Cooperation, Offering, Place, Slot
from workflows.offer_fit import BANDS, NetworkFilter, in_band, offering_fit, slot_fit
from workflows.query import Faulty, read_choice, read_flag, read_number, read_text
from workflows.session import Desk

SHOWN_STARTS = 3


@dataclass(frozen=True)
class NetworkChoices:
    """What can be chosen in the filter of one region."""

    kinds: tuple[str, ...]
    bands: tuple[str, ...]
    half_days: tuple[str, ...]
    features: tuple[str, ...]
    languages: tuple[str, ...]
    towns: Mapping[str, Place]


@dataclass(frozen=True)
class Start:
    """One next way in: when, how many seats are free, how many bookings the group still lacks."""

    slot: Slot
    free_seats: int
    seats: int | None
    missing_participants: int


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


def network_choices(desk: Desk) -> NetworkChoices:
    """Return what the filter of a desk's region can ask for."""
    region = desk.region
    offerings = region.offerings.values()
    kinds = {offering.kind for offering in offerings}
    features = {feature for slot in desk.slots.values() for feature in slot.features}
    features |= {feature for offering in offerings for feature in offering.features}
    languages = {lang for actor in region.actors.values() for lang in actor.languages}
    languages |= {lang for offering in offerings for lang in offering.languages}
    times = {half_day for slot in desk.slots.values() for half_day in slot.times}
    towns = {town.place.name: town.place for town in region.towns}
    return NetworkChoices(
        kinds=tuple(kind for kind in KINDS if kind in kinds),
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
        half_day=read_choice(values, "half_day", (*choices.bands, *choices.half_days), faults),
        feature=read_choice(values, "feature", choices.features, faults),
        language=read_choice(values, "language", choices.languages, faults),
        town=town,
        km=km,
        free=read_flag(values, "free"),
        text=read_text(values, "text"),
    )
    return asked, tuple(faults)


def network_view(desk: Desk, asked: NetworkFilter) -> NetworkView:
    """Return the offers that pass a filter: sure ones first, then by next start, then by distance."""
    origin = network_choices(desk).towns.get(asked.town)
    slots = _slots_by_offering(desk)
    found = [_offer(desk, one, asked, origin, slots) for one in desk.region.offerings.values()]
    offers = sorted((offer for offer in found if offer is not None), key=_order)
    places = [offer.place for offer in offers if offer.place is not None]
    points = tuple(
        MapPoint(place, places.count(place)) for place in sorted(set(places), key=lambda p: (p.name, p.lat))
    )
    return NetworkView(
        offers=tuple(offers),
        points=points,
        online_offers=sum(offer.place is None for offer in offers),
        known_places=tuple({actor.place for actor in desk.region.actors.values()}),
        total=len(desk.region.offerings),
    )


def actor_view(desk: Desk, actor_id: str) -> ActorView | None:
    """Return one organisation with its offers and cooperation, or None where nobody has that id."""
    actor = desk.region.actors.get(actor_id)
    if actor is None:
        return None
    slots = _slots_by_offering(desk)
    own = [offering for offering in desk.region.offerings.values() if offering.actor_id == actor_id]
    offers = [_offer(desk, offering, NetworkFilter(), None, slots) for offering in own]
    actors = desk.region.actors
    links = desk.region.cooperations
    return ActorView(
        actor=actor,
        offers=tuple(sorted((offer for offer in offers if offer is not None), key=_order)),
        outgoing=tuple((one, actors[one.to_actor]) for one in links if one.from_actor == actor_id),
        incoming=tuple((one, actors[one.from_actor]) for one in links if one.to_actor == actor_id),
    )


def _slots_by_offering(desk: Desk) -> dict[str, list[Slot]]:
    slots: dict[str, list[Slot]] = {}
    for slot in sorted(desk.slots.values(), key=lambda slot: (slot.start_on, slot.id)):
        slots.setdefault(slot.offering_id, []).append(slot)
    return slots


def _offer(
    desk: Desk,
    offering: Offering,
    asked: NetworkFilter,
    origin: Place | None,
    slots: Mapping[str, list[Slot]],
) -> Offer | None:
    """Return the offer with the ways in that surely pass, else with those that may; None without any."""
    actor = desk.region.actors[offering.actor_id]
    unknown = offering_fit(offering, actor, asked)
    if unknown is None:
        return None
    dated = slots.get(offering.id, [])
    fits = [(slot, fit) for slot in dated if (fit := slot_fit(desk, slot, asked)) is not None]
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
    starts = tuple(_start(desk, slot) for slot in passing[:SHOWN_STARTS])
    return Offer(offering, actor, place, km, starts, len(passing) - len(starts), tuple(sorted(unknown)))


def _place(offering: Offering, actor: Actor, slots: list[Slot]) -> Place | None:
    """Return where the next way in takes place; None where it is online."""
    if slots:
        return slots[0].place
    return None if offering.online else actor.place


def _start(desk: Desk, slot: Slot) -> Start:
    group = desk.region.groups.get(slot.row_id)
    return Start(
        slot=slot,
        free_seats=desk.free_seats(slot),
        seats=group.seats if group else None,
        missing_participants=desk.missing_participants(slot),
    )


def _order(offer: Offer) -> tuple[bool, bool, date, float, str]:
    first = offer.starts[0].slot.start_on if offer.starts else date.max
    return (offer.call_first, not offer.starts, first, offer.travel_km or 0.0, offer.offering.id)
