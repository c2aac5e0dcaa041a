"""A zip of partner files is opened with care: whole, small enough, and without what systems add."""

import io
import zipfile

import pytest

from network.archives import BrokenArchive, files_of_archive
from network.uploads import read_upload


def packed(**files: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def test_files_come_without_folders_and_without_hidden_ones():
    data = packed(**{"b/towns.csv": b"2", "a.csv": b"1", "__MACOSX/a.csv": b"x", "b/.DS_Store": b"x"})
    assert files_of_archive(data) == [("a.csv", b"1"), ("towns.csv", b"2")]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", packed(a=b"1")[:-30]], ids=["empty", "head", "cut"])
def test_what_is_no_whole_archive_is_refused(data):
    with pytest.raises(BrokenArchive):
        files_of_archive(data)


def test_an_archive_that_unpacks_to_too_much_is_not_opened():
    with pytest.raises(BrokenArchive):
        files_of_archive(packed(a=bytes(101_000_000)))
    with pytest.raises(BrokenArchive):
        files_of_archive(packed(**{f"{n}.csv": b"" for n in range(101)}))


def test_one_archive_within_another_is_refused_and_named():
    upload = read_upload({"alles.zip": packed(**{"innen.zip": packed(a=b"1")})})
    assert [(fault.file, fault.code) for fault in upload.faults] == [
        ("alles.zip/innen.zip", "broken_archive")
    ]
