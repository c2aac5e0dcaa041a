"""Netzwerk lesen: a region's network with what is free now, as partner files, and which figures are old."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from network.model import Region
from network.partner_rows import files_of
from plans.actions import Action
from plans.roles import ObjectScope
from store import tables as t
from store.queries.network import confirmed_before
from workflows.acting import Look, question
from workflows.partners.from_store import region_as_handed_in, region_from_store


@question(Action.READ_NETWORK)
def read_network(look: Look, region_id: str) -> Region:
    """Netzwerk: a region's actors, offerings and dated supply, with the seats that are free now.

    Raises
    ------
    Forbidden
        Where the region is none of the caller's.
    Missing
        Where there is no such region.
    """
    look.allow_new(ObjectScope(region_id))
    return region_from_store(look.unit, region_id)


@question(Action.READ_NETWORK)
def export_network(look: Look, region_id: str) -> dict[str, str]:
    """Ausfuhr: a region's network as partner files, text by file name; read back they give the same network.

    Raises
    ------
    Forbidden, Missing
        See `read_network`.
    """
    look.allow_new(ObjectScope(region_id))
    return files_of(region_as_handed_in(look.unit, region_id))


@question(Action.READ_NETWORK)
def list_old_figures(look: Look, region_id: str, older_than_days: int) -> list[dict[str, Any]]:
    """Erinnerungsliste: what its partner has not confirmed for long, or never; whom to ask, oldest first.

    Parameters
    ----------
    region_id : str
        Which region.
    older_than_days : int
        Confirmed on an earlier day than so many days ago, >= 0.

    Returns
    -------
    list of dict
        `table`, `id`, `key`, `version`, `organisation` (its name), `organisation_id` and `as_of_on` (ISO day;
        None = never confirmed).
    """
    look.allow_new(ObjectScope(region_id))
    day = look.today - timedelta(days=older_than_days)
    names = {row["id"]: row["name"] for row in look.unit.find(t.organisation, region_id=region_id)}
    return [
        {
            "table": one.table,
            "id": one.id,
            "key": one.key,
            "version": one.version,
            "organisation_id": one.organisation_id,
            "organisation": names[one.organisation_id],
            "as_of_on": one.as_of_on and one.as_of_on.isoformat(),
        }
        for one in confirmed_before(look.unit, region_id, day)
    ]


@question(Action.READ_NETWORK)
def count_old_figures(look: Look, region_id: str) -> int:
    """Alte Angaben zählen: how many entries of `list_old_figures` there are by the rule that holds today."""
    look.allow_new(ObjectScope(region_id))
    age = look.book.rule("partner-figure-age-days", look.today).days
    return len(confirmed_before(look.unit, region_id, look.today - timedelta(days=age)))
