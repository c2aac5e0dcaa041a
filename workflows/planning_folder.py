"""Planungsaufgabe als Ordner: a partner region and fictional households, written as a planning problem."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import matching
from network.partner_files import find_region, read_region
from plans.generator import fictional_households
from workflows.planning import HORIZON_DAYS, planning_tables
from workflows.planning_households import write_households


@dataclass(frozen=True)
class PlanningFolder:
    """Der geschriebene Ordner, and how much is in it."""

    folder: Path
    households: int
    people: int
    needs: int
    slots: int
    capacities: int


def make_planning_folder(
    region_name: str,
    people: int,
    seed: int,
    folder: Path,
    progress: Callable[[int, int], None] | None = None,
    *,
    horizon_days: int = HORIZON_DAYS,
) -> PlanningFolder:
    """Write the planning problem of a region and fictional people, with ``households.json`` beside it.

    Some first steps are booked or announced already, as on an ordinary day. The same arguments give the same
    files.

    Parameters
    ----------
    region_name : str
        Name of a partner region, or its folder.
    people : int
        Number of people with a help plan, >= 0.
    seed : int
        Seed of the fictional people.
    folder : Path
        Made where it does not exist.
    progress : callable, optional
        Told of the people done and the people in all.
    horizon_days : int
        Length of the planning horizon, days.

    Raises
    ------
    PartnerFault
        Where the region is not known or its files are faulty.
    PlanFault
        Where the number of people or the horizon cannot be.
    OSError
        Where the folder cannot be written.
    """
    region = read_region(find_region(region_name))
    supply = region.slots(region.today, region.today + timedelta(days=horizon_days))
    households = fictional_households(region, people, seed, progress, supply=supply)
    tables = planning_tables(region, households, today=region.today, horizon_days=horizon_days)
    matching.write_tables(tables, folder)
    write_households(households, folder)
    return PlanningFolder(
        folder=folder,
        households=len(households),
        people=len(tables["people"]),
        needs=len(tables["needs"]),
        slots=len(tables["slots"]),
        capacities=len(tables["capacities"]),
    )
