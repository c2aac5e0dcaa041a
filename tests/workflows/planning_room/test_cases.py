"""The kinds of people that the analysis follows are those of the chain templates, with their shares."""

from collections import defaultdict
from datetime import date

import pytest

from plans.templates import profiles
from workflows.planning_room.cases import AT_COURSE, DIMENSIONS, PLACE_FIRST, profile_cases

CASES = profile_cases(date(2026, 11, 23))


def test_the_shares_are_those_of_the_profiles():
    shares = defaultdict(float)
    for case in CASES:
        if case.only is None:
            shares[case.facts["profile"]] += case.weight
    assert dict(shares) == pytest.approx({one.key: one.share for one in profiles()})


def test_every_case_says_where_it_stands_in_each_dimension():
    assert all(tuple(case.facts) == DIMENSIONS for case in CASES)


def test_steps_follow_each_other_as_in_the_template():
    refugee = next(case for case in CASES if case.facts["profile"] == "recognised-refugee")
    kinds = [step.kind for step in refugee.steps]
    course = kinds.index("vocational-language/B2")
    assert kinds[refugee.steps[course].after].startswith("integration-course/from-")
    assert refugee.steps[course].lag_days == 35
    assert refugee.steps[0].spoken
    assert not refugee.steps[1].spoken


def test_parents_are_followed_with_a_place_first_and_with_care_at_the_course():
    parents = [case for case in CASES if case.facts["profile"] == "parent"]
    first = next(case for case in parents if case.facts["childcare"] == PLACE_FIRST)
    course = next(case for case in parents if case.facts["childcare"] == AT_COURSE)
    assert course.only == "childcare"
    assert "childcare/place" in [step.kind for step in first.steps]
    assert [step.kind for step in course.steps if "childcare" in step.features] == [first.steps[-1].kind]
    assert course.steps[-1].after == [step.kind for step in course.steps].index("placement-test")
