from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

import matching
from network.model import Place
from plans.fault import PlanFault
from plans.generator import fictional_households
from plans.rules import rule
from tests.plans.builders import TODAY, a_household, a_need, a_person, a_region
from workflows.planning import CostParameters, household_needs_index, planning_tables

COLUMNS = {
    "capacities": "capacity seats min_participants",
    "slots": "slot offering actor kind start end uses lat lon online requires features times",
    "people": "person lat lon max_km online tags times",
    "needs": (
        "need person kind after relation lag_days max_lag_days earliest target weight features exclusive "
        "fixed_slot proposed_slot"
    ),
}
PARAMETERS = (
    "format name today horizon_end long_wait_days long_wait_factor overdue_factor km_factor change_penalty "
    "unserved_penalty"
)


@pytest.fixture(scope="module")
def tables() -> dict[str, list[dict[str, str]]]:
    region = a_region()
    supply = region.slots(TODAY, TODAY + timedelta(days=730))
    return planning_tables(region, fictional_households(region, 120, 1, supply=supply), today=TODAY)


def test_the_tables_have_the_columns_of_the_format(tables: dict[str, list[dict[str, str]]]) -> None:
    assert list(tables) == ["problem", *COLUMNS]
    for name, columns in COLUMNS.items():
        assert all(list(row) == columns.split() for row in tables[name])
        assert all(isinstance(cell, str) for row in tables[name] for cell in row.values())
    assert list(tables["problem"]) == PARAMETERS.split()


def test_rows_are_sorted_by_an_id_that_is_unique(tables: dict[str, list[dict[str, str]]]) -> None:
    for name in COLUMNS:
        ids = [next(iter(row.values())) for row in tables[name]]
        assert ids == sorted(set(ids))


def test_the_same_input_gives_the_same_tables() -> None:
    region = a_region()
    one, other = (planning_tables(region, fictional_households(region, 50, 2), today=TODAY) for _ in range(2))
    assert json.dumps(one) == json.dumps(other)


def test_the_order_of_the_households_does_not_matter() -> None:
    region = a_region()
    households = fictional_households(region, 50, 2)
    assert planning_tables(region, households, today=TODAY) == planning_tables(
        region, households[::-1], today=TODAY
    )


def test_the_engine_accepts_the_tables(tables: dict[str, list[dict[str, str]]]) -> None:
    problem = matching.problem_from_tables(tables)
    assert len(problem.needs.ids) == len(tables["needs"])


def test_only_capacities_that_a_slot_uses_are_kept(tables: dict[str, list[dict[str, str]]]) -> None:
    used = {use for slot in tables["slots"] for use in slot["uses"].split(";")}
    assert {row["capacity"] for row in tables["capacities"]} == used


def test_people_are_pseudonymous() -> None:
    region = a_region()
    households = fictional_households(region, 80, 1)
    text = json.dumps(planning_tables(region, households, today=TODAY), ensure_ascii=False)
    for person in (person for household in households for person in household.members):
        assert person.name not in text
        assert person.name.split()[0] not in text
        assert person.birth_on.isoformat() not in {
            cell for table in COLUMNS for row in json.loads(text)[table] for cell in row.values()
        }
    assert "Muster" not in text


def test_a_home_is_given_to_about_100_metres_only() -> None:
    household = a_household(home=Place("Probestadt", 50.123456, 9.987654))
    row = planning_tables(a_region(), [household], today=TODAY)["people"][0]
    assert (row["lat"], row["lon"]) == ("50.123", "9.988")


def test_a_need_is_written_as_the_help_plan_says() -> None:
    first = a_need(
        "n1", target_on=date(2027, 1, 4), weight=1.5, features=frozenset({"wheelchair", "childcare"})
    )
    second = a_need("n2", after="n1", lag_days=35, max_lag_days=215, kind="vocational-language/B2")
    rows = planning_tables(a_region(), [a_household("h1", a_person("p1", (first, second)))], today=TODAY)[
        "needs"
    ]
    assert ",".join(rows[0].values()) == (
        "n1,p1,integration-course/from-1,,end,0,,2026-11-02,2027-01-04,1.5,childcare;wheelchair,,,"
    )
    assert ",".join(rows[1].values()) == ("n2,p1,vocational-language/B2,n1,end,35,215,2026-11-02,,1,,,,")


def test_parents_who_share_childcare_have_their_needs_in_one_group() -> None:
    couple = a_household("h7", a_person("p1"), a_person("p2"), shared_childcare=True)
    alone = a_household("h8", a_person("p3"))
    rows = planning_tables(a_region(), [couple, alone], today=TODAY)["needs"]
    assert {row["person"]: row["exclusive"] for row in rows} == {"p1": "h7", "p2": "h7", "p3": ""}


def test_the_parameters_come_from_the_dated_rules() -> None:
    problem = planning_tables(a_region(), [], today=TODAY, horizon_days=365)["problem"]
    assert problem["horizon_end"] == (TODAY + timedelta(days=365)).isoformat()
    assert problem["long_wait_days"] == rule("cost-long-wait-days", TODAY).value
    assert problem["unserved_penalty"] == rule("cost-unserved-days", TODAY).value


def test_waiting_can_be_counted_in_another_way() -> None:
    cost = replace(CostParameters.on(TODAY), km_factor=0.0)
    assert planning_tables(a_region(), [], today=TODAY, cost=cost)["problem"]["km_factor"] == 0.0


def test_slots_after_the_horizon_are_left_out() -> None:
    slots = planning_tables(a_region(), [], today=TODAY, horizon_days=50)["slots"]
    assert slots
    assert max(row["start"] for row in slots) <= (TODAY + timedelta(days=50)).isoformat()


def test_a_booking_that_is_not_offered_is_refused_and_the_need_is_named() -> None:
    household = a_household("h1", a_person("p1", (a_need("n1", fixed_slot="gone"),)))
    with pytest.raises(PlanFault, match="n1: the booked slot “gone”"):
        planning_tables(a_region(), [household], today=TODAY)


def test_one_id_in_two_households_is_refused() -> None:
    with pytest.raises(PlanFault) as caught:
        planning_tables(a_region(), [a_household("h1"), a_household("h2")], today=TODAY)
    assert [fault.values["value"] for fault in caught.value.faults] == ["p1", "p1-1"]


@pytest.mark.parametrize("horizon_days", [0, -5, 3651])
def test_a_horizon_that_cannot_be_is_refused(horizon_days: int) -> None:
    with pytest.raises(PlanFault, match="horizon_days"):
        planning_tables(a_region(), [], today=TODAY, horizon_days=horizon_days)


def test_a_need_leads_back_to_its_person_and_household() -> None:
    household = a_household("h1", a_person("p1", (a_need("n1"),)))
    entry = household_needs_index([household])["n1"]
    assert (entry.person.id, entry.household.id) == ("p1", "h1")
    assert entry.label("de") == "Integrationskurs ab Modul 1"


def test_the_reference_reading_of_the_format_accepts_the_folder(
    tmp_path: Path, tables: dict[str, list[dict[str, str]]]
) -> None:
    reference = Path(__file__).parents[3] / "shared" / "planning" / "check_plan.py"
    if not reference.exists():
        pytest.skip("the reference check is not beside this checkout")
    matching.write_tables(tables, tmp_path)
    rows = "".join(f"{need['need']},{need['fixed_slot']}\n" for need in tables["needs"])
    (tmp_path / "plan.csv").write_text("need,slot\n" + rows, encoding="utf-8")
    command = [sys.executable, str(reference), str(tmp_path), str(tmp_path / "plan.csv")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
