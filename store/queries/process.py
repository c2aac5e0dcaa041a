"""Tatsächliche Zeiten: the dates of both clocks of a region's steps that began within some time."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from store.rows import ReadRows
from store.tables import need


class StepDates(NamedTuple):
    """Daten eines Schritts: of both clocks; None where one is not known."""

    kind: str
    entitled_on: date | None
    registered_on: date | None
    placed_on: date | None
    started_on: date


def started_between(unit: ReadRows, region_id: str, from_on: date, until_on: date) -> list[StepDates]:
    """Return the dates of the steps of a region that began between two days, both included."""
    c = need.c
    query = sa.select(c.kind, c.entitled_on, c.registered_on, c.placed_on, c.started_on).where(
        c.region_id == region_id, c.started_on >= from_on, c.started_on <= until_on
    )
    return [StepDates._make(row) for row in unit.execute(query)]
