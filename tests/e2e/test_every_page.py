"""Every page that a link leads to, with the content of a region at work: nobody is kept out, mouse or not.

In ``make reliability`` each page is looked at in both languages, both colour schemes and both widths; in
``make test`` in one of these looks, the next page in the next one.
"""

import pytest

from plans.roles import Role
from tests.e2e.crawl import NO_PAGES
from tests.e2e.gallery import every_page
from tests.e2e.keyboard import walked
from tests.e2e.serving import HOST, serving
from tests.e2e.watching import LOOKS, ONE_BY_ONE, every_look
from tests.reliability.sizes import IS_FULL


@pytest.fixture(scope="module")
def served(demo, tmp_path_factory):
    with serving(demo.copy(tmp_path_factory.mktemp("pages")), {}, demo.account_ids) as desk:
        yield desk


@pytest.fixture(scope="module")
def pages(served):
    """One page of each kind, as the first role that reaches it sees it."""
    return every_page(served)


@pytest.mark.parametrize("role", [*Role, None])
def test_no_page_of_a_role_keeps_anybody_out(served, pages, open_window, role):
    window = open_window(role)
    wrong = []
    for number, one in enumerate(pages):
        if one.role == (role or ""):
            looks = LOOKS if IS_FULL else ONE_BY_ONE[number % len(ONE_BY_ONE)]
            wrong += every_look(window, served.address + one.address, looks)
            wrong += [f"{one.address}: {told}" for told in walked(window)]
    assert wrong == []


def test_every_address_of_a_page_is_among_those_looked_at(served, pages):
    asked = {rule.endpoint for rule in served.app.url_map.iter_rules() if "GET" in rule.methods}
    seen = {one.endpoint for one in pages}
    assert asked - seen == NO_PAGES.keys() - seen
    assert seen <= asked
    assert not NO_PAGES.keys() - asked, "declared, but there is no such address any more"


def test_every_page_for_somebody_signed_in_has_its_help(served, pages):
    client = served.app.test_client()
    without = []
    for one in pages:
        if one.role:
            client.set_cookie("sitzung", served.token(Role(one.role)), domain=HOST)
            answer = client.get(one.address, base_url=served.address)
            if answer.status_code != 200 or '<details class="help' not in answer.text:
                without.append(one.endpoint)
    assert without == []
