from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.fault import PlanFault
from plans.needs import Need, check_forest
from tests.plans.builders import a_goal, a_household, a_need, a_person


def refused_with(code: str, *needs: Need) -> str:
    with pytest.raises(PlanFault) as caught:
        a_household("h1", a_person(needs=needs))
    assert [fault.code for fault in caught.value.faults] == [code]
    return caught.value.text("de")


def test_a_need_follows_the_level_of_the_person() -> None:
    assert [a_need(level=level).kind for level in ("A0", "A1", "A2", "B1")] == [
        "integration-course/from-1",
        "integration-course/from-3",
        "integration-course/from-5",
        "integration-course/from-5",
    ]


def test_needs_that_wait_for_each_other_are_refused_and_the_circle_is_named() -> None:
    circle = (a_need("n1", after="n2"), a_need("n2", after="n3"), a_need("n3", after="n1"))
    assert "n1 → n2 → n3 → n1" in refused_with("cycle", *circle)


def test_a_need_that_waits_for_itself_is_refused() -> None:
    assert "n1 → n1" in refused_with("cycle", a_need("n1", after="n1"))


def test_an_unknown_predecessor_is_refused() -> None:
    assert "n9" in refused_with("unknown-predecessor", a_need("n1", after="n9"))


def test_a_need_id_twice_in_a_household_is_refused() -> None:
    refused_with("duplicate-id", a_need("n1"), a_need("n1"))


def test_a_predecessor_may_belong_to_the_partner() -> None:
    first = a_person("p1", (a_need("n1"),))
    second = a_person("p2", (a_need("n2", after="n1"),))
    assert [need.id for need in a_household("h1", first, second).needs()] == ["n1", "n2"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"target_on": date(2026, 11, 1)}, "date-order"),
        ({"entitled_on": date(2026, 11, 3)}, "date-order"),
        ({"weight": 0}, "out-of-range"),
        ({"weight": float("nan")}, "out-of-range"),
        ({"after": "n0", "lag_days": -1}, "out-of-range"),
        ({"after": "n0", "lag_days": 5, "max_lag_days": 4}, "max-lag-below-lag"),
        ({"lag_days": 5}, "lag-without-predecessor"),
        ({"max_lag_days": 5}, "lag-without-predecessor"),
        ({"fixed_slot": "s1", "proposed_slot": "s2"}, "fixed-and-proposed"),
        ({"kind": " "}, "empty"),
        ({"id": "n 1"}, "bad-id"),
    ],
)
def test_a_need_that_cannot_be_is_refused(changes: dict[str, object], code: str) -> None:
    with pytest.raises(PlanFault) as caught:
        a_need(**changes)
    fault = caught.value.faults[0]
    assert fault.code == code
    assert " – " in fault.text("de")
    assert " – " in fault.text("en")


def test_a_goal_without_words_is_refused() -> None:
    with pytest.raises(PlanFault, match="text_de"):
        a_goal(text_de=" ")


@given(st.lists(st.integers(0, 7), min_size=8, max_size=8))
def test_a_forest_is_accepted_exactly_when_every_need_reaches_a_first_step(parents: list[int]) -> None:
    needs = [a_need(f"n{n}", after=None if p == n else f"n{p}") for n, p in enumerate(parents)]

    def reaches_a_root(n: int) -> bool:
        for _ in parents:
            n = parents[n]
        return parents[n] == n

    if all(reaches_a_root(n) for n in range(len(parents))):
        check_forest(needs)
    else:
        with pytest.raises(PlanFault):
            check_forest(needs)
