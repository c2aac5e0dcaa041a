"""Promise 3 over forms: every form of the desk may be sent twice and counts once, with the same answer.

The forms come from the map of addresses, so that a new one is tried without anybody adding it; each is read
from the page it stands on and filled in as a person would.
"""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from store import tables as t
from tests.web.desk.double_forms import AS, OF, PAGES, TELLS_ONCE, TYPED, WITHOUT_KEY
from tests.web.desk.filled_forms import filled, form_to
from tests.web.desk.matrix import ROWS
from tests.web.desk.test_matrix import begun_world

SEEN_APART = {t.session.name, t.audit_entry.name, t.audit_head.name, t.idempotency_key.name}
"""Tables that a request may change by being one: its session, that a file was read, its key."""


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    yield from begun_world(tmp_path_factory)


@pytest.fixture
def careless_world(tmp_path_factory, monkeypatch):
    """A world in which nobody remembers the key of a request."""
    monkeypatch.setattr("store.idempotency.claim", lambda *_: None)
    monkeypatch.setattr("store.idempotency.keep", lambda *_: None)
    yield from begun_world(tmp_path_factory)


def forms(app) -> list[str]:
    """Every endpoint that takes a form which is to count once."""
    posts = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    return sorted(posts - WITHOUT_KEY)


def kept(world) -> dict[str, list]:
    """Everything the store remembers but what every request leaves behind."""
    names = [table.name for table in t.metadata.sorted_tables if table.name not in SEEN_APART]
    with world.store.engine.connect() as connection:
        return {name: connection.execute(sa.text(f"SELECT * FROM {name}")).fetchall() for name in names}


class Sent:
    """One form of an endpoint, to be sent again and again."""

    def __init__(self, world, endpoint):
        row = ROWS[endpoint]
        self.visitor = world.visitor(AS.get(endpoint) or next(iter(row.reach)))
        making = OF.get(endpoint, row.of)
        values = dict(making(world, world.own)) if making else {}
        urls = world.app.url_map.bind("localhost")
        self.address = urls.build(endpoint, _needed(world.app, endpoint, values, "POST"), method="POST")
        page = PAGES.get(endpoint, endpoint)
        at = urls.build(page, _needed(world.app, page, values, "GET"), method="GET")
        shown = self.visitor.get(at)
        form = form_to(shown.text, at, self.address)
        if form is None:
            raise LookupError(f"{at} ({shown.status_code}) has no form for {self.address}")
        typed = TYPED[endpoint](world, values) if endpoint in TYPED else {}
        self.form = filled(form, typed)

    def send(self):
        files = {name: value() if callable(value) else value for name, value in self.form.items()}
        answer = self.visitor.client.post(self.address, data=files, buffered=True)
        if answer.status_code == 303:
            self.visitor.get("/")  # what was done is told on the next page, and there only
        return answer


def _needed(app, endpoint, values, method):
    rule = next(one for one in app.url_map.iter_rules(endpoint) if method in one.methods)
    return {name: values[name] for name in rule.arguments}


def deviation(world, endpoint) -> str:
    """What is wrong when a form is sent twice; nothing where it counts once."""
    try:
        form, before = Sent(world, endpoint), kept(world)
    except LookupError as missing:
        return str(missing)
    first = form.send()
    once = kept(world)
    second = form.send()
    if first.status_code not in (200, 303):
        return f"refused at once ({first.status_code}): {said(first)}"
    if once == before:
        return "nothing was done"
    if kept(world) != once:
        return "done twice"
    if answer(first) != answer(second) and endpoint not in TELLS_ONCE:
        return f"{answer(first)}, then {answer(second)}: {said(second)}"
    return ""


def answer(response):
    return response.status_code, response.headers.get("Location")


def said(response) -> str:
    """What a refusal says, without its page."""
    told = re.findall(r'role="alert".*?</(?:div|p)>|<h1.*?</h1>', response.text, re.S)
    return re.sub(r"<[^>]+>|\s+", " ", " ".join(told))[:300]


def test_every_form_sent_twice_counts_once_and_gets_the_same_answer(world):
    wrong = {endpoint: told for endpoint in forms(world.app) if (told := deviation(world, endpoint))}
    assert wrong == {}


def test_forms_without_a_key_are_named_and_exist(world):
    assert {rule.endpoint for rule in world.app.url_map.iter_rules()} >= WITHOUT_KEY | TELLS_ONCE


def test_without_the_key_every_form_that_adds_something_adds_it_twice(careless_world):
    """The control: what is only added has nothing but its key to guard it."""
    adding = ("cases.new_goal", "cases.new_step", "cases.consent", "people.new")
    told = {endpoint: deviation(careless_world, endpoint) for endpoint in adding}
    assert set(told.values()) != {""}
    assert told["cases.consent"] == told["people.new"] == "done twice"
