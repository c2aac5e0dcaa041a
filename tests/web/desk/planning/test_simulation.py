"""Die Simulation in the desk: the form and its faults, charts and files."""

import pytest

from tests.web.desk.planning.builders import AT, asked, begun

SIMULATED = {"people": "20", "weeks": "13", "seeds": "1", "policies": ["earliest-slot"]}


def test_a_simulation_is_asked_for_and_shown_with_charts_and_its_file(reckoned_here, place, planner):
    form = planner.get(f"{AT}/simulation").text
    assert 'value="150"' in form, "twelve people came, too few to go by"
    at = asked(planner, "simulation", **SIMULATED)
    page = planner.get(at).text
    assert "Simuliert mit den Angeboten vom" in page and page.count("<figcaption>") == 4
    assert 'class="ends"' in page, "the mean has an interval"
    assert 'value="20"' in page, "the form asks for the same again"
    header, first, *_ = planner.get(f"{at}?tabelle=simulation").text.removeprefix("\ufeff").splitlines()
    assert header.startswith("policy,seed,mean_wait_days") and first.startswith("first-come,1,")
    assert "20 Menschen in 13 Wochen, Durchläufe: 1" in planner.get(f"{AT}/simulation").text
    assert "runs: 1" in planner.get(f"{AT}/simulation?lang=en").text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("people", "19", "von 20 bis 1000"),
        ("people", "viele", "von 20 bis 1000"),
        ("weeks", "7", "aus der Liste"),
        ("seeds", "11", "von 1 bis 10"),
        ("policies", [], "mindestens eine Vergabeweise"),
        ("policies", ["first-come"], "mindestens eine Vergabeweise"),
    ],
)
def test_a_simulation_that_cannot_be_is_refused_at_its_field(place, planner, field, value, said):
    answer = planner.post(f"{AT}/rechnen/simulation", {**SIMULATED, field: value}, at=f"{AT}/simulation")
    assert answer.status_code == 400
    assert f'id="{field}-fault"' in answer.text and said in answer.text


def test_the_form_of_a_simulation_proposes_as_many_people_as_came(office, planner):
    begun(office, 30, 21)
    assert 'value="30"' in planner.get(f"{AT}/simulation").text
