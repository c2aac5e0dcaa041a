"""Every list that a page shows goes by index, on both databases; how fast, the benchmark says."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from benchmarks.explained import explained
from benchmarks.store_lists import LISTS, Asking, filled, measure, table, verdict
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
    assert found.keys() == LISTS.keys()
    assert all(name in table({"here": found}) for name in LISTS)
    assert "end to the other: none" in verdict({"here": found})


def test_a_query_without_an_index_would_be_found(asking: Asking):
    """Control of the test before."""
    with explained(asking.store.engine, small=True) as whole, ReadingUnit(asking.store) as unit:
        unit.execute(sa.text("SELECT id FROM referral WHERE kind = 'job/intake' ORDER BY reason")).all()
    assert whole == ["referral"]
