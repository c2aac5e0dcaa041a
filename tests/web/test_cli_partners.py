"""Partner files come into a database by one command, and go back by another."""

from pathlib import Path

import pytest

from network.partner_files import find_region, read_region
from tests.databases import *  # noqa: F403
from tests.web.store_commands import Terminal, open_terminal


@pytest.fixture
def terminal(monkeypatch, capsys, make_url, tmp_path: Path) -> Terminal:
    made = open_terminal(monkeypatch, capsys, make_url("sqlite", migrated=False), tmp_path)
    made.run("migrate")
    return made


def the_import(terminal: Terminal, folder: str = "musterkreis", *more: str) -> str:
    return terminal.run("partners", "import", folder, "--region", "musterkreis", *more)


def test_a_region_is_imported_changes_nothing_twice_and_is_written_out_equal(terminal, tmp_path):
    assert "partners undo imp-" in the_import(terminal)
    assert "0 rows added, 0 changed, 0 gone" in the_import(terminal)
    out = tmp_path / "out" / "deep"
    assert str(out) in terminal.run("partners", "export", "musterkreis", "--out", str(out))
    assert read_region(out) == read_region(find_region("musterkreis"))


def test_a_dry_run_says_what_would_change_and_changes_nothing(terminal, tmp_path):
    the_import(terminal)
    terminal.run("partners", "export", "musterkreis", "--out", str(tmp_path))
    file = tmp_path / "groups.csv"
    file.write_text(file.read_text("utf-8").replace("1|3|5,20,18,", "1|3|5,22,18,", 1), "utf-8")
    for _ in range(2):
        said = the_import(terminal, str(tmp_path), "--dry-run")
        assert "seats 20 -> 22" in said and "1 changed" in said


def test_an_import_is_undone_once(terminal):
    id = the_import(terminal).split()[-1]
    assert "gone" in terminal.run("partners", "undo", id)
    english, german = terminal.refuse("partners", "undo", id)
    assert "undone" in english and "zurückgenommen" in german
    english, _ = terminal.refuse("partners", "undo", "imp-none")
    assert "imp-none" in english


def test_faulty_files_are_refused_line_by_line(terminal, tmp_path):
    the_import(terminal)
    terminal.run("partners", "export", "musterkreis", "--out", str(tmp_path))
    file = tmp_path / "groups.csv"
    file.write_text(file.read_text("utf-8").replace("2026-", "31.02.2026-", 1), "utf-8")
    english, german = terminal.refuse("partners", "import", str(tmp_path), "--region", "musterkreis")
    assert "groups.csv, line " in english and "groups.csv, Zeile " in german


def test_an_unknown_region_is_named(terminal, tmp_path):
    english, _ = terminal.refuse("partners", "export", "atlantis", "--out", str(tmp_path / "x"))
    assert "atlantis" in english
    assert not (tmp_path / "x").exists()
