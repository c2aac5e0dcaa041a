"""Passwords are hashed cheaply here, and the clock goes only when a test says so."""

import pytest
from argon2 import PasswordHasher

from tests.workflows.access.builders import START, Clock
from workflows.access import passwords


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch):
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def clock():
    return Clock(START)
