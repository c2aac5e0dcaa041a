"""Summary, map, layers and page are made for every region, in both languages, and say what they should."""

from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from region_builders import TODAY, a_network, a_region, an_actor, an_offering, refers

from network.map_picture import Mark, _spread
from network.model import Place
from network.partner_files import find_region, read_region, region_names
from network.picture import layers_svg, map_svg, network_html
from network.reference import model_sites
from network.summary import network_of, summary
from network.svg import lines_of

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(params=region_names())
def region(request):
    return read_region(find_region(request.param))


@pytest.mark.parametrize("lang", ["de", "en"])
def test_a_summary_has_rows_as_wide_as_its_columns(region, lang):
    found = summary(region, region.today, lang)
    assert region.name(lang) in found.title
    assert str(len(region.actors)) in found.lead
    for table in found.tables:
        assert all(len(row) == len(table.columns) for row in table.rows)


@pytest.mark.parametrize("lang", ["de", "en"])
def test_the_pictures_are_well_formed_and_name_every_actor(region, lang):
    for svg in (map_svg(region, lang), layers_svg(network_of(region), lang)):
        root = ElementTree.fromstring(svg)
        titles = {title.text for title in root.iter(f"{SVG}title")}
        assert root.find(f"{SVG}desc").text
        for actor in region.actors.values():
            assert any(actor.name in title for title in titles)


def test_the_page_is_closed_in_itself_and_names_its_licence(region):
    page = network_html(region, "de")
    assert "<script" not in page
    assert "src=" not in page and "@import" not in page and "url(http" not in page
    assert region.licence in page
    HTMLParser().feed(page)


def test_a_region_with_almost_nothing_can_be_drawn():
    region = a_region([an_actor("a")])
    assert "<svg" in network_html(region, "en", TODAY)


def test_names_cannot_break_the_page():
    region = a_region([an_actor("a", name='<script>alert("x")</script> & Co')])
    page = network_html(region, "en")
    assert "<script" not in page
    ElementTree.fromstring(map_svg(region, "en"))


def test_weak_points_are_marked():
    offerings = [an_offering("t", "a", "placement-test")]
    network = a_network([an_actor(n) for n in "abc"], offerings, cooperations=[refers("a", "b")])
    svg = layers_svg(network, "en")
    legend_only = layers_svg(a_network([an_actor("a"), an_actor("b")], cooperations=[refers("a", "b")]), "en")
    assert svg.count("#b3261e") == legend_only.count("#b3261e") + 1
    assert svg.count('stroke-dasharray="5 4"') == legend_only.count('stroke-dasharray="5 4"') + 1


def test_signs_on_one_point_are_pushed_apart():
    marks = [Mark(an_actor(str(n)), 100.0, 100.0) for n in range(12)]
    _spread(marks)
    gaps = [((a.x - b.x) ** 2 + (a.y - b.y) ** 2) ** 0.5 for i, a in enumerate(marks) for b in marks[i + 1 :]]
    assert min(gaps) > 12


def test_long_words_are_broken_with_a_hyphen_and_long_texts_end_in_an_ellipsis():
    assert lines_of("Kita-Platzvermittlung", 12, 2) == ["Kita-", "Platzvermit…"]
    assert lines_of("Musterstadt", 20, 2) == ["Musterstadt"]


def test_there_are_eighteen_model_sites_in_germany():
    sites = model_sites()
    assert len(sites) == len({site.place.name for site in sites}) == 18
    assert len({site.land for site in sites}) == 12
    assert all(isinstance(site.place, Place) and 47 < site.place.lat < 55.1 for site in sites)
