"""What a plan promised against what came: counted by hand, and never about fewer than five persons."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from store import tables as t
from store.queries.planning_room import PromisedStart
from store.tables import ProposalState, RunState
from tests.store.builders import TODAY, a_finished_run, described
from tests.workflows.planning_runs.builders import a_place
from workflows.planning_room.forecast import forecast_report, forecast_table, read_promised
from workflows.planning_room.tables import table_data
from workflows.small_cells import SMALLEST_SHOWN

DAY = date(2026, 2, 2)


def a_promise(person, later=0, month=2, kind="integration-course/from-1", waited=30):
    promised = DAY.replace(month=month)
    came = None if later is None else promised + timedelta(days=later)
    return PromisedStart(f"p{person}", kind, promised, promised - timedelta(days=waited), came)


def test_waits_that_came_are_set_beside_promised_ones():
    steps = [*(a_promise(n, later=0) for n in range(5)), *(a_promise(n, later=20) for n in range(5, 15))]
    steps += [a_promise(n, later=None) for n in range(15, 20)]
    (row,) = table_data(forecast_table(steps, "kind"))
    assert (row["kind"], row["people"]) == ("integration-course", 20)
    assert (row["promised_wait_days"], row["came_wait_days"], row["later_days"]) == (30, 50, 20)
    assert (row["promise_kept"], row["not_begun"]) == (0.25, 0.25)


def test_an_earlier_start_keeps_the_promise_and_a_week_later_does_too():
    steps = [a_promise(n, later=(-40, 7)[n % 2]) for n in range(10)]
    (row,) = table_data(forecast_table(steps, "month"))
    assert (row["month"], row["promise_kept"]) == ("2026-02-01", 1.0)


def test_shares_that_together_tell_of_few_late_ones_are_not_shown_together():
    """Eight kept, seven never began: two of seventeen began late."""
    laters = [0] * 8 + [None] * 7 + [30] * 2
    (row,) = table_data(forecast_table([a_promise(n, later) for n, later in enumerate(laters)], "kind"))
    assert row["promise_kept"] is not None and row["not_begun"] is None


@given(st.lists(st.tuples(st.integers(1, 3), st.sampled_from([None, 0, 30])), max_size=25))
def test_no_row_is_about_fewer_than_five(promises):
    steps = [a_promise(n, later, month) for n, (month, later) in enumerate(promises)]
    real = {date(2026, month, 1).isoformat(): sum(m == month for m, _ in promises) for month, _ in promises}
    rows = {row["month"]: row for row in table_data(forecast_table(steps, "month"))}
    hidden = [month for month, row in rows.items() if row["people"] == "hidden"]
    for month, many in real.items():
        if many < SMALLEST_SHOWN:
            assert set(list(rows[month].values())[1:]) <= {"hidden", None}
    everybody = [row["people"] for row in table_data(forecast_table(steps, ""))]
    assert everybody in ([], ["hidden"]) or len(hidden) != 1


def test_the_first_released_promise_counts_and_is_read_from_the_store(store):
    place = a_place(store)
    first, second = place.group(start_in_days=-20), place.group(start_in_days=-5)
    needs = [place.person()[0] for _ in range(5)]
    with place.unit() as uow:
        runs = [
            a_finished_run(uow, "musterkreis", state, started_at=uow.now - timedelta(days=days))
            for state, days in ((RunState.RELEASED, 60), (RunState.RELEASED, 30), (RunState.FINISHED, 90))
        ]
        for run, slot in zip(runs, (first, second, second), strict=True):
            for need in needs:
                said = {"state": ProposalState.OUTDATED, "reasons": [], "alternatives": []}
                of = {
                    "planning_run_id": run,
                    "need_id": need,
                    "slot_id": slot,
                    "organisation_id": place.office,
                }
                person = uow.get(t.need, need)["person_id"]
                uow.insert(t.proposal, region_id="musterkreis", person_id=person, **of, **said)
        described(uow).commit()
    for need in needs:
        place.changed(t.need, need, started_on=TODAY, registered_on=TODAY - timedelta(days=50))
    promised = read_promised(place.planner(), "musterkreis")
    assert {step.promised_on for step in promised.steps} == {TODAY - timedelta(days=20)}
    (row,) = table_data(forecast_report(promised, "Musterkreis").tables[0])
    assert (row["people"], row["promised_wait_days"], row["came_wait_days"]) == (5, 30, 50)
    assert (row["later_days"], row["promise_kept"]) == (20, 0.0)
