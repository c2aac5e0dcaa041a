"""A region of a database is planned by one command, which keeps the best plan whatever happens."""

from __future__ import annotations

from typing import Any

import pytest

from store.unit_of_work import Store
from tests.databases import *  # noqa: F403
from tests.web.store_commands import Terminal
from tests.workflows.desks import REGION
from tests.workflows.planning_runs.builders import Place, a_place
from workflows.planning_runs.proposals import list_proposals
from workflows.planning_runs.runs import list_runs


@pytest.fixture
def place(store: Store) -> Place:
    """A county with two seats for three people who agreed, and one who did not."""
    made = a_place(store)
    made.group(seats=1, start_in_days=3)
    made.group(seats=1, start_in_days=20)
    for _ in range(3):
        made.person()
    made.person(categories=())
    return made


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: Any, place: Place) -> Terminal:
    """A terminal whose commands open the database of the test, on its day."""
    monkeypatch.setattr("workflows.operations.open_store", lambda url: place.store)
    return Terminal(monkeypatch, capsys)


def states(place: Place) -> list[str]:
    return [run["state"] for run in list_runs(place.planner(), REGION)]


def test_it_says_what_was_proposed_and_keeps_it(terminal: Terminal, place: Place) -> None:
    said = terminal.run("plan", REGION, "--time-limit", "20")
    assert "3 proposals, 2 of them with a slot" in said
    assert "without a consent to planning: 1" in said
    assert states(place) == ["finished"]
    assert list_proposals(place.counsellor()) == []


def test_it_speaks_german(terminal: Terminal) -> None:
    said = terminal.run("plan", REGION, "--time-limit", "20", "--lang", "de")
    assert "3 Vorschläge, davon 2 mit Termin" in said
    assert "ohne Einwilligung in die Planung" in said


def test_it_releases_when_asked_and_then_says_what_has_changed(terminal: Terminal, place: Place) -> None:
    assert "3 proposals for the counsellors" in terminal.run("plan", REGION, "--release")
    assert len(list_proposals(place.counsellor())) == 3
    place.group(seats=1, start_in_days=30)
    said = terminal.run("plan", REGION, "--mode", "fewest", "--release")
    assert "1 with a slot for the first time, 0 moved, 0 without a slot now" in said
    assert "3 older ones outdated" in said
    assert states(place) == ["released", "released"]


def test_an_interrupt_keeps_the_best_plan_and_its_bound(
    terminal: Terminal, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.terminal.Interrupts.stop", lambda self: True)
    said = terminal.run("plan", REGION, "--gap", "0")
    assert "3 proposals" in said
    assert states(place) == ["finished"]


def test_what_cannot_be_planned_is_refused_in_one_line(terminal: Terminal, place: Place) -> None:
    english, german = terminal.refuse("plan", "nowhere")
    assert "nowhere" in english and "nowhere" in german
    english, _ = terminal.refuse("plan", REGION, "--mode", "projection")
    assert "--arrivals" in english
    assert states(place) == []
