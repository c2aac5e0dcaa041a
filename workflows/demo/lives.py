"""Menschen der Vorführung: what the simulation knows of a person and a household beside the store."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, TypeVar

from plans.consent import DataCategory, Recipient
from plans.model import Household, Person
from store import tables as t
from workflows.acting import Desk
from workflows.demo.shares import Shares
from workflows.demo.simulation import Simulation
from workflows.demo.staff import Staff
from workflows.demo.supply import Supply

if TYPE_CHECKING:
    from workflows.demo.agreeing import Agreeing
    from workflows.demo.referring import Referring

T = TypeVar("T", bound=Hashable)
LAST_DAYS = 8


@dataclass(frozen=True)
class World:
    """Welt der Vorführung: the simulated days, who acts, what is offered, and who is helped.

    Parameters
    ----------
    simulation, staff, supply : Simulation, Staff, Supply
        When, by whom, and where to.
    names : dict of str to str
        Names of the people by their ids in the store.
    referring : dict of str to Referring
        By the same ids: who leads the steps of this person.
    agreeing : list of Agreeing
        One for each household.
    shares : Shares
        How often what happens.
    """

    simulation: Simulation
    staff: Staff
    supply: Supply
    names: dict[str, str] = field(default_factory=dict)
    referring: dict[str, Referring] = field(default_factory=dict)
    agreeing: list[Agreeing] = field(default_factory=list)
    shares: Shares = field(default_factory=Shares)


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
    consents : dict of Recipient to (frozenset of DataCategory, date or None)
        Whom she has allowed to know what, until which day, so that she can be referred.
    """

    world: World
    person: Person
    household: Household
    desk: Desk
    rng: Random
    id: str
    household_id: str
    consents: dict[Recipient, tuple[frozenset[DataCategory], date | None]] = field(default_factory=dict)

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

    @property
    def is_lately(self) -> bool:
        """Whether it is one of the last days, of which more is still half done when somebody looks."""
        return self.world.simulation.end_on - self.today < timedelta(days=LAST_DAYS)

    def happens(self, what: str, share: float) -> bool:
        """Say whether something happens that happens to such a share of the people."""
        return self.choose(what, {True: share, False: 1 - share})

    def choose(self, what: str, shares: Mapping[T, float]) -> T:
        """Say what happens, see `Shares.choose`."""
        return self.world.shares.choose(what, shares)

    def take_turns(self, what: str, outcomes: Iterable[T]) -> T:
        """Say what happens, each as often as the others."""
        return self.world.shares.take_turns(what, outcomes)
