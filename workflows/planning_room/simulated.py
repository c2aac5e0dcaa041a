"""Simulation einer gespeicherten Region: what is offered by the store, and how many people came in a year."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from network.model import Region
from plans.actions import Action
from plans.roles import ObjectScope
from store.queries.planning_room import count_arrivals
from workflows.acting import Look, question
from workflows.background import now_and_then
from workflows.partners.from_store import region_as_handed_in
from workflows.planning import HORIZON_DAYS
from workflows.planning_room.sim_outcome import HINDSIGHT, Outcome, Task, carry_out_in
from workflows.planning_room.sim_policies import FIRST_COME, POLICIES
from workflows.planning_room.sim_world import LEAD
from workflows.refusal import Refusal

CHOSEN_POLICIES = tuple(policy for policy in POLICIES if policy != FIRST_COME)
"""What can be compared with first come, which is always simulated, as hindsight is."""

WEEKS = (13, 26, 52)
MOST_SEEDS = 10
FEWEST_PEOPLE, MOST_PEOPLE = 20, 1000
"""Limits of what the desk simulates; the command line has none."""

USUAL_PEOPLE = 150
YEAR = timedelta(days=364)

Told = Callable[[str, int, int], None]


@dataclass(frozen=True)
class AskedSimulation:
    """What is simulated (Auftrag).

    Parameters
    ----------
    people : int
        Who arrives within the weeks, from `FEWEST_PEOPLE` to `MOST_PEOPLE`.
    weeks : int
        One of `WEEKS`.
    seeds : int
        Worlds, from 1 to `MOST_SEEDS`.
    policies : sequence of str
        Which of `CHOSEN_POLICIES`.
    """

    people: int
    weeks: int
    seeds: int
    policies: Sequence[str]

    def tasks(self, region_id: str) -> list[Task]:
        """Every run, those of one world after another."""
        names = (HINDSIGHT, FIRST_COME, *(one for one in CHOSEN_POLICIES if one in self.policies))
        return [
            Task(region_id, self.people, self.weeks, seed, name)
            for seed in range(1, self.seeds + 1)
            for name in names
        ]


@question(Action.READ_PLANNING)
def arrivals_of_last_year(look: Look, region_id: str) -> int:
    """Return how many people have come within the last 52 weeks, by their help plans; see `count_arrivals`.

    The count is exact: whoever shows it hides a small one.
    """
    look.allow_new(ObjectScope(region_id))
    return count_arrivals(look.unit, region_id, look.today - YEAR, look.today)


@question(Action.READ_PLANNING)
def take_simulated_region(look: Look, region_id: str) -> Region:
    """Return a region as it can be simulated from today on.

    Seats are those that its partners have handed in: the seats of the office's own people are free, since
    fictional people come in their place.

    Raises
    ------
    Forbidden
        Where the region is none of the caller's.
    Refusal
        Where nothing is offered from today on, or nobody has said where people live.
    """
    look.allow_new(ObjectScope(region_id))
    region = replace(region_as_handed_in(look.unit, region_id), today=look.today)
    supply = region.slots(look.today, look.today + timedelta(days=HORIZON_DAYS))
    if not region.towns or not supply.slots:
        raise Refusal("simulation-no-offer")
    return region


def simulate_region(region: Region, asked: AskedSimulation, told: Told) -> list[Outcome]:
    """Carry out every run in this process, one world after another.

    Parameters
    ----------
    told : callable
        Given the policy, the weeks that are done of all runs, and the weeks of all; at most once a second.
    """
    tasks, is_time = asked.tasks(region.id), now_and_then()
    weeks, today, done = longest_run_weeks(asked.weeks), region.today, 0
    found = []
    for task in tasks:

        def tell(day: date, part: str = f"simulate-{task.policy}", before: int = done) -> None:
            if is_time():
                told(part, before + (day - today).days // 7, len(tasks) * weeks)

        tell(today)
        found.append(carry_out_in(region, task, tell))
        done += weeks
    return found


def longest_run_weeks(weeks: int) -> int:
    """Weeks that a run may take: arrivals before the weeks that count, these, and two years after."""
    return round((LEAD + 1) * weeks) + HORIZON_DAYS // 7 + 1
