"""One self-contained HTML page (Seite): headings, tables and pictures, no script; fit to be printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from network.summary import TextTable
from network.svg import element, text

_STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; margin: 0 auto; padding: 16px;
  max-width: 1640px; }
h1 { font-size: 1.7rem; margin: 0 0 .3rem; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
p { max-width: 75ch; } .scroll { overflow-x: auto; } .scroll.layers > svg { min-width: 1180px; }
.scroll.map > svg { min-width: 680px; max-width: 1100px; display: block; }
.bars > svg { max-width: 860px; display: block; } figure { margin: .8rem 0; }
table { border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .3rem .9rem .3rem 0;
  border-bottom: 1px solid #d9dfde; }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; }
thead th { border-bottom: 2px solid #1d5c56; white-space: nowrap; }
footer { margin-top: 2rem; color: #555; font-size: .9rem; }
@media print { body { font-size: 11pt; } .scroll > svg { min-width: 0 !important; } h2 { break-after: avoid; }
  tr, svg { break-inside: avoid; } }
"""
BAR_COLOUR = "#1d5c56"
ROW_PX, BAR_PX = 44, 16
LONGEST_BAR_PERCENT = 72.0
"""Of the width of a chart; the rest is left to the value beside the bar."""
LONGEST_LABEL = 46


@dataclass(frozen=True)
class Bar:
    """A labelled bar (Balken).

    Parameters
    ----------
    share : float
        Of the longest one, 0 to 1.
    shown : str
        The value in words.
    ends : pair of float or None
        Between which shares the true value lies (interval).
    """

    label: str
    share: float
    shown: str
    ends: tuple[float, float] | None = None


def page(title: str, lead: Iterable[str], sections: Iterable[str], footer: str, lang: str) -> str:
    """A whole page; sections stand as they are, all else is escaped."""
    head = [
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        element("title", escape(title)),
        element("style", _STYLE),
    ]
    body = [
        element("h1", escape(title)),
        *(element("p", escape(sentence)) for sentence in lead),
        *sections,
        element("footer", escape(footer)),
    ]
    whole = element("html", element("head", *head), element("body", element("main", *body)), lang=lang)
    return f"<!doctype html>\n{whole}\n"


def figure(heading: str, svg: str, name: str) -> str:
    """A section with a picture that scrolls where it is too wide; `name` is its class."""
    view = element("div", svg, class_=f"scroll {name}", tabindex=0, role="region", aria_label=heading)
    return element("section", element("h2", escape(heading)), view)


def table_section(table: TextTable, before: str = "", numbers: frozenset[int] = frozenset()) -> str:
    """A section with a table and its note; `before` stands above it as it is.

    Parameters
    ----------
    numbers
        Columns, from 0, set flush right.
    """
    look = [{"class_": "number"} if n in numbers else {} for n in range(len(table.columns))]
    heads = element(
        "tr",
        *(element("th", escape(h), scope="col", **at) for h, at in zip(table.columns, look, strict=True)),
    )
    rows = (
        element("tr", *(element("td", escape(cell), **at) for cell, at in zip(row, look, strict=True)))
        for row in table.rows
    )
    grid = element("table", element("thead", heads), element("tbody", *rows))
    content = [element("div", grid, class_="scroll")] if table.rows else []
    note = [element("p", escape(table.note))] if table.note else []
    return element("section", element("h2", escape(table.heading)), before, *content, *note)


def _shortened(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1].rstrip() + "…"


def bars(heading: str, description: str, values: Iterable[Bar]) -> str:
    """A bar chart as a picture; every value stands beside its bar, so that no colour carries it alone.

    Labels stand above their bars, and bars are shares of the width: it fits every page, and no text shrinks.
    """
    parts: list[str] = []
    values = list(values)
    for number, bar in enumerate(values):
        y, width = number * ROW_PX, _percent(bar.share)
        end = width if bar.ends is None else max(width, _percent(bar.ends[1]))
        parts += [
            text(_shortened(bar.label), 0, y + 14, font_size=13, fill="#222222"),
            element("rect", x=0, y=y + 19, width=f"{width:.2f}%", height=BAR_PX, fill=BAR_COLOUR),
            *_interval(bar, y + 19 + BAR_PX / 2),
            text(bar.shown, f"{end:.2f}%", y + 31, dx=6, font_size=13, fill="#222222"),
        ]
    picture = element(
        "svg",
        element("title", escape(heading)),
        element("desc", escape(description)),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        width="100%",
        height=len(values) * ROW_PX,
        role="img",
        font_family="system-ui, sans-serif",
    )
    return element("div", picture, class_="bars") if values else ""


def _percent(share: float) -> float:
    return max(0.0, min(1.0, share)) * LONGEST_BAR_PERCENT


def _interval(bar: Bar, y: float) -> list[str]:
    """A line across the end of a bar, with a stroke at both of its ends, on a light edge."""
    if bar.ends is None:
        return []
    low, high = (f"{_percent(share):.2f}%" for share in bar.ends)
    lines = [(low, y, high, y), (low, y - 5, low, y + 5), (high, y - 5, high, y + 5)]
    return [
        element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=name, stroke=colour, stroke_width=wide)
        for name, colour, wide in (("edge", "#ffffff", 4), ("ends", "#222222", 2))
        for x1, y1, x2, y2 in lines
    ]


def captioned(caption: str, chart: str) -> str:
    """A chart with its caption above it, for several charts below one heading; empty where there is none."""
    return element("figure", element("figcaption", escape(caption)), chart) if chart else ""
