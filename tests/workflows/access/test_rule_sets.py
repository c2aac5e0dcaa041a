"""What an office sets goes before what comes with the project, from its day on, and names its source."""

from datetime import date

import pytest

from plans.fault import PlanFault
from plans.rule_layers import check_bounds, overlaid
from plans.rules import read_rules, standard_rules
from store.unit_of_work import ReadingUnit
from tests.workflows.access.builders import PASSWORD, an_account, entries
from tests.workflows.desks import REGION, the_machine
from workflows.access.rule_sets import book_of, desk_for, load_rule_file, rule_files, rules_on
from workflows.access.sessions import NotSignedIn, caller_of
from workflows.access.settings import BOUNDS, AccessRules
from workflows.access.sign_in import sign_in
from workflows.refusal import Refusal

TODAY = date(2026, 3, 2)


def an_entry(key, value, unit, valid_from="2026-01-01", valid_until=None):
    until = f"valid_until = {valid_until}\n" if valid_until else ""
    return (
        f'[[rule]]\nkey = "{key}"\nvalue = {value}\nunit = "{unit}"\nvalid_from = {valid_from}\n{until}'
        'basis = "assumption"\nsource = "Dienstanweisung 7"\nlabel_de = "Regel"\nlabel_en = "Rule"\n'
    )


def a_file(*entries):
    return "\n".join(entries)


def load(store, *entries, region=None, on=TODAY):
    return load_rule_file(the_machine(store), a_file(*entries), "office.toml", region, on, "Beschluss 12")


def held_days(store, region=None, on=TODAY):
    with ReadingUnit(store) as unit:
        return book_of(unit, region, on).rule("seat-hold-days", on).days


def test_the_nearest_goes_first(here):
    assert held_days(here, REGION) == 3
    load(here, an_entry("seat-hold-days", 5, "days"))
    assert held_days(here, REGION) == held_days(here) == 5
    load(here, an_entry("seat-hold-days", 9, "days"), region=REGION)
    assert (held_days(here, REGION), held_days(here)) == (9, 5)


def test_a_file_holds_from_its_day_on_and_until_the_next_one(here):
    load(here, an_entry("seat-hold-days", 5, "days"), on=date(2026, 4, 1))
    load(here, an_entry("seat-hold-days", 7, "days"), on=date(2026, 6, 1))
    days = [date(2026, 3, 31), date(2026, 4, 1), date(2026, 5, 31), date(2026, 6, 1)]
    assert [held_days(here, on=day) for day in days] == [3, 5, 5, 7]


def test_of_two_files_of_one_day_the_later_one_holds(here, clock):
    load(here, an_entry("seat-hold-days", 5, "days"))
    clock.forward(minutes=1)
    load(here, an_entry("seat-hold-days", 6, "days"))
    assert held_days(here) == 6


def test_the_rules_of_a_day_say_who_set_them_and_where_it_is_written(here):
    load(here, an_entry("seat-hold-days", 5, "days"), an_entry("retention-case-days", 365, "days"))
    load(here, an_entry("seat-hold-days", 9, "days"), region=REGION)
    shown = {row["key"]: row for row in rules_on(the_machine(here), REGION, TODAY)}
    found = [(shown[key]["value"], shown[key]["set_by"]) for key in ("seat-hold-days", "retention-case-days")]
    assert found == [(9, "region"), (365, "installation")]
    assert shown["course-start-days"]["set_by"] == "project"
    assert all(row["source"] for row in shown.values())
    assert len(shown) == len(standard_rules().known())


def test_the_files_are_kept_as_they_came(here):
    load(here, an_entry("seat-hold-days", 5, "days"))
    (kept,) = rule_files(the_machine(here), None)
    assert kept["content"] == a_file(an_entry("seat-hold-days", 5, "days"))
    assert (kept["source"], kept["valid_from_on"]) == ("Beschluss 12", "2026-03-02")
    assert rule_files(the_machine(here), REGION) == []


def test_a_desk_has_the_rules_of_its_caller_s_region(here):
    load(here, an_entry("seat-hold-days", 9, "days"), region=REGION)
    an_account(here)
    caller = caller_of(here, sign_in(here, "anna", PASSWORD).token)
    assert desk_for(here, caller).book.rule("seat-hold-days", TODAY).days == 9
    assert desk_for(here, the_machine(here).caller).book.rule("seat-hold-days", TODAY).days == 3


def test_the_rules_of_sign_in_hold_at_once(here, clock):
    an_account(here)
    token = sign_in(here, "anna", PASSWORD).token
    load(here, an_entry("session-idle-minutes", 5, "minutes"))
    clock.forward(minutes=5)
    with pytest.raises(NotSignedIn):
        caller_of(here, token)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (an_entry("seat-hold-day", 5, "days"), "seat-hold-days"),
        (an_entry("seat-hold-days", 5, "persons"), "allowed: days"),
        (an_entry("seat-hold-days", -5, "days"), "value"),
        (an_entry("seat-hold-days", 5, "moons"), "moons"),
        (an_entry("session-idle-minutes", 0, "minutes"), "1–720"),
        (an_entry("password-minimum-characters", 7, "characters"), "8–64"),
        (an_entry("lockout-attempts", 101, "attempts"), "3–100"),
        (an_entry("seat-hold-days", 5, "days").replace("Dienstanweisung 7", ""), "source"),
    ],
)
def test_every_fault_is_named_with_file_and_line_and_nothing_is_loaded(here, entry, words):
    with pytest.raises(PlanFault) as caught:
        load(here, an_entry("retention-case-days", 365, "days"), entry)
    said = caught.value.text("en")
    assert said.startswith("office.toml, line 11") and words in said
    assert rule_files(the_machine(here), None) == []


def test_several_faults_are_said_at_once(here):
    with pytest.raises(PlanFault) as caught:
        load(here, an_entry("seat-hold-days", -5, "days"), an_entry("retention-case-days", 365, "moons"))
    assert len(caught.value.faults) == 2


@pytest.mark.parametrize("content", ["", "[[rule]", "rule = 7", "x" * 1_000_001, "[" * 100_000])
def test_what_is_no_file_of_rules_is_refused(here, content):
    with pytest.raises(PlanFault, match=r"office\.toml"):
        load_rule_file(the_machine(here), content, "office.toml", None, TODAY, "Beschluss 12")


def test_rules_without_a_source_are_refused(here):
    content = an_entry("seat-hold-days", 5, "days")
    with pytest.raises(Refusal, match="where they come from"):
        load_rule_file(the_machine(here), content, "office.toml", None, TODAY, "  ")


@pytest.mark.parametrize(
    ("key", "value", "unit"),
    [("session-idle-minutes", 5, "minutes"), ("retention-audit-days", 400, "days")],
)
def test_a_region_does_not_set_what_holds_for_all(here, key, value, unit):
    with pytest.raises(Refusal, match=key):
        load(here, an_entry(key, value, unit), region=REGION)
    assert load(here, an_entry(key, value, unit))


def test_a_region_sets_how_long_its_own_cases_are_kept(here):
    load(here, an_entry("retention-case-days", 365, "days"), region=REGION)
    with ReadingUnit(here) as unit:
        books = [book_of(unit, region, TODAY) for region in (REGION, None)]
    assert [book.rule("retention-case-days", TODAY).days for book in books] == [365, 730]


def test_loading_leaves_one_entry_with_the_names_of_the_rules(here):
    before = len(entries(here))
    load(here, an_entry("seat-hold-days", 5, "days"))
    (entry,) = entries(here)[before:]
    assert entry[0] == "edit-rules" and entry[2]["keys"] == ["seat-hold-days"]


def test_a_layer_that_ends_gives_way_to_the_one_below():
    above = read_rules(an_entry("seat-hold-days", 5, "days", "2026-02-01", "2026-02-28"), "x")
    book = overlaid(standard_rules(), above)
    days = [date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 1)]
    assert [book.rule("seat-hold-days", day).days for day in days] == [3, 5, 5, 3]
    assert len(book.history("seat-hold-days")) == 3


def test_special_rules_of_two_layers_may_leave_days_to_the_general_one():
    first = read_rules(an_entry("seat-hold-days.housing", 1, "days", "2026-01-01", "2026-01-31"), "x")
    second = read_rules(an_entry("seat-hold-days.test", 8, "days", "2026-03-01", "2026-03-31"), "x")
    third = read_rules(an_entry("seat-hold-days.test", 9, "days", "2027-03-01"), "x")
    book = overlaid(overlaid(overlaid(standard_rules(), first), second), third)
    assert book.rule_for_kind("seat-hold-days", "test", date(2026, 3, 1)).days == 8
    assert book.rule_for_kind("seat-hold-days", "test", date(2026, 6, 1)).days == 3
    assert book.rule_for_kind("seat-hold-days", "housing", date(2026, 6, 1)).days == 2


def test_what_comes_with_the_project_lies_within_the_bounds():
    check_bounds(standard_rules(), BOUNDS)
    assert AccessRules.of(standard_rules(), TODAY).lock_attempts == 5
