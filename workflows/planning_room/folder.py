"""A problem folder and the plan of a run, as the planning room reads them (Planungsstand)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import matching
from matching.tables import COLUMNS, read_table
from workflows.advice import read_planned
from workflows.planning_households import HOUSEHOLDS_FILE, read_households

FIELD_DECIMALS = 1
"""Where no town is known a home counts to its field of a tenth of a degree, about 11 by 7 km."""


@dataclass(frozen=True)
class PlannedFolder:
    """A planning problem with its plan.

    Parameters
    ----------
    folder : Path
        Of the problem.
    problem : matching.Problem
        The problem, read.
    plan : mapping of need id to slot id or None
        A feasible plan of it.
    proof : matching.Proof
        What proves the bound of the plan; seat prices alone where the run has written no more.
    seat_prices : mapping of capacity id to float
        What one more seat saves, as far as the run has measured it.
    """

    folder: Path
    problem: matching.Problem
    plan: matching.Plan
    proof: matching.Proof
    seat_prices: Mapping[str, float]

    @cached_property
    def check(self) -> matching.Check:
        """Cost and waits of the plan."""
        return matching.check(self.problem, self.plan)

    @cached_property
    def town_of(self) -> Mapping[str, str]:
        """Where each person lives: the town that the households name, else a field of the map."""
        people = self.problem.people
        fields = {
            person: f"{lat:.{FIELD_DECIMALS}f} / {lon:.{FIELD_DECIMALS}f}"
            for person, lat, lon in zip(people.ids, people.lat.tolist(), people.lon.tolist(), strict=True)
        }
        return {**fields, **{person: town for person, (town, _) in self._known.items() if person in fields}}

    @cached_property
    def profile_of(self) -> Mapping[str, str]:
        """Profile of each person where the households name it; empty where they do not."""
        return {person: self._known.get(person, ("", ""))[1] for person in self.problem.people.ids}

    @cached_property
    def _known(self) -> dict[str, tuple[str, str]]:
        if not (self.folder / HOUSEHOLDS_FILE).exists():
            return {}
        return {
            person.id: (household.home.name, person.profile)
            for household in read_households(self.folder)
            for person in household.members
        }

    def tables(self) -> dict[str, Any]:
        """The problem as tables of text, to be changed and read again."""
        found: dict[str, Any] = {
            "problem": json.loads((self.folder / "problem.json").read_text(encoding="utf-8"))
        }
        for name, columns in COLUMNS.items():
            table = read_table(self.folder, name)
            cells = zip(*(table[column] for column in columns), strict=True)
            found[name] = [dict(zip(columns, row, strict=True)) for row in cells]
        return found


def read_planned_folder(problem: Path, plan: Path) -> PlannedFolder:
    """Read a problem folder and what ``match`` has written for it.

    Raises
    ------
    ProblemFault, CommandFault, OSError
        As in :func:`workflows.advice.read_planned`.
    """
    read = read_planned(problem, plan)
    prices, proof = plan / "prices.csv", plan / "proof.csv"
    return PlannedFolder(
        problem,
        read.problem,
        matching.read_plan(plan / "plan.csv"),
        matching.read_proof(proof) if proof.exists() else matching.Proof(matching.read_prices(prices)),
        matching.read_prices(prices, "seat_price"),
    )
