from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from network.kinds import KINDS
from plans.fault import PlanFault
from plans.rules import Basis, check_complete, load_rules, rule, standard_rules

ENTRY = """
[[rule]]
key = "{key}"
value = {value}
unit = "{unit}"
valid_from = {valid_from}
{until}
basis = "assumption"
source = "{source}"
label_de = "Regel"
label_en = "Rule"
"""


def an_entry(
    key: str = "wait",
    value: object = 42,
    unit: str = "days",
    valid_from: str = "2020-01-01",
    valid_until: str | None = None,
    source: str = "IntV § 7",
) -> str:
    until = f"valid_until = {valid_until}" if valid_until else ""
    return ENTRY.format(key=key, value=value, unit=unit, valid_from=valid_from, until=until, source=source)


def rules_of(folder: Path, *entries: str) -> Path:
    path = folder / "rules.toml"
    path.write_text("".join(entries), encoding="utf-8")
    return path


def refused(path: Path) -> str:
    with pytest.raises(PlanFault) as caught:
        load_rules(path)
    return caught.value.text("en")


def test_the_rule_of_the_day_is_taken(tmp_path: Path) -> None:
    book = load_rules(
        rules_of(
            tmp_path,
            an_entry(value=42, valid_from="2024-01-01"),
            an_entry(value=90, valid_from="2020-01-01", valid_until="2023-12-31"),
        )
    )
    assert book.rule("wait", date(2023, 12, 31)).days == 90
    assert book.rule("wait", date(2024, 1, 1)).days == 42
    assert [entry.value for entry in book.history("wait")] == [90, 42]


def test_two_entries_for_one_day_are_refused_with_line_and_entry(tmp_path: Path) -> None:
    text = refused(rules_of(tmp_path, an_entry(), an_entry(valid_from="2022-01-01")))
    assert "rules.toml, line 13, rule 2 (wait)" in text
    assert "2022-01-01" in text


def test_a_gap_between_two_entries_is_refused(tmp_path: Path) -> None:
    text = refused(rules_of(tmp_path, an_entry(valid_until="2021-12-31"), an_entry(valid_from="2022-02-01")))
    assert "2022-01-01" in text
    assert "close the gap" in text


@pytest.mark.parametrize("source", ["", "  "])
def test_a_rule_without_a_source_is_refused(tmp_path: Path, source: str) -> None:
    assert "rule 1 (wait): the rule names no source" in refused(rules_of(tmp_path, an_entry(source=source)))


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (an_entry(value=-1), "value"),
        (an_entry(value="true"), "int/float"),
        (an_entry(value="nan"), "value"),
        (an_entry(unit="moons"), "moons"),
        (an_entry(valid_from='"soon"'), "date"),
        (an_entry(valid_from="2020-01-01T08:00:00"), "date"),
        (an_entry(valid_until="2019-01-01"), "valid_until"),
        (an_entry() + 'remark = "x"\n', "remark"),
        (an_entry().replace("label_de", "lable_de"), "lable_de"),
        ("[[rule]]\nkey = ", "TOML"),
        ("", "[[rule]]"),
    ],
)
def test_an_entry_that_cannot_be_is_refused_and_named(tmp_path: Path, entry: str, words: str) -> None:
    text = refused(rules_of(tmp_path, entry))
    assert text.startswith("rules.toml")
    assert words in text


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert "rules.toml: the file is missing" in refused(tmp_path / "rules.toml")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_bytes(b"\xff\xfe\x00key")
    assert "UTF-8" in refused(tmp_path / "rules.toml")


def test_an_unknown_rule_is_refused_with_similar_names() -> None:
    with pytest.raises(PlanFault, match="seat-hold-days"):
        rule("seat-hold", date(2026, 11, 23))


def test_a_day_before_the_first_entry_has_no_rule() -> None:
    with pytest.raises(PlanFault, match="1999-01-01"):
        rule("course-start-days", date(1999, 1, 1))


def test_the_rules_of_the_project_hold_what_the_sources_say() -> None:
    on = date(2026, 11, 23)
    assert rule("course-start-days", on).days == 42
    assert rule("certificate-age-days", on).days == 180
    assert rule("dtz-results-days", on).days == 35
    assert rule("seat-hold-days", on).days == 3
    assert [rule(f"minimum-{name}", on).value for name in ("integration-course", "literacy-course")] == [
        12,
        8,
    ]
    assert rule("minimum-vocational-language", on).value == 15


def test_every_assumption_says_so_and_every_cost_parameter_is_one() -> None:
    for key in standard_rules().known():
        for entry in standard_rules().history(key):
            is_assumption = entry.basis is Basis.ASSUMPTION
            assert is_assumption == entry.source.startswith("Assumption"), key
            assert is_assumption or not key.startswith(("cost-", "priority-")), key


def test_persons_are_no_number_of_days() -> None:
    with pytest.raises(PlanFault, match="days, weeks"):
        _ = rule("minimum-literacy-course", date(2026, 11, 23)).days


def test_a_rule_for_a_kind_goes_before_the_general_one(tmp_path: Path) -> None:
    book = load_rules(
        rules_of(
            tmp_path,
            an_entry("hold", 3),
            an_entry("hold.course", 5),
            an_entry("hold.course/B2", 9, valid_from="2026-01-01"),
        )
    )
    on = date(2026, 11, 23)
    kinds = ("test", "course", "course/B1", "course/B2", "course/B2/evening")
    assert [book.rule_for_kind("hold", kind, on).days for kind in kinds] == [3, 5, 5, 9, 9]
    assert book.rule_for_kind("hold", "course/B2", date(2025, 12, 31)).days == 5


def test_a_seat_of_every_kind_is_held_and_longer_for_childcare() -> None:
    on = date(2026, 11, 23)
    held = {kind: standard_rules().rule_for_kind("seat-hold-days", kind, on).days for kind in KINDS}
    assert min(held.values()) >= 1
    assert held["integration-course"] == 3
    assert held["childcare/place"] > held["integration-course"]


def test_the_special_cases_of_a_rule_name_kinds_of_the_catalogue() -> None:
    special = [key.split(".", 1)[1] for key in standard_rules().known() if "." in key]
    assert special
    for kind in special:
        assert any(f"{known}/".startswith(f"{kind}/") for known in KINDS), kind


def test_the_rules_of_the_project_are_complete_and_a_book_that_is_not_is_refused(tmp_path: Path) -> None:
    on = date(2026, 11, 23)
    check_complete(standard_rules(), on)
    book = load_rules(rules_of(tmp_path, an_entry("seat-hold-days", 3, unit="persons")))
    with pytest.raises(PlanFault) as caught:
        check_complete(book, on)
    text = caught.value.text("en")
    assert "seat-hold-days: “persons” is not known for “unit” – allowed: days" in text
    assert "review-active-days" in text


def test_the_source_of_every_rule_of_ours_can_be_read_in_german_too() -> None:
    book = standard_rules()
    entries = [entry for key in book.known() for entry in book.history(key)]
    assert len(entries) > 60
    assert [entry.key for entry in entries if not entry.source_de or entry.source_de == entry.source] == []
