"""The audit log on pages: search, older entries, export that no spreadsheet runs, verification."""

import csv
import io
import re

import pytest

from plans.roles import Role
from store import tables as t
from store.engine import for_writing
from tests.store.builders import a_unit
from tests.workflows.access.builders import an_account
from tests.workflows.desks import REGION
from web.desk.audit import pages


@pytest.fixture
def auditor(office):
    return office.signed_in(Role.AUDITOR)


def note(office, id, **details):
    with a_unit(office.store, purpose="=SUM(A1)") as uow:
        uow.describe("read-person", "person", id, region_id=REGION, details=details)
        uow.commit()


def test_entries_are_found_by_object_and_say_who_and_what(office, auditor):
    note(office, "per-1")
    note(office, "per-2")
    page = auditor.get("/protokoll?art=person&id=per-1").text
    assert "per-1" in page and "per-2" not in page.split("<tbody")[1]
    assert "Muster, Anna" in page and "Akte ansehen" in page


@pytest.mark.parametrize(
    ("asked", "is_found"), [("art=person", True), ("id=per-1", True), ("art=need", False)]
)
def test_entries_are_found_by_kind_or_number_alone(office, auditor, asked, is_found):
    note(office, "per-1")
    page = auditor.get(f"/protokoll?{asked}").text
    assert ("per-1" in page.partition("<tbody")[2]) is is_found


def test_entries_are_found_by_account(office, auditor):
    id = an_account(office.store, "anna", Role.PLANNER)
    note(office, "per-1")
    assert "Dazu gibt es keinen Eintrag" in auditor.get(f"/protokoll?konto={id}").text


def test_a_long_log_is_read_page_by_page(office, auditor, monkeypatch):
    monkeypatch.setattr(pages, "ENTRIES_A_PAGE", 2)
    for number in range(3):
        note(office, f"per-{number}")
    first = auditor.get("/protokoll").text
    assert "per-2" in first and "per-0" not in first
    onward = re.search(r'href="([^"]*vor=\d+[^"]*)"', first)[1].replace("&amp;", "&")
    assert "per-0" in auditor.get(onward).text


def test_the_export_holds_what_was_searched_and_no_formula(office, auditor):
    note(office, "per-1", why="=1+1")
    answer = auditor.get("/protokoll/ausfuhr.csv?art=person&id=per-1")
    assert "attachment" in answer.headers["Content-Disposition"]
    (row,) = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert (row["object_id"], row["purpose"]) == ("per-1", "'=SUM(A1)")


def test_a_whole_log_is_said_to_be_whole_and_a_changed_one_is_not(office, auditor):
    note(office, "per-1")
    at = "/protokoll/pruefung"
    page = auditor.post(at, {}, at=at).text
    assert "vollständig und unverändert" in page
    anchor = re.search(r'class="secret">([^<]+)<', page)[1]
    assert "vollständig und unverändert" in auditor.post(at, {"anchor": anchor}, at=at).text
    with for_writing(office.store.engine).begin() as connection:
        changed = t.audit_entry.update().where(t.audit_entry.c.object_id == "per-1")
        connection.execute(changed.values(object_id="per-9"))
    assert "Das Protokoll wurde verändert" in auditor.post(at, {}, at=at).text


def test_a_line_that_is_no_earlier_state_is_refused(auditor):
    at = "/protokoll/pruefung"
    assert auditor.post(at, {"anchor": "unsinn"}, at=at).status_code == 422
