"""Promise 8: everyone sees only what is theirs, on every page of the desk, asked as every role.

Every cell of the matrix is declared in ``matrix.py``; the pages come from the map of addresses, so that a
new one without a row fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from unittest.mock import patch

import pytest

from plans.roles import Role
from store.secrets import KeyRing
from store.unit_of_work import Store
from tests.databases import quick_engine, sqlite_url
from tests.web.desk.matrix import OPEN, ROWS, Reach, Row
from tests.web.desk.visitors import Visitor
from tests.web.desk.world import Side, World, a_world
from tests.workflows.access.builders import START, Clock, version_of, with_clock
from tests.workflows.desks import the_machine
from web.desk.app import create_desk
from workflows.access.accounts import deactivate_account
from workflows.desk_store import form_key
from workflows.planning_room.reckonings import start_reckoning
from workflows.planning_runs.runs import start_run

MISSING = "00000000000000000000000000000000"


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Iterator[World]:
    yield from begun_world(tmp_path_factory)


@pytest.fixture
def unchecked_world(tmp_path_factory) -> Iterator[World]:
    """A world of its own: what is done in it without checks must not stand in the way of other tests."""
    yield from begun_world(tmp_path_factory)


def begun_world(tmp_path_factory) -> Iterator[World]:
    engine = quick_engine(sqlite_url(tmp_path_factory.mktemp("world") / "desk.db"))
    store = with_clock(Store(engine, KeyRing.make()), Clock(START))
    app = create_desk(store, secret_key=form_key(store), hosts=["localhost"], is_secure=False)
    app.config["WTF_CSRF_ENABLED"] = False  # the token has its own tests; here it would hide what decides
    begun = (
        patch("web.desk.planning.region.begin_planning", start_run),
        patch("web.desk.planning.reckoning.begin_reckoning", start_reckoning),
        patch("web.desk.planning.reckoning.PATIENCE_SECONDS", 0),
    )
    with begun[0], begun[1], begun[2]:  # without processes that compute
        yield a_world(store, app)
    engine.dispose()


def routes(world: World) -> list[tuple[str, str, str]]:
    """Endpoint, method and address with its variables, of every page that is not open to everybody."""
    return sorted(
        (rule.endpoint, method, rule.rule)
        for rule in world.app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.endpoint not in OPEN
    )


def test_every_page_has_a_row_and_every_row_a_page(world):
    found = {endpoint for endpoint, _, _ in routes(world)}
    assert {"without a row": found - ROWS.keys(), "without a page": ROWS.keys() - found} == {
        "without a row": set(),
        "without a page": set(),
    }


def test_a_page_whose_address_names_an_object_says_how_to_make_one(world):
    missing = {endpoint for endpoint, _, rule in routes(world) if "<" in rule and ROWS[endpoint].of is None}
    assert missing == set()


@pytest.mark.parametrize("endpoint", sorted(ROWS))
def test_every_role_gets_what_is_declared_and_nothing_else(world, endpoint):
    assert list(deviations(world, endpoint, ROWS[endpoint])) == []


def test_the_matrix_goes_red_where_a_check_is_missing(unchecked_world, monkeypatch):
    monkeypatch.setattr("workflows.acting.may", lambda *_: True)
    monkeypatch.setattr("workflows.acting.standard_roles", dict)
    checked = {endpoint: row for endpoint, row in ROWS.items() if set(row.reach) != set(Role)}
    seen = {endpoint for endpoint, row in checked.items() if any(deviations(unchecked_world, endpoint, row))}
    assert seen == checked.keys()


def deviations(world: World, endpoint: str, row: Row) -> Iterator[str]:
    """What a page answers other than declared: for each role and whose object it is."""
    for _, method, rule in (route for route in routes(world) if route[0] == endpoint):
        own = address(world, rule, row, world.own)
        for who, visitor in strangers(world):
            yield from said(f"{method} {rule} as {who}", ask(visitor, method, own, row), "sign-in")
        for role in Role:
            cell = f"{method} {rule} as {role}"
            answer = ask(world.visitor(role), method, own, row)
            yield from said(f"{cell}, own", answer, "yes" if role in row.reach else "no")
            if row.ends_session:
                world.visitor(role, fresh=True)
            if row.of is not None and role in row.reach:
                yield from foreign_deviations(world, method, rule, row, role, cell)


def foreign_deviations(
    world: World, method: str, rule: str, row: Row, role: Role, cell: str
) -> Iterator[str]:
    """Where a foreign object is shown, or does not look exactly like one that is missing."""
    visitor = world.visitor(role)
    missing = ask(visitor, method, re.sub(r"<[^>]+>", MISSING, rule), row)
    yield from said(f"{cell}, missing", missing, "no", "nothing")
    for side, seen_by in ((world.neighbour, {Reach.ALL, Reach.REGION}), (world.elsewhere, {Reach.ALL})):
        foreign = ask(visitor, method, address(world, rule, row, side), row)
        if row.reach[role] in seen_by:
            yield from said(f"{cell}, of {side.region_id}", foreign, "yes")
            continue
        yield from said(f"{cell}, foreign", foreign, "no", "nothing")
        if told(foreign) != told(missing):
            yield f"{cell}: a foreign object does not look like a missing one"


def address(world: World, rule: str, row: Row, side: Side) -> str:
    """The address of a new object of a side."""
    values = row.of(world, side) if row.of is not None else {}
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found[1]], rule)


def ask(visitor: Visitor, method: str, path: str, row: Row):
    """Ask for a page, or send its form with a key of its own."""
    form = (
        {"request_key": path + visitor.account_id, "version": "1", **row.form} if method == "POST" else None
    )
    answer = visitor.client.open(path, method=method, data=form, buffered=True)
    if method == "POST" and answer.status_code == 303:
        visitor.get("/")  # what was done is told on the next page, and there only
    return answer


def strangers(world: World) -> Iterator[tuple[str, Visitor]]:
    """Nobody, and somebody whose account was deactivated a moment ago."""
    yield "nobody", Visitor(world.app.test_client())
    if "gone" not in world.app.config:
        visitor = world.visitor(Role.COORDINATOR, fresh=True)
        id = visitor.account_id
        deactivate_account(the_machine(world.store), id, version_of(world.store, id))
        world.app.config["gone"] = visitor
        world.visitor(Role.COORDINATOR, fresh=True)
    yield "deactivated", world.app.config["gone"]


def said(cell: str, answer, *wanted: str) -> Iterator[str]:
    """A sentence where an answer is not what a cell wants."""
    got = answered(answer)
    if got not in wanted:
        yield f"{cell}: {got} ({answer.status_code}) instead of {' or '.join(wanted)}"


def answered(answer) -> str:
    """What an answer means to whoever asked."""
    leads_to_sign_in = answer.status_code == 303 and answer.headers["Location"].startswith("/anmelden?")
    if leads_to_sign_in or (
        answer.headers.get("Location") == "/anmelden" and "sitzung=" not in str(answer.headers)
    ):
        return "sign-in"
    meaning = {401: "sign-in", 403: "no", 404: "nothing"}
    if answer.status_code in meaning:
        return meaning[answer.status_code]
    return "fault" if answer.status_code >= 500 else "yes"


def told(answer) -> tuple[int, str]:
    """Status and text of an answer without tokens, keys, and the address asked for."""
    text = re.sub(r'(csrf-token" content|value)="[^"]*"|"X-CSRFToken": "[^"]*"', "", answer.text)
    return answer.status_code, re.sub(r"[0-9a-f]{32}|/[\w/-]+\?lang=\w\w", "", text)
