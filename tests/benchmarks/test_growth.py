"""The growth of time and memory, measured on a small county."""

import random

import matching
from benchmarks import growth
from tests.matching.builders import random_tiny_problem


def a_size(people, seconds):
    return growth.Size(people, 4 * people, 100 * people, seconds, seconds, seconds / 10, 100.0)


def test_a_size_counts_what_was_read(tmp_path):
    matching.write_tables(random_tiny_problem(random.Random(1)), tmp_path)
    size = growth.measure(tmp_path)
    problem = matching.read_problem(tmp_path)
    assert (size.people, size.needs) == (len(problem.people.ids), len(problem.needs.ids))
    assert 0 < size.pass_seconds < 1
    assert 0 < size.reading_seconds < 5


def test_sizes_are_kept_in_order_and_measured_anew(tmp_path):
    path = tmp_path / "growth.csv"
    growth.write_results([a_size(2000, 1.0), a_size(60, 0.1)], path)
    sizes = growth.write_results([a_size(2000, 2.0)], path)
    assert [(x.people, x.reading_seconds) for x in sizes] == [(60, 0.1), (2000, 2.0)]
    assert growth.read_results(path) == sizes


def test_the_table_names_the_exponent_of_the_large_sizes():
    text = growth.table([a_size(60, 5.0), a_size(2000, 1.0), a_size(20_000, 10.0)])
    assert "one pass grows like n^1.00" in text
