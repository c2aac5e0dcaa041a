"""Netz: the pages on a region's network: map and list, actors, weak points, graph, reference process."""

from web.desk.network import actor, editing, graph, overview, process
from web.desk.network.frame import blueprint

__all__ = ["actor", "blueprint", "editing", "graph", "overview", "process"]
