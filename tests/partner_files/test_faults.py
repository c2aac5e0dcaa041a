"""Everything that is wrong with a folder is said at once: where, what, and what to write instead."""

import re
from datetime import date

import pytest
from folder_builder import GOOD, a_folder, with_line
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from network.actors import ActorType
from network.faults import MESSAGES
from network.partner_files import PartnerFault, find_region, read_region


def faults_of(folder):
    with pytest.raises(PartnerFault) as caught:
        read_region(folder)
    return caught.value.faults


def codes_of(folder):
    return [fault.code for fault in faults_of(folder)]


def test_ten_planted_faults_are_all_reported_with_line_and_hint(tmp_path):
    folder = a_folder(
        tmp_path,
        actors=with_line("actors", "vhs,Zweite VHS,course-provider,Musterstadt,9.2,50.6,deu,,yes"),
        offerings=with_line("offerings", "x,vhss,Kurs,integration-kurs,A0,B1,,,,no,,"),
        groups=GOOD["groups.csv"]
        + "g9,kurs,31.02.2027,7,28,1|9,-3,0,0,mo-fr-am,no,,,,,,,yes\n"
        + "g8,kurs,2027-01-11,7,28,1,10,11,12,mo-xx,no,,,,,,,yes\n",
    )
    found = {(f.file, f.line, f.column, f.code) for f in faults_of(folder)}
    assert found == {
        ("actors.csv", 5, "id", "duplicate_id"),
        ("actors.csv", 5, "lat", "swapped"),
        ("offerings.csv", 6, "actor", "unknown_actor"),
        ("offerings.csv", 6, "kind", "unknown_kind"),
        ("offerings.csv", 6, "source", "no_source"),
        ("groups.csv", 5, "start", "impossible_date"),
        ("groups.csv", 5, "seats", "negative"),
        ("groups.csv", 5, "entry_modules", "entry_beyond_modules"),
        ("groups.csv", 6, "booked", "overbooked"),
        ("groups.csv", 6, "minimum", "minimum_too_high"),
        ("groups.csv", 6, "times", "bad_half_day"),
    }
    texts = {f.code: f.text("de") for f in faults_of(folder)}
    assert "Meinten Sie „vhs“?" in texts["unknown_actor"]
    assert "Meinten Sie „integration-course“?" in texts["unknown_kind"]
    assert "28.02.2027" in texts["impossible_date"]


ROWS = [
    ("actors", "a,A,course-provider,Musterstadt,50.6,29.2,deu,,yes", "outside_germany", "lon"),
    ("actors", "a,A,course-provider,Musterstadt,50.6,,deu,,yes", "incomplete_place", "place"),
    ("actors", "a,A,course-provider,Nirgendwo,,,deu,,yes", "incomplete_place", "place"),
    ("actors", "a,A,Sprachkursträgr,Musterstadt,,,deu,,yes", "unknown_word", "type"),
    ("actors", "a,A,school,Musterstadt,,,klingonisch,,yes", "bad_language", "languages"),
    ("actors", "a b,A,school,Musterstadt,,,deu,,yes", "bad_id", "id"),
    ("actors", "a-m1,A,school,Musterstadt,,,deu,,yes", "reserved_id", "id"),
    ("actors", "a,=B7,school,Musterstadt,,,deu,,yes", "formula", "name"),
    ("actors", "a,#NAME?,school,Musterstadt,,,deu,,yes", "excel_error", "name"),
    ("actors", "a,,school,Musterstadt,,,deu,,yes", "missing_value", "name"),
    ("actors", "a,A,school,Musterstadt,,,deu,,vielleicht", "not_yes_no", "illustrative"),
    ("actors", "a,A,school,Musterstadt,fünfzig,9.2,deu,,yes", "not_a_coordinate", "lat"),
    ("actors", "a," + "A" * 3000 + ",school,Musterstadt,,,deu,,yes", "huge_cell", "name"),
    ("actors", "a,A,school,Musterstadt,,,deu,,yes,zuviel", "row_too_long", None),
    ("actors", "a,A,school", "row_too_short", None),
    ("actors", 'a,"A', "open_quote", None),
    ("actors", 'a,"Zwei\nZeilen",school,Musterstadt,,,deu,,yes', "line_break", None),
    ("offerings", "o,vhs,O,integration-course,Z9,B1,,,,no,,yes", "unknown_word", "level_in"),
    ("offerings", "o,vhs,O,integration-course,A0,B1,refugees,,,no,,yes", "unknown_word", "requires"),
    ("groups", "g,kurs,2026-13-07,7,28,1,20,5,12,,,,,,,,,yes", "not_a_date", "start"),
    ("groups", "g,kurs,0206-12-07,7,28,1,20,5,12,,,,,,,,,yes", "date_out_of_range", "start"),
    ("groups", "g,kurs,bald,7,28,1,20,5,12,,,,,,,,,yes", "not_a_date", "start"),
    ("groups", "g,kurs,2027-01-11,7,28,1,zwanzig,5,12,,,,,,,,,yes", "not_a_number", "seats"),
    ("groups", "g,kurs,2027-01-11,8,28,1,20,5,12,,,,,,,,,yes", "too_many_modules", "modules"),
    ("groups", "g,kurs,2027-01-11,7,28,1,99999,5,12,,,,,,,,,yes", "number_range", "seats"),
    ("groups", "g,kursus,2027-01-11,7,28,1,20,5,12,,,,,,,,,yes", "unknown_offering", "offering"),
    ("services", "s,beratung,2026-12-31,2026-12-01,7,2,1,,,,,,,,,yes", "end_before_start", "last"),
    ("stock", "s1,kita,2027-01-01,3,300,,,,,,,yes", "duplicate_id", "id"),
    ("cooperation", "kim,kim,refers,,,,yes", "self_cooperation", "to"),
    ("cooperation", "kim,test,refers,,,,yes", "duplicate_row", None),
    ("cooperation", "kim,tost,refers,,,,yes", "unknown_actor", "to"),
    ("region", "zwei,Zwei,Two,1,,2026-11-23,CC0,yes,x,yes", "one_row", None),
    ("towns", "Musterstadt,50.6,9.2,1,,yes", "duplicate_id", "place"),
]


@pytest.mark.parametrize(("table", "line", "code", "column"), ROWS)
def test_a_bad_row_is_reported_alone_with_its_line_and_column(tmp_path, table, line, code, column):
    faults = faults_of(a_folder(tmp_path, **{table: with_line(table, line)}))
    expected_line = GOOD[f"{table}.csv"].count("\n") + 1
    assert [(f.file, f.line, f.column, f.code) for f in faults] == [
        (f"{table}.csv", expected_line, column, code)
    ]


def test_an_id_may_not_stand_in_two_of_the_tables_that_become_slots(tmp_path):
    line = "k1,kurs,2027-01-11,7,28,1,20,5,12,,,,,,,,,yes"
    assert codes_of(a_folder(tmp_path, groups=with_line("groups", line))) == ["duplicate_id"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "missing_file"),
        (b"", "empty_file"),
        (b"\r\n\r\n;;;\r\n", "empty_file"),
        (b"PK\x03\x04 a workbook", "spreadsheet"),
        (b"\xff\xfei\x00d\x00", "utf16"),
        (b"id,name\na\x00,b\n", "binary"),
        (b"id,name\n\x81\x8d\n", "encoding"),
        (GOOD["actors.csv"].splitlines()[0].encode(), "no_rows"),
    ],
)
def test_a_file_that_is_no_table_is_one_fault(tmp_path, content, code):
    assert codes_of(a_folder(tmp_path, actors=content)) == [code]


def test_a_folder_in_the_place_of_a_file_cannot_be_read(tmp_path):
    folder = a_folder(tmp_path, actors=None)
    (folder / "actors.csv").mkdir()
    assert codes_of(folder) == ["unreadable"]


def test_a_table_that_exists_in_german_and_english_is_a_fault(tmp_path):
    folder = a_folder(tmp_path)
    (folder / "Orte.csv").write_text(GOOD["towns.csv"])
    assert codes_of(folder) == ["two_files"]


@pytest.mark.parametrize(
    ("header", "codes"),
    [
        ("place,lat,lon,populaton,source,illustrative", ["unknown_column"]),
        ("place,lat,lat,population,source,illustrative", ["duplicate_column", "missing_column"]),
        ("place,lat,,population,source,illustrative", ["unnamed_column", "missing_column"]),
        ("lat,lon,population,source,illustrative,as_of", ["unknown_column", "missing_column"]),
    ],
)
def test_a_bad_header_names_the_column(tmp_path, header, codes):
    faults = faults_of(a_folder(tmp_path, towns=f"{header}\n"))
    assert [f.code for f in faults if f.file == "towns.csv"] == codes
    assert all(f.line == 1 for f in faults if f.file == "towns.csv")


def test_an_unknown_column_suggests_the_nearest(tmp_path):
    towns = GOOD["towns.csv"].replace("population", "Einwoner")
    fault = faults_of(a_folder(tmp_path, towns=towns))[0]
    assert fault.text("de").endswith("Meinten Sie „Einwohner“?")


def test_a_missing_folder_and_an_unknown_region_are_faults(tmp_path):
    assert codes_of(tmp_path / "nothing") == ["no_folder"]
    with pytest.raises(PartnerFault) as caught:
        find_region("musterkreiss")
    assert "Did you mean “musterkreis”?" in caught.value.faults[0].text("en")


def test_every_message_exists_in_both_languages_with_the_same_values():
    for code, message in MESSAGES.items():
        names = {lang: set(re.findall(r"{(\w+)}", message[lang])) for lang in ("de", "en")}
        assert names["de"] == names["en"], code


def test_a_fault_names_its_place_in_both_languages_and_quotes_one_line_only(tmp_path):
    line = 'a,A,school,Musterstadt,,,"' + "x\x07" * 100 + '",,yes'
    fault = faults_of(a_folder(tmp_path, actors=with_line("actors", line)))[0]
    assert fault.where("de") == "actors.csv, Zeile 5, Spalte languages"
    assert fault.where("en") == "actors.csv, line 5, column languages"
    assert fault.text("en").isprintable()
    assert len(fault.text("en")) < 300


def test_a_hint_names_everything_that_may_be_written(tmp_path):
    line = "a,A,bäckerei,Musterstadt,51.5,7.4,deu,,yes"
    unknown = faults_of(a_folder(tmp_path, actors=with_line("actors", line)))[0]
    assert unknown.column == "type"
    for lang in ("de", "en"):
        assert all(actor_type in unknown.text(lang) for actor_type in ActorType)
    empty = faults_of(a_folder(tmp_path, actors=b""))[0]
    assert "illustrative" in empty.text("en")


FILES = sorted(GOOD)
PIECES = st.one_of(
    st.binary(max_size=20),
    st.sampled_from([b'"', b",", b";", b"\n", b"\r", b"\0", b"=1+1", b"\xff", b"31.02.2027", b"-5", b"|||"]),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(FILES),
    edits=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 30), PIECES), min_size=1, max_size=4),
)
def test_whatever_bytes_a_file_holds_only_faults_are_raised(tmp_path, name, edits):
    data = GOOD[name].encode()
    for where, removed, piece in edits:
        at = int(where * len(data))
        data = data[:at] + piece + data[at + removed :]
    folder = a_folder(tmp_path, **{name.removesuffix(".csv"): data})
    try:
        region = read_region(folder)
    except PartnerFault as caught:
        for fault in caught.faults:
            assert fault.text("de") and fault.text("en") and fault.where("de")
    else:
        region.slots(region.today, date(2099, 12, 31))
