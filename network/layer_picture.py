"""The network as a picture in layers (Schichtenbild): one column for each stage of the support chain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape

from network.actors import Actor, CooperationKind
from network.graph import SupportNetwork
from network.kinds import KINDS, Stage
from network.labels import LABELS, label, sentence
from network.structure import cut_actors, isolated_actors, single_providers
from network.svg import actor_group, element, legend, lines_of, picture, sign, text

ACCESS = "access"
COLUMNS: tuple[str, ...] = (
    ACCESS,
    *(stage.name.lower().replace("_", "-") for stage in Stage if stage is not Stage.BESIDE),
    "beside",
)
BOX_WIDTH, BOX_HEIGHT, GAP_X, GAP_Y = 166.0, 52.0, 38.0, 8.0
LINE_HEIGHT = 14.5
TOP, MARGIN = 78.0, 14.0
SWEEPS = 6
MARKED_CUT = 3
"""Actors whose loss cuts off at least so many others are marked."""


@dataclass(frozen=True, slots=True)
class Box:
    """An actor at a stage; one actor may stand at several."""

    column: str
    actor_id: str


@dataclass(frozen=True, slots=True)
class Line:
    """A typed edge between two boxes."""

    tail: Box
    head: Box
    kind: CooperationKind


def layers_svg(network: SupportNetwork, lang: str) -> str:
    """Who stands at which stage and who works with whom, weak points marked, as SVG.

    Parameters
    ----------
    lang
        ``de`` or ``en``.
    """
    stages = _stages(network)
    lines = _lines(network, stages)
    columns = _ordered(stages, lines)
    places = _places(columns)
    rows = max(len(boxes) for boxes in columns.values())
    low = TOP + rows * (BOX_HEIGHT + GAP_Y) + 20
    width = 2 * MARGIN + len(COLUMNS) * BOX_WIDTH + (len(COLUMNS) - 1) * GAP_X
    parts = [
        element("defs", _arrow()),
        *_heads(lang, low),
        *(_drawn_line(line, places) for line in lines),
        *_boxes(network, places, lang),
        *_legend(network, lang, low),
    ]
    title = f"{sentence('picture', lang)}: {network.region.name(lang)}"
    return picture(width, low + 4 * 24 + 20, title, sentence("picture_desc", lang), parts)


def _stages(network: SupportNetwork) -> dict[str, tuple[str, ...]]:
    """Columns in which each actor stands: those of its offerings, or the first where it has none."""
    found: dict[str, set[str]] = defaultdict(set)
    for offering in network.region.offerings.values():
        found[offering.actor_id].add(KINDS[offering.kind].stage.name.lower().replace("_", "-"))
    return {
        actor: tuple(column for column in COLUMNS if column in found.get(actor, {ACCESS}))
        for actor in network.region.actors
    }


def _lines(network: SupportNetwork, stages: Mapping[str, Sequence[str]]) -> list[Line]:
    """Cooperation between boxes: of the stages at which two actors stand, the two that follow best."""
    found = []
    for link in network.region.cooperations:
        pairs = [(a, b) for a in stages[link.from_actor] for b in stages[link.to_actor]]
        tail, head = min(pairs, key=lambda pair: _stride(*pair))
        found.append(Line(Box(tail, link.from_actor), Box(head, link.to_actor), link.kind))
    return found


def _stride(tail: str, head: str) -> tuple[int, int]:
    """How well two columns follow: the next one first, then the same, then back."""
    step = COLUMNS.index(head) - COLUMNS.index(tail)
    return (step, 0) if step > 0 else (10 - step, COLUMNS.index(tail))


def _ordered(stages: Mapping[str, Sequence[str]], lines: Sequence[Line]) -> dict[str, list[Box]]:
    """Boxes of each column, moved towards what they are joined to so that lines cross less."""
    columns = {c: [Box(c, actor) for actor, own in stages.items() if c in own] for c in COLUMNS}
    joined: dict[Box, list[Box]] = defaultdict(list)
    for line in lines:
        joined[line.tail].append(line.head)
        joined[line.head].append(line.tail)
    for sweep in range(SWEEPS):
        for column in COLUMNS if sweep % 2 == 0 else reversed(COLUMNS):
            heights = {box: y for box, (_, y) in _places(columns).items()}
            middle = partial(_middle, joined=joined, heights=heights)
            columns[column].sort(key=middle)
    return columns


def _middle(box: Box, joined: Mapping[Box, Sequence[Box]], heights: Mapping[Box, float]) -> float:
    """Mean height of what a box is joined to in other columns; its own height where there is nothing."""
    found = [heights[other] for other in joined.get(box, ()) if other.column != box.column]
    return sum(found) / len(found) if found else heights[box]


def _places(columns: Mapping[str, Sequence[Box]]) -> dict[Box, tuple[float, float]]:
    """Upper left corner of every box; short columns stand in the middle."""
    rows = max(len(boxes) for boxes in columns.values())
    found = {}
    for number, column in enumerate(COLUMNS):
        x = MARGIN + number * (BOX_WIDTH + GAP_X)
        free = (rows - len(columns[column])) * (BOX_HEIGHT + GAP_Y) / 2
        for row, box in enumerate(columns[column]):
            found[box] = (x, TOP + free + row * (BOX_HEIGHT + GAP_Y))
    return found


def _heads(lang: str, low: float) -> list[str]:
    """Heads of the columns as arrows of the chain, and a pale band below each."""
    found = []
    for number, column in enumerate(COLUMNS):
        x = MARGIN + number * (BOX_WIDTH + GAP_X)
        in_chain = column not in (ACCESS, "beside")
        band = "#eef3f2" if in_chain else "#f6f4ef"
        band_box = {"x": x - 10, "y": 62.0, "width": BOX_WIDTH + 20, "height": low - 72}
        found.append(element("rect", rx=6, fill=band, **band_box))
        tip = 16 if in_chain else 0
        right = x + BOX_WIDTH + 8
        arrow = f"M{x - 10:.1f},8 H{right:.1f} l{tip},24 l{-tip},24 H{x - 10:.1f} z"
        found.append(element("path", d=arrow, fill="#1d5c56" if in_chain else "#7a6f57"))
        lines = lines_of(label("stage", column, lang), 20, 2)
        for row, words in enumerate(lines):
            y = 37.0 + (row * 17 - (len(lines) - 1) * 8.5)
            found.append(text(words, x, y, font_size=15, font_weight=600, fill="#ffffff"))
    return found


def _arrow() -> str:
    return element(
        "marker",
        element("path", d="M0,0 L8,4 L0,8 z", fill="#3c5a78"),
        id="arrow",
        markerWidth=8,
        markerHeight=8,
        refX=7,
        refY=4,
        orient="auto",
        markerUnits="userSpaceOnUse",
    )


def _drawn_line(line: Line, places: Mapping[Box, tuple[float, float]]) -> str:
    (x1, y1), (x2, y2) = places[line.tail], places[line.head]
    y1, y2 = y1 + BOX_HEIGHT / 2, y2 + BOX_HEIGHT / 2
    if line.tail.column == line.head.column:
        x1, x2 = x1 + BOX_WIDTH, x2 + BOX_WIDTH
        bend1 = bend2 = x1 + 26
    elif x1 < x2:
        x1 += BOX_WIDTH
        bend1, bend2 = x1 + (x2 - x1) / 2, x1 + (x2 - x1) / 2
    else:
        x2 += BOX_WIDTH
        bend1, bend2 = x1 - (x1 - x2) / 2, x1 - (x1 - x2) / 2
    path = f"M{x1:.1f},{y1:.1f} C{bend1:.1f},{y1:.1f} {bend2:.1f},{y2:.1f} {x2:.1f},{y2:.1f}"
    look: dict[str, object] = {"stroke": "#3c5a78", "stroke_width": 1.4, "stroke_opacity": 0.6}
    if line.kind is CooperationKind.REFERS:
        look["marker_end"] = "url(#arrow)"
    else:
        look |= {"stroke_dasharray": "4 4", "stroke_opacity": 0.5}
    return element("path", d=path, fill="none", **look)


def _boxes(network: SupportNetwork, places: Mapping[Box, tuple[float, float]], lang: str) -> list[str]:
    single = {(_column(one.kind), one.actor_id) for one in single_providers(network)}
    cut = {one.actor_id for one in cut_actors(network) if len(one.cut_off) >= MARKED_CUT}
    isolated = set(isolated_actors(network))
    found = []
    for box, (x, y) in places.items():
        actor = network.region.actors[box.actor_id]
        alone = (box.column, box.actor_id) in single
        found.append(
            element(
                "g",
                element("title", escape(_box_title(network, actor, box, lang))),
                *_frame(x, y, alone, box.actor_id in cut, box.actor_id in isolated),
                sign(actor_group(actor.type), x + 12.5, y + BOX_HEIGHT / 2, 7),
                *_name(actor.name, x, y),
            )
        )
    return found


def _column(kind: str) -> str:
    return KINDS[kind].stage.name.lower().replace("_", "-")


def _box_title(network: SupportNetwork, actor: Actor, box: Box, lang: str) -> str:
    offered = {
        KINDS[offering.kind].label(lang): None
        for offering in network.region.offerings.values()
        if offering.actor_id == actor.id and _column(offering.kind) == box.column
    }
    words = [actor.name, label("actor_type", actor.type, lang), *offered]
    return " · ".join(words)


def _frame(
    x: float,
    y: float,
    alone: bool,
    cut: bool,
    isolated: bool,
    width: float = BOX_WIDTH,
    height: float = BOX_HEIGHT,
) -> list[str]:
    look: dict[str, object] = {"fill": "#ffffff", "stroke": "#9aa8a6", "stroke_width": 1.0}
    if alone:
        look |= {"stroke": "#b3261e", "stroke_width": 2.5}
    if isolated:
        look |= {"stroke_dasharray": "5 4", "stroke": "#b3261e" if alone else "#444444"}
    if cut:
        look |= {"stroke": "#b3261e" if alone else "#444444"}
    frames = [element("rect", x=x, y=y, width=width, height=height, rx=5, **look)]
    if cut:
        inner = {"x": x + 3.5, "y": y + 3.5, "width": width - 7, "height": height - 7}
        frames.append(element("rect", **inner, rx=3, fill="none", stroke=look["stroke"], stroke_width=1))
    return frames


def _name(name: str, x: float, y: float) -> list[str]:
    lines = lines_of(name, 22, 3)
    first = y + BOX_HEIGHT / 2 + 4 - (len(lines) - 1) * LINE_HEIGHT / 2
    return [
        text(words, x + 24, first + row * LINE_HEIGHT, font_size=11.3, fill="#1a1a1a")
        for row, words in enumerate(lines)
    ]


def _legend(network: SupportNetwork, lang: str, low: float) -> list[str]:
    used = {actor_group(actor.type) for actor in network.region.actors.values()}
    groups = [group for group in LABELS["actor_group"] if group in used]
    y = low + 16
    found = [*legend(groups[:4], lang, MARGIN + 8, y, step=24), *legend(groups[4:], lang, 330, y, step=24)]
    for row, (kind, words) in enumerate(
        ((CooperationKind.REFERS, "refers-to"), (CooperationKind.COOPERATES, "cooperates"))
    ):
        places = {Box("a", ""): (660.0 - BOX_WIDTH, y + row * 24), Box("b", ""): (710.0, y + row * 24)}
        moved = {box: (x, at - BOX_HEIGHT / 2) for box, (x, at) in places.items()}
        found.append(_drawn_line(Line(Box("a", ""), Box("b", ""), kind), moved))
        found.append(text(label("edge", words, lang), 720, y + row * 24 + 4, font_size=13, fill="#222222"))
    for row, (mark, flags) in enumerate(
        (
            ("mark_single", (True, False, False)),
            ("mark_cut", (False, True, False)),
            ("mark_isolated", (False, False, True)),
        )
    ):
        found += _frame(900.0, y - 9 + row * 24, *flags, width=40, height=18)
        found.append(
            text(sentence(mark, lang, count=MARKED_CUT), 950, y + row * 24 + 4, font_size=13, fill="#222222")
        )
    return found
