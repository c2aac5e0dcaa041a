"""Satz: a template and what it says become a PDF that meets PDF/UA-1; fonts come with the installation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import typst

FOLDER = Path(__file__).parent
FONTS = FOLDER.parent / "static" / "built" / "fonts"


class NoFonts(Exception):
    """Schriften fehlen: the front end was not built; ``make setup`` does it."""


def set_pdf(template: str, data: Mapping[str, Any], on: date, fonts: Path = FONTS) -> bytes:
    """Set a template.

    Parameters
    ----------
    template : str
        File beside this one.
    data : mapping
        What it says, as JSON.
    on : date
        Day of the sheet; the same data and day give the same bytes.
    fonts : Path
        Folder of the fonts; those of the machine are not used.

    Returns
    -------
    bytes
        The PDF.

    Raises
    ------
    NoFonts
        Where the folder holds none: letters would be missing without a word.
    """
    if not any(fonts.glob("*.ttf")):
        raise NoFonts(f"{fonts} holds no fonts: run `make setup`")
    made = typst.compile(
        str(FOLDER / template),
        format="pdf",
        root=str(FOLDER),
        font_paths=[str(fonts)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=datetime(on.year, on.month, on.day, tzinfo=UTC),
    )
    assert isinstance(made, bytes)
    return made
