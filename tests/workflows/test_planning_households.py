from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plans.fault import PlanFault
from plans.generator import fictional_households
from tests.plans.builders import TODAY, a_household, a_region
from workflows.planning_households import HOUSEHOLDS_FILE, read_households, write_households

Change = Callable[[dict[str, Any]], object]


def refused(folder: Path) -> str:
    with pytest.raises(PlanFault) as caught:
        read_households(folder)
    assert all(fault.file == HOUSEHOLDS_FILE for fault in caught.value.faults)
    assert "\n" not in caught.value.faults[0].text("de")
    return caught.value.text("en")


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    region = a_region()
    supply = region.slots(TODAY, TODAY + timedelta(days=730))
    households = fictional_households(region, 100, 1, supply=supply)
    write_households(households, tmp_path)
    assert read_households(tmp_path) == households


def test_the_same_households_give_the_same_file_and_nothing_else(tmp_path: Path) -> None:
    households = fictional_households(a_region(), 30, 1)
    for name in ("a", "b"):
        write_households(households, tmp_path / name)
    assert (tmp_path / "a" / HOUSEHOLDS_FILE).read_bytes() == (tmp_path / "b" / HOUSEHOLDS_FILE).read_bytes()
    assert [path.name for path in (tmp_path / "a").iterdir()] == [HOUSEHOLDS_FILE]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path) == "households.json: the file is missing – create it or name another folder"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "line 1"),
        (b"{\n  oops", "line 2, 3: no valid JSON"),
        (b"\xff\xfe{", "UTF-8"),
        (b"[]", "foerderkette-households/1"),
        (b'{"format": "other/2"}', "“other/2”"),
        (b'{"format": "foerderkette-households/1"}', "households"),
        (b"[" * 100_000, "cannot be read"),
    ],
)
def test_a_file_that_is_no_list_of_households_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / HOUSEHOLDS_FILE).write_bytes(content)
    assert words in refused(tmp_path)


def person_of(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["households"][0]["members"][0]
    return found


def need_of(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = person_of(document)["plan"]["needs"][0]
    return found


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda d: person_of(d).update(birth_on="2026-02-31"),
            'households[1].members[1].birth_on: "2026-02-31"',
        ),
        (lambda d: person_of(d).update(birth_on="20260203"), "birth_on"),
        (lambda d: person_of(d).update(birth_on=None), "birth_on"),
        (lambda d: person_of(d).pop("name"), "members[1]: “name” is missing"),
        (lambda d: person_of(d).update(nickname="x"), "“nickname” is not known here"),
        (lambda d: person_of(d).update(gender="f"), "female, male, diverse"),
        (lambda d: person_of(d).update(gender=["f"]), "female, male, diverse"),
        (lambda d: need_of(d).update(lag_days="3"), "needs[1].lag_days"),
        (lambda d: need_of(d).update(lag_days=True), "needs[1].lag_days"),
        (lambda d: need_of(d).update(weight=10**400), "needs[1].weight"),
        (lambda d: need_of(d).update(after="n9"), "households[1], p1-1: there is no predecessor “n9”"),
        (lambda d: d["households"][0]["home"].update(lat=123.0), "households[1].home"),
        (lambda d: d["households"].append(7), "households[2]: 7"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_its_place(tmp_path: Path, change: Change, words: str) -> None:
    write_households([a_household()], tmp_path)
    document = json.loads((tmp_path / HOUSEHOLDS_FILE).read_text("utf-8"))
    change(document)
    (tmp_path / HOUSEHOLDS_FILE).write_text(json.dumps(document), encoding="utf-8")
    assert words in refused(tmp_path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


def places_in(value: Any) -> list[tuple[Any, Any]]:
    """Every place of a JSON document, as container and key."""
    if not isinstance(value, dict | list):
        return []
    items = list(value.items() if isinstance(value, dict) else enumerate(value))
    return [(value, key) for key, _ in items] + [place for _, inner in items for place in places_in(inner)]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), other=JSON)
def test_whatever_stands_anywhere_is_read_or_refused_in_words(
    tmp_path: Path, data: st.DataObject, other: Any
) -> None:
    write_households([a_household()], tmp_path)
    document = json.loads((tmp_path / HOUSEHOLDS_FILE).read_text("utf-8"))
    container, key = data.draw(st.sampled_from(places_in(document)))
    container[key] = other
    (tmp_path / HOUSEHOLDS_FILE).write_text(json.dumps(document), encoding="utf-8")
    try:
        read_households(tmp_path)
    except PlanFault as error:
        assert error.text("de")
