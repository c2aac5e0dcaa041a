"""Small pieces of SVG and HTML as text: elements, signs for types of actors, text that fits."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from math import cos, pi, sin
from textwrap import wrap

from network.actors import ActorType
from network.labels import LABELS, label

LEAST_TAIL = 4
"""Letters that a broken word carries to the next line at least."""


def element(tag: str, *content: str, **attributes: object) -> str:
    """An element as text; content stands as it is, attributes are escaped, ``_`` in names becomes ``-``."""
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(_number(value))}"'
        for name, value in attributes.items()
    )
    return f"<{tag}{written}>{''.join(content)}</{tag}>"


def _number(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def text(content: str, x: float | str, y: float, **attributes: object) -> str:
    """A line of text at a point, px or shares such as ``50%``; the content is escaped."""
    return element("text", escape(content), x=x, y=y, **attributes)


def picture(width: float, height: float, title: str, description: str, parts: Iterable[str]) -> str:
    """A whole picture that scales with its page and tells screen readers what it is."""
    return element(
        "svg",
        element("title", escape(title)),
        element("desc", escape(description)),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_number(float(width))} {_number(float(height))}",
        width="100%",
        role="img",
        font_family="system-ui, sans-serif",
    )


def lines_of(words: str, width: int, lines: int) -> list[str]:
    """Text in at most so many lines of so many characters, the last shortened by an ellipsis."""
    halved = " ".join(_halved(word, width) for word in words.split())
    wrapped = wrap(halved, width, break_long_words=False, break_on_hyphens=False) or [""]
    if len(wrapped) > lines:
        wrapped = [*wrapped[: lines - 1], wrapped[lines - 1][: width - 1].rstrip() + "…"]
    return wrapped


def _halved(word: str, width: int) -> str:
    """A word too long for a line, broken after a hyphen of its own, else by a new one."""
    if len(word) <= width:
        return word
    own = word.rfind("-", 0, width) + 1
    at = own or min(width - 1, len(word) - LEAST_TAIL)
    return f"{word[:at]}{'' if own else '-'} {_halved(word[at:], width)}"


def actor_group(actor_type: ActorType) -> str:
    """Group of types that share a sign in the pictures."""
    return LABELS["actor_type"][actor_type]["group"]


def sign(group: str, x: float, y: float, radius: float) -> str:
    """Sign of a group of actors: its colour and shape."""
    words = LABELS["actor_group"][group]
    look = {"fill": words["colour"], "stroke": "#ffffff", "stroke_width": 1}
    if words["shape"] == "circle":
        return element("circle", cx=x, cy=y, r=radius, **look)
    corners = " ".join(f"{x + radius * dx:.1f},{y + radius * dy:.1f}" for dx, dy in _SHAPES[words["shape"]])
    return element("polygon", points=corners, **look)


def legend(groups: Iterable[str], lang: str, x: float, y: float, *, step: float = 20) -> list[str]:
    """Signs and their words, one below the other."""
    found: list[str] = []
    for number, group in enumerate(groups):
        at = y + number * step
        found.append(sign(group, x, at, 7))
        found.append(text(label("actor_group", group, lang), x + 14, at + 4, font_size=13, fill="#222222"))
    return found


def _ring(corners: int, turn: float = -pi / 2, inner: float | None = None) -> list[tuple[float, float]]:
    """Corners of a regular polygon of radius 1, or of a star when an inner radius is given."""
    count = corners * (2 if inner else 1)
    radii = [inner if inner and i % 2 else 1.0 for i in range(count)]
    return [
        (r * cos(turn + 2 * pi * i / count), r * sin(turn + 2 * pi * i / count)) for i, r in enumerate(radii)
    ]


_ARM = 0.38
_SHAPES: dict[str, list[tuple[float, float]]] = {
    "square": [(-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)],
    "triangle": _ring(3),
    "diamond": _ring(4),
    "pentagon": _ring(5),
    "hexagon": _ring(6, turn=0),
    "star": _ring(5, inner=0.5),
    "plus": [
        (x, y)
        for x, y in [
            (-_ARM, -1), (_ARM, -1), (_ARM, -_ARM), (1, -_ARM), (1, _ARM), (_ARM, _ARM),
            (_ARM, 1), (-_ARM, 1), (-_ARM, _ARM), (-1, _ARM), (-1, -_ARM), (-_ARM, -_ARM),
        ]
    ],
}  # fmt: skip
