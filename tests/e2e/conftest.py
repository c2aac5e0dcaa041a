"""One browser for all tests, one served desk for each module, one watched window for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from plans.roles import Role
from store.engine import make_engine
from store.secrets import KeyRing
from store.unit_of_work import Store
from tests.e2e.chromium import NoBrowser, find_chromium, flags, must_have_browser
from tests.e2e.gallery import fill_for_pictures
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


@dataclass(frozen=True)
class Demo:
    """The fictional region with some months of work: its database, keys, and an account of each role."""

    path: Path
    keys: KeyRing
    account_ids: dict[Role, str]

    def copy(self, folder: Path) -> Store:
        """A store of one's own with the same content."""
        shutil.copyfile(self.path, folder / "desk.db")
        return Store(make_engine(f"sqlite:///{folder / 'desk.db'}"), self.keys)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Filled once by the workflows; a small run of the engine is released, another one is not."""
    folder = tmp_path_factory.mktemp("demo")
    store = fresh_store(folder)
    ids = fill_for_pictures(store, households=10, days=110)
    store.engine.dispose()
    return Demo(folder / "desk.db", store.keys, ids)


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
