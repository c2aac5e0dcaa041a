"""Great-circle distance (Luftlinie)."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from network.actors import Place

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the earth (IUGG), as in the planning problem's file format."""


def distance_km(a: Place, b: Place) -> float:
    """Length of the great circle between two places, in kilometres (haversine)."""
    lat_a, lat_b = radians(a.lat), radians(b.lat)
    half_lat, half_lon = (lat_b - lat_a) / 2, radians(b.lon - a.lon) / 2
    chord = sin(half_lat) ** 2 + cos(lat_a) * cos(lat_b) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))
