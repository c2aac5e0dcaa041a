"""What no database can store is refused in one sentence, where it is written and where it is looked for."""

import pytest

from store import tables as t
from store.faults import Unstorable
from store.unit_of_work import ReadingUnit
from tests.store.builders import a_region, a_unit, an_organisation

HALF_A_SIGN = "\udcff"


@pytest.mark.parametrize("text", [HALF_A_SIGN, f"VHS {HALF_A_SIGN}"])
def test_half_a_sign_is_refused(store, text):
    with a_unit(store) as uow:
        a_region(uow)
        with pytest.raises(Unstorable, match="no database can take"):
            an_organisation(uow, "musterkreis", name=text)
    with ReadingUnit(store) as unit, pytest.raises(Unstorable):
        unit.find(t.organisation, name=text)


def test_a_number_beyond_every_column_is_refused(store):
    with a_unit(store) as uow, pytest.raises(Unstorable):
        a_region(uow)
        uow.insert(
            t.account, login_name="x", display_name="x", language="de", is_active=True, failed_attempts=2**70
        )


def test_a_zero_byte_is_refused_where_the_database_cannot_take_it(store):
    with ReadingUnit(store) as unit:
        if store.engine.dialect.name == "postgresql":
            with pytest.raises(Unstorable):
                unit.find(t.account, login_name="anna\x00")
        else:
            assert unit.find(t.account, login_name="anna\x00") == []
