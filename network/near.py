"""Who offers this kind near here, and when (Wer bietet das in der Nähe an, und wann)."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date

from network.distance import distance_km
from network.graph import SupportNetwork
from network.model import Actor, Group, Offering, Place, Service, Slot, Stock


@dataclass(frozen=True, slots=True)
class NearbyOffer:
    """One way in, or an offering without a date, that fits as far as anybody knows.

    Parameters
    ----------
    slot
        The dated way in; None where the partner gave no date: call first.
    travel_km
        Great circle from where was asked; None where it is online or nobody asked for a place.
    free_seats, missing
        Free seats, and bookings still missing until the group opens; None without a date.
    unknown
        What the partner did not say although it was asked for (``times``, ``features``, ``languages``,
        ``dates``): unknown never excludes.
    """

    offering: Offering
    actor: Actor
    slot: Slot | None
    travel_km: float | None
    free_seats: int | None
    missing: int | None
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; everything left out does not matter.

    Parameters
    ----------
    kind
        Kind of a slot (``integration-course/from-3``) or of an offering (``integration-course``).
    around, max_km
        Only what lies at most so many kilometres from a place, or is online.
    from_on
        Only what starts on this day or later.
    half_days
        Half-days on which the person can attend.
    features, languages
        Features it must all offer; languages of which one must be spoken.
    """

    kind: str | None = None
    around: Place | None = None
    max_km: float | None = None
    from_on: date | None = None
    half_days: Set[str] | None = None
    features: Set[str] = frozenset()
    languages: Set[str] = frozenset()


def offers_near(network: SupportNetwork, search: Search) -> tuple[NearbyOffer, ...]:
    """Every way in that fits a search, earliest first, nearest first among those that start on one day.

    Offerings of the kind without any date come last. What is not known does not exclude; it is named.
    """
    found = []
    for offering in network.region.offerings.values():
        slots = [slot for slot in network.slots_of[offering.id] if _is_of_kind(slot.kind, search.kind)]
        for slot in slots:
            unknown = _unknown_of_slot(network, offering, slot, search)
            if unknown is not None:
                found.append(_offer(network, offering, slot, search, unknown))
        if not network.slots_of[offering.id] and _is_of_kind(offering.kind, search.kind, stem=True):
            unknown = _unknown_of_offering(network, offering, search)
            if unknown is not None:
                found.append(_offer(network, offering, None, search, ("dates", *unknown)))
    near = (offer for offer in found if _is_near(offer, search))
    return tuple(sorted(near, key=_earliest_then_nearest))


def _is_of_kind(kind: str, wanted: str | None, *, stem: bool = False) -> bool:
    if wanted is None or kind == wanted:
        return True
    return wanted.startswith(f"{kind}/from-") if stem else kind.startswith(f"{wanted}/from-")


def _is_near(offer: NearbyOffer, search: Search) -> bool:
    return offer.travel_km is None or search.max_km is None or offer.travel_km <= search.max_km


def _earliest_then_nearest(offer: NearbyOffer) -> tuple[date, float, str]:
    start_on = offer.slot.start_on if offer.slot else date.max
    return start_on, offer.travel_km or 0.0, offer.slot.id if offer.slot else offer.offering.id


def _offer(
    network: SupportNetwork, offering: Offering, slot: Slot | None, search: Search, unknown: tuple[str, ...]
) -> NearbyOffer:
    online = slot.online if slot else offering.online
    place = (slot.place if slot else None) or network.actor_of(offering).place
    far = None if online or search.around is None else distance_km(search.around, place)
    return NearbyOffer(
        offering=offering,
        actor=network.actor_of(offering),
        slot=slot,
        travel_km=far,
        free_seats=network.free_seats(slot) if slot else None,
        missing=network.missing(slot) if slot else None,
        unknown=unknown,
    )


def _unknown_of_slot(
    network: SupportNetwork, offering: Offering, slot: Slot, search: Search
) -> tuple[str, ...] | None:
    """What is unknown about a slot, or None when it is known not to fit."""
    if search.from_on is not None and slot.start_on < search.from_on:
        return None
    unknown = _unknown_of_offering(network, offering, search, slot)
    if unknown is None or (search.half_days is not None and not slot.times <= search.half_days):
        return None
    row = _row_of(network, slot)
    if search.half_days is not None and not slot.times and row is not None and "times" in row.unstated:
        return (*unknown, "times")
    return unknown


def _unknown_of_offering(
    network: SupportNetwork, offering: Offering, search: Search, slot: Slot | None = None
) -> tuple[str, ...] | None:
    unknown = []
    missing = search.features - (slot.features if slot else offering.features)
    if missing:
        if "features" not in offering.unstated:
            return None
        unknown.append("features")
    spoken = offering.languages or network.actor_of(offering).languages
    if search.languages and not spoken:
        unknown.append("languages")
    elif search.languages and not spoken & search.languages:
        return None
    return tuple(unknown)


def _row_of(network: SupportNetwork, slot: Slot) -> Group | Service | Stock | None:
    region = network.region
    return region.groups.get(slot.row_id) or region.services.get(slot.row_id) or region.stock.get(slot.row_id)
