"""The first administrator is made by a command, and whoever is locked out is let in again by one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.databases import *  # noqa: F403
from tests.web.store_commands import PASSWORD, Terminal, open_terminal
from tests.workflows.access.conftest import cheap_hashes  # noqa: F401
from web import cli
from workflows.access.sessions import NotSignedIn, Stage
from workflows.access.sign_in import sign_in
from workflows.operations import command_desk


@pytest.fixture
def terminal(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    make_url: Callable[..., str],
    tmp_path: Path,
) -> Terminal:
    made = open_terminal(monkeypatch, capsys, make_url("sqlite", migrated=False), tmp_path)
    made.run("migrate")
    return made


class OnTerminal:
    """A standard input at which a person sits."""

    def isatty(self) -> bool:
        return True


def add(
    terminal: Terminal, name: str, role: str, *more: str, typed: str = PASSWORD + "\n", code: int = 0
) -> str:
    who = ("--display-name", f"{name.title()} Muster", "--role", role)
    return terminal.run("user", "add", name, *who, *more, typed=typed, code=code)


def stage_of(name: str, password: str) -> Stage | None:
    with command_desk(None) as desk:
        try:
            return sign_in(desk.store, name, password).stage
        except NotSignedIn:
            return None


def test_the_first_administrator_can_sign_in_and_must_enrol_a_second_factor(terminal: Terminal) -> None:
    assert "anna" in add(terminal, "anna", "administrator")
    assert stage_of("anna", PASSWORD) is Stage.ENROL


def test_the_password_is_never_an_argument(terminal: Terminal) -> None:
    assert "--password" not in terminal.run("user", "add", "--help")


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "standard input"), ("\n", "standard input"), ("kurz\n", "12 to 256"), ("passwort12345\n", "easy")],
)
def test_without_a_good_password_no_account_is_made(terminal: Terminal, typed: str, said: str) -> None:
    assert said in add(terminal, "anna", "administrator", typed=typed, code=1)
    assert "There is no account yet" in terminal.run("user", "list")


@pytest.mark.parametrize("second", [PASSWORD, "anders"])
def test_on_a_terminal_it_is_asked_for_twice(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, second: str
) -> None:
    answers = iter([PASSWORD, second])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(answers))
    monkeypatch.setattr("sys.stdin", OnTerminal())
    command = ["user", "add", "anna", "--display-name", "Anna Muster", "--role", "administrator"]
    assert cli.main(command) == (0 if second == PASSWORD else 1)


def test_a_temporary_password_is_printed_and_must_be_changed(terminal: Terminal) -> None:
    said = add(terminal, "anna", "administrator", "--temporary", typed="")
    assert stage_of("anna", said.split()[-1]) is Stage.NEW_PASSWORD
    said = terminal.run("user", "reset-password", "anna")
    assert stage_of("anna", said.split()[-1]) is Stage.NEW_PASSWORD


def test_roles_are_given_and_taken_in_a_region(terminal: Terminal) -> None:
    assert "no region yet" in terminal.run("region", "list")
    terminal.run("region", "add", "neukreis", "--name-de", "Neukreis", "--name-en", "New County")
    assert "New County" in terminal.run("region", "list")
    add(terminal, "anna", "planner", "--region", "neukreis")
    terminal.run("user", "grant", "anna", "--role", "coordinator", "--region", "neukreis")
    assert "planner:neukreis, coordinator:neukreis" in terminal.run("user", "list")
    terminal.run("user", "revoke", "anna", "--role", "planner", "--region", "neukreis")
    (row,) = json.loads(terminal.run("user", "list", "--json"))
    assert [one["role"] for one in row["roles"]] == ["coordinator"]
    again = ("user", "revoke", "anna", "--role", "planner", "--region", "neukreis")
    assert "does not hold this role" in terminal.refuse(*again)[0]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--role", "planner"], "region_id"),
        (["--role", "counsellor", "--region", "neukreis"], "organisation_id"),
        (["--role", "planner", "--region", "atlantis"], "atlantis"),
        (["--role", "counsellor", "--region", "neukreis", "--organisation", "kim"], "kim"),
        (["--role", "counsellor", "--organisation", "kim"], "kim"),
    ],
)
def test_a_role_that_cannot_be_is_refused_in_one_line(terminal: Terminal, more: list[str], said: str) -> None:
    terminal.run("region", "add", "neukreis", "--name-de", "Neukreis", "--name-en", "New County")
    command = ("user", "add", "anna", "--display-name", "Anna Muster", *more)
    english, german = terminal.refuse(*command, typed=PASSWORD + "\n")
    assert said in english and said in german
    assert "There is no account yet" in terminal.run("user", "list")


def test_an_account_is_closed_and_opened_again(terminal: Terminal) -> None:
    add(terminal, "anna", "administrator")
    terminal.run("user", "deactivate", "anna")
    assert stage_of("anna", PASSWORD) is None
    assert "deactivated" in terminal.run("user", "list")
    assert "deactivated" in terminal.refuse("user", "deactivate", "anna")[0]
    terminal.run("user", "reactivate", "anna")
    assert stage_of("anna", PASSWORD) is Stage.ENROL


@pytest.mark.parametrize("action", ["deactivate", "reactivate", "reset-factor", "reset-password"])
def test_an_unknown_name_says_where_to_look(terminal: Terminal, action: str) -> None:
    english, german = terminal.refuse("user", action, "niemand")
    assert "foerderkette user list" in english and "foerderkette user list" in german


def test_a_second_factor_that_is_not_there_cannot_be_reset(terminal: Terminal) -> None:
    add(terminal, "anna", "administrator")
    assert "no second factor" in terminal.refuse("user", "reset-factor", "anna")[0]
