"""Haushalte als Datei: households.json is written and read again, with the place of every fault.

The file names people; it stays beside the planning problem on the own machine and is no part of it.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from plans.fault import Fault, PlanFault
from plans.model import Household
from workflows.plain import plain, read

HOUSEHOLDS_FORMAT = "foerderkette-households/1"
HOUSEHOLDS_FILE = "households.json"


def write_households(households: Sequence[Household], folder: Path) -> Path:
    """Write ``households.json`` into a folder, whole or not at all.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    OSError
        Where the folder cannot be written.
    """
    document = {"format": HOUSEHOLDS_FORMAT, "households": [plain(household) for household in households]}
    path = folder / HOUSEHOLDS_FILE
    draft = folder / f".{HOUSEHOLDS_FILE}.draft"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        draft.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def read_households(folder: Path) -> tuple[Household, ...]:
    """Read ``households.json`` of a folder.

    Raises
    ------
    PlanFault
        Where the file is missing or anything in it cannot be; names the file and the place in it.
    """
    path = folder / HOUSEHOLDS_FILE
    document = _parse(path)
    if not isinstance(document, dict) or document.get("format") != HOUSEHOLDS_FORMAT:
        found = document.get("format", "") if isinstance(document, dict) else ""
        raise PlanFault(Fault("bad-version", {"value": found, "allowed": HOUSEHOLDS_FORMAT}, path.name))
    try:
        households = read(tuple[Household, ...], document.get("households"), "households")
    except PlanFault as error:
        raise PlanFault(*(dataclasses.replace(fault, file=path.name) for fault in error.faults)) from error
    assert isinstance(households, tuple)
    return households


def _parse(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError as error:
        raise PlanFault(Fault("missing-file", file=path.name)) from error
    except json.JSONDecodeError as error:
        column = f"{error.colno}"
        fault = Fault("bad-syntax", {"format": "JSON", "detail": error.msg}, path.name, error.lineno, column)
        raise PlanFault(fault) from error
    except (OSError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise PlanFault(Fault("bad-file", {"detail": type(error).__name__}, path.name)) from error
