"""What a plan promised against what came: counted by hand, and never about fewer than five persons."""

from dataclasses import replace
from datetime import date, timedelta
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from store import tables as t
from store.queries.planning_room import PromisedStart
from store.tables import ProposalState, RunState
from tests.store.builders import TODAY, a_finished_run, described
from tests.workflows.desks import REGION
from tests.workflows.planning_runs.builders import a_place
from workflows.kept import KEPT_FOR
from workflows.planning_room.forecast import (
    forecast_report,
    forecast_table,
    read_forecast_report,
    read_promised,
)
from workflows.planning_room.tables import table_data
from workflows.small_cells import SMALLEST_SHOWN, Hidden

DAY = date(2026, 2, 2)


def a_promise(person, later=0, month=2, kind="integration-course/from-1", waited=30):
    promised = DAY.replace(month=month)
    came = None if later is None else promised + timedelta(days=later)
    return PromisedStart(f"p{person}", kind, promised, promised - timedelta(days=waited), came)


def test_waits_that_came_are_set_beside_promised_ones():
    steps = [*(a_promise(n, later=0) for n in range(5)), *(a_promise(n, later=20) for n in range(5, 15))]
    steps += [a_promise(n, later=None) for n in range(15, 20)]
    (row,) = table_data(forecast_table(steps, "kind", {}))
    assert (row["kind"], row["people"]) == ("integration-course", 20)
    assert (row["promised_wait_days"], row["came_wait_days"], row["later_days"]) == (30, 50, 20)
    assert (row["promise_kept"], row["not_begun"]) == (0.25, 0.25)


def test_an_earlier_start_keeps_the_promise_and_a_week_later_does_too():
    steps = [a_promise(n, later=(-40, 7)[n % 2]) for n in range(10)]
    (row,) = table_data(forecast_table(steps, "month", {}))
    assert (row["month"], row["promise_kept"]) == ("2026-02-01", 1.0)


def test_shares_that_together_tell_of_few_late_ones_are_not_shown():
    """Eight kept, seven never began: two of seventeen began late."""
    laters = [0] * 8 + [None] * 7 + [30] * 2
    (row,) = table_data(forecast_table([a_promise(n, later) for n, later in enumerate(laters)], "kind", {}))
    assert row["promise_kept"] is None and row["not_begun"] is None


def test_a_kind_that_is_hidden_among_those_who_have_begun_is_hidden_here_too():
    """Else as many have begun as a promise was kept to; nor can it be worked out with all or with months."""
    kinds = ("integration-course/from-1", "job/intake", "placement-test")
    steps = [a_promise(n, kind=kinds[n // 8]) for n in range(24)]
    beside = {"kind": {"integration-course": Hidden.PROTECTING}}
    kinds, months, everybody = (
        {row[0]: row[1] for row in forecast_table(steps, name, beside).rows} for name in ("kind", "month", "")
    )
    shown = {*kinds.values(), *months.values(), *everybody.values()}
    assert shown == {Hidden.PROTECTING}
    assert {row[1] for row in forecast_table(steps, "kind", {}).rows} == {8}


@given(st.lists(st.tuples(st.integers(1, 3), st.sampled_from([None, 0, 30])), max_size=25))
def test_no_row_is_about_fewer_than_five(promises):
    steps = [a_promise(n, later, month) for n, (month, later) in enumerate(promises)]
    real = {date(2026, month, 1).isoformat(): sum(m == month for m, _ in promises) for month, _ in promises}
    rows = {row["month"]: row for row in table_data(forecast_table(steps, "month", {}))}
    hidden = [month for month, row in rows.items() if row["people"] == "hidden"]
    for month, many in real.items():
        if many < SMALLEST_SHOWN:
            assert set(list(rows[month].values())[1:]) <= {"hidden", None}
    everybody = [row["people"] for row in table_data(forecast_table(steps, "", {}))]
    assert everybody in ([], ["hidden"]) or len(hidden) != 1


def a_plan(place, slot, needs, days_ago, state=RunState.RELEASED):
    """A planning run of some days ago that proposes one slot for all needs."""
    with place.unit() as uow:
        run = a_finished_run(uow, REGION, state, started_at=uow.now - timedelta(days=days_ago))
        for need in needs:
            of = {"planning_run_id": run, "need_id": need, "slot_id": slot, "organisation_id": place.office}
            person = uow.get(t.need, need)["person_id"]
            said = {"state": ProposalState.OUTDATED, "reasons": [], "alternatives": []}
            uow.insert(t.proposal, region_id=REGION, person_id=person, **of, **said)
        described(uow).commit()
    return run


def test_the_first_released_promise_counts_and_is_read_from_the_store(store):
    place = a_place(store)
    first, second = place.group(start_in_days=-20), place.group(start_in_days=-5)
    needs = [place.person()[0] for _ in range(5)]
    a_plan(place, first, needs, days_ago=60)
    a_plan(place, second, needs, days_ago=30)
    a_plan(place, second, needs, days_ago=90, state=RunState.FINISHED)
    for need in needs:
        place.changed(t.need, need, started_on=TODAY, registered_on=TODAY - timedelta(days=50))
    promised = read_promised(place.planner(), REGION)
    assert {step.promised_on for step in promised.steps} == {TODAY - timedelta(days=20)}
    (row,) = table_data(forecast_report(promised, "Musterkreis", {}).tables[0])
    assert (row["people"], row["promised_wait_days"], row["came_wait_days"]) == (5, 30, 50)
    assert (row["later_days"], row["promise_kept"]) == (20, 0.0)


def test_a_report_that_is_kept_follows_every_change_of_a_step_a_run_or_a_slot(store):
    place = a_place(store)
    needs = [place.person()[0] for _ in range(5)]
    slot = place.group(start_in_days=-10)
    run = a_plan(place, slot, needs, days_ago=30, state=RunState.FINISHED)

    def shown():
        report = read_forecast_report(place.planner(), REGION, "Musterkreis")
        assert report == forecast_report(read_promised(place.planner(), REGION), "Musterkreis", {})
        return [(row["people"], row["later_days"]) for row in table_data(report.tables[0])]

    def changed(table, ids, **values):
        later = place.store.now() + KEPT_FOR / 9  # too soon for being made anew without a change
        place.store = replace(place.store, now=lambda: later)
        for id in ids:
            place.changed(table, id, **values)

    assert shown() == []
    changed(t.planning_run, [run], state=RunState.RELEASED)
    assert shown() == [(5, None)]
    changed(t.need, needs, started_on=TODAY)
    assert shown() == [(5, 10)]
    changed(t.slot, [slot], start_on=TODAY - timedelta(days=4))
    assert shown() == [(5, 4)]


def test_without_a_change_that_its_stamp_sees_a_report_stays_as_it_is(store):
    """The control of the test above: what is read here is kept, not read anew each time."""
    place = a_place(store)
    needs = [place.person()[0] for _ in range(5)]
    a_plan(place, place.group(start_in_days=-10), needs, days_ago=30)
    report = read_forecast_report(place.planner(), REGION, "Musterkreis")
    assert read_forecast_report(place.planner(), REGION, "Musterkreis") is report
    stamp = patch("workflows.planning_room.forecast.promises_stamp", return_value=())
    with stamp, patch("workflows.planning_room.forecast.counts_beside", return_value={}):
        blind = read_forecast_report(place.planner(), REGION, "Musterkreis")
        place.changed(t.need, needs[0], started_on=TODAY)
        assert read_forecast_report(place.planner(), REGION, "Musterkreis") is blind
