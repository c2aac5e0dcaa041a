"""Vorlagen für Förderketten: usual chains as data, read from ``templates.toml``."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from network.kinds import SLOT_KINDS
from plans.analysis import Cefr
from plans.chain import WEEK_PARTS, Lag, Profile, Step
from plans.entries import Entry, entries_of, read_toml
from plans.fault import Fault, PlanFault
from plans.needs import Goal, Relation
from plans.rules import standard_rules

__all__ = ["TEMPLATES_FILE", "Lag", "Profile", "Step", "load_profiles", "profile", "profiles"]

TEMPLATES_FILE = Path(__file__).with_name("templates.toml")


@cache
def profiles() -> tuple[Profile, ...]:
    """Return the chain templates that come with the project, in the order of the file."""
    return load_profiles()


def profile(key: str) -> Profile:
    """Return the chain template of a key.

    Raises
    ------
    KeyError
        Where there is none.
    """
    return {entry.key: entry for entry in profiles()}[key]


def load_profiles(path: Path = TEMPLATES_FILE) -> tuple[Profile, ...]:
    """Read chain templates from a TOML file.

    Raises
    ------
    PlanFault
        Names file, line and entry of the fault: an unknown kind, rule, step or part of the week, a lag or a
        share that cannot be.
    """
    document, text = read_toml(path)
    entries = entries_of(document, text, path.name, "profile")
    lines = [n for n, line in enumerate(text.splitlines(), 1) if line.strip() == "[[profile.step]]"]
    patterns = _read_patterns(Entry(document.get("times", {}), path.name, None, "times"))
    found = []
    for entry in entries:
        tables = entry.get("step", list, "[[profile.step]]")
        steps = [_step_entry(entry, values, lines) for values in tables]
        found.append(_read_profile(entry, steps, patterns))
    _check_together(found, path.name)
    return tuple(found)


def _step_entry(entry: Entry, values: object, lines: list[int]) -> Entry:
    if not isinstance(values, dict):
        raise entry.refuse("bad-type", value="step", expected="table", example="[[profile.step]]")
    line = lines.pop(0) if lines else None
    return Entry(values, entry.file, line, f"{entry.name}, step {values.get('key', '?')}")


def _read_patterns(times: Entry) -> dict[str, dict[str, float]]:
    patterns = {}
    for name in times.values:
        parts = Entry(times.get(name, dict, "[times.day]"), times.file, None, f"times.{name}")
        parts.only(*WEEK_PARTS)
        patterns[name] = {part: parts.number(part, 0, 1) for part in parts.values}
    return patterns


def _read_profile(entry: Entry, steps: Sequence[Entry], patterns: dict[str, dict[str, float]]) -> Profile:
    entry.only("key", "label_de", "label_en", "share", "tags", "times", "goal_de", "goal_en", "step")
    read: list[Step] = []
    for step in steps:
        read.append(_read_step(step, [earlier.key for earlier in read]))
    return Profile(
        key=entry.text("key"),
        label_de=entry.text("label_de"),
        label_en=entry.text("label_en"),
        share=entry.number("share", 0, 1),
        tags=frozenset(_texts(entry, "tags")),
        times=patterns[entry.one_of("times", tuple(patterns))],
        goal=Goal(entry.text("goal_de"), entry.text("goal_en")),
        steps=tuple(read),
    )


def _read_step(entry: Entry, earlier: list[str]) -> Step:
    entry.only(
        *("key", "kind", "kind_by_level", "after", "relation", "lag_days", "lag_rules", "max_lag_days"),
        *("max_lag_rules", "target_days", "goal_de", "goal_en"),
    )
    key = entry.text("key")
    if key in earlier:
        raise entry.refuse("duplicate-id", value=key)
    after = entry.one_of("after", tuple(earlier)) if "after" in entry.values else None
    target = int(entry.number("target_days", 0, 3650)) if "target_days" in entry.values else None
    return Step(
        key=key,
        kind_by_level=_read_kinds(entry),
        goal=Goal(entry.text("goal_de"), entry.text("goal_en")),
        after=after,
        relation=Relation(entry.one_of("relation", tuple(Relation), "end")),
        target_days=target,
        **_read_lags(entry, after),
    )


def _read_lags(entry: Entry, after: str | None) -> dict[str, Lag]:
    given = [key for key in ("lag_days", "lag_rules", "max_lag_days", "max_lag_rules") if key in entry.values]
    if given and after is None:
        raise entry.refuse("lag-without-predecessor")
    lags = {"lag": _read_lag(entry, "lag")}
    if any(key.startswith("max_lag") for key in given):
        lags["max_lag"] = _read_lag(entry, "max_lag")
    return lags


def _read_lag(entry: Entry, name: str) -> Lag:
    rules = tuple(_texts(entry, f"{name}_rules"))
    for key in rules:
        entry.one_of_value(f"{name}_rules", key, standard_rules().known())
    return Lag(int(entry.number(f"{name}_days", 0, 3650, 0)), rules)


def _read_kinds(entry: Entry) -> dict[Cefr, str]:
    if "kind_by_level" not in entry.values:
        kinds = {"A0": entry.text("kind")}
    else:
        kinds = entry.get("kind_by_level", dict, 'kind_by_level = { A0 = "…" }')
        if "A0" not in kinds:
            raise entry.refuse("missing-key", field="kind_by_level.A0")
    for level, kind in kinds.items():
        entry.one_of_value("kind_by_level", level, tuple(Cefr))
        if kind not in SLOT_KINDS:
            raise entry.refuse("unknown-kind", value=kind)
    return {Cefr(level): kind for level, kind in kinds.items()}


def _texts(entry: Entry, key: str) -> list[str]:
    values: list[str] = entry.get(key, list, f'{key} = ["…"]', [])
    for value in values:
        if not isinstance(value, str):
            raise entry.refuse("bad-type", value=value, expected="text", example=f'{key} = ["…"]')
    return values


def _check_together(found: Sequence[Profile], file: str) -> None:
    keys = [entry.key for entry in found]
    for key in keys:
        if keys.count(key) > 1:
            raise PlanFault(Fault("duplicate-id", {"value": key}, file))
    total = sum(entry.share for entry in found)
    if not math.isclose(total, 1, abs_tol=1e-9):
        raise PlanFault(Fault("shares", {"value": f"{total:g}"}, file))
