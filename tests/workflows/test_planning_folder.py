from __future__ import annotations

from pathlib import Path

import pytest

import matching
from plans.fault import PlanFault
from workflows.planning_folder import make_planning_folder
from workflows.planning_households import read_households


def test_a_region_and_fictional_people_become_a_planning_problem_with_the_households_beside_it(
    tmp_path: Path,
) -> None:
    told: list[tuple[int, int]] = []
    made = make_planning_folder("musterkreis", 40, 3, tmp_path / "new", lambda *counts: told.append(counts))
    problem = matching.read_problem(made.folder)
    households = read_households(made.folder)
    needs = [need.id for household in households for need in household.needs()]
    assert sorted(needs) == sorted(problem.needs.ids)
    assert (made.people, made.needs, made.households) == (40, len(needs), len(households))
    assert (made.slots, made.capacities) == (len(problem.slots.ids), len(problem.capacities.ids))
    assert told[-1] == (40, 40)


def test_the_same_region_people_and_seed_give_the_same_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        make_planning_folder("musterkreis", 25, 3, tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert files == [
        "capacities.csv",
        "households.json",
        "needs.csv",
        "people.csv",
        "problem.json",
        "slots.csv",
    ]
    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in files)


def test_first_come_first_served_can_be_planned_on_the_folder(tmp_path: Path) -> None:
    problem = matching.read_problem(make_planning_folder("musterkreis", 30, 1, tmp_path).folder)
    check = matching.check(problem, matching.first_come(problem))
    assert check.feasible
    assert check.waiting_days


def test_a_negative_number_of_people_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(PlanFault):
        make_planning_folder("musterkreis", -3, 1, tmp_path / "new")
    assert not (tmp_path / "new").exists()
