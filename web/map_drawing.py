"""The map as points (Karte): positions, town labels that do not cover each other, a scale bar.

Equirectangular projection around the middle of the region, which is true to within 1 % over a county. No
outlines and no tiles: the page asks nobody else for anything.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from network.model import Place
from workflows.network_view import NetworkView
from workflows.wording import number_text

WIDTH = 600.0
MARGIN = 60.0
KM_PER_DEGREE = 111.195
LABEL_HEIGHT = 24.0
LABEL_CHAR_WIDTH = 9.0


@dataclass(frozen=True)
class Point:
    """A place on the map, or several that would cover each other: position and radius in map units.

    ``name`` is that of the place with most offers; ``names`` are those of all of them; ``offers`` there.
    """

    x: float
    y: float
    radius: float
    name: str
    offers: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Label:
    """The name of a town, anchored left (``start``), right (``end``) or centred (``middle``)."""

    x: float
    y: float
    anchor: str
    text: str


@dataclass(frozen=True)
class MapDrawing:
    """Everything the page draws."""

    width: float
    height: float
    points: tuple[Point, ...]
    labels: tuple[Label, ...]
    scale_km: float
    scale_width: float
    here: Point | None


class _Projection:
    def __init__(self, places: tuple[Place, ...]) -> None:
        lats, lons = [place.lat for place in places], [place.lon for place in places]
        self.north, self.west = max(lats), min(lons)
        self.squeeze = math.cos(math.radians((max(lats) + min(lats)) / 2))
        wide_km = max(2.0, (max(lons) - min(lons)) * self.squeeze * KM_PER_DEGREE)
        high_km = max(2.0, (max(lats) - min(lats)) * KM_PER_DEGREE)
        self.per_km = min((WIDTH - 2 * MARGIN) / wide_km, 1.4 * WIDTH / high_km)
        self.left = (WIDTH - wide_km * self.per_km) / 2
        self.height = high_km * self.per_km + 2 * MARGIN

    def at(self, place: Place) -> tuple[float, float]:
        x = self.left + (place.lon - self.west) * self.squeeze * KM_PER_DEGREE * self.per_km
        y = MARGIN + (self.north - place.lat) * KM_PER_DEGREE * self.per_km
        return round(x, 1), round(y, 1)


def draw_map(view: NetworkView, origin: Place | None, km: float | None) -> MapDrawing | None:
    """Draw the places of the offers shown; None where the region has no places.

    Parameters
    ----------
    origin : Place, optional
        The town asked for; with `km` a circle of that radius is drawn around it.
    """
    if not view.known_places:
        return None
    projection = _Projection(view.known_places)
    points = _clusters(
        [_point(*projection.at(one.place), (one.place.name,), one.offers) for one in view.points]
    )
    scale_km = _round_km(120 / projection.per_km)
    here = None
    if origin:
        x, y = projection.at(origin)
        radius = round((km or 0) * projection.per_km, 1) or 14.0
        here = Point(x, y, radius, origin.name, 0, (origin.name,))
    return MapDrawing(
        width=WIDTH,
        height=round(projection.height, 1),
        points=tuple(points),
        labels=tuple(_labels(points)),
        scale_km=scale_km,
        scale_width=round(scale_km * projection.per_km, 1),
        here=here,
    )


def _point(x: float, y: float, names: tuple[str, ...], offers: int) -> Point:
    return Point(x, y, round(5 + 2.5 * math.sqrt(offers), 1), names[0], offers, names)


def _clusters(points: list[Point]) -> list[Point]:
    """Join points that would cover each other to the larger one of them, until none does."""
    waiting = sorted(points, key=lambda one: (-one.offers, one.name, one.x, one.y))
    drawn: list[Point] = []
    for point in waiting:
        covered = next((at for at, other in enumerate(drawn) if _cover(point, other)), None)
        if covered is None:
            drawn.append(point)
        else:
            larger = drawn[covered]
            names = tuple(dict.fromkeys(larger.names + point.names))
            drawn[covered] = _point(larger.x, larger.y, names, larger.offers + point.offers)
    return drawn if len(drawn) == len(points) else _clusters(drawn)


def _cover(one: Point, other: Point) -> bool:
    return math.hypot(one.x - other.x, one.y - other.y) < one.radius + other.radius - 2


def scale_text(drawing: MapDrawing, lang: str) -> str:
    """Return the length of the scale bar in words."""
    return f"{number_text(drawing.scale_km, lang, 0 if drawing.scale_km >= 1 else 1)} km"


def _round_km(km: float) -> float:
    """Round down to 1, 2 or 5 times a power of ten."""
    power = 10 ** math.floor(math.log10(km))
    return float(next(step * power for step in (5, 2, 1) if step * power <= km))


def _labels(points: list[Point]) -> list[Label]:
    """Name every town once, beside its points, where the name covers no other and stays on the map."""
    towns: dict[str, list[Point]] = {}
    for point in sorted(points, key=lambda point: (-point.offers, point.name)):
        towns.setdefault(point.name, []).append(point)
    taken: list[tuple[float, float, float, float]] = []
    labels: list[Label] = []
    for name, here in towns.items():
        for label, box in _positions(name, here):
            if box[0] >= 0 and box[2] <= WIDTH and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                labels.append(label)
                break
    return labels


def _positions(name: str, here: list[Point]) -> list[tuple[Label, tuple[float, float, float, float]]]:
    """Try the right, the left, above and below all points of a town."""
    width = len(name) * LABEL_CHAR_WIDTH
    right, left = max(one.x + one.radius for one in here), min(one.x - one.radius for one in here)
    top, bottom = min(one.y - one.radius for one in here), max(one.y + one.radius for one in here)
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    spots = (
        ("start", right + 4, middle_y + 5),
        ("end", left - 4, middle_y + 5),
        ("middle", middle_x, top - 4),
        ("middle", middle_x, bottom + 18),
    )
    found = []
    for anchor, x, y in spots:
        left = {"start": x, "end": x - width, "middle": x - width / 2}[anchor]
        box = (left, y - LABEL_HEIGHT + 6, left + width, y + 6)
        found.append((Label(round(x, 1), round(y, 1), anchor, name), box))
    return found


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
