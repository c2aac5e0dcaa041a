"""Every promise is measured on SQLite and on a real PostgreSQL; figures are shown when a full run ends."""

import pytest

from store.secrets import KeyRing
from store.unit_of_work import Store
from tests.databases import *  # noqa: F403
from tests.databases import quick_engine
from tests.reliability.harness import RESULTS, Figures, merged, show
from tests.reliability.sizes import IS_FULL, SIZES


@pytest.fixture
def sizes():
    return SIZES


@pytest.fixture
def figures(store):
    return Figures("SQLite" if store.engine.dialect.name == "sqlite" else "PostgreSQL")


@pytest.fixture
def fresh(store, make_url):
    """Make further stores on the same kind of database, such as for a control."""
    made = []

    def make(migrated=True):
        engine = quick_engine(make_url(store.engine.dialect.name, migrated=migrated))
        made.append(engine)
        return Store(engine, KeyRing.make())

    yield make
    for engine in made:
        engine.dispose()


def pytest_sessionfinish(session):
    is_worker = hasattr(session.config, "workerinput")
    if IS_FULL and not is_worker and RESULTS.exists():
        show(merged(RESULTS))
