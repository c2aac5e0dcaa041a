"""The command ``demo`` fills an empty store and shows who can sign in; such a store stays on its machine."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from web import cli_demo
from web.cli import main
from workflows.access import passwords
from workflows.demo import filling


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A new database, to be filled with a few weeks only."""
    monkeypatch.setattr(filling, "fill", partial(filling.fill, days=14))
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    return f"sqlite:///{tmp_path / 'demo.db'}"


def test_a_store_is_filled_once_and_not_served_to_others(
    address: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill = ["demo", "--database", address, "--households", "2", "--lang", "en"]
    monkeypatch.setattr(cli_demo, "EVERY_SECONDS", 0.0)
    assert main(fill) == 0
    said, told = capsys.readouterr()
    assert (
        len([line for line in told.splitlines() if line.startswith("Day ")]) > 5
    )  # also where nobody sees a terminal
    assert "2 households" in said
    for name in ("counsellor", "provider", "coordinator", "planner", "administrator", "auditor"):
        assert f"  {name} " in said
    assert main(fill) == 1
    assert "not empty" in capsys.readouterr().err
    assert main(["desk", "--database", address, "--name", "desk.example", "--lang", "en"]) == 1
    assert "demo store" in capsys.readouterr().err
