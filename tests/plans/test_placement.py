from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from plans.analysis import Skills
from plans.fault import PlanFault
from plans.placement import PlacementResult, decide

RESULT = PlacementResult("p1", date(2026, 11, 9), "integration-course/from-3", Skills(), "test-centre")
ON = date(2026, 11, 10)


def test_whoever_follows_the_result_needs_no_reason() -> None:
    decision = decide(RESULT, RESULT.kind, "anna", ON)
    assert not decision.deviates
    assert decision.reason == ""


@pytest.mark.parametrize("reason", ["", "   ", "-", "wegen Kita"[:9]])
def test_a_deviation_without_a_written_reason_is_refused(reason: str) -> None:
    """Control: the same deviation with a reason is accepted (next test)."""
    with pytest.raises(PlanFault, match="give a written reason"):
        decide(RESULT, "integration-course/from-1", "anna", ON, reason)


def test_a_deviation_with_a_written_reason_keeps_it() -> None:
    reason = "Only the course from module 1 has childcare."
    decision = decide(RESULT, "integration-course/from-1", "anna", ON, reason)
    assert decision.deviates
    assert (decision.reason, decision.decided_by) == (reason, "anna")


def test_a_reason_without_a_deviation_is_refused() -> None:
    with pytest.raises(PlanFault, match="leave out the reason"):
        decide(RESULT, RESULT.kind, "anna", ON, "because it fits")


def test_nobody_decides_before_the_test_or_for_an_unknown_kind() -> None:
    with pytest.raises(PlanFault, match="lies after"):
        decide(RESULT, RESULT.kind, "anna", date(2026, 11, 8))
    with pytest.raises(PlanFault, match="not in the catalogue"):
        decide(RESULT, "dance-course", "anna", ON, "because dancing helps")
    with pytest.raises(PlanFault, match="not in the catalogue"):
        replace(RESULT, kind="dance-course")


def test_a_result_counts_for_six_months() -> None:
    assert RESULT.counts_until_on() == date(2027, 5, 8)
