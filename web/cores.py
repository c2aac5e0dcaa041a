"""Processor cores (Rechenkerne)."""

from __future__ import annotations

import os


def usable_cores() -> int:
    """Return how many cores this process may use, >= 1."""
    if hasattr(os, "sched_getaffinity"):  # not on every system
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
