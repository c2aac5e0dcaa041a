"""What prices prove pass by pass, measured on a small county."""

from benchmarks.price_passes import Proven, measure, table


def test_both_ways_are_measured_and_prove_less_than_first_come_costs():
    found = measure("musterkreis-60-1", (2, 4), (3,))
    assert [(x.way, x.passes) for x in found] == [("at once", 2), ("at once", 4), ("in turn", 3)]
    assert all(x.share < 1 and x.bound > 0 and x.seconds > 0 for x in found)
    assert found[1].bound >= found[0].bound


def test_the_table_shows_a_share_in_per_cent():
    shown = table([Proven("land-2000-1", "in turn", 20, 1.234, 1_394_423.3, 0.5678)])
    assert shown.splitlines()[-1] == "| land-2000-1 | in turn | 20 | 1.23 | 1,394,423 | 56.8% |"
