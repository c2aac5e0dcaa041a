"""The time of a run on files."""

import pytest

import matching
from workflows.match_run import without_files


@pytest.mark.parametrize(("reading", "left"), [(0.0, 10.0), (2.0, 6.0), (8.0, 5.0)])
def test_reading_and_writing_are_part_of_the_time_limit_and_half_of_it_is_for_planning(
    reading: float, left: float
) -> None:
    options = matching.SolveOptions(time_limit_seconds=10.0, seed=3)
    assert without_files(options, reading) == matching.SolveOptions(time_limit_seconds=left, seed=3)
