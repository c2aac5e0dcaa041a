"""The measurements of the planning room, small."""

import matching
from benchmarks.gap_savings import measure as measure_gaps
from benchmarks.gap_savings import table as gap_table
from benchmarks.invented_region import TODAY, Size, invented_region
from benchmarks.network_analysis import Measured, measure, table
from benchmarks.simulation import Runs
from benchmarks.simulation import table as simulation_table
from benchmarks.what_if import NOTHING, measured, scenarios
from benchmarks.what_if import table as what_if_table
from tests.matching.builders import a_capacity, a_need, a_person, a_slot, tables
from tests.workflows.planning_room.builders import a_planned_folder
from tests.workflows.planning_room.sim_builders import an_outcome
from workflows.planning_room.sim_outcome import HINDSIGHT
from workflows.planning_room.simulate import simulation_report
from workflows.planning_room.whatif import what_if, what_if_report
from workflows.planning_room.written import report_data

SMALL = Size("probe", 20, 120, 5, 0.5)


def test_an_invented_region_has_the_size_asked_for_and_is_the_same_again():
    region = invented_region(SMALL)
    assert len(region.actors) == 20
    assert 100 <= len(region.slots(TODAY, TODAY.replace(year=2028)).slots) <= 200
    assert invented_region(SMALL) == region


def test_an_analysis_is_measured_and_shown():
    found = measure(SMALL)
    assert found.open_failures == 0
    assert found.processor_seconds > 0
    shown = table([Measured(SMALL, 120, 1.25, 0.5, 7, 0)])
    assert shown.splitlines()[-1] == "| probe | 20 | 5 | 120 | 7 | 1.2 | 0.5 | 0 |"


def test_a_simulation_is_shown_as_a_table():
    names = {HINDSIGHT: 10, "first-come": 20, "weekly-plan": 10}
    runs = [an_outcome(name, 1, days) for name, days in names.items()]
    summary = simulation_report("probe", 1, runs).tables[0]
    lines = simulation_table(summary).splitlines()
    assert lines[1].startswith("| --- | ---: |")
    assert lines[2].startswith("| first come: the whole chain at once | 20.0 |")


def test_runs_are_kept_in_a_file_and_read_again(tmp_path):
    runs = Runs(tmp_path / "runs.jsonl")
    assert runs.read() == [] == Runs(None).read()
    outcomes = [an_outcome(HINDSIGHT, 1, 10), an_outcome("first-come", 1, 20)]
    for outcome in outcomes:
        runs.keep(outcome)
    assert runs.read() == outcomes


def test_a_promise_is_set_beside_what_was_saved(tmp_path):
    needs = [a_need(f"n{k}", f"p{k}") for k in range(2)]
    people, slots = [a_person("p0"), a_person("p1")], [a_slot("s", 5), a_slot("t", 25)]
    capacities = [a_capacity("c-s", 1), a_capacity("c-t", 1)]
    matching.write_tables(tables(needs, slots, people, capacities), tmp_path)
    lines = gap_table("probe", measure_gaps(tmp_path, top=1, seconds=600)).splitlines()
    assert lines[2] == "| probe | s | 20 | 20 | 20 | 20 | yes |"
    assert lines[-1] == "Promises within their bounds: 1 of 1."


def test_a_what_if_that_changes_nothing_is_measured_without_a_difference(tmp_path):
    needs, people = [a_need("n0", "p0")], [a_person("p0")]
    slots, capacities = [a_slot("s", 5), a_slot("t", 25)], [a_capacity("c-s", 1, 1), a_capacity("c-t", 1)]
    planned = a_planned_folder(tmp_path, needs, slots, people, capacities, {"n0": "s"}, c_s=3.0)
    file = tmp_path / "scenario.toml"
    lines = []
    for scenario, text in scenarios(planned.folder, tmp_path / "plan").items():
        file.write_text(text, "utf-8")
        told = report_data(what_if_report(what_if(planned.folder, tmp_path / "plan", file)))
        lines.append(what_if_table([measured("probe", scenario, 1.25, 0.5, told)]).splitlines()[-1])
    assert lines[0] == f"| probe | {NOTHING} | 1.2 | 0.5 | 5 | 5 | 0 |"
    assert not lines[2].endswith("| 0 |"), "control: a group that is cancelled makes a difference"
