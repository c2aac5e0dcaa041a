"""Every list that a page shows goes by index, on both databases; how fast, the benchmark says."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from benchmarks.explained import explained
from benchmarks.office_rows import REGION
from benchmarks.store_lists import LISTS, Asking, filled, measure, table, verdict
from store import tables as t
from store.unit_of_work import ReadingUnit
from tests.databases import *  # noqa: F403

HOUSEHOLDS = 42


@pytest.fixture(params=["sqlite", "postgresql"])
def asking(request, make_url, tmp_path: Path) -> Asking:
    made = filled(make_url(request.param), tmp_path / "key", HOUSEHOLDS)
    yield made
    made.store.engine.dispose()


def test_no_list_reads_a_large_table_from_one_end_to_the_other(asking: Asking):
    found = measure(asking, 1, small=True)
    assert {name: one.whole for name, one in found.items() if one.whole} == {}
    assert {name: one.greedy for name, one in found.items() if one.greedy} == {}
    assert found.keys() == LISTS.keys()
    assert all(name in table({"here": found}) for name in LISTS)
    assert "end to the other: none" in verdict({"here": found})


def test_a_query_without_an_index_would_be_found(asking: Asking):
    """Control of the test before."""
    with explained(asking.store.engine, small=True) as seen, ReadingUnit(asking.store) as unit:
        unit.execute(sa.text("SELECT id FROM referral WHERE kind = 'job/intake' ORDER BY reason")).all()
    assert seen.whole == ["referral"]


def test_a_search_by_index_over_a_whole_region_would_be_found(asking: Asking):
    """Control: no table is read from one end to the other, and still far too much of it."""
    referral = t.referral
    newest = (
        sa.select(referral.c.id).where(referral.c.region_id == REGION).order_by(referral.c.reason).limit(1)
    )
    with explained(asking.store.engine, small=True) as seen, ReadingUnit(asking.store) as unit:
        unit.execute(newest).all()
    (greedy,) = seen.greedy
    assert "for 1 from referral" in greedy
