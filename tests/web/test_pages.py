"""Every page answers in both languages, with the headers and the outlines that it promises."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from web.app import create_app
from workflows.session import RegionDesk

FILTERED = "/network?kind=integration-course&half_day=am&town=Musterstadt&km=12,5&free=1&text=a"


def addresses(desk: RegionDesk) -> list[str]:
    """Every route once, the parametrised ones with their first value."""
    need = next(iter(desk.steps.values()))
    person = f"/people/{need.person.id}"
    actor = f"/network/actor/{next(iter(desk.region.actors))}"
    return [
        "/",
        "/network",
        FILTERED,
        actor,
        "/people",
        "/people?state=open",
        person,
        f"{person}/needs/{need.need.id}",
        "/gaps",
    ]


class Outline(HTMLParser):
    """Collects what a reader of the page relies on."""

    void = frozenset({"meta", "link", "input", "br", "hr", "img"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.levels: list[int] = []
        self.tags: list[str] = []
        self.inline: list[str] = []
        self.unlabelled: list[str] = []
        self.labels: set[str] = set()
        self.inputs: list[str] = []
        self.headers_without_scope = 0
        self.feed(html)
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        if tag not in self.void:
            self.open.append(tag)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        for name in ("aria-labelledby", "for"):
            self.targets += str(given.get(name) or "").split()
        if str(given.get("href") or "").startswith("#"):
            self.targets.append(str(given["href"])[1:])
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        if tag in ("script", "style"):
            self.inline.append(tag)
        if tag in ("input", "select"):
            self.inputs.append(str(given.get("id")))
        if tag == "label":
            self.labels.add(str(given.get("for")))
        self.headers_without_scope += tag == "th" and "scope" not in given

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"</{tag}> closes something else"


@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_route_answers_in_the_language_asked_for(
    client: FlaskClient, desk: RegionDesk, lang: str
) -> None:
    for address in addresses(desk):
        answer = client.get(address, query_string=None, headers={"Accept-Language": lang})
        assert answer.status_code == 200, address
        assert f'<html lang="{lang}">' in answer.text


def test_every_page_is_well_formed_and_can_be_read_without_eyes(
    client: FlaskClient, desk: RegionDesk
) -> None:
    for address in addresses(desk):
        outline = Outline(client.get(address).text)
        assert outline.levels.count(1) == 1, address
        assert all(
            deeper - level <= 1 for level, deeper in zip(outline.levels, outline.levels[1:], strict=False)
        ), address
        assert len(outline.ids) == len(set(outline.ids)), address
        assert set(outline.targets) <= set(outline.ids), (address, set(outline.targets) - set(outline.ids))
        assert set(outline.inputs) <= outline.labels, address
        assert not outline.headers_without_scope, address
        assert {"header", "main", "nav", "footer"} <= set(outline.tags), address


def test_no_page_holds_inline_code_or_asks_another_machine(client: FlaskClient, desk: RegionDesk) -> None:
    for address in addresses(desk):
        html = client.get(address).text
        assert not Outline(html).inline, address
        assert not re.search(r"""(?:src|href|action|url)\s*=\s*["']?(?:https?:)?//""", html), address
    with client.get("/static/style.css") as answer:
        css = answer.text
    assert "url(" not in css and "@import" not in css


def test_every_answer_carries_the_protecting_headers(client: FlaskClient) -> None:
    for address in ("/", "/network", "/no-such-page", "/static/style.css", "/healthz"):
        with client.get(address) as answer:
            headers = answer.headers
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"


def test_the_chosen_language_is_remembered_and_the_switch_keeps_the_filter(client: FlaskClient) -> None:
    assert '<html lang="de">' in client.get("/").text
    page = client.get("/network?kind=job/intake&lang=en").text
    assert "kind=job%2Fintake&amp;lang=de" in page
    assert '<html lang="en">' in client.get("/people").text
    assert '<html lang="de">' in client.get("/?lang=de").text


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/no-such-page", 404),
        ("/people/nobody", 404),
        ("/people/nobody/needs/nothing", 404),
        ("/network/actor/nobody", 404),
        ("/people/%00%ff", 404),
    ],
)
def test_what_does_not_exist_is_said_in_both_languages(client: FlaskClient, address: str, code: int) -> None:
    german, english = client.get(f"{address}?lang=de"), client.get(f"{address}?lang=en")
    assert german.status_code == english.status_code == code
    assert "Das gibt es hier nicht" in german.text
    assert "There is no such thing here" in english.text


def test_a_need_of_somebody_else_is_not_found(client: FlaskClient, desk: RegionDesk) -> None:
    first, *_, last = desk.steps.values()
    assert client.get(f"/people/{last.person.id}/needs/{first.need.id}").status_code == 404


def test_writing_is_refused(client: FlaskClient) -> None:
    answer = client.post("/people")
    assert answer.status_code == 405
    assert "können nur gelesen werden" in answer.text


def test_a_foreign_host_name_is_refused(client: FlaskClient) -> None:
    answer = client.get("/people", headers={"Host": "rebound.example"})
    assert answer.status_code == 400
    assert "Muster" not in answer.text


def test_the_sign_of_life_is_json(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}


def test_every_person_and_every_need_has_a_page(client: FlaskClient, desk: RegionDesk) -> None:
    for person_id in desk.people:
        assert client.get(f"/people/{person_id}").status_code == 200
    for need_id, step in desk.steps.items():
        assert client.get(f"/people/{step.person.id}/needs/{need_id}").status_code == 200


def test_every_actor_has_a_page(client: FlaskClient, desk: RegionDesk) -> None:
    for actor_id in desk.region.actors:
        assert client.get(f"/network/actor/{actor_id}").status_code == 200


def test_a_region_with_gaps_and_unsaid_details_shows_all_pages(sparse_desk: RegionDesk) -> None:
    client = create_app(sparse_desk).test_client()
    for address in addresses(sparse_desk):
        assert client.get(address).status_code == 200, address


VALUES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "1e999",
            "nan",
            "-1",
            "0",
            "am",
            "mo-am",
            "'\"><b>",
            "%",
            "{0}",
            "{kind}",
            "Musterstadt",
            "integration-course",
        ]
    ),
)
NAMES = [
    "kind",
    "half_day",
    "feature",
    "language",
    "town",
    "km",
    "free",
    "text",
    "state",
    "profile",
    "lang",
    "other",
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    page=st.sampled_from(["/", "/network", "/people", "/gaps"]),
    query=st.dictionaries(st.sampled_from(NAMES), VALUES),
)
def test_no_query_ever_breaks_a_page(client: FlaskClient, page: str, query: dict[str, str]) -> None:
    answer = client.get(page, query_string=query)
    assert answer.status_code == 200
    assert "<b>" not in answer.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("kind=nonsense", "gibt es hier nicht"),
        ("km=far&town=Musterstadt", "ist keine Zahl"),
        ("km=nan&town=Musterstadt", "ist keine Zahl"),
        ("km=5", "Bitte dazu einen Ort wählen"),
        ("town=Nirgendwo", "gibt es hier nicht"),
    ],
)
def test_a_wrong_filter_value_is_named_on_the_page(client: FlaskClient, query: str, said: str) -> None:
    answer = client.get(f"/network?{query}")
    assert answer.status_code == 200
    assert said in answer.text
