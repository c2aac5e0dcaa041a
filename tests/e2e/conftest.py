"""One browser for all tests, one served desk for each module, one watched window for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from plans.roles import Role
from store.unit_of_work import Store
from tests.e2e.chromium import NoBrowser, find_chromium, flags, must_have_browser
from tests.e2e.serving import Served, fresh_store, serving
from tests.e2e.watching import HEIGHT, Watch
from tests.workflows.access.builders import a_town

Opening = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real headless Chromium; without one the tests are skipped with a sentence, in CI they fail."""
    with sync_playwright() as playwright:
        try:
            program = find_chromium(Path(playwright.chromium.executable_path))
        except NoBrowser as error:
            if must_have_browser():
                pytest.fail(str(error), pytrace=False)
            pytest.skip(str(error))
        started = playwright.chromium.launch(executable_path=program, args=flags())
        yield started
        started.close()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, dict[Role, str]]:
    """A store and the organisation of each role that needs one; modules that need more define their own."""
    store = fresh_store(tmp_path_factory.mktemp("desk"))
    office, provider = a_town(store)
    return store, {Role.COUNSELLOR: office, Role.PROVIDER: provider}


@pytest.fixture(scope="module")
def served(filled: tuple[Store, dict[Role, str]]) -> Iterator[Served]:
    """The desk of this module, served until its last test is over."""
    with serving(*filled) as desk:
        yield desk


@pytest.fixture
def watch(served: Served) -> Iterator[Watch]:
    """What was seen while this test used its windows; a fault that the test did not take fails it."""
    watching = Watch(urlsplit(served.address).netloc)
    yield watching
    assert watching.faults == []


@pytest.fixture
def open_window(browser: Browser, served: Served, watch: Watch) -> Iterator[Opening]:
    """Open a window: ``open_window(Role.PLANNER, "/planung", width=375)``; None = nobody is signed in."""
    contexts = []

    def open_(
        role: Role | None, path: str = "/", *, lang: str = "de", scheme: str = "light", width: int = 1440
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": HEIGHT[width]}, color_scheme=scheme, locale=lang
        )
        contexts.append(context)
        context.set_default_timeout(60_000)
        if role is not None:
            context.add_cookies([{"name": "sitzung", "value": served.token(role), "url": served.address}])
        page = watch.over(context.new_page())
        page.goto(served.address + path)
        return page

    yield open_
    for context in contexts:
        context.close()
