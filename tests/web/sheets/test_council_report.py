"""The report for a council: tables as long and as wide as paper allows, and what is left out is said."""

from datetime import date

import pytest

from web.sheets.council_report import MOST_COLUMNS, MOST_ROWS, council_report, report_data
from workflows.planning_room.tables import Column, FigureTable, Report

ON = date(2026, 12, 1)


def a_report(many, *columns):
    rows = [[f"{column.name} {n}" if column.look == "name" else n for column in columns] for n in range(many)]
    report = Report(("title.actual", {}), [], [FigureTable("empty-seats", columns, rows)])
    return {"figures": Report(("title.actual", {}), [], []), "gaps": report}


def told(parts, lang="de"):
    (_, (table,)) = (part["tables"] for part in report_data(parts, "Musterkreis", ON, lang)["parts"])
    return table


NARROW = (Column("actor", "name"), Column("empty_seats", "count"))


@pytest.mark.parametrize("many", [1, MOST_ROWS])
def test_a_table_that_fits_is_whole(many):
    table = told(a_report(many, *NARROW))
    assert len(table["rows"]) == many and table["numbers"] == [1]
    assert "Gezeigt sind" not in table["note"] and "Weitere Spalten" not in table["note"]


@pytest.mark.parametrize(
    ("lang", "said"), [("de", "die ersten 20 von 21 Zeilen"), ("en", "first 20 of 21 rows")]
)
def test_a_longer_table_shows_its_first_rows_and_says_so(lang, said):
    table = told(a_report(MOST_ROWS + 1, *NARROW), lang)
    assert [row[0] for row in table["rows"]] == [f"actor {n}" for n in range(MOST_ROWS)]
    assert said in table["note"]


def test_a_wider_table_shows_its_first_columns_and_says_so():
    wide = (*NARROW, *(Column("empty_seats", "count"),) * MOST_COLUMNS)
    table = told(a_report(1, *wide))
    assert {len(row) for row in (table["columns"], *table["rows"])} == {MOST_COLUMNS}
    assert "Weitere Spalten" in table["note"]


def test_what_stands_in_the_columns_beside_is_not_said_twice():
    beside = (Column("slot", "name"), Column("offering", "name"))
    table = told(a_report(1, *beside, *NARROW))
    assert (table["rows"], table["numbers"]) == ([["offering 0", "actor 0", "0"]], [2])
    assert told(a_report(1, beside[0], *NARROW))["rows"] == [["slot 0", "actor 0", "0"]]


def test_a_chart_of_noughts_is_left_out():
    columns = (Column("kind", "text"), Column("empty_seats", "count"))
    for rows, bars in (([["a", 0], ["b", 0]], 0), ([["a", 0], ["b", 3]], 2)):
        table = FigureTable("empty-seats", columns, rows, bar="empty_seats")
        parts = {
            "figures": Report(("title.actual", {}), [], []),
            "gaps": Report(("title.gaps", {}), [], [table]),
        }
        assert len(told(parts)["bars"]) == bars


def test_the_first_page_says_what_matters_and_where_it_stands():
    columns = (Column("actor", "name"), Column("lost_people", "count"))
    table = FigureTable("failures", columns, [["jc", 22]])
    parts = {
        "figures": Report(("title.actual", {}), [], []),
        "analysis": Report(("title.analysis", {}), [], [table], {"jc": "Jobcenter Muster"}),
    }
    failure, caution = report_data(parts, "Musterkreis", ON, "de")["messages"]
    assert failure["figure"] == "22 Menschen" and "„Jobcenter Muster“" in failure["sentence"]
    assert failure["source"] == "Aus: Netzanalyse, Wenn ein Akteur ausfällt"
    assert (caution["figure"], caution["source"]) == ("Vorbehalt", "")


def test_the_same_report_gives_the_same_pdf():
    first, second = (council_report(a_report(30, *NARROW), "Musterkreis", ON, "de") for _ in range(2))
    assert first.startswith(b"%PDF") and first == second
