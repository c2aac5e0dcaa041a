"""An Excel workbook (Arbeitsmappe) as text: what stands in its cells, one CSV table for each of its sheets.

Everything that a partner file must fulfil is checked afterwards, by the one reader of :mod:`network.sheets`.
"""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import openpyxl

LARGEST_UNPACKED_MB = 100
"""A small workbook may unpack to gigabytes; beyond this it is not opened."""
MOST_CELLS_A_ROW = 200


class BrokenWorkbook(Exception):
    """The file is no workbook, is damaged, or unpacks to more than `LARGEST_UNPACKED_MB`."""


def tables_of(data: bytes) -> list[tuple[str, bytes]]:
    """Return title and content of every sheet that is not empty, in the order of the workbook.

    Parameters
    ----------
    data
        Content of an ``.xlsx`` file, whatever it is.

    Returns
    -------
    list of (str, bytes)
        Title and CSV (UTF-8, commas); line n is row n. A formula stays one, so that it can be refused.

    Raises
    ------
    BrokenWorkbook
        Where it cannot be opened.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked > LARGEST_UNPACKED_MB * 1_000_000:
            raise BrokenWorkbook(f"{unpacked} bytes")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about decoration that is not read
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
            found = [(sheet.title, _rows(sheet)) for sheet in book.worksheets]
    except Exception as error:  # whatever a damaged file makes the library run into
        raise BrokenWorkbook(str(error)) from error
    return [(title, _csv(rows)) for title, rows in found if any(any(row) for row in rows)]


def _rows(sheet: Any) -> list[list[str]]:
    sheet.reset_dimensions()  # the size that the file states may be wrong
    return [_trimmed(row) for row in sheet.iter_rows(values_only=True)]


def _trimmed(values: Sequence[Any]) -> list[str]:
    row = [_text(value) for value in values[:MOST_CELLS_A_ROW]]
    while row and not row[-1]:
        row.pop()
    return row


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())


def _csv(rows: Iterable[list[str]]) -> bytes:
    """Write rows so that line n is row n and all have as many cells as the first one that is not empty."""
    rows = list(rows)
    width = len(next(row for row in rows if row))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in rows:
        if row:
            writer.writerow(row + [""] * (width - len(row)))
        else:
            text.write("\n")
    return text.getvalue().encode("utf-8", "replace")
