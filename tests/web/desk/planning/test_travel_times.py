"""Fahrzeiten in the desk: handed in, shown, faulty, and taken back."""

import io
import re

from tests.web.desk.planning.builders import AT


def test_travel_times_are_handed_in_shown_with_what_they_lack_and_taken_back(office, place, planner):
    page = planner.get(f"{AT}/netzanalyse").text
    assert "30 km" in page and f'href="{AT}/fahrzeiten"' in page
    file = (io.BytesIO(b"von,nach,Minuten\nMusterstadt,Neudorf,25\n"), "wege.csv")
    answer = planner.post(f"{AT}/fahrzeiten", {"file": file}, at=f"{AT}/fahrzeiten")
    assert answer.status_code == 303
    page = planner.get(answer.headers["Location"]).text
    assert "wege.csv" in page and "Wege werden in Minuten gemessen" in page
    assert "30 min" in planner.get(f"{AT}/netzanalyse").text
    back = re.search(r'action="([^"]*/zuruecknehmen)"', page)[1]
    assert planner.post(back, {"version": "1"}, at=f"{AT}/fahrzeiten").status_code == 303
    page = planner.get(f"{AT}/fahrzeiten").text
    assert "Es gilt keine Tabelle" in page and "zurückgenommen, " in page and "/zuruecknehmen" not in page


def test_a_faulty_file_of_travel_times_is_answered_with_line_and_column(planner):
    file = (io.BytesIO(b"von,nach,Minuten\nMusterstadt,,bald\n"), "wege.csv")
    page = planner.post(f"{AT}/fahrzeiten", {"file": file}, at=f"{AT}/fahrzeiten")
    assert page.status_code == 422
    assert "wege.csv" in page.text and ">2</td>" in page.text and "Minuten</td>" in page.text
    page = planner.post(f"{AT}/fahrzeiten", {}, at=f"{AT}/fahrzeiten")
    assert page.status_code == 422 and "Bitte wählen Sie eine Datei." in page.text
