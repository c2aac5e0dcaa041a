"""The planner's figures are those of the plans, and no figure gives fewer than five people away."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from workflows.gaps_view import closed_groups, comparison, gaps_view, seat_gaps
from workflows.session import RegionDesk
from workflows.small_cells import SMALLEST_SHOWN, Hidden, safe_counts
from workflows.waiting import waiting_figures


def test_figures_of_hand_counted_waits() -> None:
    figures = waiting_figures([0, 10, 20, 30, 40, 42, 43, 50, 60, 200], needs=12)
    assert (figures.served, figures.unserved) == (10, 2)
    assert (figures.median_days, figures.mean_days, figures.p90_days) == (41, 49.5, 60)
    assert figures.within_six_weeks == 0.6


def test_nobody_served_has_no_figures() -> None:
    figures = waiting_figures([], needs=3)
    assert figures.unserved == 3
    assert figures.median_days is figures.mean_days is figures.p90_days is figures.within_six_weeks is None


def test_the_comparison_is_that_of_the_checked_plans(desk: RegionDesk) -> None:
    found = comparison(desk)
    assert found.lower_bound <= found.best_cost + 1e-6
    assert found.best_cost <= found.first_cost + 1e-6
    assert found.best.served + found.best.unserved == found.first_come.needs
    booked = sum(bool(step.need.fixed_slot) for step in desk.steps.values())
    assert found.best.needs + booked == len(desk.steps)


def test_the_seats_that_save_most_come_first_and_add_up_the_modules_of_a_group(desk: RegionDesk) -> None:
    seats = seat_gaps(desk, top=5)
    saved = [seat.saved_days for seat in seats]
    assert saved == sorted(saved, reverse=True)
    for seat in seats:
        assert seat.saved_days == pytest.approx(
            sum(desk.result.seat_prices.get(one, 0) for one in seat.slot.uses)
        )
        assert seat.planned <= seat.seats


def test_a_closed_group_has_no_booking_in_the_plan(desk: RegionDesk) -> None:
    closed = {one.group.id for one in closed_groups(desk)}
    booked = {desk.slots[slot].row_id for slot in desk.best.plan.values() if slot}
    assert not closed & booked


@given(st.lists(st.integers(0, 12), max_size=8))
def test_no_small_count_is_shown_or_can_be_worked_out(counts: list[int]) -> None:
    safe = safe_counts(counts)
    hidden = [count for count, cell in zip(counts, safe.cells, strict=True) if isinstance(cell, Hidden)]
    assert all(cell == 0 or cell >= SMALLEST_SHOWN for cell in safe.cells if isinstance(cell, int))
    if any(0 < count < SMALLEST_SHOWN for count in counts) and isinstance(safe.total, int):
        assert len(hidden) >= 2


def test_counts_of_five_and_more_stay() -> None:
    assert safe_counts([5, 8, 0]).cells == (5, 8, 0)
    assert safe_counts([5, 8, 0]).total == 13


def test_a_single_small_count_takes_the_total_with_it() -> None:
    safe = safe_counts([3, 0], total=9)
    assert safe.cells == (Hidden.SMALL, 0)
    assert safe.total is Hidden.PROTECTING


def test_the_page_shows_no_count_of_people_below_five(desk: RegionDesk) -> None:
    view = gaps_view(desk)
    for table in (view.by_kind, view.by_town):
        for row in table.rows:
            shown = [row.unserved, row.late, *(count for _, count in row.reasons)]
            assert all(not isinstance(cell, int) or cell == 0 or cell >= SMALLEST_SHOWN for cell in shown)
            if not isinstance(row.unserved, int):
                assert all(count is None for _, count in row.reasons)


def test_the_page_names_the_bound_and_explains_what_is_hidden(client: FlaskClient, desk: RegionDesk) -> None:
    page = client.get("/gaps?lang=de").text
    assert "Kein Plan kann besser sein als" in page
    assert f"{round(desk.result.lower_bound):,}".replace(",", ".") in page
    assert "Zum Schutz der Personen" in page or "Alle haben rechtzeitig einen Platz" in page
