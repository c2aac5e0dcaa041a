"""Whoever runs the product erases a person, applies retention and answers requests by one command each."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from store import tables as t
from store.opening import open_store
from store.unit_of_work import ReadingUnit
from tests.databases import *  # noqa: F403
from tests.reliability.whole_stores import a_network, a_whole_person
from tests.store.builders import a_plan, a_unit, described
from tests.web.store_commands import Terminal, open_terminal

KNOWN = ("--name", "Sara Muster", "--born", "1990-05-17")


@pytest.fixture
def terminal(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    database_url: str,
    tmp_path: Path,
) -> Terminal:
    """A terminal before a database with everything that can be known of one person."""
    made = open_terminal(monkeypatch, capsys, database_url, tmp_path)
    made.run("migrate")
    add(("Sara Muster",))
    return made


def add(names: tuple[str, ...]) -> None:
    store = open_store()
    with a_unit(store) as uow:
        uow.execute(t.installation.delete())  # the builder makes its own
        ids = a_network(uow)
        for name in names:
            a_whole_person(uow, ids, name)
        described(uow).commit()
    store.engine.dispose()


def people() -> list[str]:
    store = open_store()
    with ReadingUnit(store) as unit:
        ids = [row["id"] for row in unit.find(t.person)]
    store.engine.dispose()
    return ids


def test_a_person_is_erased_only_when_told_so_twice(terminal: Terminal) -> None:
    (person,) = people()
    said = terminal.run("erase", person)
    assert "Nothing was changed" in said and "not closed" in said and person in said
    assert people() == [person]
    said = terminal.run("erase", *KNOWN, "--yes")
    assert "Erased: 25 rows" in said and "VHS Musterstadt" in said and "left the files" in said
    assert people() == []
    assert "erase-person" in terminal.run("audit", "list")
    assert "whole" in terminal.run("audit", "verify")


def test_who_is_meant_must_be_said_in_one_way(terminal: Terminal) -> None:
    for command in (("erase",), ("access-request", "--out", "answer.json")):
        terminal.refuse(*command)
        terminal.refuse(*command, "per-1", *KNOWN)
        terminal.refuse(*command, "--name", "Sara Muster")
        terminal.refuse(*command, "--name", "Nobody Muster", "--born", "1990-05-17")
        terminal.refuse(*command, "per-unknown")
    terminal.refuse("erase", "--name", "Sara Muster", "--born", "17.05.1990", code=2)
    assert people() and not Path("answer.json").exists()


def test_of_two_with_the_same_name_and_birthday_the_id_must_be_named(terminal: Terminal) -> None:
    store = open_store()
    with a_unit(store) as uow:
        (first,) = uow.find(t.person)
        own = {
            name: first[name]
            for name in ("region_id", "household_id", "organisation_id", "name", "birth_on", "profile")
        }
        twin = uow.insert(t.person, tags=[], **own)
        a_plan(uow, first["region_id"], first["organisation_id"], twin)
        described(uow).commit()
    store.engine.dispose()
    english, _ = terminal.refuse("erase", *KNOWN, "--yes")
    assert all(id in english for id in people()) and len(people()) == 2


def test_a_request_for_access_is_answered_for_people_and_for_machines(
    terminal: Terminal, tmp_path: Path
) -> None:
    page, data = tmp_path / "answer.html", tmp_path / "answer.json"
    terminal.run("access-request", *KNOWN, "--out", str(page), "--lang", "de")
    terminal.run("access-request", *people(), "--out", str(data))
    assert "Auskunft über gespeicherte Daten: Sara Muster" in page.read_text("utf-8")
    assert json.loads(data.read_text("utf-8"))["held"]["person"][0]["name"] == "Sara Muster"
    assert stat.S_IMODE(data.stat().st_mode) == stat.S_IMODE(page.stat().st_mode) == 0o600
    terminal.refuse("access-request", *KNOWN, "--out", str(data))
    terminal.refuse("access-request", *KNOWN, "--out", str(tmp_path / "answer.pdf"))
    terminal.refuse("access-request", *KNOWN, "--out", str(tmp_path / "missing" / "answer.json"))


def test_retention_lists_what_is_due_and_lets_it_go_when_told_so(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Nothing is due" in terminal.run("retention")
    store = open_store()
    with a_unit(store) as uow:
        for row in uow.find(t.idempotency_key):
            uow.execute(t.idempotency_key.update().values(created_at=uow.now.replace(year=2020)))
            assert row["key"]
        described(uow).commit()
    store.engine.dispose()
    said = terminal.run("retention", "--lang", "de")
    assert "aufbewahrte Antworten" in said and "mit --yes" in said
    listed = json.loads(terminal.run("retention", "--json"))
    assert [one["count"] for one in listed if one["kind"] == "request-key"] == [1]
    assert "1 answers kept for requests" in terminal.run("retention", "--yes")
    assert json.loads(terminal.run("retention", "--yes", "--json"))["gone"]["request-key"] == 0
