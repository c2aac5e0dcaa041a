"""Rechnen: answers the questions of `reckonings` in a process of its own, in the words of no language.

What begins here ends whatever happens: with its answer, stopped, or failed with a word why.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from network.actors import HALF_DAYS
from store import tables as t
from store.faults import Conflict, StoreFault
from store.progress import note_progress
from workflows.access.regions import list_regions
from workflows.acting import Desk
from workflows.background import EVERY_SECONDS, begin_elsewhere, given_desk, is_left
from workflows.partners.opened import open_network
from workflows.planning_room.actual import actual_report, read_begun_steps, shown_counts
from workflows.planning_room.balance import balance_report, read_balance
from workflows.planning_room.connections import read_connections
from workflows.planning_room.forecast import forecast_report, read_promised
from workflows.planning_room.gaps import TOP_GROUPS, Told, gaps_of, gaps_report, savings_report, unmet_report
from workflows.planning_room.kept_reports import written_report
from workflows.planning_room.office import ONLINE, analyse_opened, list_towns, open_planning_state
from workflows.planning_room.reckonings import (
    SIMULATION,
    fail_reckoning,
    finish_reckoning,
    reckoning_stands,
    start_reckoning,
    take_reckoning,
)
from workflows.planning_room.running import read_running_tables
from workflows.planning_room.scenario import Change, Scenario
from workflows.planning_room.simulate import simulation_report
from workflows.planning_room.simulated import AskedSimulation, simulate_region, take_simulated_region
from workflows.planning_room.state import PlannedRegion
from workflows.planning_room.tables import Report
from workflows.planning_room.whatif import compare, what_if_report
from workflows.refusal import Refusal
from workflows.wording import LANGUAGES

SEATS_TRIED, REPORTED, SECONDS_A_SEAT, SEED = 5, TOP_GROUPS, 3.0, 1
"""How many of the dearest seats are planned once more, for the report too, and how long each may take."""

WHAT_IF_SECONDS = 10.0
"""For both sides of a what-if together."""

BEHIND_OTHERS = 5
"""By so much a reckoning steps back behind the pages that the machine serves meanwhile."""

WORK_DAYS = ("mo", "tu", "we", "th")
"""Days of a group whose part of the day changes: Monday to Thursday, as evening groups have them."""

Parts = dict[str, Report]
"""Reports by the page that they belong to."""


def begin_reckoning(desk: Desk, region_id: str, about: str, asked: dict[str, Any]) -> str:
    """Begin a reckoning and have a process of its own compute it; see `start_reckoning`.

    Whoever asks the same while it is at work waits for the same process.
    """
    try:
        id = start_reckoning(desk, region_id, about, asked)
    except Conflict:  # somebody asked the same at the same instant, and is joined
        id = start_reckoning(desk, region_id, about, asked)
    begin_elsewhere(__name__, desk, id, fail_reckoning)
    return id


def compute_reckoning(desk: Desk, reckoning_id: str) -> None:
    """Compute a reckoning that has begun and keep its answer; one that another process has is left to it.

    The answer holds for each language the reports by page, as `written_report` writes them, and the day.
    """
    given = take_reckoning(desk, reckoning_id)
    if given is None:
        return

    def told(part: str, done: int, of: int) -> None:
        note_progress(desk.store, t.reckoning, reckoning_id, {"part": part, "done": done, "of": of})

    try:
        answer = ANSWERS[given["question"]](desk, given["region_id"], given["asked"], told)
        kept = {
            lang: {name: written_report(report) for name, report in parts.items()}
            for lang, parts in answer.items()
        }
        finish_reckoning(desk, reckoning_id, kept)
    except BaseException as error:
        with suppress(StoreFault):  # a store that cannot be reached leaves it to be found crashed
            fail_reckoning(desk, reckoning_id, _why(error))
        raise


def _why(error: BaseException) -> str:
    """A word for an error; what comes from outside, such as Ctrl-C at the server, is no fault of its own."""
    if isinstance(error, Refusal):
        return error.code
    return type(error).__name__ if isinstance(error, Exception) else "crashed"


def compute(text: str, is_left: Callable[[], bool], when_over: Callable[[], None]) -> None:
    """Compute a reckoning that was handed over.

    Parameters
    ----------
    text : str
        See `given_desk`.
    is_left : callable
        Whether whoever began it has gone; then it has failed.
    when_over : callable
        Called from another thread once it is to end, since somebody has stopped it or it is left.
    """
    with given_desk(text) as (desk, id):
        is_done = threading.Event()

        def watch() -> None:
            while not is_done.wait(EVERY_SECONDS):
                with suppress(StoreFault):  # busy; look again
                    if is_left():
                        fail_reckoning(desk, id, "crashed")
                    elif reckoning_stands(desk, id)["state"] != "stopped":
                        continue
                    when_over()
                    return

        watching = threading.Thread(target=watch, name=f"watch {id}", daemon=True)
        watching.start()
        try:
            compute_reckoning(desk, id)
        finally:
            is_done.set()
            watching.join()


def _gaps(desk: Desk, region_id: str, asked: Mapping[str, Any], told: Told) -> dict[str, Parts]:
    planned = _planned(desk, region_id, told)
    told("missing", 0, 1)
    return _named("gaps", unmet_report(planned), planned)


def _savings(desk: Desk, region_id: str, asked: Mapping[str, Any], told: Told) -> dict[str, Parts]:
    planned = _planned(desk, region_id, told)
    found = gaps_of(planned, SEATS_TRIED, SEED, SECONDS_A_SEAT, told)
    return _named("savings", savings_report(found), planned)


def _what_if(desk: Desk, region_id: str, asked: Mapping[str, Any], told: Told) -> dict[str, Parts]:
    """Both sides of some changes; the title names their groups only, as they were asked."""
    planned = _planned(desk, region_id, told)
    scenario = _scenario(asked, {town["name"]: town for town in list_towns(desk, region_id)})
    slots = [one["group"] for one in asked["changes"]]
    if not planned.names["de"].keys() >= set(slots):
        raise Refusal("reckoning-no-group")
    found = compare(planned, scenario, SEED, WHAT_IF_SECONDS, told)
    report = what_if_report(found)
    key, values = report.title
    return {
        lang: {
            "what-if": replace(
                report, title=(key, {**values, "names": [names[slot] for slot in slots]}), names=names
            )
        }
        for lang, names in planned.names.items()
    }


def _simulation(desk: Desk, region_id: str, asked: Mapping[str, Any], told: Told) -> dict[str, Parts]:
    """Policies side by side, in worlds of fictional people."""
    told("reading", 0, 1)
    region, wanted = take_simulated_region(desk, region_id), AskedSimulation(**asked)
    outcomes = simulate_region(region, wanted, told)
    names = {"de": region.name_de, "en": region.name_en}
    return {
        lang: {"simulation": simulation_report(names[lang], wanted.weeks, outcomes)} for lang in LANGUAGES
    }


def _report(desk: Desk, region_id: str, asked: Mapping[str, Any], told: Told) -> dict[str, Parts]:
    """All that a council is told, in the order of the report; gaps only where a plan was released."""
    told("reading", 0, 1)
    begun, balance = read_begun_steps(desk, region_id), read_balance(desk, region_id)
    running = (read_connections(desk, region_id), *read_running_tables(desk, region_id))
    promised, beside = read_promised(desk, region_id), shown_counts(begun.steps)
    planned = open_planning_state(desk, region_id)
    gaps = (
        gaps_report(gaps_of(planned, REPORTED, SEED, SECONDS_A_SEAT, told)) if planned is not None else None
    )
    told("network", 0, 1)
    opened = open_network(desk, region_id)
    (region,) = (one for one in list_regions(desk) if one["region_id"] == region_id)

    def parts(lang: str) -> Parts:
        name = str(region[f"name_{lang}"])
        waits = actual_report(begun, name)
        found = {
            "figures": replace(waits, tables=[*waits.tables, *running]),
            "balance": balance_report(balance, name),
            "forecast": forecast_report(promised, name, beside),
        }
        if planned is not None and gaps is not None:
            found["gaps"] = replace(gaps, names=planned.names[lang])
        return {**found, "analysis": analyse_opened(opened, lang)}

    return {lang: parts(lang) for lang in LANGUAGES}


ANSWERS: Mapping[str, Callable[[Desk, str, Mapping[str, Any], Told], dict[str, Parts]]] = {
    "gaps": _gaps,
    "savings": _savings,
    "what-if": _what_if,
    "report": _report,
    SIMULATION: _simulation,
}


def _planned(desk: Desk, region_id: str, told: Told) -> PlannedRegion:
    told("reading", 0, 1)
    planned = open_planning_state(desk, region_id)
    if planned is None:
        raise Refusal("reckoning-no-plan")
    return planned


def _named(page: str, report: Report, planned: PlannedRegion) -> dict[str, Parts]:
    return {lang: {page: replace(report, names=names)} for lang, names in planned.names.items()}


def _scenario(asked: Mapping[str, Any], towns: Mapping[str, Mapping[str, Any]]) -> Scenario:
    """What was asked for, as the page asks; groups are copied as they are before anything is changed."""
    changes = [_change(one, towns) for one in asked["changes"]]
    rules = {name: asked[name] for name in ("long_wait_days", "overdue_factor") if asked[name] is not None}
    return Scenario(
        "",
        tuple(sorted(changes, key=lambda change: change.do != "add")),
        rules,
        asked["minimum_change"],
        asked["arrivals"] / 100,
        SEED,
        asked["more_km"],
    )


def _change(asked: Mapping[str, Any], towns: Mapping[str, Mapping[str, Any]]) -> Change:
    """One of the changes; no seats, no part of the day and so on: as before."""
    halves = frozenset(half for half in HALF_DAYS if half[:2] in WORK_DAYS and half[3:] == asked["part"])
    place, is_online = asked["place"], asked["place"] == ONLINE
    if place and not is_online and place not in towns:
        raise Refusal("reckoning-no-town")
    town = towns[place] if place and not is_online else {}
    return Change(
        asked["do"],
        asked["group"],
        shift_days=asked["shift_days"],
        seats=asked["seats"],
        minimum=asked["minimum"],
        times=halves or None,
        lat=town.get("lat"),
        lon=town.get("lon"),
        online=is_online if place else None,
    )


if __name__ == "__main__":
    os.nice(BEHIND_OTHERS)
    compute(sys.stdin.readline(), is_left, when_over=lambda: os._exit(0))
