"""Files that are handed in, CSV or Excel: whatever the bytes are, every fault has a place and a hint."""

import io
from collections import Counter
from datetime import date
from random import Random

import openpyxl
import pytest
from folder_builder import GOOD, a_folder
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from network.columns import TABLE, TABLES
from network.faults import PartnerFault
from network.partner_files import find_region, read_region, region_names, region_of
from network.partner_rows import files_of, rows_of, sheets_of
from network.sheets import Sheet
from network.uploads import Upload, files_in, read_upload
from tests.reliability.harness import Figures
from tests.reliability.sizes import SIZES


def region_from(files):
    upload = read_upload(files)
    assert upload.faults == ()
    return region_in(upload)


def region_in(upload):
    return region_of({one.name: upload.sheets.get(one.name, Sheet(one, one.file)) for one in TABLES})


def a_workbook(sheets):
    """A workbook as Excel keeps it: dates and numbers are dates and numbers."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, text in sheets.items():
        sheet = book.create_sheet(title)
        for line in text.splitlines():
            sheet.append([_typed(cell) for cell in line.split(",")])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _typed(cell):
    for read in (int, float, date.fromisoformat):
        try:
            return read(cell)
        except ValueError:
            pass
    return cell or None


@pytest.mark.parametrize("name", region_names())
def test_a_region_written_as_partner_files_reads_back_equal(name, tmp_path):
    region = read_region(find_region(name))
    for file, text in files_of(region).items():
        (tmp_path / file).write_text(text, "utf-8")
    assert read_region(tmp_path) == region == region_of(sheets_of(rows_of(region)))


def test_a_workbook_with_one_sheet_a_table_is_the_same_region(tmp_path):
    sheets = {TABLE[name.removesuffix(".csv")].german.title(): text for name, text in GOOD.items()}
    assert region_from({"Region Muster.xlsx": a_workbook(sheets)}) == read_region(a_folder(tmp_path))


def test_a_workbook_may_hold_one_table_as_its_name_says(tmp_path):
    files = {name: text.encode() for name, text in GOOD.items() if name != "groups.csv"}
    files["Gruppen.xlsx"] = a_workbook({"Tabelle1": GOOD["groups.csv"]})
    assert region_from(files) == read_region(a_folder(tmp_path))


def test_a_fault_in_a_workbook_names_file_sheet_row_and_column():
    text = GOOD["groups.csv"].replace("2026-12-07", "31.02.2026")
    upload = read_upload({"alles.xlsx": a_workbook({"groups": text})})
    (fault,) = upload.all_faults
    assert (fault.file, fault.line, fault.column) == ("alles.xlsx [groups]", 2, "start")


def test_a_formula_in_a_workbook_is_refused_not_computed():
    text = GOOD["groups.csv"].replace(",20,5,12,", ",=10+10,5,12,")
    (fault,) = read_upload({"groups.xlsx": a_workbook({"x": text})}).all_faults
    assert (fault.code, fault.column) == ("formula", "seats")


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({}, "no_files"),
        ({"photo.png": b"x"}, "unknown_file"),
        ({"actor.csv": b"id\n"}, "unknown_file"),
        ({"actors.xlsx": b"PK\x03\x04 broken"}, "broken_workbook"),
        ({"actors.xlsx": b""}, "broken_workbook"),
        ({"all.xlsx": a_workbook({"actors": ""})}, "empty_workbook"),
        ({"all.xlsx": a_workbook({"notes": "x", "actors": "id"})}, "unknown_sheet"),
        ({"actors.csv": b"id\n", "Akteure.csv": b"id\n"}, "two_files"),
        ({"actors.csv": b"x" * 20_000_001}, "too_large"),
    ],
)
def test_what_is_no_partner_file_is_named_with_what_to_do(files, code):
    faults = read_upload(files).all_faults
    assert code in {fault.code for fault in faults}
    assert all(fault.file and fault.text("de") and fault.text("en") for fault in faults)


def test_only_tables_and_workbooks_of_a_folder_are_taken(tmp_path):
    a_folder(tmp_path)
    (tmp_path / "README.md").write_text("about")
    assert set(files_in(tmp_path)) == set(GOOD)
    with pytest.raises(PartnerFault):
        files_in(tmp_path / "none")


TABLE_FILES = sorted(GOOD)
GOOD_BOOK = a_workbook({"groups": GOOD["groups.csv"]})
NUMBERS = ("-1", "1e9", "99999999999")
ODD = ["", "31.02.2026", "=SUM(A1)", "@cmd", *NUMBERS, "#REF!", '"', ";", ",", "\n", "\0", "ä" * 3000]


AT_ONCE = 50
"""Folders spoilt from one seed: to draw each part of each by itself takes longer than to read it."""


def spoilt(rng):
    """The files of a small region, one of them spoilt."""
    files = {name: text.encode() for name, text in GOOD.items()}
    name = rng.choice(TABLE_FILES)
    text = GOOD[name]
    for _ in range(rng.randint(1, 3)):
        at = rng.randint(0, len(text))
        until = min(len(text), at + rng.randint(0, 12))
        text = text[:at] + (rng.choice(ODD) if rng.random() < 0.5 else signs(rng)) + text[until:]
    if rng.random() < 0.5:
        text = text.replace(",", rng.choice([";", "\t"]))
    data = text.encode(rng.choice(["utf-8", "utf-8-sig", "cp1252", "utf-16"]), "replace")
    cut = rng.randint(0, len(data)) if rng.random() < 0.5 else None
    files[name] = data[:cut] + rng.randbytes(rng.randint(0, 3))
    return files


def signs(rng):
    """Up to five signs: of control, of a keyboard, of Europe, of anywhere."""
    ranges = ((0, 31), (32, 126), (128, 591), (0x600, 0xD7FF), (0xE000, 0xFFFF), (0x10000, 0x10FFFF))
    return "".join(chr(rng.randint(*rng.choice(ranges))) for _ in range(rng.randint(0, 5)))


def spoil(number, phases=tuple(Phase)):
    """Read so many spoilt folders, or a few more; how many of them were refused, each with file and hint."""
    seen = Counter()

    @settings(max_examples=-(-number // AT_ONCE), phases=phases, deadline=None, database=None)
    @given(st.integers(0, 2**32))
    def read(seed):
        rng = Random(seed)
        for _ in range(AT_ONCE):
            seen.update(read_one(spoilt(rng)))

    read()
    return seen


def read_one(files):
    """Read a folder; what came of it."""
    upload = read_upload(files)
    assert_placed(upload)
    assert upload.faults == ()
    try:
        region_in(upload)
    except PartnerFault as fault:
        for one in fault.faults:
            assert one.file and one.text("de") and one.text("en") and one.where("de")
        return ["read", "refused"]
    return ["read"]


def test_a_spoilt_file_is_read_or_refused_with_file_and_hint_but_never_breaks():
    seen = spoil(SIZES.mutations)
    assert seen["read"] >= SIZES.mutations and seen["refused"] > SIZES.mutations // 10
    Figures("–").keep(
        "7, partner files",
        f"{seen['read']:,} spoilt folders read: {seen['refused']:,} refused with file and hint, 0 exceptions",
        "one reader of bytes left unguarded: an exception",
    )


def test_a_reader_of_bytes_that_is_left_unguarded_would_be_found(monkeypatch):
    """Control of the test before."""
    monkeypatch.setattr("network.sheets._decoded", lambda data, *_: data.decode("utf-8"))
    with pytest.raises(UnicodeDecodeError):
        spoil(150, [Phase.generate])  # need not be made simple


@settings(max_examples=max(20, SIZES.mutations // 20), deadline=None)
@given(st.binary(max_size=400), st.integers(0, 6_000))
def test_a_spoilt_workbook_is_read_or_refused(noise, at):
    book = GOOD_BOOK
    assert_placed(read_upload({"groups.xlsx": book[:at] + noise + book[at + len(noise) :]}))


def assert_placed(upload: Upload):
    for fault in upload.all_faults:
        assert fault.file and fault.text("de") and fault.text("en")
        assert fault.line is None or fault.line >= 1
