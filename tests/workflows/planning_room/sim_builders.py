"""Small worlds of the simulation, to be solved by hand."""

from dataclasses import replace
from datetime import timedelta

from tests.matching.builders import TODAY, a_capacity, a_need, a_person, a_slot, parameters
from workflows.planning_room.sim_outcome import Outcome, Task
from workflows.planning_room.sim_world import Chances, World

SURE = Chances(0.0, 0.0, 0.0, 0.0)
TASK = Task("probe", 1, 1, 1, "p")


def a_world(needs, slots, capacities, arrives=None, chances=SURE, end=300):
    people = sorted({need["person"] for need in needs})
    return World(
        seed=1,
        today=TODAY,
        end=TODAY + timedelta(days=end),
        arrives={p: TODAY + timedelta(days=(arrives or {}).get(p, 0)) for p in people},
        counted=frozenset(people),
        profile_of=dict.fromkeys(people, "parent"),
        people={p: a_person(p) for p in people},
        needs={need["need"]: need for need in needs},
        problem={**parameters(), "horizon_end": (TODAY + timedelta(days=end)).isoformat()},
        slots={slot["slot"]: slot for slot in slots},
        capacities={row["capacity"]: row for row in capacities},
        chances=chances,
    )


def a_queue(**more):
    """Two people, one early and one late seat; the second arrives a week later."""
    needs = [a_need("n1", "p1"), a_need("n2", "p2", earliest=7)]
    slots = [a_slot("early", 30), a_slot("late", 60)]
    capacities = [a_capacity("c-early", 1), a_capacity("c-late", 1)]
    return a_world(needs, slots, capacities, {"p2": 7}, **more)


def a_chain():
    needs = [a_need("n1", "p"), a_need("n2", "p", kind="job", after="n1")]
    slots = [a_slot("course", 10, days=20), a_slot("job", 40, kind="job")]
    return a_world(needs, slots, [a_capacity("c-course", 1), a_capacity("c-job", 1)])


def an_outcome(policy, seed, *waits, cost=100.0):
    profile = {"parent": (6, float(sum(waits)) / len(waits))}
    days = {f"n{k}": wait for k, wait in enumerate(waits)}
    return Outcome(replace(TASK, policy=policy, seed=seed), cost, days, profile, 5, 1)
