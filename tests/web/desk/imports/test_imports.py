"""Partner files are looked over, applied and undone in the browser; what is wrong is said line by line."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from plans.roles import Role
from tests.web.desk.conftest import Office
from tests.web.desk.visitors import Visitor
from tests.workflows.desks import REGION, the_machine
from web.desk.forms import new_request_key
from workflows.partners.reading import export_network

AT = f"/einspielen/{REGION}"


def actors(name: str = "VHS Beispielhausen", type: str = "course-provider") -> bytes:
    """A file of actors with the two of the office and a changed name."""
    head = "id,name,type,place,lat,lon,source"
    return "\n".join(
        (
            head,
            f"vhs,{name},{type},Musterstadt,51.5,7.4,Anruf",
            "office,Stadt Musterstadt,municipality,Musterstadt,51.5,7.4,Anruf",
        )
    ).encode()


def hand_in(visitor: Visitor, *files: tuple[str, bytes], sender: str = "*"):
    form = {"csrf_token": visitor.token(AT), "request_key": new_request_key(), "sender": sender}
    form["files"] = [(io.BytesIO(data), name) for name, data in files]
    return visitor.client.post(AT, data=form, content_type="multipart/form-data")


def press(visitor: Visitor, page: str, button: str):
    """Send the form of a page whose address ends with `button`."""
    text = visitor.get(page).text
    address = re.search(rf'action="([^"]*/{button})"', text)
    assert address, text
    version = re.search(r'name="version" value="(\d+)"', text)[1]
    return visitor.client.post(
        address[1],
        data={"csrf_token": visitor.token(page), "request_key": f"{button}-{page}", "version": version},
    )


def name_of_vhs(office: Office) -> str:
    return export_network(the_machine(office.store), REGION)["actors.csv"]


def test_a_coordinator_looks_over_applies_and_undoes(office: Office) -> None:
    visitor = office.signed_in(Role.COORDINATOR)
    page = hand_in(visitor, ("Akteure.csv", actors())).headers["Location"]
    shown = visitor.get(page).text
    assert "<del>VHS Musterstadt</del> → <ins>VHS Beispielhausen</ins>" in shown
    assert "VHS Beispielhausen" not in name_of_vhs(office)
    assert press(visitor, page, "anwenden").status_code == 303
    assert "VHS Beispielhausen" in name_of_vhs(office)
    assert "Eingespielt" in visitor.get(AT).text
    assert press(visitor, page, "zuruecknehmen").status_code == 303
    assert "VHS Musterstadt" in name_of_vhs(office)
    assert "Zurückgenommen" in visitor.get(page).text


def test_what_is_wrong_is_said_by_file_line_and_column(office: Office) -> None:
    answer = hand_in(office.signed_in(Role.COORDINATOR), ("actors.csv", actors(type="Tanzschule")))
    assert answer.status_code == 422
    cells = re.findall(r"<td[^>]*>(.*?)</td>", answer.text, re.DOTALL)
    assert cells[:3] == ["actors.csv", "2", "type"]
    assert "Tanzschule" in cells[3]


def test_a_zip_holds_the_files_and_the_export_can_be_handed_in_again(office: Office) -> None:
    visitor = office.signed_in(Role.COORDINATOR)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("stand november/actors.csv", actors())
        archive.writestr("__MACOSX/._actors.csv", b"\0")
    assert hand_in(visitor, ("partner.zip", packed.getvalue())).status_code == 303
    exported = visitor.get(f"{AT}/partnerdateien").data
    with zipfile.ZipFile(io.BytesIO(exported)) as archive:
        assert "actors.csv" in archive.namelist()


@pytest.mark.parametrize("name", ["kaputt.zip", "kaputt.xlsx", "bild.png"])
def test_what_is_no_partner_file_is_refused_in_words(office: Office, name: str) -> None:
    answer = hand_in(office.signed_in(Role.COORDINATOR), (name, b"\x89PNG\r\n"))
    assert answer.status_code == 422 and name in answer.text, answer.text[answer.text.index("<main") :]


def test_without_a_file_the_form_says_so(office: Office) -> None:
    answer = hand_in(office.signed_in(Role.COORDINATOR))
    assert answer.status_code == 422 and "mindestens eine Datei" in answer.text


def test_a_provider_hands_in_its_own_rows_for_the_coordinator_to_apply(office: Office) -> None:
    provider = office.signed_in(Role.PROVIDER)
    own = actors().splitlines()[:2]
    page = hand_in(provider, ("actors.csv", b"\n".join(own)), sender="vhs").headers["Location"]
    assert "Die Koordination der Region" in provider.get(page).text
    assert (
        provider.client.post(
            f"{page}/anwenden", data={"csrf_token": provider.token(page), "version": 1}
        ).status_code
        == 403
    )
    assert hand_in(provider, ("actors.csv", actors()), sender="office").status_code == 403


def test_an_import_that_is_outdated_says_so_and_changes_nothing(office: Office) -> None:
    visitor = office.signed_in(Role.COORDINATOR)
    first = hand_in(visitor, ("actors.csv", actors("VHS Eins"))).headers["Location"]
    second = hand_in(visitor, ("actors.csv", actors("VHS Zwei"))).headers["Location"]
    assert press(visitor, first, "anwenden").status_code == 303
    answer = press(visitor, second, "anwenden")
    assert answer.status_code == 422
    assert "VHS Eins" in name_of_vhs(office)
