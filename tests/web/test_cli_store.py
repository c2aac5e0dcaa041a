"""Whoever runs the product migrates, backs up, restores, verifies and changes keys by one command each."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from store.engine import make_engine
from store.migrations import current, head
from tests.databases import *  # noqa: F403
from tests.web.store_commands import PASSWORD, Terminal, open_terminal
from tests.workflows.access.conftest import cheap_hashes  # noqa: F401

MakeUrl = Callable[..., str]


@pytest.fixture
def fresh(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], empty_url: str, tmp_path: Path
) -> Terminal:
    """A terminal before a database without any table, on both kinds of database."""
    return open_terminal(monkeypatch, capsys, empty_url, tmp_path)


@pytest.fixture
def terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], make_url: MakeUrl, tmp_path: Path
) -> Terminal:
    """A terminal before a migrated SQLite file, with its key."""
    made = open_terminal(monkeypatch, capsys, make_url("sqlite", migrated=False), tmp_path)
    made.run("migrate")
    return made


def an_administrator(terminal: Terminal, name: str = "anna") -> None:
    who = ("--display-name", f"{name.title()} Muster", "--role", "administrator")
    terminal.run("user", "add", name, *who, typed=PASSWORD + "\n")


def anchor_in(said: str) -> str:
    return said.split()[-1]


def test_a_new_database_gets_its_tables_and_its_key(fresh: Terminal) -> None:
    assert head() in fresh.run("migrate")
    assert "already" in fresh.run("migrate")
    assert "There is no account yet" in fresh.run("user", "list")


def test_a_database_before_its_migration_is_refused(fresh: Terminal, tmp_path: Path) -> None:
    for command in (["user", "list"], ["audit", "verify"], ["backup", "--out", str(tmp_path / "b")]):
        english, german = fresh.refuse(*command)
        assert "foerderkette migrate" in english and "foerderkette migrate" in german
    assert not (tmp_path / "b").exists()


def test_going_down_needs_to_be_asked_for_and_up_again_works(fresh: Terminal, empty_url: str) -> None:
    fresh.run("migrate")
    english, _ = fresh.refuse("migrate", "--to", "0001_network")
    assert "--down" in english
    assert head() in fresh.run("migrate", "--to", head())
    assert "0001_network" in fresh.run("migrate", "--to", "0001_network", "--down")
    assert head() in fresh.run("migrate")
    engine = make_engine(empty_url)
    assert current(engine) == head()
    engine.dispose()


def test_an_unknown_version_is_named(terminal: Terminal) -> None:
    assert "9999" in terminal.refuse("migrate", "--to", "9999")[0]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("oracle://somewhere/x", "not supported"),
        ("no address", "cannot be read"),
        ("sqlite:////nowhere/at/all/x.db", "/nowhere/at/all"),
        ("sqlite://", "in memory"),
        ("postgresql://anna:geheim@127.0.0.1:1/x", "does not answer"),
    ],
)
@pytest.mark.parametrize("command", ["migrate", "user list", "audit verify", "keys rotate", "rules list"])
def test_an_address_that_leads_nowhere_is_one_line_without_its_password(
    terminal: Terminal, address: str, said: str, command: str
) -> None:
    english, german = terminal.refuse(*command.split(), "--database", address)
    assert said in english and "geheim" not in english + german


def test_a_backup_restores_into_another_database(
    fresh: Terminal, make_url: MakeUrl, empty_url: str, tmp_path: Path
) -> None:
    fresh.run("migrate")
    an_administrator(fresh)
    anchor = anchor_in(fresh.run("backup", "--out", str(tmp_path / "b")))
    # Another file beside the first one, so that the keys are there as well.
    other = make_url("sqlite" if empty_url.startswith("sqlite") else "postgresql", migrated=False)
    assert "rows as of" in fresh.run("restore", str(tmp_path / "b"), "--database", other)
    assert "Anna Muster" in fresh.run("user", "list", "--database", other)
    assert "whole" in fresh.run("audit", "verify", "--anchor", anchor, "--database", other)
    entries = json.loads(fresh.run("audit", "list", "--json", "--database", other))
    assert [entry["action"] for entry in entries] == ["restore", "back-up", "create-account"]


def test_a_backup_never_overwrites_and_a_restore_only_when_told(terminal: Terminal, tmp_path: Path) -> None:
    file = str(tmp_path / "b")
    terminal.run("backup", "--out", file)
    assert file in terminal.refuse("backup", "--out", file)[0]
    assert "holds data already" in terminal.refuse("restore", file)[0]
    an_administrator(terminal)
    terminal.run("restore", file, "--replace")
    assert "There is no account yet" in terminal.run("user", "list")


def test_a_file_that_is_no_backup_is_refused_and_changes_nothing(terminal: Terminal, tmp_path: Path) -> None:
    an_administrator(terminal)
    (tmp_path / "b").write_bytes(b"nonsense")
    assert "damaged" in terminal.refuse("restore", str(tmp_path / "b"), "--replace")[0]
    assert "damaged" in terminal.refuse("restore", str(tmp_path / "missing"), "--replace")[0]
    assert "Anna Muster" in terminal.run("user", "list")


def test_without_the_key_nothing_is_restored(terminal: Terminal, tmp_path: Path, make_url: MakeUrl) -> None:
    terminal.run("backup", "--out", str(tmp_path / "b"))
    for file in tmp_path.glob("*.keys"):
        file.unlink()
    assert "no key" in terminal.refuse("restore", str(tmp_path / "b"), "--replace")[0]


def test_the_audit_is_verified_and_a_change_is_found(terminal: Terminal, tmp_path: Path) -> None:
    an_administrator(terminal)
    anchor = anchor_in(terminal.run("audit", "verify"))
    an_administrator(terminal, "ben")
    assert "whole: 2 entries" in terminal.run("audit", "verify", "--anchor", anchor)
    _tamper(tmp_path, "UPDATE audit_entry SET actor_label = 'nobody' WHERE sequence = 1")
    assert "Entry 1: was changed" in terminal.run("audit", "verify", code=1)
    assert "Eintrag 1: wurde verändert" in terminal.run("audit", "verify", "--lang", "de", code=1)


def test_an_anchor_finds_that_an_older_state_was_put_back(terminal: Terminal, tmp_path: Path) -> None:
    terminal.run("backup", "--out", str(tmp_path / "b"))
    an_administrator(terminal)
    an_administrator(terminal, "ben")
    anchor = anchor_in(terminal.run("audit", "verify"))
    terminal.run("restore", str(tmp_path / "b"), "--replace")
    assert "whole" in terminal.run("audit", "verify")
    assert "not what the anchor says" in terminal.run("audit", "verify", "--anchor", anchor, code=1)


@pytest.mark.parametrize("anchor", ["x", "1:zz", ":", "1"])
def test_an_anchor_that_cannot_be_read_is_refused(terminal: Terminal, anchor: str) -> None:
    assert "64 characters" in terminal.refuse("audit", "verify", "--anchor", anchor)[0]


def test_entries_are_listed_by_object_and_account(terminal: Terminal) -> None:
    assert "No entry" in terminal.run("audit", "list")
    an_administrator(terminal)
    an_administrator(terminal, "ben")
    rows = json.loads(terminal.run("user", "list", "--json"))
    found = terminal.run("audit", "list", "--about", "account", rows[0]["account_id"])
    assert rows[0]["account_id"] in found and rows[1]["account_id"] not in found
    assert "No entry" in terminal.run("audit", "list", "--account", "anna")
    assert len(terminal.run("audit", "list", "--last", "1").splitlines()) == 1


def test_a_change_of_keys_keeps_everything_readable(fresh: Terminal, tmp_path: Path) -> None:
    fresh.run("migrate")
    an_administrator(fresh)
    fresh.run("backup", "--out", str(tmp_path / "before"))
    assert "older keys kept: 1" in fresh.run("keys", "rotate")
    assert "Anna Muster" in fresh.run("user", "list")
    assert "whole" in fresh.run("audit", "verify")
    fresh.run("restore", str(tmp_path / "before"), "--replace")
    assert "Anna Muster" in fresh.run("user", "list")


def test_an_interrupted_change_of_keys_goes_on_with_the_same_key(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("store.rotation.rotate", lambda unit: 1 / 0)
        terminal.run("keys", "rotate", code=70)
    (file,) = tmp_path.glob("*.keys")
    assert len(json.loads(file.read_text("utf-8"))["keys"]) == 2
    assert "older keys kept: 1" in terminal.run("keys", "rotate")


def test_old_keys_can_be_forgotten(terminal: Terminal, tmp_path: Path) -> None:
    terminal.run("backup", "--out", str(tmp_path / "b"))
    assert "older keys kept: 0" in terminal.run("keys", "rotate", "--forget-old")
    assert "key" in terminal.refuse("restore", str(tmp_path / "b"), "--replace")[0]


def test_keys_of_the_environment_are_changed_there_first(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (file,) = tmp_path.glob("*.keys")
    old = json.loads(file.read_text("utf-8"))["keys"][0]
    monkeypatch.setenv("FOERDERKETTE_KEY", old)
    assert "foerderkette keys new" in terminal.refuse("keys", "rotate")[0]
    new = terminal.run("keys", "new").strip()
    monkeypatch.setenv("FOERDERKETTE_KEY", f"{new},{old}")
    assert "older keys kept: 1" in terminal.run("keys", "rotate")
    monkeypatch.setenv("FOERDERKETTE_KEY", new)
    assert "whole" in terminal.run("audit", "verify")


RULES = """[[rule]]
key = "seat-hold-days"
value = 5
unit = "days"
valid_from = 2026-01-01
basis = "assumption"
source = "Dienstanweisung 7"
label_de = "Platz freihalten"
label_en = "Seat held"
"""


def test_a_file_of_rules_is_loaded_and_what_holds_is_listed(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "office.toml").write_text(RULES, "utf-8")
    load = ("rules", "load", str(tmp_path / "office.toml"), "--source", "Beschluss 12")
    assert "seat-hold-days" in terminal.run(*load, "--from", "2026-02-01")
    assert "5  days" in terminal.run("rules", "list", "--on", "2026-02-01")
    assert "3  days" in terminal.run("rules", "list", "--on", "2026-01-31")
    assert "no region" in terminal.refuse(*load, "--region", "atlantis")[0]


def test_faults_of_a_file_of_rules_are_named_with_their_lines(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "office.toml"
    file.write_text(RULES.replace("value = 5", "value = -5"), "utf-8")
    assert "office.toml, line 1" in terminal.refuse("rules", "load", str(file), "--source", "x")[0]
    file.write_bytes(b"\xff\xfe")
    assert "UTF-8" in terminal.refuse("rules", "load", str(file), "--source", "x")[0]
    assert "missing" not in terminal.run("rules", "list")
    gone = str(tmp_path / "gone.toml")
    assert "gone.toml" in terminal.refuse("rules", "load", gone, "--source", "x")[0]


@pytest.mark.parametrize(
    "command",
    [
        "backup",
        "restore",
        "audit",
        "audit paint",
        "audit list --last 0",
        "audit list --about account",
        "keys",
        "rules load x",
        "rules list --on 2026-02-30",
        "user add x --role chief --display-name X",
        "user add x --role planner",
        "user dance",
        "region add x",
    ],
)
def test_a_command_that_cannot_be_understood_returns_two(terminal: Terminal, command: str) -> None:
    english, german = terminal.refuse(*command.split(), code=2)
    assert "see:" in english and "siehe:" in german


def _tamper(folder: Path, statement: str) -> None:
    (file,) = folder.glob("*.db")
    connection = sqlite3.connect(file)
    with connection:
        connection.execute(statement)
    connection.close()
