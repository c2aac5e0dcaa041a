"""A stored region is simulated as its partners have handed it in, as often and as long as the desk asks."""

from datetime import timedelta

import pytest

from store import tables as t
from store.engine import make_engine
from store.secrets import KeyRing
from store.unit_of_work import ReadingUnit, Store
from tests.store.builders import TODAY, a_region, a_unit, described
from tests.workflows.desks import REGION
from tests.workflows.planning_runs.builders import a_place
from workflows.planning_room.kept_reports import read_report
from workflows.planning_room.reckon import compute_reckoning
from workflows.planning_room.reckonings import TIME_LIMITS_SECONDS, read_reckoning, start_reckoning
from workflows.planning_room.sim_outcome import HINDSIGHT
from workflows.planning_room.simulated import (
    AskedSimulation,
    arrivals_of_last_year,
    longest_run_weeks,
    simulate_region,
    take_simulated_region,
)
from workflows.planning_room.tables import table_csv
from workflows.refusal import Forbidden, Refusal

ASKED = {"people": 20, "weeks": 13, "seeds": 2, "policies": ["earliest-slot"]}
COLUMNS = (
    "policy,seed,mean_wait_days,median_wait_days,p90_wait_days,"
    "within_six_weeks,completed_chains,hindsight_share"
)


@pytest.fixture
def place(make_url):
    engine = make_engine(make_url("sqlite"))
    yield a_place(Store(engine, KeyRing.make()))
    engine.dispose()


def test_seats_of_the_own_people_are_free_in_a_simulation(place):
    slot = place.group(seats=6)
    place.booked(place.person()[0], slot)
    region = take_simulated_region(place.planner(), REGION)
    (group,) = region.groups.values()
    assert (group.seats, group.booked) == (6, 0)
    assert region.today == TODAY


def test_a_region_that_offers_nothing_from_today_on_is_refused(place):
    with pytest.raises(Refusal) as refused:
        take_simulated_region(place.planner(), REGION)
    assert refused.value.code == "simulation-no-offer"
    place.group(start_in_days=-30)
    with pytest.raises(Refusal):
        take_simulated_region(place.planner(), REGION)
    place.group(start_in_days=30)
    assert take_simulated_region(place.planner(), REGION).towns


def test_another_region_is_not_simulated_and_its_people_are_not_counted(place):
    with a_unit(place.store) as uow:
        a_region(uow, "anderswo")
        described(uow).commit()
    for ask in (take_simulated_region, arrivals_of_last_year):
        with pytest.raises(Forbidden):
            ask(place.planner(), "anderswo")


def test_arrivals_are_those_of_the_last_52_weeks(place):
    for _ in range(4):
        place.person()
    with ReadingUnit(place.store) as unit:
        plans = [row["id"] for row in unit.find(t.help_plan, region_id=REGION)]
    for plan, days in zip(plans, (364, 363, 0, -1), strict=True):
        place.changed(t.help_plan, plan, arrived_on=TODAY - timedelta(days=days))
    assert arrivals_of_last_year(place.planner(), REGION) == 2
    place.person()
    assert arrivals_of_last_year(place.planner(), REGION) == 3, "not announced: since the plan was begun"


def test_a_simulation_is_reckoned_and_its_file_has_the_columns_of_the_command(place):
    place.group(seats=12, start_in_days=60)
    id = start_reckoning(place.planner(), REGION, "simulation", ASKED)
    compute_reckoning(place.planner(), id)
    answer = read_reckoning(place.planner(), id)["answer"]
    summary, profiles, runs = read_report(answer["de"]["simulation"]).tables
    header, *rows = table_csv(runs).splitlines()
    assert header == COLUMNS
    assert [row.split(",")[:2] for row in rows] == [
        [policy, seed] for policy in ("first-come", "earliest-slot") for seed in "12"
    ]
    assert summary.ends == ("wait_from", "wait_to") and "hindsight_share" in summary.also
    counts = [row[2] for row in profiles.rows]
    assert all(count not in range(1, 5) for count in counts), "profiles of fewer than five are hidden"
    assert answer["en"]["simulation"]["title"][1]["region"] != ""


def test_progress_goes_through_the_weeks_of_all_runs(place, monkeypatch):
    monkeypatch.setattr("workflows.planning_room.simulated.now_and_then", lambda: lambda: True)
    place.group(seats=12, start_in_days=60)
    told = []
    region = take_simulated_region(place.planner(), REGION)
    found = simulate_region(region, AskedSimulation(**ASKED | {"seeds": 1}), lambda *one: told.append(one))
    assert [one.task.policy for one in found] == [HINDSIGHT, "first-come", "earliest-slot"]
    whole = 3 * longest_run_weeks(13)
    done = [number for _, number, of in told if of == whole]
    assert len(done) == len(told) and done == sorted(done) and 0 == done[0] < done[-1] < whole
    parts = [part for part, _, _ in told]
    assert list(dict.fromkeys(parts)) == [f"simulate-{one.task.policy}" for one in found]


def test_one_simulation_of_a_region_is_at_work_at_a_time_and_may_take_long(place):
    first = start_reckoning(place.planner(), REGION, "simulation", ASKED)
    with pytest.raises(Refusal) as refused:
        start_reckoning(place.planner(), REGION, "simulation", ASKED | {"seeds": 3})
    assert refused.value.code == "reckoning-long-busy"
    assert start_reckoning(place.planner(), REGION, "simulation", ASKED) == first
    assert start_reckoning(place.planner(), REGION, "gaps", {}) != first
    with ReadingUnit(place.store) as unit:
        settings = unit.get(t.reckoning, first)["settings"]
    assert settings["time_limit_seconds"] == TIME_LIMITS_SECONDS["simulation"]
