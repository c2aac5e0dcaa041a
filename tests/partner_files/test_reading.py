"""Partner files as people with a spreadsheet write them are read."""

from datetime import date

import pytest
from folder_builder import GOOD, a_folder

from network.partner_files import find_region, read_region, region_names


@pytest.fixture
def region(tmp_path):
    return read_region(a_folder(tmp_path))


def test_a_good_folder_becomes_a_region(region):
    assert region.name("de") == "Probekreis"
    assert region.today == date(2026, 11, 23)
    assert set(region.actors) == {"vhs", "kim", "test"}
    assert region.groups["g1"].entry_modules == (1, 3, 5)


def test_an_actor_without_coordinates_stands_in_the_centre_of_its_town(region):
    assert (region.actors["kim"].place.lat, region.actors["kim"].place.lon) == (50.6, 9.2)


def test_an_empty_cell_is_unknown_and_a_dash_is_none(region):
    assert "features" in region.offerings["beratung"].unstated
    assert region.offerings["b2"].features == frozenset()
    assert "features" not in region.offerings["b2"].unstated


def test_a_group_is_online_when_its_offering_is_and_it_does_not_say_otherwise(region):
    supply = region.slots(region.today, date(2028, 1, 1))
    assert {slot.online for slot in supply.slots if slot.offering_id == "b2"} == {True}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_encodings_and_line_ends_of_spreadsheets_make_no_difference(tmp_path, region, encoding, ends):
    changed = {
        name.removesuffix(".csv"): text.replace("\n", ends).encode(encoding) for name, text in GOOD.items()
    }
    assert read_region(a_folder(tmp_path / "other", **changed)) == region


def test_semicolons_german_headings_dates_and_words_make_no_difference(tmp_path, region):
    groups = (
        "Kennung;Angebot;Beginn;Module;Tage je Modul;Einstiegsmodule;Plätze;belegt;Mindestzahl;Zeiten;online;"
        "Ort;Breite;Länge;Voraussetzungen;Merkmale;Quelle;Beispielhaft;;\r\n"
        "g1;kurs;07.12.2026;7;28;1,3,5;20;5;12;Mo-Fr vormittags;nein;;;;;Rollstuhlgerecht;;ja;;\r\n"
        "g2;kurs;5.10.26;7;28;1|3|5;20;18;12;mo-nm|di-nm|mi-nm|do-nm|fr-nm;nein;;;;;;;ja;;\r\n"
        "g3;b2;01.03.2027;1;100;;15;4;15;mo-abend|mi-abend;;;;;;;;ja;;\r\n"
        ";;;;;;;;;;;;;;;;;;;\r\n\r\n"
    )
    actors = (
        "Kennung;Name;Art;Ort;Breite;Länge;Sprachen;Quelle;beispielhaft\n"
        "vhs;Volkshochschule Muster;Sprachkursträger;Musterstadt;50,61;9,21;Deutsch, Arabisch;;ja\n"
        "kim;Integrationsbüro Muster;Kommune;Musterstadt;;;;;ja\n"
        "test;Teststelle Muster;Teststelle;Neudorf;50,7;9,3;deu;;ja\n"
    )
    folder = a_folder(tmp_path / "other", groups=groups, actors=None)
    (folder / "Akteure.csv").write_text(actors, "cp1252")
    german = read_region(folder)
    assert {g.id: g.times for g in german.groups.values()} == {g.id: g.times for g in region.groups.values()}
    assert [g.start_on for g in german.groups.values()] == [g.start_on for g in region.groups.values()]
    assert german.groups["g1"].features == {"wheelchair"}
    assert {a.id: (a.type, a.place, a.languages) for a in german.actors.values()} == {
        a.id: (a.type, a.place, a.languages) for a in region.actors.values()
    }


def test_the_line_by_which_excel_names_the_separator_is_skipped(tmp_path, region):
    towns = "sep=;\r\n" + GOOD["towns.csv"].replace(",", ";")
    assert read_region(a_folder(tmp_path / "other", towns=towns)).towns == region.towns


def test_without_a_table_of_towns_the_actors_places_are_the_towns(tmp_path):
    actors = GOOD["actors.csv"].replace("Musterstadt,,", "Musterstadt,50.59,9.19")
    region = read_region(a_folder(tmp_path, towns=None, actors=actors))
    assert [(t.place.name, t.place.lat, t.place.lon) for t in region.towns] == [
        ("Musterstadt", 50.6, 9.2),
        ("Neudorf", 50.7, 9.3),
    ]


@pytest.mark.parametrize("name", region_names())
def test_the_regions_of_the_project_have_no_fault(name):
    region = read_region(find_region(name))
    assert region.actors
    assert region.slots(region.today, date(2100, 1, 1)).slots


def test_the_fictional_county_has_the_volumes_that_it_claims():
    region = read_region(find_region("musterkreis"))
    assert region.fictional
    assert sum(town.population for town in region.towns) == region.population == 250_000
    assert len(region.actors) == 60
    assert len(region.groups) == 45
    rows = (*region.actors.values(), *region.offerings.values(), *region.groups.values())
    assert all(row.illustrative for row in rows)
    assert all(actor.email.endswith(".example") for actor in region.actors.values())


@pytest.mark.parametrize("name", ["dortmund", "wetzlar"])
def test_in_real_regions_every_actor_has_a_source_and_every_date_is_marked_illustrative(name):
    region = read_region(find_region(name))
    assert not region.fictional
    assert all(actor.source for actor in region.actors.values())
    dated = (*region.groups.values(), *region.services.values(), *region.stock.values())
    assert all(row.illustrative for row in dated)
