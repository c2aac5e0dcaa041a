"""Passwords are hashed cheaply here, and the clock goes only when a test says so."""

import pytest
from argon2 import PasswordHasher

from tests.workflows.access.builders import START, Clock, a_town, with_clock
from workflows.access import passwords


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch):
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def clock():
    return Clock(START)


@pytest.fixture
def here(store, clock):
    """A store with one region, at a time that stands still."""
    turned = with_clock(store, clock)
    a_town(turned)
    return turned
