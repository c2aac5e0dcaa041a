"""A planning problem with its plan (Planungsstand): what questions of the planning room are about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import matching


class Planned(Protocol):
    """Planungsstand, from a folder or from the store."""

    @property
    def problem(self) -> matching.Problem:
        """The problem, read."""
        ...

    @property
    def plan(self) -> matching.Plan:
        """A feasible plan of it."""
        ...

    @property
    def proof(self) -> matching.Proof:
        """What proves the bound of the plan, or seat prices alone."""
        ...

    @property
    def seat_prices(self) -> Mapping[str, float]:
        """What one more seat saves, by capacity, as far as it is known; weighted waiting days."""
        ...

    @property
    def town_of(self) -> Mapping[str, str]:
        """Where each person lives."""
        ...

    @property
    def profile_of(self) -> Mapping[str, str]:
        """Profile of each person; empty where it is not known."""
        ...

    def tables(self) -> Mapping[str, Any]:
        """The problem as tables of text, to be changed and read again."""
        ...


@dataclass(frozen=True)
class PlannedRegion:
    """Planungsstand einer Region: what the store holds, and what planning offers everybody today.

    Parameters
    ----------
    problem, plan, proof, seat_prices, town_of, profile_of
        See `Planned`.
    rows : mapping
        The problem as tables of text.
    names : mapping of str to mapping of str to str
        By language: names of actors, offerings and ways in by their ids.
    """

    problem: matching.Problem
    plan: matching.Plan
    proof: matching.Proof
    seat_prices: Mapping[str, float]
    town_of: Mapping[str, str]
    profile_of: Mapping[str, str]
    rows: Mapping[str, Any]
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def tables(self) -> Mapping[str, Any]:
        """The problem as tables of text."""
        return self.rows
