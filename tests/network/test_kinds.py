"""The catalogue of kinds is complete and its words exist in both languages."""

from datetime import date

import pytest

from network.actors import CEFR_LEVELS, ActorType
from network.kinds import KINDS, STATES, kind_label, kind_of, with_implied
from network.labels import LABELS, date_label, half_day_label, times_label
from network.model import HALF_DAYS


def test_the_half_days_are_those_of_a_week_without_saturday_evening():
    assert len(HALF_DAYS) == 17
    assert {"mo-am", "fr-ev", "sa-am", "sa-pm"} <= set(HALF_DAYS)


def test_every_state_is_reached_by_a_kind_or_brought_along():
    reached = frozenset().union(*(kind.leads_to for kind in KINDS.values()))
    assert all(state.situation or state.id in reached for state in STATES.values())


def test_modular_kinds_name_a_level_for_every_entry_module():
    for kind in KINDS.values():
        if kind.modules:
            assert len(kind.entry_levels) == kind.modules
        assert set(kind.entry_levels) <= set(CEFR_LEVELS)


def test_a_level_brings_the_lower_ones_along():
    assert with_implied({"C1"}) == {"C1", "B2", "B1", "A2"}


@pytest.mark.parametrize(
    ("kind", "german", "english"),
    [
        ("literacy-course/from-4", "Alphabetisierungskurs ab Modul 4", "Literacy course from module 4"),
        ("housing/flat", "Wohnung", "Flat"),
        ("integration-course", "Integrationskurs", "Integration course"),
        ("something/else", "something/else", "something/else"),
    ],
)
def test_kinds_have_words(kind, german, english):
    assert (kind_label(kind, "de"), kind_label(kind, "en")) == (german, english)


def test_a_slot_kind_leads_to_its_kind_of_offering():
    assert kind_of("integration-course/from-7").id == "integration-course"
    with pytest.raises(KeyError):
        kind_of("integration-course/from-8")


def test_every_word_has_a_german_and_an_english_label():
    for group in LABELS.values():
        assert all(entry["de"] and entry["en"] for entry in group.values())
    assert set(LABELS["actor_type"]) == set(ActorType)


def test_times_are_drawn_together():
    half_days = {"mo-am", "tu-am", "we-am", "sa-am", "th-ev"}
    assert times_label(half_days, "de") == "Mo–Mi, Sa vormittags, Do abends"
    assert half_day_label("fr-pm", "en") == "Fri afternoon"


def test_dates_are_written_as_people_do():
    assert date_label(date(2026, 3, 2), "de") == "02.03.2026"
    assert date_label(date(2026, 3, 2), "en") == "2 Mar 2026"
