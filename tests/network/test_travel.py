"""Ways by great circle and by an uploaded table of travel times."""

import numpy as np
import pytest

from network.analysis.travel import GreatCircle, TravelTimes, read_travel_times
from network.distance import distance_km
from network.faults import PartnerFault
from network.model import Place

A, B, C = Place("A-Stadt", 50.0, 9.0), Place("B-Dorf", 50.3, 9.4), Place("C-Dorf", 50.9, 9.1)


def test_the_way_is_the_great_circle_times_the_detour():
    ways = GreatCircle(1.25).ways([A, B], [B, C])
    assert ways[0, 1] == pytest.approx(1.25 * distance_km(A, C))
    assert ways[1, 0] == pytest.approx(0.0)


def test_a_detour_is_never_shorter():
    with pytest.raises(ValueError, match=r"0\.9"):
        GreatCircle(0.9)


def test_a_table_holds_in_both_directions_unless_it_says_otherwise(tmp_path):
    file = tmp_path / "wege.csv"
    file.write_text("von;nach;Minuten\nA-Stadt;B-Dorf;25\nB-Dorf;A-Stadt;30\nB-Dorf;C-Dorf;40\n", "utf-8")
    ways = read_travel_times(file).ways([A, B, C], [A, B, C])
    assert ways.tolist() == [[0, 25, np.inf], [30, 0, 40], [np.inf, 40, 0]]


def test_names_are_compared_without_capitals():
    assert TravelTimes({("a-stadt", "b-dorf"): 7.0}).ways([A], [Place("B-DORF", 0, 0)]).item() == 7


def test_a_faulty_table_says_file_line_and_column(tmp_path):
    file = tmp_path / "wege.csv"
    file.write_text("from,to,minutes\nA,B,zehn\n", "utf-8")
    with pytest.raises(PartnerFault) as refused:
        read_travel_times(file)
    assert refused.value.faults[0].where("en") == "wege.csv, line 2, column minutes"


def test_a_table_that_is_not_there_is_a_fault_of_one_line(tmp_path):
    with pytest.raises(PartnerFault) as refused:
        read_travel_times(tmp_path / "nichts.csv")
    assert refused.value.faults[0].code == "unreadable"
