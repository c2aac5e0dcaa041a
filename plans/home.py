"""Wohnorte erfundener Personen: homes around the towns of a region, and ways that suit its distances."""

from __future__ import annotations

import math
from collections.abc import Mapping
from random import Random

from network.distance import distance_km
from network.model import Place, Region, Town
from plans.fault import refuse

COMPACT_SPREAD_KM = 9.0
WIDE_SPREAD_KM = 20.0
PERSONS_PER_KM2 = 1500.0
SMALLEST_SIGMA_KM = 1.0


class Homes:
    """Wohnlagen einer Region: draws homes, and ways that suit the distances of the region.

    Parameters
    ----------
    region : Region
        Its towns weigh by their population; where that is not known for all of them, all weigh alike.
    ways_km : mapping of float to float
        Longest ways in a compact town, km, and their shares.
    reaches_largest_town_share : float
        Share of people who go as far as the largest town in any case, 0 to 1.

    Raises
    ------
    PlanFault
        Where the region has no town.
    """

    def __init__(
        self, region: Region, ways_km: Mapping[float, float], reaches_largest_town_share: float
    ) -> None:
        if not region.towns:
            raise refuse("no-towns", region.id)
        self._towns = region.towns
        known = all(town.population for town in region.towns)
        self._weights = [float(town.population or 1) if known else 1.0 for town in region.towns]
        stretch = min(max(self.spread_km(), COMPACT_SPREAD_KM), WIDE_SPREAD_KM) / COMPACT_SPREAD_KM
        self._ways = {round(km * stretch): share for km, share in ways_km.items()}
        self._reaches_largest_town_share = reaches_largest_town_share

    def spread_km(self) -> float:
        """Mean distance of a home from the middle of the region, km."""
        total = sum(self._weights)
        pairs = list(zip(self._towns, self._weights, strict=True))
        middle = Place(
            "",
            sum(town.place.lat * weight for town, weight in pairs) / total,
            sum(town.place.lon * weight for town, weight in pairs) / total,
        )
        ways = (weight * (distance_km(middle, town.place) + _sigma_km(town)) for town, weight in pairs)
        return sum(ways) / total

    def draw(self, rng: Random) -> Place:
        """Draw a home: normally spread around the centre of a town, which gives it its name."""
        town = rng.choices(self._towns, self._weights)[0]
        sigma_km = _sigma_km(town)
        north_km, east_km = (max(-2.5, min(2.5, rng.gauss(0, 1))) * sigma_km for _ in range(2))
        km_per_degree = 111.2
        lat = town.place.lat + north_km / km_per_degree
        lon = town.place.lon + east_km / (km_per_degree * math.cos(math.radians(town.place.lat)))
        return Place(town.place.name, round(lat, 3), round(lon, 3))

    def draw_way_km(self, rng: Random, home: Place) -> float:
        """Draw the longest way of a person, km: most go at least as far as the largest town of the region."""
        way_km = float(rng.choices(list(self._ways), list(self._ways.values()))[0])
        if rng.random() >= self._reaches_largest_town_share:
            return way_km
        largest = max(self._towns, key=lambda town: town.population or 0).place
        return max(way_km, math.ceil(1 + distance_km(home, largest)))


def _sigma_km(town: Town) -> float:
    radius_km = math.sqrt((town.population or 0) / PERSONS_PER_KM2 / math.pi)
    return max(SMALLEST_SIGMA_KM, radius_km / 2)
