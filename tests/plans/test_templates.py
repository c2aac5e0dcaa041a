from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from network.kinds import SLOT_KINDS
from plans.analysis import Cefr
from plans.fault import PlanFault
from plans.fictional import FICTIONAL_FILE, fiction, load_fiction
from plans.needs import Relation, check_forest
from plans.rules import RuleBook, load_rules
from plans.templates import TEMPLATES_FILE, Profile, load_profiles, profile, profiles

REGISTERED_ON = date(2026, 11, 2)


def changed(folder: Path, old: str, new: str, source: Path = TEMPLATES_FILE) -> Path:
    text = source.read_text("utf-8")
    assert old in text
    path = folder / source.name
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def refused(path: Path) -> str:
    with pytest.raises(PlanFault) as caught:
        load_profiles(path)
    return caught.value.text("en")


def test_there_are_eight_profiles_whose_shares_add_up_to_one() -> None:
    assert [entry.share for entry in profiles()] == [0.22, 0.16, 0.15, 0.06, 0.10, 0.12, 0.09, 0.10]
    assert sum(entry.share for entry in profiles()) == pytest.approx(1)


@pytest.mark.parametrize("entry", profiles(), ids=lambda entry: entry.key)
@pytest.mark.parametrize("level", list(Cefr))
def test_every_chain_is_a_forest_of_kinds_that_the_network_knows(entry: Profile, level: Cefr) -> None:
    needs = entry.needs("n1", level, REGISTERED_ON)
    check_forest(needs)
    assert {need.kind for need in needs} <= SLOT_KINDS.keys()
    assert all(need.target_on is None or need.target_on > REGISTERED_ON for need in needs)


@pytest.mark.parametrize("entry", profiles(), ids=lambda entry: entry.key)
def test_every_profile_speaks_both_languages(entry: Profile) -> None:
    texts = [entry, *(step.goal for step in entry.steps), entry.goal]
    pairs = [(t.label_de, t.label_en) if isinstance(t, Profile) else (t.text_de, t.text_en) for t in texts]
    assert all(de.strip() and en.strip() and de != en for de, en in pairs)


def test_the_entry_module_follows_the_level() -> None:
    kinds = {
        level: profile("skilled").needs("n", level, REGISTERED_ON)[2].kind
        for level in (Cefr.A0, Cefr.A1, Cefr.B2)
    }
    assert list(kinds.values()) == [f"integration-course/from-{module}" for module in (1, 3, 5)]


def test_b2_waits_for_the_test_results_and_not_longer_than_the_certificate_is_accepted() -> None:
    b2 = profile("recognised-refugee").needs("n1", Cefr.A0, REGISTERED_ON)[3]
    assert (b2.kind, b2.after, b2.lag_days, b2.max_lag_days) == (
        "vocational-language/B2",
        "n1-3",
        35,
        35 + 180,
    )


def test_the_distance_between_steps_follows_the_rule_of_the_day(tmp_path: Path) -> None:
    from plans.rules import RULES_FILE

    old = 'valid_from = 2009-07-01\nbasis = "observed"'
    book: RuleBook = load_rules(
        changed(
            tmp_path, f'value = 35\nunit = "days"\n{old}', f'value = 3\nunit = "weeks"\n{old}', RULES_FILE
        )
    )
    b2 = profile("recognised-refugee").needs("n1", Cefr.A0, REGISTERED_ON, book=book)[3]
    assert (b2.lag_days, b2.max_lag_days) == (21, 21 + 180)


def test_the_course_of_a_parent_starts_two_weeks_after_the_childcare_has_started() -> None:
    course = profile("parent").needs("n1", Cefr.A1, REGISTERED_ON)[3]
    assert (course.after, course.relation, course.lag_days) == ("n1-3", Relation.START, 14)


def test_steps_done_are_left_out_and_their_followers_may_begin_at_once() -> None:
    needs = profile("literacy").needs("n7", Cefr.A0, REGISTERED_ON, done=frozenset({"counselling", "test"}))
    assert [(need.id, need.after, need.lag_days) for need in needs] == [
        ("n7-3", None, 0),
        ("n7-4", "n7-3", 35),
    ]


def test_a_goal_is_due_on_the_target_date() -> None:
    test = profile("eu-worker").needs("n1", Cefr.A1, REGISTERED_ON)[0]
    assert test.goal.due_on == test.target_on == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("share = 0.22", "share = 0.23", "1.01 instead of 1"),
        (
            'kind = "placement-test"',
            'kind = "placement"',
            "step test: the kind “placement” is not in the catalogue",
        ),
        ('after = "counselling"', 'after = "councelling"', "“councelling” is not known for “after”"),
        ('lag_rules = ["dtz-results-days"]', 'lag_rules = ["dtz"]', "“dtz” is not known for “lag_rules”"),
        ("lag_days = 3", "lag_days = -3", "-3"),
        ("target_days = 21", "target_days = 21\nlag_days = 2", "a distance without a predecessor"),
        ('times = "morning"', 'times = "night"', "day, morning, shift"),
        ("am = 1.0", "am = 1.0\nmidnight = 1.0", "midnight"),
        ("{ A0 =", "{ B9 = 'x', A0 =", "B9"),
        ("{ A0 =", "{ C1 =", "kind_by_level.A0"),
        ('relation = "start"', 'relation = "begin"', "begin"),
        ('key = "literacy"', 'key = "parent"', "“parent” occurs more than once"),
        ('key = "b2"', 'key = "test"', "“test” occurs more than once"),
        ('label_de = "Junger', 'label_fr = "Junger', "label_fr"),
    ],
)
def test_a_template_that_cannot_be_is_refused_and_named(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    text = refused(changed(tmp_path, old, new))
    assert "templates.toml" in text
    assert words in text


def test_the_line_of_a_faulty_step_is_named(tmp_path: Path) -> None:
    path = changed(
        tmp_path, 'key = "orientation"\nkind = "orientation-course/from-1"', 'key = "orientation"\nkind = "x"'
    )
    lines = path.read_text("utf-8").splitlines()
    number = lines.index('kind = "x"') - 1  # header two lines above, lines counted from 1
    assert f"line {number}, profile 8 (asylum-seeker), step orientation" in refused(path)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('key = "skilled"', 'key = "unskilled"', "unskilled"),
        ("women_share = 0.55", "women_share = 1.55", "women_share"),
        ("ages = [27, 58]", "ages = [58, 27]", "ages"),
        ("levels = { A0 = 1.0 }", "levels = { Z0 = 1.0 }", "Z0"),
        ("languages = { ara", "languages = { arb", "arb"),
        ('done = ["counselling", "test"]', 'done = ["tea"]', "tea"),
        ("priorities = { admitted = 1.0 }", "priorities = { admitted = 0 }", "priorities"),
        ("priorities = { admitted = 1.0 }", "priorities = { vip = 1 }", "vip"),
    ],
)
def test_fictional_traits_that_cannot_be_are_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    with pytest.raises(PlanFault) as caught:
        load_fiction(changed(tmp_path, old, new, FICTIONAL_FILE))
    assert words in caught.value.text("en")


def test_every_profile_has_fictional_traits() -> None:
    assert fiction().traits.keys() == {entry.key for entry in profiles()}
