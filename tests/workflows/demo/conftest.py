"""A demo store of a few fictional households and weeks, filled once for all tests that only read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from store.opening import set_up_store
from store.unit_of_work import Store
from tests.workflows.access.builders import with_clock
from workflows.access import passwords
from workflows.demo.filling import Filled, fill

TODAY = date(2026, 11, 25)
HOUSEHOLDS, DAYS = 8, 70


def at_nine() -> datetime:
    """The morning on which somebody tries the product."""
    return datetime.combine(TODAY, time(9), UTC)


@dataclass(frozen=True)
class Demo:
    """A filled store, on the day after its last one, and what filling it told."""

    store: Store
    filled: Filled


def a_demo(file: Path, households: int = HOUSEHOLDS, days: int = DAYS) -> Demo:
    store = with_clock(set_up_store(f"sqlite:///{file}"), at_nine)
    with pytest.MonkeyPatch.context() as patch:
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "HASHER", cheap)
        return Demo(store, fill(store, households, days=days))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    made = a_demo(tmp_path_factory.mktemp("demo") / "demo.db")
    yield made
    made.store.engine.dispose()
