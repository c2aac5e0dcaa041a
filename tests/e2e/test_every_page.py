"""Every page that a link leads to, with the content of a region at work: nobody is kept out, mouse or not.

In ``make reliability`` each page is looked at in both languages, both colour schemes and both widths; in
``make test`` in one of these looks, the next page in the next one.
"""

import pytest

from plans.roles import Role
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


@pytest.mark.parametrize("role", Role)
def test_no_page_of_a_role_keeps_anybody_out(served, pages, open_window, role):
    window = open_window(role)
    wrong = []
    for number, one in enumerate(pages):
        if one.role == role:
            looks = LOOKS if IS_FULL else ONE_BY_ONE[number % len(ONE_BY_ONE)]
            wrong += every_look(window, served.address + one.address, looks)
            wrong += [f"{one.address}: {told}" for told in walked(window)]
    assert wrong == []


def test_links_lead_to_most_pages_and_each_has_its_help(served, pages):
    assert len(pages) > 25
    client = served.app.test_client()
    without = []
    for one in pages:
        client.set_cookie("sitzung", served.token(Role(one.role)), domain=HOST)
        if '<details class="help' not in client.get(one.address, base_url=served.address).text:
            without.append(one.endpoint)
    assert without == []
