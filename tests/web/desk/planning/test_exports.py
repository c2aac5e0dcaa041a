"""Every table of every planning page as CSV, as JSON and in the report: the same cells are hidden."""

import csv
import io
import re

import pytest

from tests.web.desk.planning.builders import AT, asked, begun
from workflows.planning_room.actual import DIMENSIONS
from workflows.planning_room.tables import table_data
from workflows.small_cells import SMALLEST_SHOWN

PAGES = {
    "planning.figures": [f"zahlen?nach={name}" for name in DIMENSIONS] + ["zahlen?ort=town:Neudorf"],
    "planning.balance": ["bilanz"],
    "planning.forecast": ["vorhersage"],
    "planning.analysis": ["netzanalyse"],
    "planning.reckoning": ["luecken", "mehr-plaetze", "was-waere-wenn", "simulation"],
}
"""Pages with tables by the endpoint that shows them; the last ones are asked for first."""
WITHOUT_TABLES = {
    *("planning.regions", "planning.show", "planning.run", "planning.progress"),
    *("planning.gaps", "planning.savings", "planning.what_if", "planning.simulation", "planning.report"),
    *("planning.reckoning_progress", "planning.report_file", "planning.travel_times"),
}
"""Pages that ask, watch or list, and the report, which is set from the tables of the others."""
FORMS = {
    "was-waere-wenn": {"do": "keep", "arrivals": "50"},
    "simulation": {"people": "20", "weeks": "13", "seeds": "1", "policies": ["earliest-slot"]},
}
COUNTS = {"people", "people_unmet", "people_late", "people_gain", "people_lose", "people_who_gain", "talks"}


@pytest.fixture
def some_began(office, place):
    for many, waited, kind in (
        (12, 21, "placement-test"),
        (3, 90, "job/intake"),
        (7, 60, "coaching/voucher"),
    ):
        begun(office, many, waited, kind)


def test_every_planning_page_is_looked_at(office):
    found = {
        rule.endpoint
        for rule in office.app.url_map.iter_rules()
        if rule.endpoint.startswith("planning.") and "GET" in rule.methods
    }
    assert found == PAGES.keys() | WITHOUT_TABLES


@pytest.fixture
def addresses(some_began, reckoned_here, planner):
    def of(endpoint):
        for page in PAGES[endpoint]:
            is_asked = endpoint == "planning.reckoning"
            yield asked(planner, page, **FORMS.get(page, {})) if is_asked else f"{AT}/{page}"

    return of


@pytest.mark.parametrize("endpoint", PAGES)
def test_a_table_has_the_same_cells_in_every_form(addresses, planner, endpoint):
    for address in addresses(endpoint):
        page = planner.get(address)
        if page.status_code == 404:
            continue  # nobody lives in that town
        keys = re.findall(r"[?;]tabelle=([a-z-]+)", page.text)
        hidden = 0
        for key in keys:
            file = f"{address}{'&' if '?' in address else '?'}tabelle={key}"
            text = planner.get(file).text.removeprefix("\ufeff")
            rows, data = list(csv.DictReader(io.StringIO(text))), planner.get(f"{file}&form=json").json
            plain = [{name: "" if cell is None else str(cell) for name, cell in row.items()} for row in data]
            assert [{name: cell.removeprefix("'") for name, cell in row.items()} for row in rows] == plain
            hidden += sum(cell == "hidden" for row in data for cell in row.values())
            told = [row[name] for row in data for name in COUNTS & row.keys() if row[name] != "hidden"]
            assert endpoint == "planning.analysis" or all(n == 0 or n >= SMALLEST_SHOWN for n in told if n)
        cells = re.findall(r"<td[^>]*>(?:unter 5|verdeckt)</td>", page.text)
        assert len(cells) == hidden, address


def test_the_report_is_set_from_the_tables_of_the_pages(some_began, reckoned_here, planner, monkeypatch):
    given = {}

    def council_report(parts, *about):
        given.update(parts)
        return b"%PDF"

    monkeypatch.setattr("web.desk.planning.reckoning.council_report", council_report)
    planner.get(asked(planner, "bericht") + "/bericht")
    pages = {
        "figures": "zahlen?nach={}",
        "balance": "bilanz",
        "forecast": "vorhersage",
        "analysis": "netzanalyse",
    }
    for part, page in pages.items():
        for table in given[part].tables:
            at = page.format(table.key.removeprefix("actual-") if table.key[7:] in DIMENSIONS else "kind")
            file = f"{AT}/{at}{'&' if '?' in at else '?'}tabelle={table.key}&form=json"
            assert planner.get(file).json == table_data(table), table.key
    at = asked(planner, "luecken")
    for table in given["gaps"].tables:
        if table.key.endswith("-savings"):
            continue  # asked for by a page of its own, which tries more seats
        assert planner.get(f"{at}?tabelle={table.key}&form=json").json == table_data(table), table.key
