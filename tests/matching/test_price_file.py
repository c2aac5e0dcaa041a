"""prices.csv holds what one more seat saves and what a taken seat costs, and is read back."""

import csv

import pytest

import matching


def test_measured_savings_stand_beside_the_multipliers(tmp_path):
    matching.write_prices({"c": 20.0, "b": 3.5}, tmp_path / "prices.csv", {"c": 12.25})
    with (tmp_path / "prices.csv").open(newline="", encoding="utf-8") as file:
        rows = [tuple(row.values()) for row in csv.DictReader(file)]
    assert rows == [("b", "3.5", "0", "3.5"), ("c", "12.25", "1", "20")]


def test_multipliers_are_read_unless_seat_prices_are_asked_for(tmp_path):
    matching.write_prices({"c": 20.0}, tmp_path / "prices.csv", {"c": 12.25})
    assert matching.read_prices(tmp_path / "prices.csv") == {"c": 20.0}
    assert matching.read_prices(tmp_path / "prices.csv", "seat_price") == {"c": 12.25}


def test_a_file_from_elsewhere_has_seat_prices_only(tmp_path):
    (tmp_path / "prices.csv").write_text("capacity,seat_price\nc,7\n", "utf-8")
    assert matching.read_prices(tmp_path / "prices.csv") == {"c": 7.0}


@pytest.mark.parametrize(
    ("text", "column"),
    [("capacity,multiplier\nc,-1\n", "multiplier"), ("capacity,seat_price\nc,nan\n", "seat_price")],
)
def test_a_price_that_is_none_is_named_with_its_column(text, column, tmp_path):
    (tmp_path / "prices.csv").write_text(text, "utf-8")
    with pytest.raises(matching.ProblemFault) as found:
        matching.read_prices(tmp_path / "prices.csv")
    assert [(fault.line, fault.column) for fault in found.value.faults] == [(2, column)]


@pytest.mark.parametrize(
    ("header", "missing"), [("place,price", ["capacity", "seat_price"]), ("capacity,price", ["seat_price"])]
)
def test_a_file_without_prices_says_which_column_it_lacks(header, missing, tmp_path):
    (tmp_path / "prices.csv").write_text(f"{header}\nc,1\n", "utf-8")
    with pytest.raises(matching.ProblemFault) as found:
        matching.read_prices(tmp_path / "prices.csv")
    assert [fault.column for fault in found.value.faults] == missing
