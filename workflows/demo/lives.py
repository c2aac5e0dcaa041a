"""Menschen der Vorführung: what the simulation knows of a person and a household beside the store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from plans.consent import DataCategory, Recipient
from plans.model import Household, Person
from store import tables as t
from workflows.acting import Desk
from workflows.demo.simulation import Simulation
from workflows.demo.staff import Staff
from workflows.demo.supply import Supply


@dataclass(frozen=True)
class World:
    """Welt der Vorführung: the simulated days, who acts, what is offered, and who is helped.

    Parameters
    ----------
    simulation, staff, supply : Simulation, Staff, Supply
        When, by whom, and where to.
    names : dict of str to str
        Names of the people by their ids in the store.
    deciders : dict of str to callable
        By the same ids: what a counsellor does about a proposal for this person.
    """

    simulation: Simulation
    staff: Staff
    supply: Supply
    names: dict[str, str] = field(default_factory=dict)
    deciders: dict[str, Callable[[dict[str, Any]], None]] = field(default_factory=dict)


@dataclass
class Life:
    """Leben einer Person: who she is in fiction and in the store, and what was told so far.

    Parameters
    ----------
    world : World
        Where she lives.
    person, household : Person, Household
        As made up.
    desk : Desk
        Of the counsellor.
    rng : Random
        Her own random numbers.
    id, household_id : str
        In the store.
    consents : dict of Recipient to frozenset of DataCategory
        Whom she has allowed to know what, so that she can be referred.
    """

    world: World
    person: Person
    household: Household
    desk: Desk
    rng: Random
    id: str
    household_id: str
    consents: dict[Recipient, frozenset[DataCategory]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The simulated day."""
        return self.world.simulation.today

    @property
    def plan(self) -> dict[str, Any]:
        """The row of the help plan as it stands."""
        return self.world.simulation.plan(self.id)

    @property
    def version(self) -> int:
        """Version of the help plan as it stands."""
        return int(self.plan["version"])

    @property
    def is_closed(self) -> bool:
        """Whether the help plan is closed."""
        return self.plan["closed_on"] is not None

    def open_steps(self) -> list[dict[str, Any]]:
        """Rows of the steps that are not over, in the order of the chain."""
        rows = self.world.simulation.rows(t.need, t.need.c.done_on.is_(None), person_id=self.id)
        return sorted(rows, key=lambda row: int(row["position"]))

    def chance(self, share: float) -> bool:
        """Draw whether something happens."""
        return self.rng.random() < share
