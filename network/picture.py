"""Pictures of a region's network (Bilder): the map, the layers, and one page that holds both with the tables.

Everything is SVG and HTML as text, made here: no script, no tiles, no other file is needed to look at it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from network.graph import SupportNetwork
from network.labels import label, sentence
from network.layer_picture import layers_svg
from network.map_picture import map_svg
from network.model import Actor, Region
from network.page import figure, page, table_section
from network.summary import TextTable, network_of, network_summary

__all__ = ["layers_svg", "map_svg", "network_html"]


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
    sections = [
        figure(sentence("picture", lang), layers_svg(network, lang), "layers"),
        figure(sentence("map", lang), map_svg(region, lang), "map"),
        *(table_section(table) for table in words.tables),
        table_section(_actor_table(network, lang)),
    ]
    footer = " · ".join(part for part in (region.licence, region.source) if part)
    return page(words.title, [words.lead], sections, footer, lang)


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
