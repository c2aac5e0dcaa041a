"""One small desk for all page tests: the fictional county with a few people, planned with little work."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

import matching
from web.app import create_app
from workflows.session import RegionDesk, open_region_desk


@pytest.fixture(scope="session")
def desk() -> RegionDesk:
    options = matching.SolveOptions(time_limit_seconds=60, gap=0.2, seed=1, steps=5000)
    return open_region_desk("musterkreis", people=40, seed=3, options=options)


@pytest.fixture(scope="session")
def sparse_desk() -> RegionDesk:
    """A region in which much is missing and partners have not said everything."""
    options = matching.SolveOptions(time_limit_seconds=60, gap=0.2, seed=1, steps=1000)
    return open_region_desk("wetzlar", people=15, seed=3, options=options)


@pytest.fixture
def client(desk: RegionDesk) -> FlaskClient:
    return create_app(desk).test_client()
