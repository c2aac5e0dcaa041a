"""The map of a region (Karte): actors as signs, towns as labels, a scale bar; no borders, no tiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import combinations
from math import cos, hypot, radians

from network.actors import Actor, Place, Town
from network.distance import EARTH_RADIUS_KM
from network.labels import LABELS, label, sentence
from network.model import Region
from network.svg import actor_group, element, legend, picture, sign, text

WIDTH = 1000.0
LEGEND_WIDTH = 290.0
MARGIN = 50.0
SIGN = 7.0
FONT = 14.0
KM_PER_DEGREE = radians(1) * EARTH_RADIUS_KM
LEAST_SPAN_KM = 4.0
BARS_KM = (1, 2, 5, 10, 20, 50, 100)


@dataclass(slots=True)
class Mark:
    """An actor's sign on the map; it may be moved a little so that no two lie on each other."""

    actor: Actor
    x: float
    y: float


class Projection:
    """Equirectangular projection of a few places onto the picture, true to scale at their middle latitude."""

    def __init__(self, places: Sequence[Place]) -> None:
        lats, lons = [place.lat for place in places], [place.lon for place in places]
        self.lat, self.lon = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
        self.east_km = KM_PER_DEGREE * cos(radians(self.lat))
        wide = max((max(lons) - min(lons)) * self.east_km, LEAST_SPAN_KM)
        high = max((max(lats) - min(lats)) * KM_PER_DEGREE, LEAST_SPAN_KM)
        usable = WIDTH - LEGEND_WIDTH - 2 * MARGIN
        self.scale = min(usable / wide, 1.1 * usable / high)
        self.height = max(high * self.scale + 2 * MARGIN, 330.0)

    def point(self, place: Place) -> tuple[float, float]:
        """Where a place lies in the picture."""
        x = (place.lon - self.lon) * self.east_km * self.scale + (WIDTH - LEGEND_WIDTH) / 2
        return x, self.height / 2 - (place.lat - self.lat) * KM_PER_DEGREE * self.scale


def map_svg(region: Region, lang: str) -> str:
    """The map of a region's actors and towns as SVG.

    Parameters
    ----------
    lang
        ``de`` or ``en``.
    """
    actors = list(region.actors.values())
    projection = Projection([actor.place for actor in actors] + [town.place for town in region.towns])
    marks = [Mark(actor, *projection.point(actor.place)) for actor in actors]
    _spread(marks)
    groups = [g for g in LABELS["actor_group"] if any(actor_group(a.type) == g for a in actors)]
    parts = [
        element("rect", x=0, y=0, width=WIDTH - LEGEND_WIDTH, height=projection.height, fill="#f5f7f6", rx=8),
        *(_town_dot(*projection.point(town.place)) for town in region.towns),
        *(_sign_of(mark, lang) for mark in marks),
        *_town_labels(region.towns, projection, marks),
        *_scale_bar(projection),
        *legend(groups, lang, WIDTH - LEGEND_WIDTH + 24, 30, step=24),
    ]
    title = f"{sentence('map', lang)}: {region.name(lang)}"
    return picture(WIDTH, projection.height, title, sentence("map_desc", lang), parts)


def _sign_of(mark: Mark, lang: str) -> str:
    words = f"{mark.actor.name}, {mark.actor.place.name} ({label('actor_type', mark.actor.type, lang)})"
    return element(
        "g", element("title", escape(words)), sign(actor_group(mark.actor.type), mark.x, mark.y, SIGN)
    )


def _town_dot(x: float, y: float) -> str:
    return element("circle", cx=x, cy=y, r=3.5, fill="#f5f7f6", stroke="#1d2b2a", stroke_width=1.5)


def _spread(marks: Sequence[Mark], rounds: int = 60) -> None:
    """Push signs apart that lie on each other, a little in every round, the same way every time."""
    least = 2 * SIGN + 1
    for _ in range(rounds):
        moved = False
        for number, (one, other) in enumerate(combinations(marks, 2)):
            dx, dy = other.x - one.x, other.y - one.y
            apart = hypot(dx, dy)
            if apart >= least:
                continue
            if apart < 0.01:
                dx, dy, apart = cos(number), cos(number + 1.3), 1.0
            push = (least - min(apart, least)) / 2 + 0.1
            one.x, one.y = one.x - dx / apart * push, one.y - dy / apart * push
            other.x, other.y = other.x + dx / apart * push, other.y + dy / apart * push
            moved = True
        if not moved:
            return


Box = tuple[float, float, float, float]


def _town_labels(towns: Sequence[Town], projection: Projection, marks: Sequence[Mark]) -> list[str]:
    """Names of the towns, each where it covers the fewest signs and no other name."""
    signs: list[Box] = [(mark.x - SIGN, mark.y - SIGN, mark.x + SIGN, mark.y + SIGN) for mark in marks]
    taken: list[Box] = []
    found = []
    for town in towns:
        x, y = projection.point(town.place)
        boxes = _label_boxes(town.place.name, x, y, projection.height)
        best = min(boxes, key=lambda box: (_overlaps(box, taken), _overlaps(box, signs)))
        taken.append(best)
        found.append(_town_label(town.place.name, best))
    return found


def _label_boxes(name: str, x: float, y: float, height: float) -> list[Box]:
    """Boxes that the name of a town may take around its centre, inside the map, nearest first."""
    wide, high = len(name) * FONT * 0.56, FONT * 1.25
    found = []
    for away in (12.0, 24.0, 36.0, 50.0, 66.0):
        for dx, dy in ((-0.5, -1.0), (-0.5, 1.0), (0.0, 0.5), (-1.0, 0.5), (0.0, -1.0), (-1.0, 1.0)):
            left = x + dx * wide + (0 if dx == -0.5 else away if dx == 0 else -away)
            top = y + (-away - high if dy < 0 else away if dy == 1.0 else -high / 2)
            left = min(max(left, 4.0), WIDTH - LEGEND_WIDTH - wide - 4)
            found.append((left, min(max(top, 4.0), height - high - 4), left + wide, top + high))
    return found


def _overlaps(box: Box, others: Sequence[Box]) -> int:
    return sum(
        box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
        for other in others
    )


def _town_label(name: str, box: Box) -> str:
    return text(
        name,
        box[0],
        box[1] + FONT,
        font_size=FONT,
        font_weight=600,
        fill="#1d2b2a",
        stroke="#f5f7f6",
        stroke_width=4,
        paint_order="stroke",
    )


def _scale_bar(projection: Projection) -> list[str]:
    longest = (WIDTH - LEGEND_WIDTH) / 4
    km = max((km for km in BARS_KM if km * projection.scale <= longest), default=BARS_KM[0])
    left, y, length = WIDTH - LEGEND_WIDTH + 24, projection.height - 24, km * projection.scale
    path = f"M{left:.1f},{y - 5:.1f} v5 h{length:.1f} v-5"
    return [
        element("path", d=path, fill="none", stroke="#222222", stroke_width=1.5),
        text(f"{km} km", left, y - 10, font_size=13, fill="#222222"),
    ]
