"""The bands of latitude find every slot in reach, wherever on earth, and nothing else."""

import random

import numpy as np
import pytest

import matching
from matching.alike import one_by_one
from matching.candidates import candidates
from matching.check import travel_km
from matching.pairs import enumerate_pairs, rules
from matching.presolve import has_seat, open_seats
from matching.units import units
from tests.matching.builders import a_need, a_person, a_slot, tables

# where homes and slots are scattered: middle and spread of latitude, of longitude
SCENES = {
    "Germany": (51.0, 1.0, 10.0, 1.5),
    "the equator": (0.0, 1.0, 0.0, 1.0),
    "the date line": (-17.0, 0.5, 180.0, 0.6),
    "the north pole": (89.8, 0.2, 0.0, 180.0),
    "the whole earth": (0.0, 90.0, 0.0, 180.0),
}


def scattered(scene, rng):
    lat, high, lon, wide = SCENES[scene]
    east = lon + rng.uniform(-wide, wide)
    north = max(-90.0, min(90.0, lat + rng.uniform(-high, high)))
    return {"lat": f"{north:.4f}", "lon": f"{(east + 180) % 360 - 180:.4f}"}


def a_scene(scene, seed):
    rng = random.Random(seed)
    reach = ("0", "9", "30", "120", "2000", "30000")
    people = [a_person(f"p{k}", max_km=rng.choice(reach), **scattered(scene, rng)) for k in range(40)]
    slots = [a_slot(f"s{k}", start=rng.randrange(200), **scattered(scene, rng)) for k in range(60)]
    needs = [a_need(f"n{k}", f"p{k}") for k in range(40)]
    return matching.problem_from_tables(tables(needs, slots, people))


@pytest.mark.parametrize("scene", SCENES)
def test_exactly_the_slots_in_reach_are_paired_in_the_order_of_their_start(scene):
    found = 0
    for seed in range(5):
        problem = a_scene(scene, seed)
        homes, slots, c = problem.people, problem.slots, candidates(problem)
        for i in range(c.needs):
            person = problem.needs.person[c.row[i]]
            near = [
                s
                for s in np.argsort(slots.start, kind="stable").tolist()
                if travel_km(homes.lat[person], homes.lon[person], slots.lat[s], slots.lon[s])
                <= homes.max_km[person] + 1e-6
            ]
            assert c.slot[c.pair_ptr[i] : c.pair_ptr[i + 1]].tolist() == near
        found += c.pairs
    assert found > 0


def test_the_pairs_are_the_same_for_one_thread_and_for_several(monkeypatch):
    monkeypatch.setattr("matching.pairs.UNITS_AT_ONCE", 7)
    problem = a_scene("Germany", 1)
    row, unit_ptr, after = units(problem)
    seats, _, use_ptr, uses = open_seats(problem)
    r = rules(one_by_one(problem, has_seat(seats, use_ptr, uses)), row, after)
    alone, together = enumerate_pairs(r, unit_ptr, 1), enumerate_pairs(r, unit_ptr, 3)
    assert len(alone[1]) > 0
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one, other)
