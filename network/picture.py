"""Pictures of a region's network (Bilder): the map, the layers, and one page that holds both with the tables.

Everything is SVG and HTML as text, made here: no script, no tiles, no other file is needed to look at it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

from network.graph import SupportNetwork
from network.labels import label, sentence
from network.layer_picture import layers_svg
from network.map_picture import map_svg
from network.model import Actor, Region
from network.summary import TextTable, network_of, network_summary
from network.svg import element

__all__ = ["layers_svg", "map_svg", "network_html"]

_STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; margin: 0 auto; padding: 16px;
  max-width: 1640px; }
h1 { font-size: 1.7rem; margin: 0 0 .3rem; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
p { max-width: 75ch; } .scroll { overflow-x: auto; } .scroll.layers > svg { min-width: 1180px; }
.scroll.map > svg { min-width: 680px; max-width: 1100px; display: block; }
table { border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .3rem .9rem .3rem 0;
  border-bottom: 1px solid #d9dfde; }
thead th { border-bottom: 2px solid #1d5c56; white-space: nowrap; }
footer { margin-top: 2rem; color: #555; font-size: .9rem; }
@media print { .scroll > svg { min-width: 0 !important; } h2 { break-after: avoid; } }
"""


def network_html(region: Region, lang: str, today: date | None = None) -> str:
    """One self-contained page: the layers, the map, and the tables that say the same in words.

    Parameters
    ----------
    lang
        ``de`` or ``en``.
    today
        Day from which starts are counted; the region's own day if None.
    """
    today = today or region.today
    network = network_of(region, today)
    words = network_summary(network, today, lang)
    body = [
        element("h1", escape(words.title)),
        element("p", escape(words.lead)),
        _figure(sentence("picture", lang), layers_svg(network, lang), "layers"),
        _figure(sentence("map", lang), map_svg(region, lang), "map"),
        *(_table(table) for table in words.tables),
        _table(_actor_table(network, lang)),
        element("footer", escape(" · ".join(part for part in (region.licence, region.source) if part))),
    ]
    head = [
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        element("title", escape(words.title)),
        element("style", _STYLE),
    ]
    page = element("html", element("head", *head), element("body", element("main", *body)), lang=lang)
    return f"<!doctype html>\n{page}\n"


def _figure(heading: str, svg: str, name: str) -> str:
    view = element("div", svg, class_=f"scroll {name}", tabindex=0, role="region", aria_label=heading)
    return element("section", element("h2", escape(heading)), view)


def _table(table: TextTable) -> str:
    heads = element("tr", *(element("th", escape(head), scope="col") for head in table.columns))
    rows = (element("tr", *(element("td", escape(cell)) for cell in row)) for row in table.rows)
    grid = element("table", element("thead", heads), element("tbody", *rows))
    content = [element("div", grid, class_="scroll")] if table.rows else []
    note = [element("p", escape(table.note))] if table.note else []
    return element("section", element("h2", escape(table.heading)), *content, *note)


def _actor_table(network: SupportNetwork, lang: str) -> TextTable:
    actors = sorted(network.region.actors.values(), key=lambda actor: (actor.place.name, actor.name))
    rows = tuple(_actor_row(network, actor, lang) for actor in actors)
    heads = ("actor", "type", "town", "works_with", "source")
    return TextTable(sentence("contact", lang), tuple(sentence(head, lang) for head in heads), rows)


def _actor_row(network: SupportNetwork, actor: Actor, lang: str) -> tuple[str, ...]:
    partners = [network.region.actors[other].name for other in sorted(network.actor_links[actor.id])]
    origin = sentence("made_up", lang) if actor.illustrative else actor.source
    kind = label("actor_type", actor.type, lang)
    return (actor.name, kind, actor.place.name, _listed(partners), origin)


def _listed(names: Sequence[str]) -> str:
    return "; ".join(names) if names else "–"
