"""Builders of regions in the store, filled from partner files."""

from __future__ import annotations

from collections.abc import Mapping

from network.partner_files import find_region
from network.partner_rows import files_of
from network.uploads import files_in
from store import tables as t
from store.unit_of_work import ReadingUnit, Store
from tests.store.builders import a_region, a_unit, described
from tests.workflows.desks import REGION, the_machine
from workflows.partners.from_store import region_as_handed_in
from workflows.partners.imports import apply_import, preview_import


def partner_files(region: str = REGION, **changed: tuple[str, str]) -> dict[str, bytes]:
    """The files of a region of the project; `changed` replaces one text of a table by another."""
    files = files_in(find_region(region))
    for table, (old, new) in changed.items():
        text = files[f"{table}.csv"].decode()
        assert old in text
        files[f"{table}.csv"] = text.replace(old, new).encode()
    return files


def an_empty_region(store: Store, region: str = REGION) -> None:
    with a_unit(store) as uow:
        a_region(uow, region)
        described(uow).commit()


def imported(store: Store, files: Mapping[str, bytes]) -> dict:
    """Preview and apply files as the machine; returns what the preview said and the applied run."""
    desk = the_machine(store)
    preview = preview_import(desk, REGION, files)
    assert preview["problems"] == []
    return preview | apply_import(desk, preview["import_id"], preview["version"])


def exported(store: Store) -> dict[str, str]:
    with ReadingUnit(store) as unit:
        return files_of(region_as_handed_in(unit, REGION))


def row_of(store: Store, table: t.Table, key: str) -> dict:
    with ReadingUnit(store) as unit:
        return unit.find(table, region_id=REGION, key=key)[0]
