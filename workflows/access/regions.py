"""Regionen und Organisationen anlegen: the tenants of an installation, and who works in them."""

from __future__ import annotations

import re
from typing import Any

from network.actors import ActorType
from plans.actions import Action
from plans.roles import ObjectScope
from store import tables as t
from workflows.acting import Look, Work, question, workflow
from workflows.refusal import Refusal

KEY = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
"""Ids of regions and keys of organisations: as in the partner files."""

LONGEST_NAME_CHARACTERS = 200


@workflow(Action.CREATE_REGION)
def create_region(work: Work, id: str, name_de: str, name_en: str, *, fictional: bool = False) -> str:
    """Region anlegen: a tenant of its own; its partner files fill in the rest.

    Parameters
    ----------
    id : str
        As the name of its folder of partner files: small letters, digits, hyphens.
    name_de, name_en : str
        Its names.
    fictional : bool
        Whether it is made up, for practice.

    Raises
    ------
    Refusal
        Where the id or a name cannot be, or the id is taken.
    """
    work.allow_new(ObjectScope())
    _check_key(id)
    if work.unit.count(t.region, id=id):
        raise Refusal("key-taken", key=id)
    work.unit.insert(
        t.region,
        id=id,
        name_de=_name(name_de),
        name_en=_name(name_en),
        population=None,
        ags="",
        today_on=work.today,
        licence="",
        source="",
        fictional=fictional,
        towns=[],
    )
    work.record("region", id, id, fictional=fictional)
    return id


@workflow(Action.CREATE_ORGANISATION)
def create_organisation(
    work: Work,
    region_id: str,
    key: str,
    name: str,
    type: ActorType,
    *,
    place_name: str,
    lat: float,
    lon: float,
    source: str,
) -> str:
    """Organisation anlegen: an actor of a region, before any partner file names it.

    Parameters
    ----------
    region_id : str
        Where it works.
    key : str
        Its id in the partner files, once within the region.
    name : str
        Its name.
    type : ActorType
        What it is in the support chain.
    place_name : str
        Its town.
    lat, lon : float
        Degrees WGS 84; latitude -90…90, longitude -180…180.
    source : str
        Where this is written, or who said it.

    Returns
    -------
    str
        Its id.

    Raises
    ------
    Refusal
        Where key, name or place cannot be, or the key is taken.
    """
    work.allow_new(ObjectScope(region_id))
    work.unit.get(t.region, region_id)
    _check_key(key)
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise Refusal("bad-place")
    if work.unit.count(t.organisation, region_id=region_id, key=key):
        raise Refusal("key-taken", key=key)
    id = work.unit.insert(
        t.organisation,
        region_id=region_id,
        key=key,
        name=_name(name),
        type=type,
        place_name=_name(place_name),
        lat=lat,
        lon=lon,
        languages=(),
        phone="",
        email="",
        website="",
        source=_name(source),
        illustrative=False,
        as_of_on=work.today,
        unstated=(),
    )
    work.record("organisation", id, region_id, type=type)
    return id


@question(Action.READ_NETWORK)
def list_regions(look: Look) -> list[dict[str, Any]]:
    """Regionen auflisten: those that the caller's roles reach, by id, with their names."""
    reached = {grant.region_id if grant else None for _, grant in look.reach()}
    rows = look.unit.find(t.region)
    return [
        {"region_id": row["id"], "name_de": row["name_de"], "name_en": row["name_en"]}
        for row in rows
        if None in reached or row["id"] in reached
    ]


@question(Action.READ_NETWORK)
def list_organisations(look: Look, region_id: str) -> list[dict[str, Any]]:
    """Organisationen auflisten: those of a region that work there, by name.

    Returns
    -------
    list of dict
        ``organisation_id``, ``key``, ``name``, ``type`` and ``place``.
    """
    look.allow_new(ObjectScope(region_id))
    rows = [row for row in look.unit.find(t.organisation, region_id=region_id) if row["gone_on"] is None]
    rows.sort(key=lambda row: (row["name"].casefold(), row["key"]))
    return [
        {
            "organisation_id": row["id"],
            "key": row["key"],
            "name": row["name"],
            "type": row["type"],
            "place": row["place_name"],
        }
        for row in rows
    ]


@question(Action.READ_NETWORK)
def organisation_of_key(look: Look, region_id: str, key: str) -> str:
    """Kennung nachschlagen: the id of an organisation by its key in the partner files of a region.

    Raises
    ------
    Refusal
        Where the region has none of this key.
    """
    look.allow_new(ObjectScope(region_id))
    found = look.unit.find(t.organisation, region_id=region_id, key=key)
    if not found:
        raise Refusal("no-such-organisation", key=key, region=region_id)
    return str(found[0]["id"])


def _check_key(key: str) -> None:
    if not KEY.fullmatch(key):
        raise Refusal("bad-key")


def _name(name: str) -> str:
    clean = " ".join(name.split())
    if not 0 < len(clean) <= LONGEST_NAME_CHARACTERS or not clean.isprintable():
        raise Refusal("bad-display-name", most=LONGEST_NAME_CHARACTERS)
    return clean
