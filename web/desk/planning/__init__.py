"""Planung: planning runs, what they change and why, and the way to figures and gaps."""

from web.desk.planning import balance, region, room, run, what_if
from web.desk.planning.frame import blueprint

__all__ = ["balance", "blueprint", "region", "room", "run", "what_if"]
