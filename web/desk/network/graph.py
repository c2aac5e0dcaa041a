"""Graph: actors and offerings from arrival to work, who works with whom, and what is weak."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from flask import g, render_template, url_for

from network.labels import LABELS, label
from web.desk.guard import the_desk
from web.desk.network.frame import blueprint
from workflows.network_graph import MARKS, STAGES, GraphNode, NetworkGraph
from workflows.partners.opened import OpenNetwork, open_network

COLUMN_WIDTH, ROW_HEIGHT = 290, 36
"""Distances in the drawing: of two stages, and of two nodes of one."""


@blueprint.get("/<region_id>/graph")
def graph(region_id: str) -> str:
    """Show the graph, and a table with the same content."""
    opened = open_network(the_desk(), region_id)
    return render_template(
        "desk/network/graph.html",
        opened=opened,
        graph=opened.graph,
        names={actor.id: actor.name for actor in opened.region.actors.values()},
        groups=[(group, words["colour"]) for group, words in LABELS["actor_group"].items()],
        marks=MARKS,
    )


@blueprint.get("/<region_id>/graph/daten")
def graph_data(region_id: str) -> dict[str, list[dict[str, Any]]]:
    """Give the nodes with their places in the drawing, the edges, and the headings of the stages."""
    opened = open_network(the_desk(), region_id)
    return {"nodes": _nodes(opened, opened.graph), "edges": _edges(opened.graph)}


def _nodes(opened: OpenNetwork, found: NetworkGraph) -> list[dict[str, Any]]:
    """Every node once, at its first stage; the offerings of a stage below its actors."""
    rows: dict[str, int] = defaultdict(lambda: 1)
    nodes = [_heading(stage, column) for column, stage in enumerate(STAGES)]
    for are_actors in (True, False):
        for stage in rows:
            rows[stage] += 1  # a gap between the actors and the offerings
        for node in found.nodes:
            if node.is_actor is are_actors:
                stage = node.stages[0]
                position = {"x": STAGES.index(stage) * COLUMN_WIDTH, "y": rows[stage] * ROW_HEIGHT}
                nodes.append({"data": _data(opened, node), "position": position})
                rows[stage] += 1
    return nodes


def _heading(stage: str, column: int) -> dict[str, Any]:
    words = {"id": f"stage:{stage}", "label": label("stage", stage, g.words.lang), "is": "stage"}
    return {"data": words, "position": {"x": column * COLUMN_WIDTH, "y": -ROW_HEIGHT / 2}}


def _data(opened: OpenNetwork, node: GraphNode) -> dict[str, Any]:
    kind = "actor" if node.is_actor else "offering"
    words = LABELS["actor_group"][node.group]
    return {
        "id": f"{kind}:{node.id}",
        "label": node.name,
        "is": kind,
        "colour": words["colour"],
        "shape": words["shape"],
        "marks": list(node.marks),
        "address": url_for("network.actor", region_id=opened.region.id, key=node.actor_id),
    }


def _edges(found: NetworkGraph) -> list[dict[str, Any]]:
    return [
        {"data": {"id": f"e{number}", "source": edge.tail, "target": edge.head, "is": edge.kind,
                  "words": g.words(f"desk.graph.edge.{edge.kind}")}}
        for number, edge in enumerate(found.edges)
    ]  # fmt: skip
