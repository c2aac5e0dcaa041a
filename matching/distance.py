"""Distances on the earth (Entfernungen), compiled."""

import math

import numpy as np
from numba import njit

RADIUS_KM = 6371.0088
KM_A_DEGREE = RADIUS_KM * math.pi / 180  # of latitude


@njit(cache=True)
def distance_km(lat: float, lon: float, to_lat: float, to_lon: float) -> float:  # pragma: no cover
    """Great-circle distance in km between points in degrees."""
    p, q = math.radians(lat), math.radians(to_lat)
    h = math.sin((q - p) / 2) ** 2
    h += math.cos(p) * math.cos(q) * math.sin(math.radians(to_lon - lon) / 2) ** 2
    return 2 * RADIUS_KM * math.asin(min(1.0, math.sqrt(h)))


@njit(cache=True)
def longitudes(lat: float, lon: float, km: float) -> tuple[float, float]:  # pragma: no cover - compiled
    """Longitudes between which everything within ``km`` of a place lies, in degrees."""
    if km >= RADIUS_KM * math.pi / 2:
        return -np.inf, np.inf
    narrow, wide = math.cos(math.radians(lat)), math.sin(km / RADIUS_KM)
    if wide >= narrow:
        return -np.inf, np.inf  # a pole is in reach
    half = math.degrees(math.asin(wide / narrow))
    if lon - half < -180 or lon + half > 180:
        return -np.inf, np.inf  # the other side of the date line is in reach
    return lon - half, lon + half
