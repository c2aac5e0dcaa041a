"""Tage in Arbeitsgängen: what has happened cannot lie ahead, what is agreed cannot lie behind."""

from __future__ import annotations

from datetime import date

from plans.needs import check_order
from workflows.acting import Look


def check_has_been(look: Look, name: str, on: date) -> date:
    """Return a day on which something happened; `PlanFault` where it lies ahead of today."""
    check_order(name, name, on, "today", look.today)
    return on


def check_is_ahead(look: Look, name: str, on: date) -> date:
    """Return a day for which something is agreed; `PlanFault` where it lies before today."""
    check_order(name, "today", look.today, name, on)
    return on
