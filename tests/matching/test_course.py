"""A run knows when it is to end, and keeps time for the check of its plan."""

import matching
from matching.course import Course
from matching.result import Status
from tests.matching.builders import a_need, a_problem, a_slot

PROBLEM = a_problem([a_need("n")], [a_slot("s")])


def a_course(stop=lambda: False, **options):
    return Course(PROBLEM, matching.SolveOptions(**{"time_limit_seconds": 10_000, **options}), None, stop)


def test_time_for_the_last_check_is_kept_free():
    course = a_course()
    assert not course.stopped()
    course.closing = 10_000.0
    assert course.stopped()
    assert not course.interrupted


def test_shares_of_the_time_count_from_the_end_of_the_preparation():
    course = a_course()
    course.ready = 8000.0
    assert 8900 < course.left(0.5) <= 9000


def test_where_steps_are_counted_there_is_the_whole_time_for_every_part():
    course = a_course(steps=5)
    assert 9900 < course.left(0.1) <= 10_000
    assert course.spent(0.1)() == 0.0


def test_who_has_been_asked_to_stop_once_stays_stopped():
    asked = iter([False, True])
    course = a_course(stop=lambda: next(asked, False))
    assert [course.is_interrupted() for _ in range(3)] == [False, True, True]
    assert course.status(0.5) == Status.INTERRUPTED
