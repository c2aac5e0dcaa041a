"""How prices and what really happens are compared."""

import random

import numpy as np
import pytest

import matching
from benchmarks.seat_prices import chosen, measure, rank_correlation, ranks, table
from tests.matching.builders import a_capacity, a_need, a_slot, tables


def test_equal_values_share_a_rank():
    assert ranks([5.0, 1.0, 5.0, 9.0]).tolist() == [2.5, 1.0, 2.5, 4.0]


def test_the_correlation_of_an_order_with_itself_is_one_and_with_its_reverse_minus_one():
    values = random.Random(1).sample(range(100), 20)
    assert rank_correlation(values, [v**3 for v in values]) == pytest.approx(1.0)
    assert rank_correlation(values, [-v for v in values]) == pytest.approx(-1.0)


def test_nothing_to_correlate_is_refused():
    with pytest.raises(ValueError, match="equal"):
        rank_correlation([1.0, 1.0], [1.0, 2.0])


def test_the_highest_prices_and_some_zeros_are_chosen():
    price = np.array([0.0, 3.0, 0.0, 5.0])
    assert chosen(price, 1)[:2] == [3, 1]
    assert sorted(chosen(price, 1)[2:]) == [0, 2]


def test_a_seat_that_is_worth_its_price_is_measured_so(tmp_path):
    needs = [a_need(f"n{k}", f"p{k}") for k in range(3)]
    slots = [a_slot("early", start=7), a_slot("late", start=27)]
    matching.write_tables(tables(needs, slots, (), [a_capacity("c-late", 5)]), tmp_path)
    seats = {x.capacity: x for x in measure("tiny-3-1", tmp_path, seed=1)}
    assert seats["c-early"].price == pytest.approx(20) == seats["c-early"].saving
    assert seats["c-late"].price == 0 == seats["c-late"].saving
    assert "| tiny-3-1 | seat price | 1.000 | 20 | 20 | +0.0 % | 1 of 1 |" in table(list(seats.values()))
