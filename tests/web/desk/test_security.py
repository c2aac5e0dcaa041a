"""Every answer is protected, every page asks who is there, every form has its token."""

import re

import pytest

from plans.roles import Role
from tests.workflows.access.builders import an_account
from web.desk.guard import OPEN_PAGES, UNFINISHED_PAGES

ADDRESSES = ["/", "/anmelden", "/healthz", "/gibt-es-nicht", "/static/icon.svg"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_has_its_headers(office, address):
    headers = office.visitor().get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_pages_hold_nothing_inline_and_load_nothing_from_elsewhere(office):
    for page in (office.visitor().get("/anmelden").text, office.signed_in().get("/").text):
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|javascript:", page)
        assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", page)


def test_built_files_may_be_kept_for_ever(office):
    (style,) = re.findall(r'href="(/static/built/assets/[^"]+\.css)"', office.visitor().get("/anmelden").text)
    answer = office.visitor().get(style)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]


def rules(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint not in OPEN_PAGES]


def test_every_page_asks_who_is_there_unless_it_is_named_as_open(office):
    visitor = office.visitor()
    for rule in rules(office.app):
        address = re.sub(r"<[^>]+>", "x", rule.rule)
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            given = {"data": {"csrf_token": visitor.token()}} if method == "POST" else {}
            answer = visitor.client.open(address, method=method, **given)
            assert (rule.endpoint, answer.status_code) == (rule.endpoint, 303)
            assert answer.headers["Location"].startswith("/anmelden")


def test_pages_that_are_named_exist(office):
    endpoints = {rule.endpoint for rule in office.app.url_map.iter_rules()}
    assert endpoints >= (OPEN_PAGES | UNFINISHED_PAGES)


def test_a_form_without_its_token_is_refused(office):
    visitor = office.signed_in()
    assert visitor.client.post("/anmelden/bleiben").status_code == 400
    assert visitor.get("/").status_code == 200


def test_a_foreign_host_name_is_refused(office):
    answer = office.visitor().get("/anmelden", headers={"Host": "boese.example"})
    assert answer.status_code == 400
    assert "boese" not in answer.text


def test_the_token_of_a_session_cannot_be_read_by_scripts(office):
    an_account(office.store, "anna", Role.PLANNER)
    visitor = office.visitor()
    visitor.sign_in("anna", office.clock)
    cookie = visitor.client.get_cookie("sitzung")
    assert cookie.http_only and cookie.same_site == "Lax"


def test_a_fault_of_the_program_says_nothing_of_itself(office, caplog):
    def fail():
        raise ZeroDivisionError("geheim")

    visitor = office.signed_in()
    office.app.view_functions["start.show"] = fail
    answer = visitor.get("/")
    assert answer.status_code == 500
    assert "geheim" not in answer.text and "Traceback" not in answer.text
    assert "endpoint start.show" in caplog.text
