"""A planning problem that cannot be used is refused in one line each: where, what, and what to do."""

import gzip
import json
import random
import re

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import matching
from tests.matching.builders import a_need, a_slot, random_tiny_problem, tables

GOOD = tables(
    [a_need("n0", kind="test"), a_need("n1", after="n0", target=9), a_need("n2", "q", fixed_slot="s1")],
    [a_slot("s0", kind="test", days=1), a_slot("s1", uses="c1;c2"), a_slot("s2", start=30, times="mo-am")],
)
FILES = ("capacities.csv", "slots.csv", "people.csv", "needs.csv", "problem.json")


@pytest.fixture
def folder(tmp_path):
    matching.write_tables(GOOD, tmp_path)
    return tmp_path


def faults_of(folder):
    with pytest.raises(matching.ProblemFault) as caught:
        matching.read_problem(folder)
    return caught.value.faults


def cell(row, column, value):
    """Put a value into one cell of a good problem; the row is named by its id."""

    def spoil(folder):
        for name in ("capacities", "slots", "people", "needs"):
            rows = [
                dict(cells) | ({column: value} if row in cells.values() and column in cells else {})
                for cells in GOOD[name]
            ]
            if rows != GOOD[name]:
                matching.write_tables(GOOD | {name: rows}, folder)
                return
        raise AssertionError(f"no cell {column} in a row {row}")

    return spoil


def parameter(key, value):
    def spoil(folder):
        (folder / "problem.json").write_text(json.dumps(GOOD["problem"] | {key: value}))

    return spoil


def content(name, data):
    return lambda folder: (folder / name).write_bytes(data)


def packed(name, spoil=lambda raw: raw):
    def pack(folder):
        path = folder / name
        (folder / f"{name}.gz").write_bytes(spoil(gzip.compress(path.read_bytes(), mtime=0)))
        path.unlink()

    return pack


def added_row(name, line):
    def spoil(folder):
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    return spoil


def without(name):
    return lambda folder: (folder / name).unlink()


def swapped(name, old, new):
    def spoil(folder):
        raw = (folder / name).read_bytes()
        assert old in raw
        (folder / name).write_bytes(raw.replace(old, new))

    return spoil


# what is wrong -> (how to bring it about, file, line, column, code)
WRONG = {
    "a cycle": (cell("n0", "after", "n1"), "needs.csv", 3, "after", "cycle"),
    "a need after itself": (cell("n1", "after", "n1"), "needs.csv", 3, "after", "cycle"),
    "an unknown predecessor": (cell("n1", "after", "n9"), "needs.csv", 3, "after", "unknown"),
    "an unknown person": (cell("n1", "person", "x"), "needs.csv", 3, "person", "unknown"),
    "an unknown fixed slot": (cell("n1", "fixed_slot", "x"), "needs.csv", 3, "fixed_slot", "unknown"),
    "an unknown capacity": (cell("s1", "uses", "c1;x"), "slots.csv", 3, "uses", "unknown"),
    "no capacity": (cell("s1", "uses", ""), "slots.csv", 3, "uses", "missing-value"),
    "no person": (cell("n1", "person", ""), "needs.csv", 3, "person", "missing-value"),
    "no kind": (cell("s1", "kind", ""), "slots.csv", 3, "kind", "missing-value"),
    "negative seats": (cell("c1", "seats", "-1"), "capacities.csv", 3, "seats", "bad-integer"),
    "half a seat": (cell("c1", "seats", "1.5"), "capacities.csv", 3, "seats", "bad-integer"),
    "no seats": (cell("c1", "seats", ""), "capacities.csv", 3, "seats", "bad-integer"),
    "a negative minimum": (
        cell("c1", "min_participants", "-2"),
        "capacities.csv",
        3,
        "min_participants",
        "bad-integer",
    ),
    "a negative lag": (cell("n1", "lag_days", "-3"), "needs.csv", 3, "lag_days", "bad-integer"),
    "more fixed bookings than seats": (
        cell("c1", "seats", "0"),
        "capacities.csv",
        None,
        "seats",
        "overbooked",
    ),
    "31.02.": (cell("n1", "earliest", "2026-02-31"), "needs.csv", 3, "earliest", "bad-date"),
    "a German date": (cell("s1", "start", "12.01.2026"), "slots.csv", 3, "start", "bad-date"),
    "no date": (cell("n1", "earliest", ""), "needs.csv", 3, "earliest", "missing-value"),
    "an end before the start": (cell("s1", "end", "2026-01-01"), "slots.csv", 3, "end", "end-before-start"),
    "NaN": (cell("q", "max_km", "nan"), "people.csv", 3, "max_km", "bad-number"),
    "infinity": (cell("n1", "weight", "inf"), "needs.csv", 3, "weight", "bad-number"),
    "weight 0": (cell("n1", "weight", "0"), "needs.csv", 3, "weight", "bad-number"),
    "latitude 91": (cell("q", "lat", "91"), "people.csv", 3, "lat", "bad-number"),
    "half a place": (cell("q", "lon", ""), "people.csv", 3, "lon", "bad-number"),
    "online in words": (cell("q", "online", "ja"), "people.csv", 3, "online", "bad-word"),
    "an unknown relation": (cell("n1", "relation", "begin"), "needs.csv", 3, "relation", "bad-word"),
    "an empty id": (cell("s2", "slot", ""), "slots.csv", 4, "slot", "missing-value"),
    "an id twice": (cell("s2", "slot", "s0"), "slots.csv", 4, "slot", "twice"),
    "a person twice": (cell("q", "person", "p"), "people.csv", 3, "person", "twice"),
    "a row too short": (added_row("needs.csv", "n9,p"), "needs.csv", 5, None, "row-length"),
    "a row too long": (added_row("people.csv", "," * 7), "people.csv", 4, None, "row-length"),
    "a missing column": (
        swapped("people.csv", b"max_km", b"km"),
        "people.csv",
        1,
        "max_km",
        "missing-column",
    ),
    "a missing table": (without("needs.csv"), "needs.csv", None, None, "missing-file"),
    "a missing problem.json": (without("problem.json"), "problem.json", None, None, "missing-json"),
    "an empty file": (content("slots.csv", b""), "slots.csv", None, None, "empty"),
    "a file of blanks": (content("slots.csv", b" \r\n\n"), "slots.csv", None, None, "empty"),
    "a file with nothing but a byte order mark": (
        content("slots.csv", b"\xef\xbb\xbf"),
        "slots.csv",
        None,
        None,
        "empty",
    ),
    "latin-1": (
        swapped("people.csv", b"p,", "Jürgen,".encode("latin-1")),
        "people.csv",
        None,
        None,
        "not-utf8",
    ),
    "not UTF-8": (swapped("needs.csv", b"n0", b"\xff\xfe"), "needs.csv", None, None, "not-utf8"),
    "NUL bytes": (content("needs.csv", b"\0" * 64), "needs.csv", 1, "need", "missing-column"),
    "a cell of 200,000 characters": (
        cell("s1", "offering", "x" * 200_000),
        "slots.csv",
        3,
        None,
        "not-csv",
    ),
    "a broken end of gzip": (
        packed("needs.csv", lambda raw: raw[:-9]),
        "needs.csv.gz",
        None,
        None,
        "unreadable",
    ),
    "gzip that is none": (packed("needs.csv", lambda raw: b"need"), "needs.csv.gz", None, None, "unreadable"),
    "a folder in place of a file": (
        lambda folder: ((folder / "needs.csv").unlink(), (folder / "needs.csv").mkdir()),
        "needs.csv",
        None,
        None,
        "unreadable",
    ),
    "no JSON": (content("problem.json", b"{'today'"), "problem.json", None, None, "unreadable"),
    "empty JSON": (content("problem.json", b""), "problem.json", None, None, "unreadable"),
    "JSON that is no object": (content("problem.json", b"[]"), "problem.json", None, None, "unreadable"),
    "JSON without end": (content("problem.json", b"[" * 99_999), "problem.json", None, None, "unreadable"),
    "JSON in latin-1": (content("problem.json", b'{"name": "\xfc"}'), "problem.json", None, None, "not-utf8"),
    "an unknown format": (parameter("format", "x/2"), "problem.json", None, "format", "bad-word"),
    "today on 31.02.": (parameter("today", "2026-02-31"), "problem.json", None, "today", "bad-date"),
    "today as a number": (parameter("today", 20260105), "problem.json", None, "today", "bad-date"),
    "a horizon before today": (
        parameter("horizon_end", "2025-12-31"),
        "problem.json",
        None,
        "horizon_end",
        "horizon",
    ),
    "a negative factor": (parameter("km_factor", -0.1), "problem.json", None, "km_factor", "bad-number"),
    "a factor in words": (parameter("km_factor", "0.2"), "problem.json", None, "km_factor", "bad-number"),
    "a factor that is NaN": (
        parameter("long_wait_days", float("nan")),
        "problem.json",
        None,
        "long_wait_days",
        "bad-number",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_it_says_in_one_line_of_either_language_where_to_look_for(what, folder):
    spoil, file, line, column, code = WRONG[what]
    spoil(folder)
    faults = faults_of(folder)
    assert (file, line, column, code) in [(f.file, f.line, f.column, f.code) for f in faults]
    for fault in faults:
        english, german = fault.text("en"), fault.text("de")
        assert english != german
        for text in (english, german):
            assert text.isprintable() and len(text) < 400
            assert text.startswith(fault.file)
            assert "{" not in re.sub(r"'.*?'|„.*?“", "", text)
        if fault.line is not None:
            assert f"line {fault.line}" in english and f"Zeile {fault.line}" in german
        if fault.column is not None:
            assert f"column {fault.column}" in english and f"Spalte {fault.column}" in german


def test_a_damaged_gzip_stream_is_refused(folder):
    packed("needs.csv", lambda raw: raw[:10] + b"\x07" + raw[11:])(folder)
    assert [f.code for f in faults_of(folder)] == ["unreadable"]


def test_a_number_of_five_thousand_digits_is_refused(folder):
    cell("c1", "seats", "9" * 5000)(folder)
    assert [f.code for f in faults_of(folder)] == ["bad-integer"]


def test_everything_wrong_is_said_at_once(folder):
    cell("n1", "earliest", "2026-02-31")(folder)
    swapped("capacities.csv", b"c1,1", b"c1,-1")(folder)
    swapped("slots.csv", b"c1;c2", b"c1;c9")(folder)
    swapped("problem.json", b'"km_factor": 0', b'"km_factor": -3')(folder)
    assert {(f.file, f.code) for f in faults_of(folder)} == {
        ("needs.csv", "bad-date"),
        ("capacities.csv", "bad-integer"),
        ("slots.csv", "unknown"),
        ("problem.json", "bad-number"),
    }


def test_the_hint_for_an_empty_file_names_its_whole_header(folder):
    (folder / "slots.csv").write_bytes(b"")
    (fault,) = faults_of(folder)
    for lang in ("de", "en"):
        assert fault.text(lang).endswith(
            "slot,offering,actor,kind,start,end,uses,lat,lon,online,requires,features,times"
        )


def test_an_empty_folder_misses_all_five_files(tmp_path):
    assert sorted(f.file for f in faults_of(tmp_path)) == sorted(FILES)


def test_a_circle_is_reported_once_with_everyone_in_it():
    circle = [a_need("a", after="c"), a_need("b", after="a"), a_need("c", after="b"), a_need("d", after="c")]
    with pytest.raises(matching.ProblemFault) as caught:
        matching.problem_from_tables(tables(circle, [a_slot()]))
    (fault,) = caught.value.faults
    assert set(fault.values["circle"].split(" → ")) == {"a", "b", "c"}


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".csv")])
def test_a_table_may_be_packed(name, folder):
    plain = matching.read_problem(folder)
    packed(name)(folder)
    assert_equal(plain, matching.read_problem(folder))


@pytest.mark.parametrize(
    "old, new",
    [(b"\n", b"\r\n"), (b"need,", b"\xef\xbb\xbfneed,"), (b"\nn1", b"\n\nn1"), (b"need,", b'"need",')],
)
def test_line_ends_byte_order_mark_blank_lines_and_quotes_do_not_matter(old, new, folder):
    plain = matching.read_problem(folder)
    raw = (folder / "needs.csv").read_bytes()
    assert old in raw
    (folder / "needs.csv").write_bytes(raw.replace(old, new, 1 if old != b"\n" else -1))
    assert_equal(plain, matching.read_problem(folder))


def test_more_columns_than_needed_are_no_fault(folder):
    plain = matching.read_problem(folder)
    text = (folder / "people.csv").read_text().splitlines()
    (folder / "people.csv").write_text("\n".join([text[0] + ",note", *(row + ",x" for row in text[1:])]))
    assert_equal(plain, matching.read_problem(folder))


def assert_equal(one, other):
    """Two problems hold the same in every column."""
    assert one.parameters == other.parameters
    assert (one.kinds, one.sets) == (other.kinds, other.sets)
    for part in ("capacities", "slots", "people", "needs"):
        for column, a, b in zip(
            getattr(one, part)._fields, getattr(one, part), getattr(other, part), strict=True
        ):
            np.testing.assert_array_equal(a, b, err_msg=f"{part}.{column}")


@pytest.mark.parametrize("seed", range(3000, 3030))
def test_what_is_written_is_read_again(seed, tmp_path):
    made = random_tiny_problem(random.Random(seed))
    matching.write_tables(made, tmp_path / "new" / "folder")
    assert_equal(matching.problem_from_tables(made), matching.read_problem(tmp_path / "new" / "folder"))


def test_a_plan_that_is_written_is_read_again(tmp_path):
    plan = {"n,1": "s", 'n"2': None, "n3": "ü;s"}
    matching.write_plan(plan, tmp_path / "plan.csv")
    assert matching.read_plan(tmp_path / "plan.csv") == plan


def test_a_plan_that_lists_a_need_twice_is_refused(tmp_path):
    (tmp_path / "plan.csv").write_text("need,slot\nn,s\nn,t\n")
    with pytest.raises(matching.ProblemFault) as caught:
        matching.read_plan(tmp_path / "plan.csv")
    assert [f.text() for f in caught.value.faults] == [
        "plan.csv, line 3, column need: 'n' stands here a second time – give every row its own id"
    ]


# Bytes that hurt: signs of the format, of other encodings, of numbers and dates that overflow.
SPLINTERS = [
    *(b"", b",", b";", b'"', b"\n", b"\r", b"\0", b"\xff", b"\xef\xbb\xbf", b"\xc3", b"-1", b"nan", b"1e999"),
    *(b"2026-02-31", b"9999-12-31", b"0001-01-01", b"99999999999", b"{", b"]", b"null", b"n0", b"s1", b"c1"),
]
CUTS = st.tuples(st.floats(0, 1), st.integers(0, 12), st.sampled_from(SPLINTERS))


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(FILES),
    st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 12), st.sampled_from(SPLINTERS)), min_size=1, max_size=6
    ),
    st.booleans(),
)
def test_mutilated_files_are_read_or_refused_but_never_break(folder, name, cuts, whole_gzip):
    matching.write_tables(GOOD, folder)
    raw = (folder / name).read_bytes()
    for at, length, splinter in cuts:
        k = int(at * len(raw))
        raw = raw[:k] + splinter + raw[k + length :]
    (folder / name).write_bytes(raw)
    if whole_gzip and name.endswith(".csv"):
        packed(name)(folder)
    try:
        problem = matching.read_problem(folder)
    except matching.ProblemFault as fault:
        assert fault.faults
        assert all(line.isprintable() for lang in ("de", "en") for line in fault.lines(lang))
    else:
        assert matching.check(problem, dict.fromkeys(problem.needs.ids)).cost >= 0
    finally:
        (folder / f"{name}.gz").unlink(missing_ok=True)
