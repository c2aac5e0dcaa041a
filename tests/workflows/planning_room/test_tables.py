"""A table of figures says the same as text, page, CSV and JSON, and gives nothing away."""

import csv
import io
import re
from datetime import date

from workflows.planning_room.tables import (
    Column,
    FigureTable,
    Report,
    section,
    table_csv,
    table_data,
    text_table,
    words_of,
)
from workflows.planning_room.written import report_page, write_report
from workflows.small_cells import Hidden

TABLE = FigureTable(
    "cut",
    (Column("kind", "kind"), Column("actor", "name"), Column("seats_in_cut", "count")),
    [("job/intake", "amt", 1200), ("placement-test", "=2+3", Hidden.SMALL), ("placement-test", None, None)],
    bar="seats_in_cut",
)
NAMES = {"amt": "Amt <Muster>"}


def test_codes_become_words_and_numbers_are_written_as_the_language_does():
    german, english = (text_table(TABLE, words_of(lang), NAMES) for lang in ("de", "en"))
    assert german.rows[0] == ("Aufnahme bei der Arbeitsvermittlung", "Amt <Muster>", "1.200")
    assert english.rows[0][2] == "1,200"
    assert [row[2] for row in german.rows] == ["1.200", "unter 5", "–"]


def test_csv_and_json_hold_codes_and_say_what_is_hidden():
    rows = list(csv.DictReader(io.StringIO(table_csv(TABLE))))
    assert rows[0] == {"kind": "job/intake", "actor": "amt", "seats_in_cut": "1200"}
    assert rows[1]["seats_in_cut"] == "hidden"
    assert table_data(TABLE)[2] == {"kind": "placement-test", "actor": None, "seats_in_cut": None}


def test_no_cell_of_a_csv_file_is_a_formula():
    rows = list(csv.reader(io.StringIO(table_csv(TABLE))))
    assert rows[2][1] == "'=2+3"


def test_the_page_escapes_names_and_draws_only_figures_that_are_shown():
    written = section(TABLE, words_of("de"), NAMES)
    assert "Amt &lt;Muster&gt;" in written
    assert "<Muster>" not in written
    assert written.count("<rect") == 1


def test_a_table_without_rows_says_so():
    empty = FigureTable("cut", TABLE.columns, [])
    assert text_table(empty, words_of("de"), {}).note == "Kein Angebot begrenzt den Fluss."


def test_a_report_is_a_page_a_json_file_and_a_csv_file_for_each_table(tmp_path):
    title = ("title.analysis", {"region": "Musterkreis", "today": date(2026, 11, 23)})
    report = Report(title, [("analysis.fictional", {})], [TABLE], NAMES, "CC0")
    write_report(report, "analysis", tmp_path / "new", "en")
    assert {file.name for file in (tmp_path / "new").iterdir()} == {
        "analysis.html",
        "analysis.json",
        "cut.csv",
    }
    assert "23 Nov 2026" in report_page(report, "en")
    assert '<html lang="de">' in report_page(report, "de")


def test_the_label_of_a_bar_fits_above_it_on_a_narrow_page():
    names = {"amt": "Amt für Zuwanderung und gesellschaftliche Teilhabe im Musterkreis"}
    written = section(TABLE, words_of("de"), names)
    labels = re.findall(r'<text x="0"[^>]*>([^<]*)<', written)
    assert labels and all(len(label) <= 46 for label in labels)
    assert labels[0].endswith("…")
