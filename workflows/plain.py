"""Objekte als JSON: objects of the plan room as JSON and back again, each fault with its place."""

from __future__ import annotations

import dataclasses
import json
import math
import types
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from plans.fault import Fault, PlanFault

EXAMPLES: dict[type, str] = {
    str: '"text"',
    int: "3",
    float: "1.5",
    bool: "true",
    date: '"2026-03-02"',
    list: "[…]",
    dict: "{…}",
}


def plain(value: Any) -> Any:
    """Turn a value of the plan room into what JSON can say; sets are sorted."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(plain(entry) for entry in value)
    if isinstance(value, tuple):
        return [plain(entry) for entry in value]
    return value


def read(expected: Any, value: Any, where: str) -> Any:
    """Read a value of an expected type from what JSON said.

    Parameters
    ----------
    expected : type
        Dataclass, enum, number, text, date, or a tuple, frozenset or optional of these.
    value : object
        What JSON said.
    where : str
        How to name the place to a reader, such as ``analysis``.

    Returns
    -------
    object
        Of the expected type.

    Raises
    ------
    PlanFault
        Where it cannot be read so, or the object refuses it; names the place.
    """
    origin = get_origin(expected)
    if origin in (Union, types.UnionType):
        if value is None:
            return None
        return read(next(kind for kind in get_args(expected) if kind is not type(None)), value, where)
    if origin in (tuple, frozenset):
        entries = _expect(list, value, where)
        return origin(
            read(get_args(expected)[0], entry, f"{where}[{n}]") for n, entry in enumerate(entries, 1)
        )
    if dataclasses.is_dataclass(expected) and isinstance(expected, type):
        return _read_object(expected, _expect(dict, value, where), where)
    if isinstance(expected, type) and issubclass(expected, Enum):
        return _read_enum(expected, value, where)
    if expected is date:
        return _read_date(value, where)
    if expected is float:
        return _read_float(value, where)
    return _expect(expected, value, where)


def _read_object(expected: type, value: dict[str, Any], where: str) -> Any:
    fields = _fields(expected)
    for key in value:
        if key not in fields:
            allowed = ", ".join(fields)
            raise PlanFault(Fault("unknown-key", {"field": key, "allowed": allowed}, column=where))
    for key, (_, required) in fields.items():
        if required and key not in value:
            raise PlanFault(Fault("missing-key", {"field": key}, column=where))
    parts = {key: read(fields[key][0], entry, f"{where}.{key}") for key, entry in value.items()}
    try:
        return expected(**parts)
    except PlanFault as error:
        places = [f"{where}, {fault.column}" if fault.column else where for fault in error.faults]
        pairs = zip(error.faults, places, strict=True)
        raise PlanFault(*(dataclasses.replace(fault, column=place) for fault, place in pairs)) from error
    except ValueError as error:
        values = {"value": error, "expected": expected.__name__, "example": '"lat": 50.5, "lon": 9.1'}
        raise PlanFault(Fault("bad-type", values, column=where)) from error


@cache
def _fields(kind: type) -> dict[str, tuple[Any, bool]]:
    hints = get_type_hints(kind)
    return {
        field.name: (
            hints[field.name],
            field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING,
        )
        for field in dataclasses.fields(kind)
    }


def _read_enum(expected: type[Enum], value: Any, where: str) -> Enum:
    allowed = [entry.value for entry in expected]
    if value not in allowed:
        values = {"field": expected.__name__, "value": value, "allowed": ", ".join(allowed)}
        raise PlanFault(Fault("unknown-value", values, column=where))
    return expected(value)


def _read_date(value: Any, where: str) -> date:
    text: str = _expect(str, value, where)
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise _mistyped(date, value, where) from error
    if day.isoformat() != text:
        raise _mistyped(date, value, where)
    return day


def _read_float(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _mistyped(float, value, where)
    try:
        number = float(value)
    except OverflowError as error:
        raise _mistyped(float, value, where) from error
    if not math.isfinite(number):
        raise _mistyped(float, value, where)
    return number


def _expect(expected: type, value: Any, where: str) -> Any:
    is_bool_for_number = isinstance(value, bool) and expected is not bool
    if is_bool_for_number or not isinstance(value, expected):
        raise _mistyped(expected, value, where)
    return value


def _mistyped(expected: type, value: Any, where: str) -> PlanFault:
    shown = json.dumps(value, ensure_ascii=False)[:80]
    values = {"value": shown, "expected": expected.__name__, "example": EXAMPLES[expected]}
    return PlanFault(Fault("bad-type", values, column=where))
