"""What will be offered once the announced programme is over (Fortgeschriebenes Angebot).

Partners announce about a year. Whoever looks further ahead, such as a simulation, would find that all supply
ends there while people go on arriving; so the last announced year of each offering is taken to come again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from network.model import Group, Region, Service, Stock

YEAR = timedelta(days=364)
"""52 weeks, so that a group that begins on a Monday begins on a Monday again."""

Row = TypeVar("Row", Group, Stock)


def continued(region: Region, until_on: date) -> Region:
    """A region whose offerings go on as announced (Region mit fortgeschriebenem Angebot).

    Groups and places of the last announced year of an offering come again every 52 weeks, with the same
    seats, of which as many are taken; services that are announced for a year or more simply go on. What runs
    already or ends within the year is not repeated.

    Parameters
    ----------
    region : Region
        As its partners have handed it in; it is not changed.
    until_on : date
        Nothing is added that begins after this day.
    """
    today = region.today
    return replace(
        region,
        groups=_again(region.groups, lambda group: group.start_on, _moved_group, today, until_on),
        stock=_again(region.stock, lambda stock: stock.free_on, _moved_stock, today, until_on),
        services={name: _on(service, today, until_on) for name, service in region.services.items()},
    )


def _again(
    rows: Mapping[str, Row],
    begins: Callable[[Row], date],
    moved: Callable[[Row, str, date], Row],
    today: date,
    until_on: date,
) -> dict[str, Row]:
    last: dict[str, date] = {}
    for row in rows.values():
        last[row.offering_id] = max(begins(row), last.get(row.offering_id, begins(row)))
    found = dict(rows)
    for row in rows.values():
        if begins(row) < today or begins(row) <= last[row.offering_id] - YEAR:
            continue
        for time in range(1, (until_on - begins(row)) // YEAR + 1):
            copy = moved(row, f"{row.id}-again-{time}", begins(row) + time * YEAR)
            found[copy.id] = copy
    return found


def _moved_group(group: Group, name: str, start_on: date) -> Group:
    return replace(group, id=name, start_on=start_on)


def _moved_stock(stock: Stock, name: str, free_on: date) -> Stock:
    return replace(stock, id=name, free_on=free_on)


def _on(service: Service, today: date, until_on: date) -> Service:
    goes_on = today + YEAR <= service.last_on < until_on
    return replace(service, last_on=until_on) if goes_on else service
