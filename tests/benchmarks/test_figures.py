"""Where figures are shown: sections of a document, pictures, exponents."""

from xml.etree import ElementTree

import pytest

from benchmarks.figures import growth_exponent, log_log, write_section


def test_a_section_is_replaced_and_nothing_else(tmp_path):
    document = tmp_path / "figures.md"
    document.write_text("before\n<!-- a: begin -->\nold\n<!-- a: end -->\nafter\n", "utf-8")
    write_section("a", "new", document)
    assert document.read_text("utf-8") == "before\n<!-- a: begin -->\nnew\n<!-- a: end -->\nafter\n"


def test_a_section_that_is_not_there_is_refused(tmp_path):
    document = tmp_path / "figures.md"
    document.write_text("nothing\n", "utf-8")
    with pytest.raises(ValueError, match="no section"):
        write_section("a", "new", document)


def test_the_exponent_of_a_straight_growth_is_one():
    assert growth_exponent([(10, 3), (100, 30), (1000, 300)]) == pytest.approx(1.0)
    assert growth_exponent([(10, 1), (100, 100)]) == pytest.approx(2.0)


def test_a_plot_is_a_picture_with_every_point_inside():
    svg = log_log({"time": [(60, 0.001), (400_000, 15.0)]}, "people", "seconds")
    picture = ElementTree.fromstring(svg)
    width, height = (float(x) for x in picture.attrib["viewBox"].split()[2:])
    circles = picture.findall("{http://www.w3.org/2000/svg}circle")
    assert len(circles) == 2
    assert all(0 < float(c.attrib["cx"]) < width and 0 < float(c.attrib["cy"]) < height for c in circles)
