"""Planung: planning runs, what they change and why, and the way to figures and gaps."""

from web.desk.planning import balance, reckoning, region, room, run, travel_times
from web.desk.planning.frame import blueprint

__all__ = ["balance", "blueprint", "reckoning", "region", "room", "run", "travel_times"]
