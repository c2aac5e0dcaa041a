"""Run commands on a database of their own, as somebody at a terminal does, and read what they say."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from web import cli

PASSWORD = "Regen fällt auf das Wellblechdach"


@dataclass
class Terminal:
    """A command line whose database, keys and standard input belong to one test."""

    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def run(self, *command: str, typed: str = "", code: int = 0) -> str:
        """Run a command that must end with a code; what it says comes back."""
        self.monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        self.capsys.readouterr()
        found = cli.main(list(command))
        said = self.capsys.readouterr()
        assert found == code, said.err or said.out
        assert "Traceback" not in said.err
        if code:
            assert len(said.err.splitlines()) == (1 if said.err else 0)
        return said.err if said.err else said.out

    def refuse(self, *command: str, typed: str = "", code: int = 1) -> tuple[str, str]:
        """Run a command that must be refused, in English and in German."""
        english = self.run(*command, typed=typed, code=code)
        german = self.run(*command, "--lang", "de", typed=typed, code=code)
        assert english and german and english != german
        return english, german


def open_terminal(monkeypatch: pytest.MonkeyPatch, capsys: Any, url: str, tmp_path: Any) -> Terminal:
    """Give commands their database; the keys lie beside it, or in a folder of the test."""
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.delenv("FOERDERKETTE_KEY", raising=False)
    monkeypatch.setattr("store.engine.platformdirs.user_data_path", lambda *_, **__: tmp_path / "data")
    return Terminal(monkeypatch, capsys)


Opener = Callable[[str], Terminal]
