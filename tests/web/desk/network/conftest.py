"""A small network: a course with seats and an offering without dates, in two towns."""

from __future__ import annotations

from datetime import date

import pytest

from store import tables as t
from tests.store.builders import CONDITIONS, ORIGIN, a_group, a_unit, an_organisation, described
from tests.web.desk.conftest import Office
from tests.workflows.desks import REGION

CONFIRMED = date(2026, 2, 20)
LONG_AGO = date(2025, 6, 1)


@pytest.fixture
def town(office: Office) -> Office:
    """The office of the desk, in a region with something to show."""
    with a_unit(office.store) as uow:
        dates = {"start_on": date(2026, 4, 1), "end_on": date(2026, 12, 1)}
        a_group(uow, REGION, office.provider_id, "abend", times=["mo-ev"], as_of_on=CONFIRMED, **dates)
        a_group(uow, REGION, office.provider_id, "voll", booked_elsewhere=20, as_of_on=LONG_AGO, **dates)
        school = an_organisation(
            uow,
            REGION,
            "schule",
            name="Schule Beispielhausen",
            lat=51.9,
            lon=7.9,
            place_name="Beispielhausen",
            languages=[],
            unstated=["languages"],
        )
        uow.insert(
            t.offering, region_id=REGION, organisation_id=school, key="bv", name="Klasse",
            kind="school/vocational-preparation", languages=[], online=False, **CONDITIONS,
            **{**ORIGIN, "unstated": ["languages"]},
        )  # fmt: skip
        described(uow).commit()
    return office
